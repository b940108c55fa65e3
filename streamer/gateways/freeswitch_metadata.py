"""The metadata of a FreeSWITCH or jambonz stream: whose call it is, who is on which channel."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import CallInfo, CallStarted, Party
from streamer.gateways.fields import (
    Channels,
    Consent,
    Id,
    Language,
    Name,
    Notes,
    Rate,
    call_id,
    distinct,
    other,
)

Replies: TypeAlias = Literal["none", "plain", "wrapped"]
_AROUND: Final = {"plain": ("", ""), "wrapped": ('{"type":"json","data":', "}")}
"""mod_audio_fork and jambonz take an unknown `type`, such as ours, for a fault."""


@dataclass(frozen=True, slots=True)
class FreeswitchSettings:
    """What holds where the metadata does not say: who is on which channel, and in what form
    alerts and prompts are sent back."""

    parties: tuple[Party, ...] = (Party.CUSTOMER, Party.AGENT)
    replies: Replies = "none"


class Metadata(
    Struct,
    frozen=True,
    rename={
        "customer": "from",
        "dialled": "to",
        "jambonz_call": "callSid",
        "jambonz_rate": "sampleRate",
        "mix": "mixType",
    },
):
    v: Literal[1] = 1
    call_id: Id | UnsetType = UNSET
    jambonz_call: Id | UnsetType = UNSET
    channels: Channels | UnsetType = UNSET
    role: Party | UnsetType = UNSET
    mix: Literal["mono", "mixed", "stereo"] | UnsetType = UNSET
    sample_rate: Rate | UnsetType = UNSET
    jambonz_rate: Rate | UnsetType = UNSET
    agent_id: Name = ""
    queue: Name = ""
    customer: Name = ""
    dialled: Name = ""
    order_id: Name = ""
    language: Language = "auto"
    consent: Consent = Consent()
    meta: Notes = {}
    subscribe: bool = False
    replies: Replies | UnsetType = UNSET


def started(metadata: Metadata, settings: FreeswitchSettings) -> CallStarted:
    """Raises `ProtocolError` for what does not go together."""
    name = metadata.jambonz_call if metadata.call_id is UNSET else metadata.call_id
    if name is UNSET:
        raise ProtocolError("the metadata has no call_id")
    info = CallInfo(
        call_id(name),
        agent_id=metadata.agent_id,
        queue=metadata.queue,
        customer=metadata.customer,
        dialled=metadata.dialled,
        order_id=metadata.order_id,
        language=metadata.language,
        record=metadata.consent.record,
        emotion=metadata.consent.emotion,
        meta=metadata.meta,
    )
    replies = _replies(metadata, settings)
    return CallStarted(
        info,
        distinct(_parties(metadata, settings)),
        _rate(metadata),
        subscribe=replies != "none",
        around=_AROUND.get(replies, ("", "")),
        ends_by_closing=True,
    )


def _rate(metadata: Metadata) -> int:
    if metadata.sample_rate is not UNSET:
        return metadata.sample_rate
    return 16000 if metadata.jambonz_rate is UNSET else metadata.jambonz_rate


def _parties(metadata: Metadata, settings: FreeswitchSettings) -> tuple[Party, ...]:
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


def _replies(metadata: Metadata, settings: FreeswitchSettings) -> Replies:
    if metadata.replies is not UNSET:
        return metadata.replies
    if metadata.subscribe and settings.replies == "none":
        return "plain"
    return settings.replies
