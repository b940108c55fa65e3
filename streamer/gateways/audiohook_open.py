"""AudioHook's `open`: which of the offered kinds of audio we want, and whose call it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec

from streamer.errors import ProtocolError
from streamer.events import CallInfo, CallStarted, Party
from streamer.gateways.audiohook_messages import Media, Open
from streamer.gateways.call_fields import call_info, from_parameters
from streamer.gateways.fields import Language
from streamer.handshake import Handshake

Kind: TypeAlias = Literal["transcripts", "alerts"]
"""Of what is published, what goes back to Genesys Cloud."""
EVERYTHING: Final[frozenset[Kind]] = frozenset(get_args(Kind))
RATE: Final = 8000
ANSWER_WITHIN: Final = 8.0
"""Seconds. A gateway that has said `close` waits 10 s for `closed`."""
PARTIES: Final = {"external": Party.CUSTOMER, "internal": Party.AGENT}
_CHANNELS: Final = (
    ("external", "internal"),
    ("internal", "external"),
    ("external",),
    ("internal",),
)
_FORMATS: Final = ("PCMU", "L16")
_SUBSCRIBE: Final = "subscribe"
CODES: Final[Mapping[str, str]] = {
    "zh": "zh-CN",
    "yue": "zh-HK",
    "en": "en-US",
    "ja": "ja-JP",
    "ko": "ko-KR",
}
_CANTONESE: Final = ("yue", "zh-hk", "zh-mo")


@dataclass(frozen=True, slots=True)
class AudiohookSettings:
    """`events`: what is sent back where `customConfig` does not say. `languages`: those that
    may be recognized, for a gateway that asks."""

    events: frozenset[Kind] = frozenset()
    languages: tuple[str, ...] = ("zh", "en", "yue")


@dataclass(frozen=True, slots=True)
class Opening:
    """A session as its `open` describes it. `started` is None for a probe."""

    media: Media
    parties: tuple[Party, ...]
    events: frozenset[Kind]
    started: CallStarted | None


def opening(said: Open, session: str, shown: Handshake, settings: AudiohookSettings) -> Opening:
    """Raises `ProtocolError`, or msgspec's errors."""
    media = best(said.media)
    parties = tuple(PARTIES[channel] for channel in media.channels)
    events, custom = settings.events, dict(said.custom)
    if _SUBSCRIBE in custom:
        wanted = msgspec.convert(custom.pop(_SUBSCRIBE), bool)
        events = EVERYTHING if wanted else frozenset()
    if said.probe:
        return Opening(media, parties, events, None)
    started = CallStarted(
        _info(said, custom, session, shown),
        parties,
        RATE,
        session=session,
        continues=frozenset(each.id for each in said.continued),
        answer_within=ANSWER_WITHIN,
    )
    return Opening(media, parties, events, started)


def best(offered: Sequence[Media]) -> Media:
    """Both parties rather than one, and of one the customer. Raises `ProtocolError`."""
    known = [it for it in offered if _rank(it) is not None]
    if not known:
        raise ProtocolError("no media that we hear: offer PCMU (or L16) audio at 8000 Hz")
    return min(known, key=lambda it: _rank(it) or (0, 0))


def language_of(code: str) -> Language:
    """Of `zh-CN` and the like; `auto` for one that is not heard here."""
    first = code.lower().partition("-")[0]
    if code.lower().startswith(_CANTONESE):
        return "yue"
    match first:
        case "cmn":
            return "zh"
        case "zh" | "en" | "ja" | "ko":
            return first
        case _:
            return "auto"


def _rank(it: Media) -> tuple[int, int] | None:
    heard = it.type == "audio" and it.rate == RATE and it.format in _FORMATS
    if not heard or it.channels not in _CHANNELS:
        return None
    return min(_CHANNELS.index(it.channels), 3), _FORMATS.index(it.format)


def _info(said: Open, custom: Mapping[str, Any], session: str, shown: Handshake) -> CallInfo:
    """`customConfig` says the rest, and wins over what the gateway says of itself."""
    known = {
        "from": _number(said.participant.number),
        "to": _number(said.participant.dnis),
        "language": language_of(said.language),
        "organization_id": said.organization,
        "participant_id": said.participant.id,
        "participant_name": said.participant.name,
        "session_id": session,
        "correlation_id": shown.header("audiohook-correlation-id"),
    }
    told = {name: _text(value) for name, value in custom.items()}
    return call_info(said.conversation, from_parameters({**known, **told}))


def _number(address: str) -> str:
    """`tel:+8613800000000` is a number."""
    return address.removeprefix("tel:")


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
