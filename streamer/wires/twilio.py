"""`/twilio`."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Final

from streamer.events import Party, Seconds
from streamer.pcm import deinterleave
from streamer.wires.stream import ENCODERS, Opening, Stream, text

_TRACKS: Final = {Party.CUSTOMER: "inbound", Party.AGENT: "outbound"}
_NAMES: Final = {"pcm_s16le": "audio/x-l16", "mulaw": "audio/x-mulaw", "alaw": "audio/x-alaw"}


class TwilioWire:
    """As a stream that was started on the customer's call. Raises `ValueError` for what that
    cannot do."""

    def __init__(self, stream: Stream) -> None:
        if stream.subscribe:
            raise ValueError(
                "nothing is sent back to a stream of Twilio's: subscribe elsewhere"
            )
        self._stream, self._encode = stream, ENCODERS[stream.encoding]
        self._tracks = [_TRACKS[party] for party in stream.parties]
        self._number = 0

    def opening(self) -> Opening:
        return Opening()

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
        return [text({"event": "connected"}), self._numbered("start", start)]

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
        return text({"event": event, "sequenceNumber": number, "streamSid": "MZ", event: said})
