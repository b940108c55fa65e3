"""`/raw`, our own stream protocol: a JSON text frame, then interleaved PCM in binary frames.

Described for gateways in docs/contracts.md.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    AudioChunk,
    CallEnded,
    CallId,
    CallInfo,
    CallStarted,
    DigitPressed,
    GatewayEvent,
    HoldEnded,
    HoldStarted,
    Party,
)
from streamer.pcm import deinterleave, from_alaw, from_mulaw

LONGEST_TEXT, LONGEST_AUDIO = 64 * 1024, 256 * 1024
LONGEST_REASON = 120
"""Bytes. A websocket close frame has room for 123."""
STEP = 0.02
"""Seconds. Audio is handed on in steps no longer than this, so that of two interleaved parties
neither is ever heard far ahead of the other, however large the gateway's frames are."""

Encoding: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]
_DECODERS: Final[Mapping[Encoding, tuple[int, Callable[[bytes], bytes]]]] = {
    "pcm_s16le": (SAMPLE_BYTES, bytes),
    "mulaw": (1, from_mulaw),
    "alaw": (1, from_alaw),
}  # bytes a sample, to PCM

_Name: TypeAlias = Annotated[str, Meta(max_length=256)]
_Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=128)]


class _Consent(Struct, frozen=True):
    record: bool = True
    emotion: bool = True


class _Start(Struct, frozen=True, rename={"customer": "from", "dialled": "to"}):
    v: Literal[1]
    call_id: _Id
    channels: Annotated[tuple[Party, ...], Meta(min_length=1, max_length=2)]
    sample_rate: Literal[8000, 16000] = 16000
    encoding: Encoding = "pcm_s16le"
    agent_id: _Name = ""
    queue: _Name = ""
    customer: _Name = ""
    dialled: _Name = ""
    order_id: _Name = ""
    language: Literal["auto", "zh", "yue", "en", "ja", "ko"] = "auto"
    consent: _Consent = _Consent()
    meta: Annotated[dict[str, str], Meta(max_length=64)] = {}
    subscribe: bool = False


class _Said(Struct, frozen=True):
    event: Literal["hold", "unhold", "dtmf", "end"]
    digit: Annotated[str, Meta(pattern=r"\A[0-9*#A-D]\Z")] | UnsetType = UNSET


class RawCodec:
    """One `/raw` connection. It never answers, so it emits no `Send`."""

    def __init__(self) -> None:
        self._start: _Start | None = None
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the gateway said. Whatever follows `end` is ignored: gateways send the audio
        that was under way. Raises `ProtocolError`, its text fit for a close reason."""
        try:
            if self._ended:
                return []
            if isinstance(message, bytes):
                return self._hear(message)
            return [self._read(_text(message))]
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise ProtocolError(_reason(f"not understood: {error}")) from error

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
        if len(audio) > LONGEST_AUDIO:
            raise ProtocolError(f"{len(audio)} bytes in one frame: at most {LONGEST_AUDIO}")
        parties = self._start.channels
        width, decode = _DECODERS[self._start.encoding]
        sample = width * len(parties)
        if len(audio) % sample:
            raise ProtocolError(f"{len(audio)} bytes of audio: expected a multiple of {sample}")
        voices = deinterleave(decode(audio), len(parties))
        step = int(STEP * self._start.sample_rate) * SAMPLE_BYTES
        return [
            AudioChunk(party, voice[i : i + step])
            for i in range(0, len(voices[0]), step)
            for party, voice in zip(parties, voices, strict=True)
        ]


def _text(message: str) -> bytes:
    text = message.encode()
    if len(text) > LONGEST_TEXT:
        raise ProtocolError(f"{len(text)} bytes of text in one frame: at most {LONGEST_TEXT}")
    return text


def _is_start(text: bytes) -> bool:
    fields = msgspec.json.decode(text)
    return isinstance(fields, dict) and "call_id" in fields


def _started(start: _Start) -> CallStarted:
    if len(set(start.channels)) < len(start.channels):
        raise ProtocolError(f"both channels are called {start.channels[0]}")
    if any(unicodedata.category(character) == "Cc" for character in start.call_id):
        raise ProtocolError("call_id holds control characters")
    info = CallInfo(
        CallId(start.call_id),
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
    return CallStarted(info, start.channels, start.sample_rate, start.subscribe)


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


def _reason(text: str) -> str:
    """Cut to what a close frame holds, never within a character."""
    return text.encode(errors="replace")[:LONGEST_REASON].decode(errors="ignore")
