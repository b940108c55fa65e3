"""The metadata of a FreeSWITCH or jambonz stream: whose call it is, who is on which channel."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import CallStarted, Party
from streamer.gateways.call_fields import CallFields, call_info
from streamer.gateways.fields import Channels, Id, Rate, distinct, other

Replies: TypeAlias = Literal["none", "plain", "wrapped"]
"""Wrapped: mod_audio_fork and jambonz take an unknown `type`, such as ours, for a fault."""


@dataclass(frozen=True, slots=True)
class FreeswitchSettings:
    """What holds where the metadata does not say: who is on which channel, and in what form
    alerts and prompts are sent back."""

    parties: tuple[Party, ...] = (Party.CUSTOMER, Party.AGENT)
    replies: Replies = "none"


_SPELT = {"jambonz_call": "callSid", "jambonz_rate": "sampleRate", "mix": "mixType"}


class _Metadata(Struct, frozen=True, rename=_SPELT):
    v: Literal[1] = 1
    jambonz_call: Id | UnsetType = UNSET
    channels: Channels | UnsetType = UNSET
    role: Party | UnsetType = UNSET
    mix: Literal["mono", "mixed", "stereo"] | UnsetType = UNSET
    sample_rate: Rate | UnsetType = UNSET
    jambonz_rate: Rate | UnsetType = UNSET
    subscribe: bool = False
    replies: Replies | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Beginning:
    """A stream as its metadata describes it."""

    started: CallStarted
    replies: Replies


def beginning(text: bytes, settings: FreeswitchSettings) -> Beginning:
    """Raises `ProtocolError` for what does not go together, or msgspec's errors."""
    metadata = msgspec.json.decode(text, type=_Metadata)
    said = msgspec.json.decode(text, type=CallFields)
    name = metadata.jambonz_call if said.call_id is UNSET else said.call_id
    if name is UNSET:
        raise ProtocolError("the metadata has no call_id")
    started = CallStarted(
        call_info(name, said),
        distinct(_parties(metadata, settings)),
        _rate(metadata),
        ends_by_closing=True,
    )
    return Beginning(started, _replies(metadata, settings))


def _rate(metadata: _Metadata) -> int:
    if metadata.sample_rate is not UNSET:
        return metadata.sample_rate
    return 16000 if metadata.jambonz_rate is UNSET else metadata.jambonz_rate


def _parties(metadata: _Metadata, settings: FreeswitchSettings) -> tuple[Party, ...]:
    """`channels`, or who is on the leg that the command was run on (`role`), or the setting."""
    parties = settings.parties
    if metadata.channels is not UNSET:
        parties = metadata.channels
    elif metadata.role is not UNSET:
        parties = (metadata.role, other(metadata.role))
    match metadata.mix:
        case "mixed":
            return (Party.UNKNOWN,)
        case "mono":
            return parties[:1]
        case "stereo" if len(parties) < 2:
            raise ProtocolError("two channels (stereo), but only one party is named")
        case _:
            return parties


def _replies(metadata: _Metadata, settings: FreeswitchSettings) -> Replies:
    if metadata.replies is not UNSET:
        return metadata.replies
    if metadata.subscribe and settings.replies == "none":
        return "plain"
    return settings.replies
