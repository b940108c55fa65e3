"""`/freeswitch`: mod_audio_stream, mod_audio_fork and jambonz's `listen`.

One text frame of metadata, interleaved 16-bit PCM in binary frames, then texts that the
dialplan or jambonz sends. docs/gateways/freeswitch.md says what to type there.
"""

from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    DigitPressed,
    GatewayEvent,
    HoldEnded,
    HoldStarted,
    LegEnded,
    PartiesSwapped,
    Party,
)
from streamer.gateways.fields import Digit
from streamer.gateways.freeswitch_metadata import FreeswitchSettings, Replies, beginning
from streamer.gateways.limits import audio_of, text_of, understood
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.ports import Farewell

EARLIEST: Final = 64_000
"""Bytes of audio that may come before the metadata: a second, at most. mod_audio_stream sends
both from different threads."""
EARLIEST_FRAMES: Final = 100


class _Said(Struct, frozen=True):
    """`event` is the dialplan's own word: what is not ours is none of our business."""

    event: str = ""
    call_id: msgspec.Raw | UnsetType = UNSET
    digit: Digit | UnsetType = UNSET
    dtmf: Digit | UnsetType = UNSET


class FreeswitchCodec:
    """One connection of a FreeSWITCH or jambonz. It never answers, so it emits no `Send`."""

    def __init__(
        self, settings: FreeswitchSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._settings = settings or FreeswitchSettings()
        self._replies: Replies = "none"
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

    def relay(self, published: str) -> list[str | bytes]:
        match self._replies:
            case "none":
                return []
            case "plain":
                return [published]
            case "wrapped":
                return ['{"type":"json","data":' + published + "}"]

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell()

    def _begin(self, text: bytes) -> list[GatewayEvent]:
        its = beginning(text, self._settings)
        start, self._replies = its.started, its.replies
        self._parties, self._rate = start.parties, start.sample_rate
        self._whole = WholeSamples(SAMPLE_BYTES * len(self._parties))
        early, self._early = self._early, b""
        return [start, *(self._hear(early) if early else [])]

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
                return [PartiesSwapped()]
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
