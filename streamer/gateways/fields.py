"""What gateways may say of a call, whichever protocol they say it in."""

import unicodedata
from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from streamer.errors import ProtocolError
from streamer.events import CallId, Party

Name: TypeAlias = Annotated[str, Meta(max_length=256)]
Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]
Rate: TypeAlias = Literal[8000, 16000]
Language: TypeAlias = Literal["auto", "zh", "yue", "en", "ja", "ko"]
Notes: TypeAlias = Annotated[dict[str, str], Meta(max_length=64)]
Digit: TypeAlias = Annotated[str, Meta(pattern=r"\A[0-9*#A-D]\Z")]
Channels: TypeAlias = Annotated[tuple[Party, ...], Meta(min_length=1, max_length=2)]


class Consent(Struct, frozen=True):
    """What the customer has agreed to."""

    record: bool = True
    emotion: bool = True


def call_id(text: str) -> CallId:
    """Raises `ProtocolError`: it goes into logs, keys and addresses."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ProtocolError("call_id holds control characters")
    return CallId(text)


def distinct(parties: Sequence[Party]) -> tuple[Party, ...]:
    """Raises `ProtocolError`: two voices of one party cannot be told apart."""
    if len(set(parties)) < len(parties):
        raise ProtocolError(f"both channels are called {parties[0]}")
    return tuple(parties)


def other(party: Party) -> Party:
    """Whoever talks with them."""
    return party.other
