"""`/yeastar`: WebSocket audio streaming of Yeastar's P-Series.

One connection carries both parties of a call: JSON texts, each with some audio of one channel
in base64. docs/gateways/yeastar.md says what to type there. It listens to nothing.
"""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streamer.errors import ProtocolError
from streamer.events import (
    SAMPLE_BYTES,
    AudioChunk,
    CallStarted,
    GatewayEvent,
    LegEnded,
    Party,
)
from streamer.gateways.call_fields import call_info, from_parameters
from streamer.gateways.fields import Id, Name, Rate
from streamer.gateways.limits import text_of, understood
from streamer.gateways.voices import voices
from streamer.gateways.yeastar_voices import PARTIES, Channels
from streamer.handshake import Handshake
from streamer.ports import Farewell

WAIT: Final = 1.0
"""Seconds of audio. The call begins when both parties are there, so that it is known whose it
is; or when one has been alone for so long, as in a queue."""
WAIT_MESSAGES: Final = 100
_UNHEARD: Final = ("conference", "multicast_paging")


@dataclass(frozen=True, slots=True)
class YeastarSettings:
    """What the PBX does not say: its sample rate, for which the address may have another, and
    which numbers are extensions (see `Channels`)."""

    sample_rate: Literal[8000, 16000] = 8000
    extensions: str = ""


class _Address(Struct, frozen=True):
    sample_rate: Rate


class _Message(Struct, frozen=True):
    callid: Id
    channelid: Id
    status: Literal["process", "end"]
    number: Name = ""
    callflow: Name = ""
    audio: bytes = b""  # base64 on the wire


class YeastarCodec:
    """One connection, one call. It is over when every channel has ended, or when it closes."""

    def __init__(
        self, settings: YeastarSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._settings = settings or YeastarSettings()
        told = {"sample_rate": str(self._settings.sample_rate)}
        told |= (handshake or Handshake()).query
        self._address = {"sample_rate": told.pop("sample_rate")}
        self._told = told
        self._channels = Channels(self._settings.extensions)
        self._call, self._begun = "", False
        self._rate = 0  # none before the first message
        self._early: list[AudioChunk] = []
        self._early_messages = 0
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What the PBX said; nothing after every channel has ended. Raises `ProtocolError`, its
        text fit for a close reason."""
        if self._ended:
            return []
        if isinstance(message, bytes):
            raise ProtocolError("a binary frame: the audio comes in texts here")
        with understood():
            return self._read(msgspec.json.decode(text_of(message), type=_Message))

    def relay(self, published: str) -> list[str | bytes]:
        return []

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell()

    def _read(self, said: _Message) -> list[GatewayEvent]:
        if said.callflow in _UNHEARD:
            raise ProtocolError(f"{said.callflow}: only calls of two parties are heard")
        if self._call not in ("", said.callid):
            raise ProtocolError("another callid on one connection")
        self._call = said.callid
        if not self._rate:
            self._rate = msgspec.convert(self._address, _Address, strict=False).sample_rate
        voice = self._channels.voice(said.channelid, said.number)
        pcm = voice.whole.push(said.audio)
        events = self._heard(said, voices(pcm, (voice.party,), self._rate))
        if said.status == "end":
            self._channels.end(said.channelid)
            self._ended = not self._channels
        return [*events, LegEnded()] if self._ended else events

    def _heard(self, said: _Message, chunks: list[AudioChunk]) -> list[GatewayEvent]:
        """Nothing while it is too early: then it is kept."""
        if self._begun:
            return [*chunks]
        self._early += chunks
        self._early_messages += 1
        alone = len(self._channels) < len((Party.CUSTOMER, Party.AGENT))
        if alone and said.status == "process" and not self._late():
            return []
        early, self._early, self._begun = self._early, [], True
        return [self._started(said), *early]

    def _late(self) -> bool:
        heard = sum(len(chunk.pcm) for chunk in self._early)
        enough = heard >= WAIT * self._rate * SAMPLE_BYTES
        return enough or self._early_messages >= WAIT_MESSAGES

    def _started(self, said: _Message) -> CallStarted:
        known = from_parameters(self._told)
        numbers = replace(
            known,
            agent_id=known.agent_id or self._channels.number_of(Party.AGENT),
            customer=known.customer or self._channels.number_of(Party.CUSTOMER),
            meta={**known.meta, **({"callflow": said.callflow} if said.callflow else {})},
        )
        info = call_info(said.callid, numbers)
        return CallStarted(info, PARTIES, self._rate, ends_by_closing=True)
