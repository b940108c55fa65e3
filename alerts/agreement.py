"""Two servers revised the same alert before each heard of the other: what they agree on. Pure.

The rule speaks on the server that hears the call, people act on any. Both desks come to the
same word, whoever hears of the other first, so nobody needs to decide:

    what the rule says    of the later revision; of two as late, the one heard later in the call
    how far it has come   the farther: active < acknowledged < resolved < false alarm
    who took it           whoever took it at its gravest, as far as the later revision knows; of
                          two who took it at once, whoever was first by the wall clock
    note, outcome         what is written beats what is not; then the later revision's
"""

from msgspec.structs import replace

from alerts.gravity import graver, lower
from alerts.wire import Alert, AlertState

_FAR: dict[AlertState, int] = {
    "active": 0,
    "acknowledged": 1,
    "resolved": 2,
    "false_alarm": 3,
}


def agreed(ours: Alert, theirs: Alert) -> Alert:
    """`ours` or `theirs`, the very same value, where that one is later and says it all; else a
    new revision later than both."""
    first, last = sorted((ours, theirs), key=_lateness)
    state = max(first.state, last.state, key=_FAR.__getitem__)
    taken = _taken(first, last)
    both = replace(
        last,
        state=state,
        owner=taken.owner,
        owned_at=taken.owned_at,
        owned_severity=lower(taken.owned_severity, last.severity),
        note=last.note or first.note,
        outcome=_outcome(state, first, last),
        raised_at=last.raised_at or first.raised_at,
        escalations=max(first.escalations, last.escalations),
    )
    if _same(both, last) and (last.rev > first.rev or _same(first, last)):
        return last
    return replace(both, rev=last.rev + 1)


def _lateness(alert: Alert) -> tuple[int, float, int, str, str]:
    return alert.rev, alert.at, alert.count, alert.note, alert.outcome


def _taken(first: Alert, last: Alert) -> Alert:
    """The one of the two whose owner counts."""
    if not (first.owner and last.owner):
        return first if first.owner else last
    if first.owned_severity == last.owned_severity:
        return min(first, last, key=lambda alert: (alert.owned_at, alert.owner))
    if first.rev < last.rev:
        return last
    gravest = graver(first.owned_severity, last.owned_severity)
    return first if first.owned_severity == gravest else last


def _outcome(state: AlertState, first: Alert, last: Alert) -> str:
    told = [a.outcome for a in (last, first) if a.state == state and a.outcome]
    return told[0] if told else ""


def _same(one: Alert, other: Alert) -> bool:
    """But for what every publishing writes anew."""
    return (
        replace(
            one, wall=other.wall, desk=other.desk, latency_ms=other.latency_ms, rev=other.rev
        )
        == other
    )
