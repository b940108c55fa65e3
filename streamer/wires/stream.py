"""What every wire is given, and what it does."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

from streamer.events import Party, Seconds
from streamer.pcm import to_alaw, to_mulaw

Encoding: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]
ENCODERS: Final[Mapping[Encoding, Callable[[bytes], bytes]]] = {
    "pcm_s16le": bytes,
    "mulaw": to_mulaw,
    "alaw": to_alaw,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """What one connection carries. `fields` are as in the first frame of `/raw`."""

    call_id: str
    parties: tuple[Party, ...]
    sample_rate: int
    encoding: Encoding
    subscribe: bool
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a gateway says in its HTTP request, besides its key and which call it is."""

    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    protocol: str = ""  # the sub-protocol it wants to hear back
    key_in: str = ""  # the header for its key, where it is not `Authorization`


class Wire(Protocol):
    """One connection. Every method but the first returns the messages to send."""

    def opening(self) -> Opening: ...

    def begin(self) -> Sequence[str]: ...

    def play(self, pcm: bytes, at: Seconds) -> Sequence[str | bytes]:
        """Interleaved 16-bit PCM, of which the first sample is at `at`."""
        ...

    def end(self, *, last: bool) -> str | None:
        """When all is sent; `last`: on every other connection of the call, too. Without such a
        message the gateway just closes the connection."""
        ...


@runtime_checkable
class Answering(Protocol):
    """A wire whose gateway talks with the server. `waits`: until it has heard more, nothing is
    to be played. `over`: all has been said, and it is for the gateway to close, like this."""

    waits: bool
    over: tuple[int, str] | None

    def hear(self, message: str) -> Sequence[str]:
        """What it answers."""
        ...


def text(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)
