"""`/yeastar`."""

from base64 import b64encode

from streamer.events import Party, Seconds
from streamer.pcm import deinterleave
from streamer.wires.stream import Opening, Stream, text


class YeastarWire:
    """As a P-Series PBX does, which closes at the end. Raises `ValueError` for what that cannot
    send."""

    def __init__(self, stream: Stream) -> None:
        if stream.encoding != "pcm_s16le":
            raise ValueError(f"Yeastar sends pcm_s16le only, not {stream.encoding}")
        if stream.subscribe:
            raise ValueError("nothing is sent back to a Yeastar PBX: subscribe elsewhere")
        self._stream = stream

    def opening(self) -> Opening:
        told = {**self._stream.fields, "sample_rate": str(self._stream.sample_rate)}
        return Opening(query=told)

    def begin(self) -> list[str]:
        return [self._say(party, b"") for party in self._stream.parties]

    def play(self, pcm: bytes, at: Seconds) -> list[str]:
        voices = deinterleave(pcm, len(self._stream.parties))
        return [
            self._say(party, voice)
            for party, voice in zip(self._stream.parties, voices, strict=True)
        ]

    def end(self, *, last: bool) -> None:
        return None

    def _say(self, party: Party, audio: bytes) -> str:
        it = self._stream
        extension = it.fields.get("agent_id", "8001")
        ours = party is Party.AGENT
        return text(
            {
                "callid": it.call_id,
                "callflow": "",
                "number": extension if ours else it.fields.get("from", "13800000000"),
                "status": "process",
                "channelid": f"PJSIP/{extension}-00000002" if ours else "PJSIP/trunk-00000001",
                "audio": b64encode(audio).decode(),
            }
        )
