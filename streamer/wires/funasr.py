"""`/funasr`."""

import json

from streamer.events import Seconds
from streamer.wires.stream import Opening, Stream, text


class FunasrWire:
    """As FunASR's own clients do, one for each party. Raises `ValueError` for what they cannot
    send."""

    def __init__(self, stream: Stream) -> None:
        if stream.encoding != "pcm_s16le":
            raise ValueError(f"FunASR's clients send pcm_s16le only, not {stream.encoding}")
        self._stream = stream
        self.waits = False
        self.over: tuple[int, str] | None = None

    def opening(self) -> Opening:
        return Opening(protocol="binary")

    def begin(self) -> list[str]:
        it = self._stream
        config = {
            **it.fields,
            "mode": "2pass",
            "chunk_size": [5, 10, 5],
            "wav_name": f"{it.call_id}/{it.parties[0]}",
            "wav_format": "pcm",
            "audio_fs": it.sample_rate,
            "is_speaking": True,
            "itn": True,
        }
        return [text(config)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [pcm]

    def end(self, *, last: bool) -> str:
        return text({"is_speaking": False, "is_end": True})

    def hear(self, message: str) -> list[str]:
        """The acknowledgement of the end is the last that comes."""
        said = json.loads(message)
        if said["is_final"] and said.get("is_end"):
            self.over = 1000, "all heard"
        return []
