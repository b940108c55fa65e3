"""Many alerts at once become one to look at: a summary that lists them. Pure.

Nothing is held back: each alert is published and logged as ever, and the summary is one more,
of the kind STORM, with their ids as `members`. Boards show it in place of its members.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from alerts.reasons import storm_reason
from alerts.settings import Storm
from alerts.wire import RANK, Alert, Severity, Words
from streamer.events import CallId, Party, Seconds

MOST_MEMBERS = 50
"""A summary lists the newest; its `count` counts all."""
_REMEMBERED = 1000
_RULE = "alert-storm"


class Raised(msgspec.Struct, frozen=True):
    """That an alert is worth more than watching, and since when (monotonic)."""

    clock: Seconds
    alert: Alert


class Open(msgspec.Struct):
    """A storm that blows. `last` is when its newest alert was raised (monotonic)."""

    summary: Alert
    last: Seconds


class Storms:
    """One for all calls. Tell it every revision that the rules make, and when time passes.

    A storm is of one call, or of all; the latter's summary stands with the call that was one
    too many. A member that is already summed up by its own call's storm counts in both.
    """

    def __init__(self, limits: Callable[[], Storm], new_id: Callable[[], str]) -> None:
        self._limits_now, self._new_id = limits, new_id
        self._raised: deque[Raised] = deque(maxlen=_REMEMBERED)
        self._open: dict[CallId | None, Open] = {}
        self._known: dict[CallId, set[str]] = {}  # alerts of live calls that have been counted

    @property
    def _limits(self) -> Storm:
        """As the playbook in force has them."""
        return self._limits_now()

    def see(self, alert: Alert, now: Seconds) -> list[Alert]:
        """The summaries' revisions that `alert`, published at `now`, leads to."""
        known = self._known.setdefault(CallId(alert.call_id), set())
        if alert.state != "active" or alert.severity == "watch" or alert.id in known:
            return []
        known.add(alert.id)
        self._raised.append(Raised(now, alert))
        while self._raised[0].clock <= now - self._limits.within:
            self._raised.popleft()
        scopes = (
            (CallId(alert.call_id), self._limits.of_one_call),
            (None, self._limits.of_all_calls),
        )
        return [told for scope, most in scopes for told in self._count(scope, most, now)]

    def know(self, alerts: Iterable[Alert]) -> None:
        """Another server has counted these, of a call that goes on here."""
        for alert in alerts:
            if alert.severity != "watch":
                self._known.setdefault(CallId(alert.call_id), set()).add(alert.id)

    def let_go(self, call: CallId) -> None:
        """The call goes on on another server, and the summaries that stand with it."""
        self._known.pop(call, None)
        self._open = {s: o for s, o in self._open.items() if o.summary.call_id != call}

    def wait(self, now: Seconds) -> list[Alert]:
        """The ends of the storms in which nothing was raised for long enough."""
        over = [s for s, o in self._open.items() if now >= o.last + self._limits.within]
        return [self._end(scope, "hysteresis") for scope in over]

    def hang_up(self, call: CallId) -> list[Alert]:
        """The call is over, and with it the summaries that stand with it."""
        self._known.pop(call, None)
        over = [s for s, o in self._open.items() if o.summary.call_id == call]
        return [self._end(scope, "call_end") for scope in over]

    def _count(self, scope: CallId | None, most: int, now: Seconds) -> list[Alert]:
        found = [r.alert for r in self._raised if scope is None or r.alert.call_id == scope]
        storm = self._open.get(scope)
        if storm is None and len(found) <= most:
            return []
        newest = found[-1]
        summary = _grown(storm.summary, newest) if storm else self._begin(scope, found)
        summary = replace(summary, why=self._why(scope, summary, found))
        self._open[scope] = Open(summary, now)
        return [summary]

    def _begin(self, scope: CallId | None, found: Sequence[Alert]) -> Alert:
        newest = found[-1]
        return replace(
            newest,
            id=self._new_id(),
            rev=1,
            kind="STORM",
            rule=_RULE,
            severity=_worst(found),
            party=Party.UNKNOWN,
            since=newest.at if scope is None else found[0].at,
            count=len(found),
            score=1.0,
            members=tuple(alert.id for alert in found)[-MOST_MEMBERS:],
            raised_at="",
        )

    def _why(self, scope: CallId | None, summary: Alert, found: Sequence[Alert]) -> Words:
        calls = len({alert.call_id for alert in found}) if scope is None else None
        kinds = Counter(alert.kind for alert in found)
        return storm_reason(self._limits.within, summary.count, calls, kinds)

    def _end(self, scope: CallId | None, outcome: str) -> Alert:
        ended = self._open.pop(scope).summary
        return replace(ended, rev=ended.rev + 1, state="resolved", outcome=outcome)


def _grown(summary: Alert, newest: Alert) -> Alert:
    here = newest.call_id == summary.call_id
    return replace(
        summary,
        rev=summary.rev + 1,
        severity=_worst((summary, newest)),
        at=max(summary.at, newest.at) if here else summary.at,
        text=newest.text if here else summary.text,
        count=summary.count + 1,
        members=(*summary.members, newest.id)[-MOST_MEMBERS:],
    )


def _worst(alerts: Sequence[Alert]) -> Severity:
    return max((alert.severity for alert in alerts), key=RANK.__getitem__)
