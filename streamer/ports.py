"""What the core asks of the outside world."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

from streamer.events import (
    CallEvent,
    CallId,
    CallInfo,
    GatewayEvent,
    Seconds,
    Span,
    Transcript,
    Utterance,
)


class GatewayCodec(Protocol):
    """One connection's wire format, both ways, without I/O. Raises `ProtocolError` only.

    It may answer at once (`Send` among the events), pass on what is published of its call, and
    say goodbye: all of it goes out in that order, through one bounded outbox."""

    def receive(self, message: str | bytes) -> list[GatewayEvent]: ...

    def relay(self, published: str) -> list[str | bytes]:
        """Something was published of its call (the JSON of docs/contracts.md): what of it is
        for the gateway, in the gateway's own form."""
        ...

    def farewell(self, code: int, reason: str) -> "Farewell":
        """The connection is about to be closed so, by this side: its call is over and all that
        was said in it has been relayed (1000), or something is wrong. Asked once."""
        ...


@runtime_checkable
class Greeting(Protocol):
    """A codec whose gateway waits to hear that its call has been taken: it may be refused."""

    def entered(self) -> Sequence[str | bytes]:
        """What to say, at once, now that the call of its `CallStarted` has been entered."""
        ...


@dataclass(frozen=True, slots=True)
class Farewell:
    """A codec's last messages. `wait`: the gateway closes the connection, as its protocol wants
    it; until then, at most for the server's patience, it is still answered (`Send`)."""

    messages: tuple[str | bytes, ...] = ()
    wait: bool = False


class Socket(Protocol):
    """A connection, as `websockets` has them. `recv` and `send` raise its `ConnectionClosed`,
    also where the messages are framed in another way."""

    async def recv(self) -> str | bytes: ...

    async def send(self, message: str | bytes) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class VoiceDetector(Protocol):
    """Says whether one 20 ms frame (at the stream's own rate) is speech. Stateful: one per
    party per connection."""

    def is_speech(self, frame: bytes) -> bool: ...


class Recognizer(Protocol):
    """Speech to text, shared by all calls, batched as it likes. Raises `RecognizerError`, and
    of these `ShedError` where there was no time for it."""

    async def transcribe(self, utterance: Utterance) -> Transcript: ...

    async def draft(self, so_far: Utterance) -> Transcript:
        """The words of speech that still goes on. Never at the cost of an utterance."""
        ...

    def grow(self, so_far: Utterance) -> None:
        """Speech that still goes on, to prepare for its end. Never blocks, and may be ignored:
        the whole audio comes again, with more of it and at last with the utterance."""
        ...


@dataclass(frozen=True, slots=True)
class Recalled:
    """A call's state, and how long ago it was kept, in seconds."""

    state: bytes = field(repr=False)
    age: Seconds


class CallMemory(Protocol):
    """Where a call is kept for the case that its gateway comes back to another server. One
    server holds a call at a time. A memory that cannot be reached costs a moment, never a call:
    then calls begin afresh, and go on where they are."""

    def keep(self, call: CallId, owner: str, state: bytes, *, idle: bool) -> None:
        """The newest state, of a call that this server holds, for the gateway key `owner`.
        `idle`: there is no connection and nothing on its way, so whoever wants it may have it
        at once. Never waits, never raises."""
        ...

    async def claim(self, call: CallId, owner: str) -> Recalled | None:
        """This server holds the call from now on; what another one kept of it within the grace
        time, or None. Raises `RefusedError` if the call is another key's, or goes on to be
        heard on another server."""
        ...

    async def holds(self, call: CallId) -> bool:
        """Whether this server still holds it; True where that cannot be known."""
        ...

    def forget(self, call: CallId) -> None:
        """The call is no longer on this server."""
        ...

    def taken(self) -> AsyncIterator[CallId]:
        """Calls that another server has taken from this one, as it is noticed; without end."""
        ...


class Line(Protocol):
    """What a sink may ask of the call it listens to."""

    @property
    def info(self) -> CallInfo: ...

    def voice(self, start: Seconds, end: Seconds) -> bytes:
        """A WAV file (customer left, agent right) of that stretch of the last 60 s, clipped to
        what is still held; empty bytes where nothing is held or `info.record` is false.
        What a party says is a tone on its side until the sink has made it `clear`."""
        ...

    def is_clear(self, start: Seconds, end: Seconds) -> bool:
        """Nothing in that stretch waits to be made `clear`."""
        ...

    def clear(self, utterance: int, hidden: Sequence[Span] | None) -> None:
        """The sink knows what was said in it: it may be listened to, but for the stretches
        `hidden`, which are a tone for good. None: it was unheard, and stays a tone."""
        ...

    def remember(self, recall: Callable[[], bytes]) -> None:
        """`recall` says at any time what the sink needs to go on with this call on another
        server: there it is the `memory` of `CallResumed`."""
        ...

    def told(self) -> None:
        """All that comes of the event that the sink is being told has been published: what is
        needed to go on from there is kept with it. To be called before anything is awaited."""
        ...

    def reply(self, message: str) -> None:
        """Send a text frame to the gateways that subscribed. Never blocks; a subscriber that
        does not read loses the oldest."""
        ...


CallSink: TypeAlias = Callable[[CallEvent], Awaitable[None]]
"""Where a call's events go, in order, one at a time. The streamer knows nothing of alerts."""

SinkFactory: TypeAlias = Callable[[Line], CallSink]

ANONYMOUS = "anonymous"
"""What a `KeyRing` without any key calls every gateway; no key has this name."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What one key may have: calls at once, and connections opened a minute. 0: no limit."""

    calls: int = 0
    per_minute: int = 0


class KeyRing(Protocol):
    """The gateways' keys."""

    def holds(self, name: str) -> bool:
        """Whether there is a valid key of that name."""
        ...

    def quota(self, name: str) -> Quota:
        """Of the valid key of that name; without limits if there is none."""
        ...

    def why_not(self, key: str | None) -> str:
        """Why a key is not admitted, for the operator's eyes: no part of the key is in it."""
        ...

    def name_of(self, key: str | None) -> str | None:
        """The key's name if it may stream calls; None if not. Without any key configured every
        gateway is admitted as `ANONYMOUS`."""
        ...
