"""`/asterisk`: Asterisk's chan_websocket, one connection for each party of a call.

What Asterisk knows of the call comes in the address (`v(...)` in the dialplan), then comes
MEDIA_START, then the bare bytes of one codec. docs/gateways/asterisk.md says what to type.
Asterisk passes over texts of more than 128 bytes, so nothing that is published goes back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from streamer.errors import ProtocolError
from streamer.events import SAMPLE_BYTES, CallStarted, GatewayEvent, Party, Send
from streamer.gateways.asterisk_control import Control, Form, command, control, form_of, pressed
from streamer.gateways.call_fields import call_info, from_parameters, role_in
from streamer.gateways.limits import audio_of, reason, text_of, understood
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.pcm import from_alaw, from_mulaw
from streamer.ports import Farewell

VARIABLE: Final = "EARWITNESS_"
"""Begins the channel variables that are for us; the rest of a name is as in the address."""


@dataclass(frozen=True, slots=True)
class Format:
    """How Asterisk calls a codec is the key; `size` is of one sample, in bytes."""

    rate: int
    size: int
    decode: Callable[[bytes], bytes]


_FORMATS: Final[Mapping[str, Format]] = {
    "ulaw": Format(8000, 1, from_mulaw),
    "alaw": Format(8000, 1, from_alaw),
    "slin": Format(8000, SAMPLE_BYTES, bytes),
    "slin16": Format(16000, SAMPLE_BYTES, bytes),
}


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """Who is on a connection that does not say its `role`."""

    party: Party = Party.UNKNOWN


class AsteriskCodec:
    """One connection of chan_websocket. Closing it in order is its end: Asterisk says no other.

    It answers with ANSWER once its call has let it in, since with the option `n` Asterisk waits
    for that, and with HANGUP before we close. Asterisk's flow control is about audio that it is
    sent, and it is sent none."""

    def __init__(
        self, settings: AsteriskSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._query = (handshake or Handshake()).query
        self._settings = settings or AsteriskSettings()
        self._party = Party.UNKNOWN
        self._format: Format | None = None  # none before MEDIA_START
        self._form: Form = "json"
        self._whole = WholeSamples(1)

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What Asterisk sent. Raises `ProtocolError`, its text fit for a close reason."""
        with understood():
            if isinstance(message, bytes):
                return self._hear(audio_of(message))
            text = text_of(message)
            self._form = form_of(text)
            return self._read(control(text))

    def relay(self, published: str) -> list[str | bytes]:
        return []

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell((command("HANGUP", self._form),) if self._format else ())

    def _read(self, said: Control) -> list[GatewayEvent]:
        match said.event:
            case "MEDIA_START" if self._format is not None:
                raise ProtocolError("the call has been started already")
            case "MEDIA_START":
                return [self._begin(said), Send(command("ANSWER", self._form))]
            case _ if self._format is None:
                raise ProtocolError(reason(f"{said.event} before MEDIA_START"))
            case "DTMF_END" if not said.digit:
                raise ProtocolError("DTMF_END without a digit")
            case "DTMF_END":
                return [*pressed(said.digit)]
            case _:  # about audio that Asterisk is sent
                return []

    def _begin(self, said: Control) -> CallStarted:
        found = _FORMATS.get(said.format)
        if found is None:
            known = ", ".join(f"c({name})" for name in _FORMATS)
            raise ProtocolError(reason(f"format {said.format!r}: say one of {known}"))
        told = {**_ours(said.channel_variables), **self._query}
        fields = from_parameters(told)
        if fields.call_id is UNSET:
            raise ProtocolError("no call_id in the address: v(call_id=...,role=...)")
        role = role_in(told)
        self._party = self._settings.party if role is UNSET else role
        info = call_info(fields.call_id, fields)
        self._format, self._whole = found, WholeSamples(found.size)
        return CallStarted(info, (self._party,), found.rate, ends_by_closing=True)

    def _hear(self, audio: bytes) -> list[GatewayEvent]:
        if self._format is None:
            raise ProtocolError("audio before MEDIA_START")
        pcm = self._format.decode(self._whole.push(audio))
        return [*voices(pcm, (self._party,), self._format.rate)]


def _ours(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(VARIABLE).lower(): value
        for name, value in variables.items()
        if name.startswith(VARIABLE)
    }
