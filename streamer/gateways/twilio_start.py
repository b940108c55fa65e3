"""Twilio's `start`, and its relatives': whose call it is, who is on which track, in what code.

Twilio names fields `callSid`, Telnyx `call_control_id`, Plivo `callId`: both styles are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from streamer.errors import ProtocolError
from streamer.events import CallStarted, Party
from streamer.gateways.call_fields import CallFields, call_info, from_parameters, role_in, snake
from streamer.gateways.fields import Id, Name, distinct, other

Encoding: TypeAlias = Literal["mulaw", "alaw", "l16"]
_ENCODINGS: Final[Mapping[str, Encoding]] = {
    "mulaw": "mulaw",
    "ulaw": "mulaw",
    "pcmu": "mulaw",
    "alaw": "alaw",
    "pcma": "alaw",
    "l16": "l16",
}
BOTH: Final = ("inbound", "outbound")


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """Who is on the inbound and on the outbound track, where no parameter says so."""

    parties: tuple[Party, Party] = (Party.CUSTOMER, Party.AGENT)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A stream as its `start` describes it."""

    started: CallStarted
    tracks: Mapping[str, Party]
    encoding: Encoding


class _Format(Struct, frozen=True):
    encoding: str = "audio/x-mulaw"
    sample_rate: int | UnsetType = UNSET
    channels: int = 1


class _Start(Struct, frozen=True, rename={"customer": "from", "dialled": "to"}):
    call_sid: Id | UnsetType = UNSET
    call_id: Id | UnsetType = UNSET
    call_control_id: Id | UnsetType = UNSET
    customer: Name = ""
    dialled: Name = ""
    tracks: tuple[str, ...] | str = BOTH
    media_format: _Format = _Format()
    custom_parameters: Annotated[
        dict[str, str | int | float | bool | None], Meta(max_length=64)
    ] = {}


def beginning(fields: dict[str, Any], settings: TwilioSettings) -> Beginning:
    """Of the whole `start` message. Raises `ProtocolError`, or msgspec's errors."""
    inner = fields.get("start")
    flat = {**fields, **(inner if isinstance(inner, dict) else {})}
    start = msgspec.convert(_spelt(flat), _Start, strict=False)
    told = {name: text(value) for name, value in start.custom_parameters.items()}
    said = from_parameters(told)
    said = replace(
        said, customer=said.customer or start.customer, dialled=said.dialled or start.dialled
    )
    encoding, rate = _format(start.media_format)
    tracks = _tracks(start.tracks, role_in(told), settings)
    info = call_info(_name(start, said), said)
    return Beginning(CallStarted(info, distinct([*tracks.values()]), rate), tracks, encoding)


def text(value: str | float | bool | None) -> str:
    """As JSON spells it, where it is no text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def track_of(name: str) -> str:
    """`inbound_track` is the inbound one."""
    return name.removesuffix("_track").removesuffix("_tracks")


def _spelt(flat: dict[str, Any]) -> dict[str, Any]:
    spelt = {snake(name): value for name, value in flat.items()}
    form = spelt.get("media_format")
    if isinstance(form, dict):
        spelt["media_format"] = {snake(name): value for name, value in form.items()}
    return spelt


def _name(start: _Start, said: CallFields) -> str:
    for name in (said.call_id, start.call_sid, start.call_id, start.call_control_id):
        if name is not UNSET:
            return name
    raise ProtocolError("start names no call: no callSid, and no parameter call_id")


def _tracks(
    named: tuple[str, ...] | str, role: Party | UnsetType, settings: TwilioSettings
) -> dict[str, Party]:
    names = (named,) if isinstance(named, str) else named or BOTH
    tracks = {track for name in names for track in _track_or_both(name)}
    parties = settings.parties
    if role is not UNSET:
        parties = (role, other(role))
    return {track: party for track, party in zip(BOTH, parties, strict=True) if track in tracks}


def _track_or_both(name: str) -> tuple[str, ...]:
    track = track_of(name)
    if track == "both":
        return BOTH
    if track not in BOTH:
        raise ProtocolError(f"a track named {track[:40]}: there are inbound and outbound")
    return (track,)


def _format(form: _Format) -> tuple[Encoding, int]:
    name, *details = form.encoding.lower().replace(" ", "").split(";")
    encoding = _ENCODINGS.get(name.removeprefix("audio/").removeprefix("x-"))
    if encoding is None:
        raise ProtocolError(f"encoding {name[:40]}: use mu-law (PCMU), A-law (PCMA) or L16")
    rate = dict(detail.partition("=")[::2] for detail in details).get("rate", "8000")
    rate = rate if form.sample_rate is UNSET else str(form.sample_rate)
    if rate not in ("8000", "16000") or form.channels != 1:
        raise ProtocolError(
            f"{form.channels} channels at {rate[:10]} Hz: a track is one at 8000 or 16000 Hz"
        )
    return encoding, int(rate)
