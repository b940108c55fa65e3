"""`/twilio`: Twilio Media Streams, and Telnyx, SignalWire and Plivo, which speak its dialects.

JSON text messages that carry one track's audio in base64. docs/gateways/twilio.md says what to
type there. To a stream that only listens nothing may be sent, so nothing ever is.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    AudioChunk,
    DigitPressed,
    GatewayEvent,
    LegEnded,
    Party,
    Seconds,
)
from streamer.gateways.fields import Digit
from streamer.gateways.limits import reason, text_of, understood
from streamer.gateways.sequence import Sequence
from streamer.gateways.twilio_start import Beginning, TwilioSettings, beginning, track_of
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.pcm import from_alaw, from_mulaw, seconds_of
from streamer.ports import Farewell

LOST: Final = (0.1, 0.6)
"""Seconds. A track whose timestamps are so much ahead of its audio has lost some: silence takes
its place. Less is jitter; more is a pause, which the call tells by the clock."""

_Number: TypeAlias = int | float | str | None
_DECODERS: Final[Mapping[str, tuple[int, Callable[[bytes], bytes]]]] = {
    "mulaw": (1, from_mulaw),
    "alaw": (1, from_alaw),
    "l16": (SAMPLE_BYTES, bytes),
}  # bytes a sample, to PCM


class _Media(Struct, frozen=True):
    payload: bytes  # base64 on the wire
    track: str = "inbound"
    timestamp: _Number = None  # milliseconds


class _Dtmf(Struct, frozen=True):
    digit: Digit


class _Message(Struct, frozen=True, rename={"numbered": "sequenceNumber"}):
    event: str
    numbered: _Number = None
    sequence_number: _Number = None
    media: _Media | UnsetType = UNSET
    dtmf: _Dtmf | UnsetType = UNSET


_MESSAGES: Final = msgspec.json.Decoder(_Message)


class TwilioCodec:
    """One stream. It never answers, so it emits no `Send`."""

    def __init__(
        self, settings: TwilioSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._settings = settings or TwilioSettings()
        self._tracks: Mapping[str, Track] = {}  # none before `start`
        self._sequence: Sequence[_Message] = Sequence()
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the gateway said, in the order of its numbers; nothing after `stop`. Raises
        `ProtocolError`, its text fit for a close reason."""
        if self._ended:
            return []
        if isinstance(message, bytes):
            raise ProtocolError("a binary frame: the audio comes in texts here")
        with understood():
            text = text_of(message)
            said = _MESSAGES.decode(text)
            return self._on(said, text) if self._tracks else self._begin(said, text)

    def relay(self, published: str) -> list[str | bytes]:
        return []

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell()

    def _begin(self, said: _Message, text: bytes) -> list[GatewayEvent]:
        match said.event:
            case "connected":
                return []
            case "start":
                its = beginning(msgspec.json.decode(text), self._settings)
                self._tracks = {name: Track(party, its) for name, party in its.tracks.items()}
                return [its.started]
            case _:
                raise ProtocolError(reason(f"{said.event} before start"))

    def _on(self, said: _Message, text: bytes) -> list[GatewayEvent]:
        if said.event == "start":
            raise ProtocolError("the call has been started already")
        if said.event == "stop":
            self._ended = True
            return [*self._hear(self._sequence.rest()), LegEnded()]
        number = number_of(said.numbered)
        number = number_of(said.sequence_number) if number is None else number
        lane = said.event if said.media is UNSET else said.media.track
        return self._hear(self._sequence.push(number, lane, said))

    def _hear(self, messages: list[_Message]) -> list[GatewayEvent]:
        events: list[GatewayEvent] = []
        for said in messages:
            match said.event:
                case "media":
                    events += self._play(said.media)
                case "dtmf" if said.dtmf is not UNSET:
                    events.append(DigitPressed(said.dtmf.digit))
                case _:  # mark, cleared, ...: about what is played, and nothing is
                    pass
        return events

    def _play(self, media: _Media | UnsetType) -> list[AudioChunk]:
        if media is UNSET:
            raise ProtocolError("a media message without media")
        track = self._tracks.get(track_of(media.track))
        if track is None:
            named = " and ".join(self._tracks)
            raise ProtocolError(reason(f"media of {media.track}: start named {named} only"))
        return track.push(media.payload, number_of(media.timestamp))


class Track:
    """One party's audio."""

    def __init__(self, party: Party, its: Beginning) -> None:
        self._party, self._rate = party, its.started.sample_rate
        size, self._decode = _DECODERS[its.encoding]
        self._whole = WholeSamples(size)
        self._began: Seconds | None = None  # timestamp of the first sample
        self._heard: Seconds = 0.0

    def push(self, audio: bytes, timestamp: int | None) -> list[AudioChunk]:
        """`timestamp`: the gateway's, in milliseconds, of the first byte of `audio`."""
        pcm = self._decode(self._whole.push(audio))
        if timestamp is not None:
            pcm = bytes(SAMPLE_BYTES * round(self._lost(timestamp) * self._rate)) + pcm
        self._heard += seconds_of(pcm, self._rate)
        return voices(pcm, (self._party,), self._rate)

    def _lost(self, timestamp: int) -> Seconds:
        now = timestamp / 1000
        if self._began is None:
            self._began = now - self._heard
        lost = now - self._began - self._heard
        if abs(lost) > LOST[1]:
            self._began = now - self._heard
        return lost if LOST[0] <= lost <= LOST[1] else 0.0


def number_of(value: _Number) -> int | None:
    """Some say 7, some "7", some nothing that is a number."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else None
    return int(value) if value is not None and abs(value) < 1e15 else None
