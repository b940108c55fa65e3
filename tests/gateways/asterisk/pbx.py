"""A real Asterisk and SIPp, as `install` has unpacked them."""

import asyncio
import os
import re
import signal
import socket
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parents[2] / "var" / "asterisk"
ROOT = PLACE / "root"
PATIENCE = 60.0
AFTERWARDS = 1.5
"""Seconds from the end of a customer's audio to the hang-up. The agent's phone begins when it
has been answered, and what it says must not be cut off."""
LINES = 5000  # of Asterisk's console: enough for every test, and to see why one failed


class PbxError(Exception):
    """Asterisk or SIPp did not do what was asked. The text is what they said."""


def missing() -> str:
    """Why there is no Asterisk, or "" if there is one."""
    if ROOT.exists():
        return ""
    why = PLACE / "missing"
    if not why.exists():
        return "run tests/gateways/asterisk/install first"
    return why.read_text("utf-8").strip()


def program(name: str) -> list[str]:
    """How to start it: by the linker and with the libraries that came with it."""
    loader = next(ROOT.glob("usr/lib*/ld-linux*.so.*"))
    return [str(loader), "--library-path", str(libraries()), str(ROOT / name)]


def libraries() -> Path:
    return next(ROOT.glob("usr/lib/*/asterisk")).parent


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Ports:
    """Where Asterisk listens, and the agent's phone."""

    sip: int
    agent: int
    ari: int


class Pbx:
    """A running Asterisk. `said` is its console."""

    def __init__(self, work: Path, ports: Ports) -> None:
        self.ports, self.work = ports, work
        self.said: deque[str] = deque(maxlen=LINES)
        self._phones = 0

    async def command(self, line: str) -> str:
        """What its console answers to that command."""
        asterisk = [*program("usr/sbin/asterisk"), "-C", str(self.work / "etc/asterisk.conf")]
        return await _run([*asterisk, "-rx", line])

    async def call(self, customer: bytes, agent: bytes, number: str = "95588") -> None:
        """A customer dials `number`, an agent picks up; both speak (A-law, 8000 Hz), and the
        customer hangs up when both have said all. Raises `PbxError` if one of the phones saw
        something else."""
        seconds = max(len(customer), len(agent)) / 8000
        async with asyncio.TaskGroup() as tasks:
            answering = await self._phone("agent", agent, seconds, "-p", str(self.ports.agent))
            tasks.create_task(_ended(answering, "the agent's phone", seconds))
            to = ["-s", number, f"127.0.0.1:{self.ports.sip}"]
            calling = await self._phone("customer", customer, seconds, *to)
            tasks.create_task(_ended(calling, "the customer's phone", seconds))

    async def ring(self, customer: bytes, number: str) -> None:
        """A customer dials `number`, speaks, and hangs up. Raises `PbxError`."""
        seconds = len(customer) / 8000
        to = ["-s", number, f"127.0.0.1:{self.ports.sip}"]
        calling = await self._phone("customer", customer, seconds, *to)
        await _ended(calling, "the customer's phone", seconds)

    async def _phone(
        self, who: str, audio: bytes, seconds: float, *more: str
    ) -> asyncio.subprocess.Process:
        self._phones += 1
        name = f"{who}-{self._phones}"
        (self.work / f"{name}.alaw").write_bytes(audio)
        scenario = self.work / f"{name}.xml"
        given = {
            "audio": str(self.work / f"{name}.alaw"),
            "talk_ms": str(round(1000 * (seconds + AFTERWARDS))),
        }
        scenario.write_text(filled(HERE / f"{who}.xml", given), "utf-8")
        media = free_port(socket.SOCK_DGRAM) & ~3
        return await asyncio.create_subprocess_exec(
            *[*program("usr/bin/sipp"), "-sf", str(scenario), "-m", "1", "-nostdin"],
            *["-i", "127.0.0.1", "-mi", "127.0.0.1"],
            *["-min_rtp_port", str(media), "-max_rtp_port", str(media + 3)],
            *more,
            cwd=self.work,
            env={**os.environ, "TERM": "dumb"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )


@asynccontextmanager
async def pbx(work: Path, **given: str) -> AsyncIterator[Pbx]:
    """Asterisk with the configuration of `config/`, filled in with what is `given`, until the
    block ends. Raises `PbxError` if it does not start."""
    ports = Ports(free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM), free_port())
    _configure(work, ports, given)
    it = Pbx(work, ports)
    process = await asyncio.create_subprocess_exec(
        *program("usr/sbin/asterisk"),
        *["-C", str(work / "etc/asterisk.conf"), "-f", "-n"],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    ready = asyncio.Event()
    listening = asyncio.ensure_future(_listen(process, it.said, ready))
    try:
        async with asyncio.timeout(PATIENCE):
            done, _ = await asyncio.wait(
                [listening, asyncio.ensure_future(ready.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
        if listening in done:
            raise PbxError("\n".join(it.said))
        yield it
    except BaseException as error:
        error.add_note("\n".join(list(it.said)[-60:]))
        raise
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        await listening


def _configure(work: Path, ports: Ports, given: dict[str, str]) -> None:
    for folder in ("etc", "lib", "spool", "run", "log"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    media = 20_000 + os.getpid() % 100 * 100
    known = {
        "work": str(work),
        "root": str(ROOT),
        "modules": str(libraries() / "asterisk/modules"),
        "sip": str(ports.sip),
        "agent": str(ports.agent),
        "ari": str(ports.ari),
        "rtp_first": str(media),
        "rtp_last": str(media + 99),
        **given,
    }
    for file in (HERE / "config").glob("*.conf"):
        (work / "etc" / file.name).write_text(filled(file, known), "utf-8")


def filled(file: Path, given: dict[str, str]) -> str:
    """`@name@` in the file stands for what is given under the name."""
    return re.sub(
        r"@([a-z_]+)@", lambda found: given.get(found[1], found[0]), file.read_text("utf-8")
    )


async def _listen(
    process: asyncio.subprocess.Process, said: deque[str], ready: asyncio.Event
) -> None:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        said.append(line.decode(errors="replace").rstrip())
        if "Asterisk Ready" in said[-1]:
            ready.set()


async def _ended(process: asyncio.subprocess.Process, who: str, seconds: float) -> None:
    async with asyncio.timeout(seconds + PATIENCE):
        said, _ = await process.communicate()
    if process.returncode:
        raise PbxError(f"{who}: {said.decode(errors='replace')[-4000:]}")


async def _run(words: Sequence[str]) -> str:
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return said.decode()
