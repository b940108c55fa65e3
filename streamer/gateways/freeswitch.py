"""`/freeswitch`: mod_audio_stream, mod_audio_fork and jambonz's `listen`.

One text frame of metadata, interleaved 16-bit PCM in binary frames, then texts that the
dialplan or jambonz sends. docs/gateways/freeswitch.md says what to type there.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    CallInfo,
    CallStarted,
    DigitPressed,
    GatewayEvent,
    HoldEnded,
    HoldStarted,
    LegEnded,
    Party,
)
from streamer.gateways.fields import (
    Channels,
    Consent,
    Digit,
    Id,
    Language,
    Name,
    Notes,
    Rate,
    call_id,
    distinct,
    other,
)
from streamer.gateways.limits import audio_of, text_of, understood
from streamer.gateways.voices import WholeSamples, voices

EARLIEST: Final = 64_000
"""Bytes of audio that may come before the metadata: a second, at most. mod_audio_stream sends
both from different threads."""
EARLIEST_FRAMES: Final = 100

Replies: TypeAlias = Literal["none", "plain", "wrapped"]
_AROUND: Final = {"plain": ("", ""), "wrapped": ('{"type":"json","data":', "}")}
"""mod_audio_fork and jambonz take an unknown `type`, such as ours, for a fault."""


@dataclass(frozen=True, slots=True)
class FreeswitchSettings:
    """What holds where the metadata does not say: who is on which channel, and in what form
    alerts and prompts are sent back."""

    parties: tuple[Party, ...] = (Party.CUSTOMER, Party.AGENT)
    replies: Replies = "none"


class _Metadata(
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


class _Said(Struct, frozen=True):
    """`event` is the dialplan's own word: what is not ours is none of our business."""

    event: str = ""
    call_id: msgspec.Raw | UnsetType = UNSET
    digit: Digit | UnsetType = UNSET
    dtmf: Digit | UnsetType = UNSET


class FreeswitchCodec:
    """One connection of a FreeSWITCH or jambonz. It never answers, so it emits no `Send`."""

    def __init__(self, settings: FreeswitchSettings | None = None) -> None:
        self._settings = settings or FreeswitchSettings()
        self._early, self._early_frames = b"", 0
        self._parties: tuple[Party, ...] = ()  # none before the metadata
        self._rate = 0
        self._whole = WholeSamples(SAMPLE_BYTES)
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the gateway said; nothing after it has said that this was all. Raises
        `ProtocolError`, its text fit for a close reason."""
        if self._ended:
            return []
        with understood():
            if isinstance(message, bytes):
                return self._hear(audio_of(message))
            text = text_of(message)
            return self._read(text) if self._parties else self._begin(text)

    def _begin(self, text: bytes) -> list[GatewayEvent]:
        metadata = msgspec.json.decode(text, type=_Metadata)
        started = _started(metadata, self._settings)
        self._parties, self._rate = started.parties, started.sample_rate
        self._whole = WholeSamples(SAMPLE_BYTES * len(self._parties))
        early, self._early = self._early, b""
        return [started, *(self._hear(early) if early else [])]

    def _hear(self, audio: bytes) -> list[GatewayEvent]:
        if not self._parties:
            return self._keep(audio)
        if not audio:  # mod_audio_fork's graceful-shutdown: it waits for us to close
            return self._end()
        return [*voices(self._whole.push(audio), self._parties, self._rate)]

    def _keep(self, audio: bytes) -> list[GatewayEvent]:
        self._early += audio
        self._early_frames += 1
        if len(self._early) > EARLIEST or self._early_frames > EARLIEST_FRAMES:
            raise ProtocolError("audio without metadata: give a JSON with call_id at the start")
        return []

    def _read(self, text: bytes) -> list[GatewayEvent]:
        said = msgspec.json.decode(text, type=_Said)
        match said.event:
            case "hold":
                return [HoldStarted()]
            case "unhold":
                return [HoldEnded()]
            case "dtmf":
                return [DigitPressed(_digit(said))]
            case "swap":
                self._parties = self._parties[::-1]
                return []
            case "end" | "bye":
                return self._end()
            case "" if said.call_id is not UNSET:
                raise ProtocolError("the call has been started already")
            case _:
                return []

    def _end(self) -> list[GatewayEvent]:
        self._ended = True
        return [LegEnded()]


def _digit(said: _Said) -> str:
    digit = said.dtmf if said.digit is UNSET else said.digit
    if digit is UNSET:
        raise ProtocolError("dtmf without a digit")
    return digit


def _started(metadata: _Metadata, settings: FreeswitchSettings) -> CallStarted:
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
