"""A server for the pages alone: it serves the real files under the real policy, speaks
docs/api.md, and plays what a test tells it to. No call is heard here."""

import asyncio
import contextlib
import io
import math
import socket
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import uvicorn

from tests.browser.scenes import SUPERVISOR, setup, status
from tests.browser.stage_app import Json, Socket, create_app

_PATIENCE = 30.0  # seconds: a browser on a busy machine


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class Stage:
    """What the server says (`me` None: nobody is signed in), and what it was asked."""

    url: str = ""
    me: Json | None = field(default_factory=lambda: dict(SUPERVISOR))
    status: Json = field(default_factory=status)
    calls: dict[str, Json] = field(default_factory=dict)
    alerts: dict[str, Json] = field(default_factory=dict)
    prompts: dict[str, Json] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)
    setup: Json = field(default_factory=setup)
    oidc: str = ""  # what the other way to sign in is called
    stories: dict[str, list[Json]] = field(default_factory=dict)
    swapped: set[str] = field(default_factory=set)
    clip: bytes | None = field(default=None, repr=False)
    search: Callable[[dict[str, str]], Any] = lambda _: {"hits": [], "total": 0, "more": False}
    answering: asyncio.Event = field(default_factory=_set)  # cleared: a search takes its time
    archive: dict[int, Json] = field(default_factory=dict)
    clip_after: int = 0  # so often it is not there yet
    last: int = 0
    asked: list[tuple[str, Json, dict[str, str]]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)  # the queries the feeds were opened with
    viewers: list[Socket] = field(default_factory=list, repr=False)
    listeners: dict[Socket, str] = field(default_factory=dict, repr=False)  # of drafts, by call
    changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    def snapshot(self) -> Json:
        kept = (self.calls, self.alerts, self.prompts, self.messages)
        calls, alerts, prompts, messages = (list(values.values()) for values in kept)
        frame = {"type": "snapshot", "last": f"{self.last}-0", "now": now()}
        rest = {"calls": calls, "alerts": alerts, "prompts": prompts}
        rest["messages"] = messages
        return frame | {"status": self.status} | rest

    async def say(self, *events: Json) -> None:
        """The events to every viewer, and into the calls' stories."""
        self.last += 1
        told = [{"wall": now(), "v": 1, **event} for event in events]
        for event in told:
            self.stories.setdefault(event["call_id"], []).append(event)
            if event["type"] in ("alert", "prompt", "message"):
                getattr(self, f"{event['type']}s")[event["id"]] = event
        frame = {"type": "events", "last": f"{self.last}-0", "now": now(), "events": told}
        await self._tell(frame)

    async def draft(self, draft: Json) -> None:
        """To those who look at its call."""
        for listener, call in list(self.listeners.items()):
            if call == draft["call_id"]:
                await listener.send_text(msgspec.json.encode(draft).decode())

    async def tell_status(self, **parts: Json) -> None:
        self.status = {**self.status, **parts}
        await self._tell({"type": "status", "now": now(), "status": self.status})

    async def cut(self, code: int = 1012) -> None:
        """Closes every viewer's socket."""
        for viewer in list(self.viewers):
            await viewer.close(code)

    async def until(self, what: Callable[["Stage"], object]) -> None:
        """Waits until `what(self)` holds."""
        async with asyncio.timeout(_PATIENCE), self.changed:
            await self.changed.wait_for(lambda: what(self))

    async def listen(self, listener: Socket, call: str) -> None:
        self.listeners[listener] = call
        await self._wake()

    async def join(self, viewer: Socket) -> None:
        self.viewers.append(viewer)
        self.opened.append(viewer.url.query)
        await self._wake()

    async def leave(self, viewer: Socket) -> None:
        if self.listeners.pop(viewer, None) is None:
            self.viewers.remove(viewer)
        await self._wake()

    async def note(self, path: str, body: Json, headers: dict[str, str]) -> None:
        self.asked.append((path, body, headers))
        await self._wake()

    async def _wake(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def _tell(self, frame: Json) -> None:
        for viewer in list(self.viewers):
            await viewer.send_text(msgspec.json.encode(frame).decode())


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to pytest


@contextlib.asynccontextmanager
async def playing() -> AsyncIterator[Stage]:
    """A stage that listens on a free port of loopback."""
    stage = Stage(clip=tone(8.0))
    config = uvicorn.Config(
        create_app(stage),
        log_level="warning",
        lifespan="off",
        ws="websockets-sansio",
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    stage.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve([listening]), name="stage")
        try:
            yield stage
        finally:
            server.should_exit = True


def tone(seconds: float, rate: int = 8000) -> bytes:
    """A wav of bursts of a tone: speech, as far as a waveform is concerned."""
    count = int(seconds * rate)
    burst = (math.sin(t * 0.35) * (math.sin(t / 2600) ** 2) * 12000 for t in range(count))
    pcm = b"".join(int(value).to_bytes(2, "little", signed=True) for value in burst)
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(pcm)
    return file.getvalue()
