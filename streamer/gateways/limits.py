"""What every protocol here puts up with, and how it says no."""

from types import TracebackType

import msgspec

from streamer.errors import ProtocolError

LONGEST_TEXT, LONGEST_AUDIO = 64 * 1024, 256 * 1024
"""Bytes in one frame."""
LONGEST_REASON = 120
"""Bytes. A websocket close frame has room for 123."""


class understood:  # noqa: N801 - it reads as what it is
    """Whatever cannot be read within is a `ProtocolError`, its text fit for a close reason. Not
    a generator: it is entered for every frame."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: object, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, msgspec.MsgspecError | RecursionError | UnicodeError):
            raise ProtocolError(reason(f"not understood: {error}")) from error


def text_of(message: str) -> bytes:
    """Raises `ProtocolError` for too much of it."""
    text = message.encode()
    if len(text) > LONGEST_TEXT:
        raise ProtocolError(f"{len(text)} bytes of text in one frame: at most {LONGEST_TEXT}")
    return text


def audio_of(message: bytes) -> bytes:
    """Raises `ProtocolError` for too much of it."""
    if len(message) > LONGEST_AUDIO:
        raise ProtocolError(f"{len(message)} bytes in one frame: at most {LONGEST_AUDIO}")
    return message


def reason(text: str) -> str:
    """Cut to what a close frame holds, never within a character."""
    return text.encode(errors="replace")[:LONGEST_REASON].decode(errors="ignore")
