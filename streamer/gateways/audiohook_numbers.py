"""What AudioHook counts: the messages of both sides, and how far the audio has come."""

from collections.abc import Mapping
from typing import Final

import msgspec

from streamer.errors import ProtocolError
from streamer.events import Seconds
from streamer.gateways.audiohook_messages import LONGEST_GAP, NOBODY, Message, text

UNTOLD: Final = 1.0
"""Seconds. A position that is so much ahead of the audio tells that some was lost without a
`discarded`; less may be a frame that is still to come."""


class Numbers:
    """Each side counts its messages from 1, and says with each which of the other's it has
    seen. `session` is the session's id; that of the first message where it is not known."""

    def __init__(self, session: str) -> None:
        self.session = session or NOBODY
        self._ours = self._theirs = 0

    def read(self, said: bytes) -> Message:
        """Raises msgspec's errors. What it says of itself is not checked yet."""
        message = msgspec.json.decode(said, type=Message)
        self._before, self._theirs = self._theirs, message.seq
        return message

    def check(self, message: Message) -> None:
        """Of the message read last. Raises `ProtocolError` unless it is the next one of this
        session, and has seen no more than was sent."""
        if message.seq != self._before + 1:
            raise ProtocolError(f"seq {message.seq} after {self._before}: it counts one by one")
        if message.serverseq > self._ours:
            raise ProtocolError(f"serverseq {message.serverseq}: {self._ours} have been sent")
        if self.session == NOBODY:
            self.session = message.id
        if message.id.lower() != self.session.lower():
            raise ProtocolError("the id is that of another session")

    def say(self, kind: str, parameters: Mapping[str, object] | None = None) -> str:
        """The next message. It has to be sent before any other is made."""
        self._ours += 1
        return text(
            {
                "version": "2",
                "type": kind,
                "seq": self._ours,
                "clientseq": self._theirs,
                "id": self.session,
                "parameters": parameters or {},
            }
        )


class Stream:
    """The audio's own time: what was heard, and what was left out."""

    def __init__(self) -> None:
        self.began: Seconds = 0.0
        self.at: Seconds = 0.0

    def begin(self, at: Seconds) -> None:
        self.began = self.at = at

    def goes_on(self, length: Seconds) -> None:
        self.at += length

    def lost(self, position: Seconds) -> Seconds:
        """How much of the audio up to `position` is missing; 0 for what may be on its way.
        Raises `ProtocolError` for more than a day."""
        lost = position - self.at
        if lost > LONGEST_GAP:
            raise ProtocolError("the position is a day ahead of the audio")
        return lost if lost > UNTOLD else 0.0
