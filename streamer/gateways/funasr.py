"""`/funasr`: the websocket protocol of FunASR's runtime, so that its clients find words here.

A JSON text that configures, 16-bit PCM of one party in binary frames, a text that says that it
was all; results come back as JSON. docs/gateways/funasr.md says what is not as it is there.
"""

from typing import Final

import msgspec
from msgspec import Struct

from streamer.errors import ProtocolError
from streamer.events import SAMPLE_BYTES, AudioChunk, GatewayEvent, LegEnded, Party
from streamer.gateways.funasr_results import Results
from streamer.gateways.funasr_start import Beginning, FunasrSettings, beginning
from streamer.gateways.limits import audio_of, text_of, understood
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.ports import Farewell

_DONE: Final = 1000


class _Control(Struct, frozen=True):
    is_speaking: bool = True
    is_end: bool = False
    is_final: bool = False


class FunasrCodec:
    """One connection: one party. What was said is told when it is sure (`relay`), and the last
    of it when the call is (`farewell`)."""

    def __init__(
        self, settings: FunasrSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._settings, self._handshake = settings or FunasrSettings(), handshake or Handshake()
        self._its: Beginning | None = None
        self._whole = WholeSamples(SAMPLE_BYTES)
        self._results = Results("2pass", "", Party.UNKNOWN)
        self._ended = self._acknowledges = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the client said; nothing after it has said that this was all. Raises
        `ProtocolError`, its text fit for a close reason."""
        if self._ended:
            return []
        with understood():
            if isinstance(message, bytes):
                return self._hear(audio_of(message))
            return self._read(text_of(message))

    def relay(self, published: str) -> list[str | bytes]:
        return [*self._results.hear(published)]

    def farewell(self, code: int, reason: str) -> Farewell:
        """FunASR's own servers never close, and a client that has heard all says so once more:
        it is to find an open connection."""
        if code != _DONE:
            return Farewell(tuple(self._results.failed(reason)))
        return Farewell(tuple(self._results.last(acknowledge=self._acknowledges)), wait=True)

    def _read(self, text: bytes) -> list[GatewayEvent]:
        control = msgspec.json.decode(text, type=_Control, strict=False)
        if control.is_end or control.is_final or not control.is_speaking:
            self._ended, self._acknowledges = True, control.is_end
            self._results.wait()
            return [LegEnded()]
        if self._its is not None:
            raise ProtocolError("the call has been started already")
        return [self._begin(text).started]

    def _begin(self, text: bytes) -> Beginning:
        self._its = its = beginning(text, self._settings, self._handshake)
        self._results = Results(its.mode, its.name, its.party)
        return its

    def _hear(self, audio: bytes) -> list[GatewayEvent]:
        """A client that configures nothing means the defaults."""
        if self._its is None:
            its = self._begin(b"{}")
            return [its.started, *self._voice(its, audio)]
        return [*self._voice(self._its, audio)]

    def _voice(self, its: Beginning, audio: bytes) -> list[AudioChunk]:
        return voices(self._whole.push(audio), (its.party,), its.started.sample_rate)
