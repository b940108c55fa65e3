"""AudioHook's messages, version 2, as Genesys Cloud sends them."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from streamer.errors import ProtocolError
from streamer.events import Seconds
from streamer.gateways.fields import Id, Name

NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""The conversation of a connection probe, and its participant."""
LONGEST_GAP: Final = 86_400.0
"""Seconds. More than a day is never left out of a call: whoever says so is mistaken."""

Uuid: TypeAlias = Annotated[
    str, Meta(pattern=r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**53)]
Duration: TypeAlias = Annotated[str, Meta(pattern=r"\APT([0-9]*\.)?[0-9]+S\Z", max_length=32)]
"""ISO 8601, in seconds only: `PT12.4S`."""
_Word: TypeAlias = Annotated[str, Meta(max_length=64)]


class Message(Struct, frozen=True):
    """The frame of everything that the gateway says. `position` is how far its audio is."""

    version: Literal["2"]
    id: Uuid
    type: _Word
    seq: Count
    serverseq: Count
    position: Duration
    parameters: msgspec.Raw


class Participant(Struct, frozen=True, rename={"number": "ani", "name": "aniName"}):
    """Whoever is on the external side. `dnis` is what they dialled."""

    id: Uuid
    number: Name = ""
    name: Name = ""
    dnis: Name = ""


class Media(Struct, frozen=True):
    """One of the kinds of audio that the gateway can send."""

    type: _Word
    format: _Word
    channels: Annotated[tuple[_Word, ...], Meta(max_length=8)]
    rate: int


class Continued(Struct, frozen=True):
    id: Uuid
    serverseq: Count
    clientseq: Count


class Open(
    Struct,
    frozen=True,
    rename={
        "organization": "organizationId",
        "conversation": "conversationId",
        "asks_languages": "supportedLanguages",
        "continued": "continuedSessions",
        "custom": "customConfig",
    },
):
    organization: Uuid
    conversation: Id
    participant: Participant
    media: Annotated[tuple[Media, ...], Meta(max_length=32)]
    language: _Word = ""
    asks_languages: bool = False
    continued: Annotated[tuple[Continued, ...], Meta(max_length=64)] = ()
    custom: dict[str, Any] = {}

    @property
    def probe(self) -> bool:
        """Whoever sets the integration up wants to see whether we are here: it is no call."""
        return self.conversation == NOBODY


class Left(Struct, frozen=True):
    """So much of the audio, from `start` on, is not sent: `discarded`, and `resumed`."""

    start: Duration
    discarded: Duration


class Update(Struct, frozen=True):
    language: _Word


class Trouble(Struct, frozen=True, rename={"retry_after": "retryAfter"}):
    code: Annotated[int, Meta(ge=400, lt=10_000)]
    message: str
    retry_after: Duration = "PT0S"


class Close(Struct, frozen=True):
    reason: Literal["end", "error", "disconnect", "reconnect"]


class Pressed(Struct, frozen=True):
    """Only where the gateway is a bot's (Audio Connector)."""

    digit: Annotated[str, Meta(pattern=r"\A[0-9*#A-D]\Z")]


def seconds(duration: Duration) -> Seconds:
    """Raises `ProtocolError` for more than a day."""
    length = float(duration[2:-1])
    if length > LONGEST_GAP:
        raise ProtocolError(f"{duration} is more than a day")
    return length


def as_duration(length: Seconds) -> str:
    """To the millisecond, as the reference client writes it: `PT1.6S`, `PT0S`."""
    return f"PT{max(0.0, length):.3f}".rstrip("0").rstrip(".") + "S"


def text(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
