"""What chan_websocket says besides audio, in either of its forms: JSON, or words in a line."""

import re
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct

from streamer.errors import ProtocolError
from streamer.events import DigitPressed

Form: TypeAlias = Literal["json", "plain-text"]
"""`f(...)` in the dialplan, or `control_message_format`."""

_EVENT: Final = re.compile(r"[A-Z][A-Z_]*\Z")
_FIELD: Final = re.compile(r"[a-z_]+:")


class Control(Struct, frozen=True):
    """One message. Asterisk has fields besides these; a plain MEDIA_START has no variables."""

    event: str
    format: str = ""
    digit: str = ""
    channel_variables: dict[str, str] = {}


def form_of(text: bytes) -> Form:
    return "json" if text.startswith(b"{") else "plain-text"


def control(text: bytes) -> Control:
    """Raises msgspec's errors, `UnicodeError` or `ProtocolError` for what is none."""
    if form_of(text) == "json":
        return msgspec.json.decode(text, type=Control)
    event, *words = text.decode().split(" ")
    if not _EVENT.match(event):
        raise ProtocolError("neither JSON nor a word of chan_websocket's")
    # A word that names no field belongs to the text of an error, or is a bare correlation id.
    fields = dict(word.split(":", 1) for word in words if _FIELD.match(word))
    return Control(event, fields.get("format", ""), fields.get("digit", ""))


def command(name: str, form: Form) -> str:
    """For Asterisk, in the form that it speaks. It ignores what is longer than 128 bytes."""
    return name if form == "plain-text" else f'{{"command":"{name}"}}'


def pressed(key: str) -> list[DigitPressed]:
    """A phone's other signals (flash, fax tones) are digits to Asterisk, and nothing here."""
    digit = key.upper()
    return [DigitPressed(digit)] if re.fullmatch(r"[0-9*#A-D]", digit) else []
