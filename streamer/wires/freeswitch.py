"""`/freeswitch`."""

from streamer.events import Seconds
from streamer.wires.stream import Opening, Stream, text


class FreeswitchWire:
    """As mod_audio_stream does. Raises `ValueError` for what that cannot send."""

    def __init__(self, stream: Stream) -> None:
        if stream.encoding != "pcm_s16le":
            raise ValueError(f"FreeSWITCH sends pcm_s16le only, not {stream.encoding}")
        self._stream = stream

    def opening(self) -> Opening:
        return Opening()

    def begin(self) -> list[str]:
        it = self._stream
        metadata = {
            **it.fields,
            "call_id": it.call_id,
            "sample_rate": it.sample_rate,
            "channels": it.parties,
            "replies": "plain" if it.subscribe else "none",
        }
        return [text(metadata)]

    def play(self, pcm: bytes, at: Seconds) -> list[bytes]:
        return [pcm]

    def end(self, *, last: bool) -> str:
        return text({"event": "bye"})
