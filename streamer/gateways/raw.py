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
    CallStarted,
    DigitPressed,
    GatewayEvent,
    HoldEnded,
    HoldStarted,
    PartiesSwapped,
)
from streamer.gateways.call_fields import CallFields, call_info
from streamer.gateways.fields import Channels, Digit, Id, Rate, distinct
from streamer.gateways.limits import audio_of, text_of, understood
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.pcm import from_alaw, from_mulaw
from streamer.ports import Farewell

Encoding: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]
_DECODERS: Final[Mapping[Encoding, tuple[int, Callable[[bytes], bytes]]]] = {
    "pcm_s16le": (SAMPLE_BYTES, bytes),
    "mulaw": (1, from_mulaw),
    "alaw": (1, from_alaw),
}  # bytes a sample, to PCM


class _Start(Struct, frozen=True):
    v: Literal[1]
    call_id: Id
    channels: Channels
    sample_rate: Rate = 16000
    encoding: Encoding = "pcm_s16le"
    subscribe: bool = False


class _Said(Struct, frozen=True):
    event: Literal["hold", "unhold", "dtmf", "swap", "end"]
    digit: Digit | UnsetType = UNSET


class RawCodec:
    """One `/raw` connection. It never answers, so it emits no `Send`."""

    def __init__(self, handshake: Handshake | None = None) -> None:
        self._start: _Start | None = None
        self._whole = WholeSamples(1)
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

    def relay(self, published: str) -> list[str | bytes]:
        return [published] if self._start is not None and self._start.subscribe else []

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell()

    def _read(self, text: bytes) -> GatewayEvent:
        if self._start is None:
            start = msgspec.json.decode(text, type=_Start)
            info = call_info(start.call_id, msgspec.json.decode(text, type=CallFields))
            started = CallStarted(info, distinct(start.channels), start.sample_rate)
            width = _DECODERS[start.encoding][0]
            self._start, self._whole = start, WholeSamples(width * len(start.channels))
            return started
        if _is_start(text):
            raise ProtocolError("the call has been started already")
        said = msgspec.json.decode(text, type=_Said)
        self._ended = said.event == "end"
        return _event(said)

    def _hear(self, audio: bytes) -> list[GatewayEvent]:
        if self._start is None:
            raise ProtocolError("audio before the first text frame")
        its = self._start
        pcm = _DECODERS[its.encoding][1](self._whole.push(audio_of(audio)))
        return [*voices(pcm, its.channels, its.sample_rate)]


def _is_start(text: bytes) -> bool:
    fields = msgspec.json.decode(text)
    return isinstance(fields, dict) and "call_id" in fields


def _event(said: _Said) -> GatewayEvent:
    match said.event:
        case "hold":
            return HoldStarted()
        case "unhold":
            return HoldEnded()
        case "swap":
            return PartiesSwapped()
        case "end":
            return CallEnded()
        case "dtmf":
            if said.digit is UNSET:
                raise ProtocolError("dtmf without a digit")
            return DigitPressed(said.digit)
