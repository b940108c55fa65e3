"""`/audiohook`."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from streamer.events import Party, Seconds
from streamer.pcm import to_mulaw
from streamer.wires.stream import Opening, Stream, text

_CHANNELS: Final = {Party.CUSTOMER: "external", Party.AGENT: "internal"}
_PING_EVERY: Final = 5.0
_RATE: Final = 8000


class AudiohookWire:
    """As Genesys Cloud does: it waits for `opened`, pings, and closes once it hears `closed`.
    Raises `ValueError` for what that cannot send."""

    def __init__(self, stream: Stream) -> None:
        if stream.encoding == "alaw" or stream.sample_rate != _RATE:
            raise ValueError("AudioHook sends mu-law at 8000 Hz only: use --rate 8000")
        self._stream = stream
        self._channels = [_CHANNELS[party] for party in stream.parties]
        self._session = _uuid("session", stream.call_id, *self._channels)
        self._organization = _uuid("organization")
        self._seq = self._serverseq = 0
        self._at: Seconds = 0.0
        self._pinged: Seconds = 0.0
        self.waits = True
        self.over: tuple[int, str] | None = None
        self._parting = ""

    def opening(self) -> Opening:
        headers = {
            "Audiohook-Organization-Id": self._organization,
            "Audiohook-Session-Id": self._session,
            "Audiohook-Correlation-Id": _uuid("correlation", self._stream.call_id),
        }
        return Opening(headers=headers, key_in="X-API-KEY")

    def begin(self) -> list[str]:
        it = self._stream
        offered = [self._channels, *([channel] for channel in self._channels)]
        known = {"from", "to"}
        participant = {
            "id": _uuid("participant", it.call_id),
            "ani": it.fields.get("from", ""),
            "aniName": "",
            "dnis": it.fields.get("to", ""),
        }
        custom = {name: value for name, value in it.fields.items() if name not in known}
        parameters = {
            "organizationId": self._organization,
            "conversationId": it.call_id,
            "participant": participant,
            "media": [_media(channels) for channels in offered[: 3 if len(offered) > 2 else 1]],
            "customConfig": {**custom, "subscribe": it.subscribe},
        }
        return [self._say("open", parameters)]

    def play(self, pcm: bytes, at: Seconds) -> list[str | bytes]:
        self._at = at
        audio = to_mulaw(pcm)
        if at - self._pinged < _PING_EVERY:
            return [audio]
        self._pinged = at
        return [self._say("ping"), audio]

    def end(self, *, last: bool) -> str:
        return self._say("close", {"reason": "end"})

    def hear(self, message: str) -> list[str]:
        """What to answer. `waits` until audio may be sent; `over` is what to close with, once
        all has been said."""
        said: dict[str, Any] = json.loads(message)
        self._serverseq = said["seq"]
        match said["type"]:
            case "opened":
                self.waits = False
            case "disconnect":
                self.waits = False
                its = said["parameters"]
                self._parting = f"{its['reason']}: {its.get('info', '')}"
                return [self._say("close", {"reason": "disconnect"})]
            case "closed":
                self.over = (1008, self._parting) if self._parting else (1000, "call over")
        return []

    def _say(self, kind: str, parameters: Mapping[str, object] | None = None) -> str:
        self._seq += 1
        return text(
            {
                "version": "2",
                "type": kind,
                "id": self._session,
                "seq": self._seq,
                "serverseq": self._serverseq,
                "position": f"PT{self._at:.3f}S",
                "parameters": parameters or {},
            }
        )


def _media(channels: list[str]) -> dict[str, object]:
    return {"type": "audio", "format": "PCMU", "channels": channels, "rate": _RATE}


def _uuid(*names: str) -> str:
    """The same for the same names: nothing here draws lots."""
    return str(uuid5(NAMESPACE_URL, "/".join(names)))
