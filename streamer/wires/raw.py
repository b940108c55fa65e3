"""`/raw`."""

from streamer.events import Seconds
from streamer.wires.stream import ENCODERS, Opening, Stream, text


class RawWire:
    def __init__(self, stream: Stream) -> None:
        self._stream, self._encode = stream, ENCODERS[stream.encoding]

    def opening(self) -> Opening:
        return Opening()

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
        return [text(start)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [self._encode(pcm)]

    def end(self, *, last: bool) -> str | None:
        return text({"event": "end"}) if last else None
