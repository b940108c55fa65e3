"""One rule's episodes on one call: one alert from the first finding to the end, then a rest."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from alerts.wire import Alert, Evidence, Kind, Severity, Words
from streamer.events import CallInfo, Party, Seconds

RANK: dict[Severity, int] = {"watch": 0, "high": 1, "critical": 2}
KEPT_EVIDENCE = 5
"""The newest pieces of evidence an alert carries; a call of an hour must not grow it."""


class Finding(msgspec.Struct, frozen=True):
    """What a rule has found: an alert without identity or life."""

    kind: Kind
    rule: str
    severity: Severity
    party: Party
    at: Seconds
    since: Seconds
    text: str
    count: int
    score: float
    evidence: tuple[Evidence, ...]
    why: Words


@dataclass(slots=True)
class Episodes:
    """Call `found` with each finding and `end` when it is over; both answer with the revisions
    to publish, in order. Cooldown counts call time from the end of the last episode."""

    info: CallInfo
    version: str
    cooldown: Seconds
    new_id: Callable[[], str]
    open: Alert | None = field(default=None, init=False)
    _ended: Alert | None = field(default=None, init=False)

    def found(self, finding: Finding) -> list[Alert]:
        if self.open is None:
            return self._raise(finding)
        self.open = msgspec.structs.replace(
            self.open,
            rev=self.open.rev + 1,
            severity=max(self.open.severity, finding.severity, key=RANK.__getitem__),
            score=max(self.open.score, finding.score),
            at=finding.at,
            text=finding.text,
            count=finding.count,
            evidence=finding.evidence[-KEPT_EVIDENCE:],
            why=finding.why,
        )
        return [self.open]

    def end(self, at: Seconds, outcome: str, why: Words | None = None) -> list[Alert]:
        """Idempotent: without an open episode nothing happens."""
        if self.open is None:
            return []
        rev, why = self.open.rev + 1, why or self.open.why
        self._ended = msgspec.structs.replace(
            self.open, rev=rev, state="resolved", at=at, outcome=outcome, why=why
        )
        self.open = None
        return [self._ended]

    def _raise(self, finding: Finding) -> list[Alert]:
        if self._resting(finding):
            return []
        self.open = Alert(
            id=self.new_id(),
            rev=1,
            call_id=self.info.call,
            rule_version=self.version,
            state="active",
            agent_id=self.info.agent_id,
            queue=self.info.queue,
            **msgspec.structs.asdict(finding),
        )
        return [self.open]

    def _resting(self, finding: Finding) -> bool:
        """A higher severity than the last episode reached always passes."""
        if self._ended is None or RANK[finding.severity] > RANK[self._ended.severity]:
            return False
        return finding.at < self._ended.at + self.cooldown
