"""The customer is angry: sentences folded into one alert an episode."""

from collections.abc import Callable

import msgspec

from alerts import drafts, rules
from alerts.drafts import Drafts
from alerts.episodes import KEPT_EVIDENCE, Episodes, Finding, Life
from alerts.heard import Heard, quote
from alerts.playbook import Playbook
from alerts.reasons import anger_reason, draft_reason
from alerts.rules import Weighed
from alerts.wire import Alert, Evidence, Severity, Words
from streamer.events import CallInfo, Emotion, Seconds


class Memory(msgspec.Struct):
    """What the rule remembers of a call. `..._since` count from the last lowering on: what has
    calmed down must be said anew to be as bad again."""

    recent: list[Weighed] = []  # the last ones that were evidence
    lately: list[Weighed] = []  # the angry ones of the last `within` seconds
    hot: Seconds = 0.0  # when it last did not sound calm
    causes: list[Weighed] = []
    count: int = 0
    seconds: Seconds = 0.0
    risks: tuple[str, ...] = ()
    count_since: int = 0
    risks_since: tuple[str, ...] = ()
    watched: drafts.Memory = msgspec.field(default_factory=drafts.Memory)
    life: Life = msgspec.field(default_factory=Life)


class Anger:
    """One per call. `hear` takes the final sentences, `glimpse` what is heard so far of one
    that goes on: that may raise `watch`, and never counts; the final one decides."""

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self._angry = playbook.angry
        self._memory = Memory()
        self.episodes = Episodes(info, playbook.version, playbook.angry.cooldown, new_id)
        self.drafts = Drafts(self.episodes)

    def hear(self, heard: Heard, now: Seconds) -> list[Alert]:
        weighed = rules.weigh(heard, self._angry)
        if weighed is None:
            return self.wait(now)
        self._remember(weighed)
        firm = self.episodes.firm
        told = self._enter(weighed) if firm is None else self._grow(weighed) or self.wait(now)
        return [*told, *self.drafts.over(heard.party, heard.number, heard.end)]

    def glimpse(self, so_far: Heard) -> list[Alert]:
        """A draft. One that comes after its final says nothing."""
        return self.drafts.see(so_far, lambda: self._guess(so_far))

    def _guess(self, so_far: Heard) -> Finding | None:
        weighed = rules.weigh(so_far, self._angry)
        if weighed is None or not rules.is_angry(weighed, self._angry):
            return None
        return self._finding(weighed, "watch", [weighed], 1, draft_reason(so_far.lasted))

    def wait(self, now: Seconds) -> list[Alert]:
        """Call time passes. Calm at once lowers the severity, calm for long ends it."""
        memory = self._memory
        if self.episodes.firm is None or not rules.calms(memory.recent, self._angry):
            return []
        if now >= memory.hot + self._angry.within:
            return self.episodes.end(now, "hysteresis")
        lowered = self.episodes.lower(now, "high")
        if lowered:
            memory.count_since, memory.risks_since = 0, ()
        return lowered

    def _remember(self, weighed: Weighed) -> None:
        memory, angry = self._memory, self._angry
        if weighed.score is None:
            return
        memory.recent = [*memory.recent, weighed][-angry.of_last :]
        if weighed.score >= angry.exit:
            memory.hot = max(memory.hot, weighed.heard.end)
        if rules.is_angry(weighed, angry):
            memory.lately.append(weighed)
            oldest = memory.lately[-1].heard.end - angry.within
            memory.lately = [w for w in memory.lately if w.heard.end > oldest]

    def _enter(self, weighed: Weighed) -> list[Alert]:
        memory, angry = self._memory, self._angry
        if weighed.score is None or not rules.enters(memory.recent, memory.lately, angry):
            return []
        window = {w.heard.end: w for w in (*memory.lately, *memory.recent)}.values()
        causes = [w for w in window if rules.is_angry(w, angry)]
        memory.causes = sorted(causes, key=lambda w: w.heard.end)
        memory.count = memory.count_since = len(causes)
        memory.seconds = sum(w.heard.lasted for w in causes)
        memory.risks = memory.risks_since = ()
        since = memory.causes[0].heard.start
        for one in sorted(window, key=lambda w: w.heard.end):
            if one.heard.start >= since:
                self._threaten(one)
        return self.episodes.found(self._firm_finding(weighed))

    def _grow(self, weighed: Weighed) -> list[Alert]:
        memory = self._memory
        threatens, angry = self._threaten(weighed), rules.is_angry(weighed, self._angry)
        if not angry and not threatens:
            return []
        if angry:
            memory.count += 1
            memory.count_since += 1
            memory.seconds += weighed.heard.lasted
        memory.causes = [*memory.causes, weighed][-KEPT_EVIDENCE:]
        return self.episodes.found(self._firm_finding(weighed))

    def _threaten(self, weighed: Weighed) -> bool:
        """Whether it says a risk phrase that is news."""
        memory = self._memory
        new = tuple(r for r in weighed.risks if r not in memory.risks_since)
        memory.risks_since += new
        memory.risks = tuple(dict.fromkeys((*memory.risks, *new)))
        return bool(new)

    def _firm_finding(self, newest: Weighed) -> Finding:
        memory = self._memory
        severity = rules.anger_severity(memory.risks_since, memory.count_since, self._angry)
        why = anger_reason(len(memory.recent), memory.count, memory.seconds, memory.risks)
        return self._finding(newest, severity, memory.causes, memory.count, why)

    def _finding(
        self,
        newest: Weighed,
        severity: Severity,
        causes: list[Weighed],
        count: int,
        why: Words,
    ) -> Finding:
        firm = self.episodes.firm
        return Finding(
            kind="ANGRY",
            rule=self._angry.rule,
            severity=severity,
            party=newest.heard.party,
            at=newest.heard.end,
            since=firm.since if firm else causes[0].heard.start,
            text=newest.heard.text,
            count=count,
            score=round(max(w.score or 0.0 for w in causes), 3),
            evidence=tuple(self._evidence(w) for w in causes[-KEPT_EVIDENCE:]),
            why=why,
        )

    def _evidence(self, weighed: Weighed) -> Evidence:
        angry = rules.is_angry(weighed, self._angry)
        return quote(weighed.heard, Emotion.ANGRY if angry else None)

    # ---- over a restart ----

    def state(self) -> Memory:
        return msgspec.structs.replace(
            self._memory, watched=self.drafts.state(), life=self.episodes.state()
        )

    def restore(self, memory: Memory) -> None:
        self._memory = msgspec.structs.replace(memory)
        self.drafts.restore(memory.watched)
        self.episodes.restore(memory.life)
