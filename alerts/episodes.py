"""One rule's episodes on one call: one alert from the first finding to the end, then a rest."""

from collections.abc import Callable

import msgspec

from alerts.wire import RANK, Alert, Evidence, Kind, Severity, Words
from streamer.events import CallInfo, Party, Seconds

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


class Life(msgspec.Struct):
    """What is remembered of a rule's episodes. `tried` is when the last tentative one ended."""

    open: Alert | None = None
    tentative: bool = False
    ended: Alert | None = None
    tried: Seconds | None = None


class Episodes:
    """Call `found` with each finding and `end` when it is over; both answer with the revisions
    to publish, in order. Cooldown counts call time from the end of the last episode.

    A `tentative` finding may begin an episode, and be all there is to it. It leaves no trace:
    what is found for good raises the same alert, or a new one, as if it had never been.
    """

    def __init__(
        self, info: CallInfo, version: str, cooldown: Seconds, new_id: Callable[[], str]
    ) -> None:
        self._info, self._version, self._new_id = info, version, new_id
        self._cooldown = cooldown
        self._life = Life()

    @property
    def open(self) -> Alert | None:
        """The running episode's alert, also a tentative one's."""
        return self._life.open

    @property
    def firm(self) -> Alert | None:
        """The running episode's alert, unless it is only tentative."""
        return None if self._life.tentative else self._life.open

    def found(self, finding: Finding, *, tentative: bool = False) -> list[Alert]:
        """The severity of an episode never falls by a finding; see `lower`."""
        life = self._life
        if (not life.open or life.tentative) and self._resting(finding, tentative=tentative):
            return []
        if life.open is None:
            return [self._begin(finding, tentative=tentative)]
        known, peak = life.open, max(life.open.score, finding.score)
        if life.tentative and not tentative:
            life.tentative, peak = False, finding.score  # what was guessed counts no more
        life.open = msgspec.structs.replace(
            known,
            rev=known.rev + 1,
            severity=max(known.severity, finding.severity, key=RANK.__getitem__),
            score=peak,
            at=finding.at,
            since=finding.since,
            text=finding.text,
            count=finding.count,
            evidence=finding.evidence[-KEPT_EVIDENCE:],
            why=finding.why,
        )
        return [life.open]

    def lower(self, at: Seconds, severity: Severity) -> list[Alert]:
        """It is no longer as bad: whoever saw the worse is told when it gets worse again."""
        known = self._life.open
        if known is None or RANK[known.severity] <= RANK[severity]:
            return []
        self._life.open = msgspec.structs.replace(
            known, rev=known.rev + 1, at=max(at, known.at), severity=severity
        )
        return [self._life.open]

    def end(self, at: Seconds, outcome: str, why: Words | None = None) -> list[Alert]:
        """Idempotent: without an open episode nothing happens."""
        life = self._life
        if life.open is None:
            return []
        ended = msgspec.structs.replace(
            life.open,
            rev=life.open.rev + 1,
            state="resolved",
            at=at,
            outcome=outcome,
            why=why or life.open.why,
        )
        if life.tentative:
            self._life = Life(ended=life.ended, tried=at)
        else:
            self._life = Life(ended=ended, tried=life.tried)
        return [ended]

    def _begin(self, finding: Finding, *, tentative: bool) -> Alert:
        fields = msgspec.structs.asdict(finding)
        fields["evidence"] = finding.evidence[-KEPT_EVIDENCE:]
        self._life.tentative = tentative
        self._life.open = Alert(
            id=self._new_id(),
            rev=1,
            call_id=self._info.call,
            rule_version=self._version,
            state="active",
            agent_id=self._info.agent_id,
            queue=self._info.queue,
            **fields,
        )
        return self._life.open

    def _resting(self, finding: Finding, *, tentative: bool) -> bool:
        """A higher severity than the last episode ended with always passes."""
        tried, ended = self._life.tried, self._life.ended
        if tentative and tried is not None and finding.at < tried + self._cooldown:
            return True
        if ended is None or RANK[finding.severity] > RANK[ended.severity]:
            return False
        return finding.at < ended.at + self._cooldown

    # ---- over a restart ----

    def state(self) -> Life:
        return msgspec.structs.replace(self._life)

    def restore(self, life: Life) -> None:
        self._life = msgspec.structs.replace(life)
