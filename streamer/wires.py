"""How a gateway of each protocol sends a recording: the sender's side of the codecs."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from streamer.events import Party, Seconds
from streamer.pcm import deinterleave, to_alaw, to_mulaw

Encoding: TypeAlias = Literal["pcm_s16le", "mulaw", "alaw"]
_ENCODERS: Final[Mapping[Encoding, Callable[[bytes], bytes]]] = {
    "pcm_s16le": bytes,
    "mulaw": to_mulaw,
    "alaw": to_alaw,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """What one connection carries. `fields` are as in the first frame of `/raw`."""

    call_id: str
    parties: tuple[Party, ...]
    sample_rate: int
    encoding: Encoding
    subscribe: bool
    fields: Mapping[str, str] = field(repr=False)


class Wire(Protocol):
    """One connection. Every method returns the messages to send."""

    def begin(self) -> Sequence[str]: ...

    def play(self, pcm: bytes, at: Seconds) -> Sequence[str | bytes]:
        """Interleaved 16-bit PCM, of which the first sample is at `at`."""
        ...

    def end(self, *, last: bool) -> str | None:
        """When all is sent; `last`: on every other connection of the call, too."""
        ...


class RawWire:
    def __init__(self, stream: Stream) -> None:
        self._stream, self._encode = stream, _ENCODERS[stream.encoding]

    def begin(self) -> list[str]:
        it = self._stream
        start = {
            **it.fields,
            "v": 1,
            "call_id": it.call_id,
            "sample_rate": it.sample_rate,
            "encoding": it.encoding,
            "channels": it.parties,
            "subscribe": it.subscribe,
        }
        return [_text(start)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [self._encode(pcm)]

    def end(self, *, last: bool) -> str | None:
        return _text({"event": "end"}) if last else None


class FreeswitchWire:
    """As mod_audio_stream does."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def begin(self) -> list[str]:
        it = self._stream
        metadata = {
            **it.fields,
            "call_id": it.call_id,
            "sample_rate": it.sample_rate,
            "channels": it.parties,
            "replies": "plain" if it.subscribe else "none",
        }
        return [_text(metadata)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [pcm]

    def end(self, *, last: bool) -> str:
        return _text({"event": "bye"})


_TRACKS: Final = {Party.CUSTOMER: "inbound", Party.AGENT: "outbound"}
_NAMES: Final = {"pcm_s16le": "audio/x-l16", "mulaw": "audio/x-mulaw", "alaw": "audio/x-alaw"}


class TwilioWire:
    """As a stream that was started on the customer's call."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._encode = stream, _ENCODERS[stream.encoding]
        self._tracks = [_TRACKS[party] for party in stream.parties]
        self._number = 0

    def begin(self) -> list[str]:
        it = self._stream
        start = {
            "callSid": it.call_id,
            "tracks": self._tracks,
            "mediaFormat": {
                "encoding": _NAMES[it.encoding],
                "sampleRate": it.sample_rate,
                "channels": 1,
            },
            "customParameters": {**it.fields, "call_id": it.call_id, "role": "customer"},
        }
        return [_text({"event": "connected"}), self._numbered("start", start)]

    def play(self, pcm: bytes, at: Seconds) -> list[str]:
        voices = deinterleave(pcm, len(self._tracks))
        return [
            self._numbered("media", self._media(track, voice, at))
            for track, voice in zip(self._tracks, voices, strict=True)
        ]

    def end(self, *, last: bool) -> str:
        return self._numbered("stop", {"callSid": self._stream.call_id})

    def _media(self, track: str, voice: bytes, at: Seconds) -> dict[str, str]:
        payload = b64encode(self._encode(voice)).decode()
        return {"track": track, "timestamp": str(round(at * 1000)), "payload": payload}

    def _numbered(self, event: str, said: Mapping[str, object]) -> str:
        self._number += 1
        number = str(self._number)
        return _text({"event": event, "sequenceNumber": number, "streamSid": "MZ", event: said})


_WIRES: Final[Mapping[str, Callable[[Stream], Wire]]] = {
    "/freeswitch": FreeswitchWire,
    "/twilio": TwilioWire,
}


def wire(address: str, stream: Stream) -> Wire:
    """By the address's path; `/raw` where it says nothing else. Raises `ValueError` for what
    that protocol cannot carry."""
    path = urlsplit(address).path
    if path == "/freeswitch" and stream.encoding != "pcm_s16le":
        raise ValueError(f"FreeSWITCH sends pcm_s16le only, not {stream.encoding}")
    if path == "/twilio" and stream.subscribe:
        raise ValueError("nothing is sent back to a stream of Twilio's: subscribe elsewhere")
    return _WIRES.get(path, RawWire)(stream)


def _text(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)
