"""Streams a recording as a gateway would: paced, in frames of 20 ms, over any protocol.

The command `send`, the demo calls, the tests and the benchmark all use it.
"""

import asyncio
import contextlib
import json
import logging
import ssl
import time
import uuid
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlencode, urlsplit

from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.http11 import Response

from streamer.errors import EarwitnessError
from streamer.events import Seconds
from streamer.handshake import Handshake
from streamer.message_signature import sign
from streamer.recording import Recording
from streamer.wires import alone, wire
from streamer.wires.stream import Answering, Encoding, Opening, Stream, Wire

FRAME: Final = 0.02  # seconds of audio in one message
# The library logs headers and frames at DEBUG: keys and what people say.
_socket_log = logging.getLogger("streamer.send.sockets")
_socket_log.setLevel(logging.WARNING)


class SendError(EarwitnessError):
    """The server could not be reached, or refused the call. The text says why; `status` is the
    HTTP status of a refusal, else 0."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Manner:
    """How to send. `speed` 1.0 is real time, 0 as fast as the server takes it. `progress` is
    told the seconds sent, `hear` every text frame that comes back."""

    call_id: str = ""  # made up if not given
    encoding: Encoding = "pcm_s16le"
    speed: float = 1.0
    two_sockets: bool = False
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)  # in base64, by which AudioHook signs
    language: str = "auto"
    subscribe: bool = False
    end: bool = True  # say that the call is over; else just hang up
    progress: Callable[[Seconds], None] = lambda _: None
    hear: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it. `late` is how far behind its schedule the latest frame was sent."""

    call_id: str
    seconds: Seconds
    late: Seconds
    close_code: int
    close_reason: str


async def send(recording: Recording, to: str, manner: Manner | None = None) -> Report:
    """Streams the whole recording, says `end`, and waits until the server has heard it all and
    closes; where a protocol has no word for that, hangs up. Raises `SendError`; a connection
    that the server closes early is a report."""
    manner = manner or Manner()
    call_id = manner.call_id or uuid.uuid4().hex[:12]
    async with AsyncExitStack() as stack:
        every = tuple(range(len(recording.parties)))
        apart = (manner.two_sockets or alone(to)) and len(every) > 1
        sockets: list[ClientConnection] = []
        shares = [(channel,) for channel in every] if apart else [every]
        wires = [_wire(to, recording, call_id, share, manner) for share in shares]
        for each in wires:
            address = _address(to, call_id, each.opening())
            headers = _headers(address, each.opening(), manner)
            sockets.append(await _open(address, headers, each.opening().protocol, stack))
            await _begin(sockets[-1], each)
        async with asyncio.TaskGroup() as tasks:
            for socket, each in zip(sockets, wires, strict=True):
                tasks.create_task(_hear(socket, each, manner.hear))
            lines = list(zip(sockets, wires, shares, strict=True))
            pace = await _play(recording, lines, manner)
            await _finish(list(zip(sockets, wires, strict=True)), end=manner.end)
    first = sockets[0]
    return Report(call_id, *pace, first.close_code or 1006, first.close_reason or "")


def _address(to: str, call_id: str, its: Opening) -> str:
    """Saying which call it is lets a second connection in even where the server is full."""
    query = urlencode({"call_id": call_id, **its.query})
    return f"{to}{'&' if '?' in to else '?'}{query}"


def _headers(address: str, its: Opening, manner: Manner) -> dict[str, str]:
    """Raises `SendError` for a secret that is none."""
    headers = dict(its.headers)
    if manner.key:
        bearer = {"Authorization": f"Bearer {manner.key}"}
        headers |= {its.key_in: manner.key} if its.key_in else bearer
    if not manner.secret:
        return headers
    try:
        secret = b64decode(manner.secret, validate=True)
    except ValueError as error:
        raise SendError("the secret is no base64") from error
    where = urlsplit(address)
    told = {"host": [where.netloc], **{name.lower(): [v] for name, v in headers.items()}}
    request = Handshake(where.path, f"{where.path}?{where.query}", {}, told)
    return headers | sign(request, secret, token_urlsafe(24), int(time.time()))


async def _open(
    address: str, headers: Mapping[str, str], protocol: str, stack: AsyncExitStack
) -> ClientConnection:
    place = address.partition("?")[0]  # what follows may hold a key
    try:
        opening = connect(
            address,
            additional_headers=headers,
            subprotocols=[Subprotocol(protocol)] if protocol else None,
            compression=None,
            proxy=None,
            logger=_socket_log,
        )
        return await stack.enter_async_context(opening)
    except InvalidURI as error:
        raise SendError(f"{place} is no websocket address (ws://HOST:PORT/raw)") from error
    except InvalidStatus as error:
        raise _refusal(error.response) from error
    except TimeoutError as error:
        raise SendError(f"{place} does not answer") from error
    except ssl.SSLError as error:
        raise SendError(f"no secure connection to {place}: {error.reason}") from error
    except (OSError, InvalidHandshake) as error:
        raise SendError(f"no server at {place}: {_fault(error)}") from error


def _fault(error: OSError | InvalidHandshake) -> str:
    """What is wrong, and what to do about it."""
    if isinstance(error, ConnectionRefusedError):
        return (
            "nothing listens there. Start it (run_server.py serve), or say where it is (--to)"
        )
    why = str(error) or type(error).__name__
    return f"{why}. Compare the port, and ws:// or wss:// (TLS), with what the server prints"


def _refusal(response: Response) -> SendError:
    """What the server says of why it refuses, if it says it in our way."""
    try:
        why = str(json.loads(response.body or b"")["message"]["en"])
    except (ValueError, KeyError, TypeError):
        why = response.reason_phrase
    again = response.headers.get("Retry-After")
    later = f" Try again in {again} s." if again else ""
    key = " Here: --key KEY, or $EARWITNESS_GATEWAY_KEY." if response.status_code == 401 else ""
    told = f"refused with {response.status_code}: {why}{key}{later}"
    return SendError(told, response.status_code)


def _wire(
    to: str, recording: Recording, call_id: str, share: tuple[int, ...], manner: Manner
) -> Wire:
    stream = Stream(
        call_id,
        tuple(recording.parties[channel] for channel in share),
        recording.sample_rate,
        manner.encoding,
        manner.subscribe,
        {**recording.fields, "language": manner.language},
    )
    try:
        return wire(to, stream)
    except ValueError as error:
        raise SendError(str(error)) from error


async def _play(
    recording: Recording,
    lines: Sequence[tuple[ClientConnection, Wire, tuple[int, ...]]],
    manner: Manner,
) -> tuple[Seconds, Seconds]:
    """Seconds sent, and how late the latest frame was. Every frame is due at a time counted
    from the first one, so that delays do not add up."""
    clock = asyncio.get_running_loop().time
    size, began, late = round(FRAME * recording.sample_rate), clock(), 0.0
    for at in range(0, len(recording.samples), size):
        frame = recording.samples[at : at + size]
        sent = (at + len(frame)) / recording.sample_rate
        due = began + sent / manner.speed if manner.speed else clock()
        await asyncio.sleep(due - clock())
        late = max(late, clock() - due)
        try:
            for socket, each, share in lines:
                pcm = frame[:, share].tobytes()
                for message in each.play(pcm, at / recording.sample_rate):
                    await socket.send(message)
        except ConnectionClosed:
            return at / recording.sample_rate, late
        manner.progress(sent)
    return recording.seconds, late


async def _finish(lines: Sequence[tuple[ClientConnection, Wire]], *, end: bool) -> None:
    """Of two connections the second hangs up first: all it carried is then on its way, and the
    first speaks for the call."""
    for socket, each in reversed(lines):
        last = socket is lines[0][0]
        message = each.end(last=last) if end else None
        if message is not None:
            await _tell(socket, [message])
        if message is None or not (last or isinstance(each, Answering)):
            await socket.close()


async def _tell(socket: ClientConnection, messages: Sequence[str]) -> None:
    # Closed already: `_hear` and the report's close code say so.
    with contextlib.suppress(ConnectionClosed):
        for message in messages:
            await socket.send(message)


async def _begin(socket: ClientConnection, its: Wire) -> None:
    """Returns when audio may be sent."""
    await _tell(socket, its.begin())
    with contextlib.suppress(ConnectionClosed):
        while isinstance(its, Answering) and its.waits:
            await _answer(socket, its, await socket.recv())


async def _hear(socket: ClientConnection, its: Wire, hear: Callable[[str], None]) -> None:
    """Until the server closes, or has said that the gateway is to."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            message = await socket.recv()
            if isinstance(message, str):
                hear(message)
            if isinstance(its, Answering):
                await _answer(socket, its, message)


async def _answer(socket: ClientConnection, its: Answering, message: str | bytes) -> None:
    if isinstance(message, str):
        await _tell(socket, its.hear(message))
    if its.over is not None:
        await socket.close(*its.over)
