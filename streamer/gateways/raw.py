"""`/raw`, our own stream protocol: a JSON text frame, then interleaved PCM in binary frames.

Described for gateways in docs/contracts.md.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    CallEnded,
    CallInfo,
    CallStarted,
    DigitPressed,
    GatewayEvent,
    HoldEnded,
    HoldStarted,
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
)
from streamer.gateways.limits import audio_of, text_of, understood
from streamer.gateways.voices import voices
from streamer.pcm import from_alaw, from_mulaw

Encoding: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]
_DECODERS: Final[Mapping[Encoding, tuple[int, Callable[[bytes], bytes]]]] = {
    "pcm_s16le": (SAMPLE_BYTES, bytes),
    "mulaw": (1, from_mulaw),
    "alaw": (1, from_alaw),
}  # bytes a sample, to PCM


class _Start(Struct, frozen=True, rename={"customer": "from", "dialled": "to"}):
    v: Literal[1]
    call_id: Id
    channels: Channels
    sample_rate: Rate = 16000
    encoding: Encoding = "pcm_s16le"
    agent_id: Name = ""
    queue: Name = ""
    customer: Name = ""
    dialled: Name = ""
    order_id: Name = ""
    language: Language = "auto"
    consent: Consent = Consent()
    meta: Notes = {}
    subscribe: bool = False


class _Said(Struct, frozen=True):
    event: Literal["hold", "unhold", "dtmf", "end"]
    digit: Digit | UnsetType = UNSET


class RawCodec:
    """One `/raw` connection. It never answers, so it emits no `Send`."""

    def __init__(self) -> None:
        self._start: _Start | None = None
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the gateway said. Whatever follows `end` is ignored: gateways send the audio
        that was under way. Raises `ProtocolError`, its text fit for a close reason."""
        if self._ended:
            return []
        with understood():
            if isinstance(message, bytes):
                return self._hear(message)
            return [self._read(text_of(message))]

    def _read(self, text: bytes) -> GatewayEvent:
        if self._start is None:
            start = msgspec.json.decode(text, type=_Start)
            started = _started(start)
            self._start = start
            return started
        if _is_start(text):
            raise ProtocolError("the call has been started already")
        said = msgspec.json.decode(text, type=_Said)
        self._ended = said.event == "end"
        return _event(said)

    def _hear(self, audio: bytes) -> list[GatewayEvent]:
        if self._start is None:
            raise ProtocolError("audio before the first text frame")
        parties = self._start.channels
        width, decode = _DECODERS[self._start.encoding]
        sample = width * len(parties)
        if len(audio_of(audio)) % sample:
            raise ProtocolError(f"{len(audio)} bytes of audio: expected a multiple of {sample}")
        return [*voices(decode(audio), parties, self._start.sample_rate)]


def _is_start(text: bytes) -> bool:
    fields = msgspec.json.decode(text)
    return isinstance(fields, dict) and "call_id" in fields


def _started(start: _Start) -> CallStarted:
    info = CallInfo(
        call_id(start.call_id),
        agent_id=start.agent_id,
        queue=start.queue,
        customer=start.customer,
        dialled=start.dialled,
        order_id=start.order_id,
        language=start.language,
        record=start.consent.record,
        emotion=start.consent.emotion,
        meta=start.meta,
    )
    return CallStarted(info, distinct(start.channels), start.sample_rate, start.subscribe)


def _event(said: _Said) -> GatewayEvent:
    match said.event:
        case "hold":
            return HoldStarted()
        case "unhold":
            return HoldEnded()
        case "end":
            return CallEnded()
        case "dtmf":
            if said.digit is UNSET:
                raise ProtocolError("dtmf without a digit")
            return DigitPressed(said.digit)
