"""Two servers revised the same alert before each heard of the other: what they agree on. Pure.

The rule speaks on the server that hears the call, people act on any. Both desks come to the
same word, whoever hears of the other first, so nobody needs to decide:

    what the rule says    of the later revision; of two as late, the one heard later in the call
    how far it has come   the farther: active < acknowledged < resolved < false alarm
    who took it           whoever was first, by the wall clock
    note, outcome         what is written beats what is not; then the later revision's
"""

from msgspec.structs import replace

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
    owner, owned_at = _first_owner(first, last)
    both = replace(
        last,
        state=state,
        owner=owner,
        owned_at=owned_at,
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


def _first_owner(first: Alert, last: Alert) -> tuple[str, str]:
    taken = [(a.owned_at, a.owner) for a in (first, last) if a.owner]
    owned_at, owner = min(taken, default=("", ""))
    return owner, owned_at


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
