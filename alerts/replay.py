"""A recorded call under a playbook: which alerts and prompts it would have led to. Pure."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from alerts.discretion import Discretion
from alerts.engine import Engine
from alerts.ids import counted
from alerts.playbook import Playbook, silence_marks
from alerts.rules import SLACK
from alerts.wire import RANK, Alert, Checklist, Prompt
from streamer.events import CallNews, CallOpened, Party, Seconds, Silence

PROMPT = "PROMPT"
CUSTOMER = frozenset({Party.CUSTOMER})


class Raised(msgspec.Struct, frozen=True):
    """One alert, or one prompt (`kind` PROMPT, its situation as `rule`). `at` is when it was
    raised, `since` and `until` what it is about, `severity` the highest it reached."""

    kind: str
    rule: str
    severity: str
    at: Seconds
    since: Seconds
    until: Seconds
    text: str


def replayed(
    events: Sequence[CallNews], playbook: Playbook, felt: frozenset[Party] = CUSTOMER
) -> list[Raised]:
    """In the order in which they were raised. `events` are one call's, its opening first; of
    its silences only their length is believed: this playbook's marks are put into them."""
    opened = events[0]
    if not isinstance(opened, CallOpened):
        raise TypeError("a call's first event is its opening")
    discretion = Discretion(opened.info, felt)
    engine = Engine(discretion.info, playbook, counted(), felt)
    raised: dict[str, Raised] = {}
    for event in marked(events, silence_marks(playbook)):
        for found in engine.observe(discretion.fit(event)):
            if not isinstance(found, Checklist):
                raised[found.id] = _told(raised.get(found.id), found)
    return list(raised.values())


def marked(events: Iterable[CallNews], marks: Sequence[Seconds]) -> Iterator[CallNews]:
    """The events with these marks in their silences, however they were marked before."""
    since, reached = -1.0, 0
    for event in events:
        if not isinstance(event, Silence):
            yield event
            continue
        if event.since != since:
            since, reached = event.since, 0
        while reached < len(marks) and marks[reached] <= event.lasted + SLACK:
            late = event.lasted - marks[reached]
            clock = event.mark_clock - max(0.0, late)
            yield _at(event, marks[reached], clock)
            reached += 1
        if event.ended:
            yield event


def _at(silence: Silence, mark: Seconds, clock: Seconds) -> Silence:
    return Silence(silence.call, silence.since, mark, silence.last_speaker, clock, ended=False)


def _told(known: Raised | None, found: Alert | Prompt) -> Raised:
    if isinstance(found, Prompt):
        return known or Raised(
            PROMPT, found.situation, "", found.at, found.at, found.at, " / ".join(found.say)
        )
    if known is None:
        known = Raised(
            found.kind, found.rule, found.severity, found.at, found.since, found.at, found.text
        )
    worst = max(known.severity, found.severity, key=lambda s: RANK[s])
    return msgspec.structs.replace(known, severity=worst, until=max(known.until, found.at))
