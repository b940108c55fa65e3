"""`/asterisk`."""

from collections.abc import Mapping
from typing import Final

from streamer.events import Seconds
from streamer.wires.stream import ENCODERS, Opening, Stream, text

_NAMES: Final[Mapping[tuple[str, int], str]] = {
    ("pcm_s16le", 8000): "slin",
    ("pcm_s16le", 16000): "slin16",
    ("mulaw", 8000): "ulaw",
    ("alaw", 8000): "alaw",
}
"""What Asterisk calls an encoding at a rate."""


class AsteriskWire:
    """As chan_websocket does, with one party. Raises `ValueError` for what it cannot send."""

    def __init__(self, stream: Stream) -> None:
        found = _NAMES.get((stream.encoding, stream.sample_rate))
        if found is None:
            raise ValueError(f"Asterisk has no {stream.encoding} of {stream.sample_rate} Hz")
        if stream.subscribe:
            raise ValueError("nothing is sent back to Asterisk: subscribe elsewhere")
        self._stream, self._format = stream, found
        self._encode = ENCODERS[stream.encoding]

    def opening(self) -> Opening:
        it = self._stream
        return Opening({**it.fields, "role": it.parties[0]}, protocol="media")

    def begin(self) -> list[str]:
        size = len(self._encode(bytes(2 * self._stream.sample_rate // 50)))
        start = {
            "event": "MEDIA_START",
            "connection_id": "send",
            "channel": "WebSocket/send/1",
            "channel_id": self._stream.call_id,
            "format": self._format,
            "optimal_frame_size": size,
            "ptime": 20,
        }
        return [text(start)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [self._encode(pcm)]

    def end(self, *, last: bool) -> None:
        """Asterisk says no more: it closes the connection."""
