"""Where there is sound of an archived call: the clips that its alerts name. They may have
expired since; who plays one is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, select

from insights.tables import alerts
from streamer.events import Seconds

_SLACK: Final[Seconds] = 0.05


@dataclass(frozen=True, slots=True)
class Clip:
    """`query` is the stretch as the address says it: a clip is known by it to the letter."""

    start: Seconds
    end: Seconds
    query: str


def kept_clips(connection: Connection, calls: Collection[int]) -> dict[int, list[Clip]]:
    """By call, those of its alerts."""
    asked = select(alerts.c.call, alerts.c.body).where(alerts.c.call.in_(sorted(calls)))
    found: dict[int, list[Clip]] = {}
    for call, body in connection.execute(asked) if calls else ():
        found.setdefault(call, []).extend(_clips(body.get("evidence", ())))
    return found


def clip_with(clips: Mapping[int, Sequence[Clip]], sentence: Mapping[str, Any]) -> str:
    """The address of the clip in which a row of `sentences` begins; empty without one."""
    call, start = sentence["call"], sentence["start"]
    for clip in reversed(clips.get(call, ())):
        if clip.start - _SLACK <= start < clip.end:
            return f"/api/v1/archive/calls/{call}/clip?{clip.query}"
    return ""


def _clips(evidence: Sequence[Mapping[str, Any]]) -> list[Clip]:
    found: list[Clip] = []
    for one in evidence:
        query = urlsplit(one.get("clip") or "").query
        asked = parse_qs(query)
        if "from" in asked and "to" in asked:
            found.append(Clip(float(asked["from"][0]), float(asked["to"][0]), query))
    return found
