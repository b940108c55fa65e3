"""The customer is angry: sentences folded into one alert an episode."""

from collections import deque
from collections.abc import Callable

from alerts import rules
from alerts.episodes import KEPT_EVIDENCE, Episodes, Finding
from alerts.playbook import Playbook
from alerts.reasons import anger_reason
from alerts.rules import Heard
from alerts.wire import Alert, Evidence
from streamer.events import CallInfo, Emotion, Transcript


class Anger:
    """The customer's anger. Without consent to emotion it hears nothing."""

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self._consent, self._angry = info.emotion, playbook.angry
        self._recent: deque[Heard] = deque(maxlen=playbook.angry.of_last)
        self._causes: list[Heard] = []
        self._count, self._seconds = 0, 0.0  # of angry sentences in the episode
        self._risks: tuple[str, ...] = ()
        self.episodes = Episodes(info, playbook.version, playbook.angry.cooldown, new_id)

    def hear(self, said: Transcript) -> list[Alert]:
        heard = rules.hear(said, self._angry) if self._consent else None
        if heard is None:
            return []
        if heard.score is not None:
            self._recent.append(heard)
        if self.episodes.open is None:
            return self._enter(heard)
        return self._grow(heard)

    def _enter(self, heard: Heard) -> list[Alert]:
        if heard.score is None or not rules.enters(self._recent, self._angry):
            return []
        self._causes = [h for h in self._recent if rules.is_angry(h, self._angry)]
        self._count, self._risks = len(self._causes), ()
        self._seconds = sum(h.lasted for h in self._causes)
        since = self._causes[0].said.start
        for h in self._recent:
            if h.said.start >= since:
                self._threaten(h)
        return self.episodes.found(self._finding(heard))

    def _grow(self, heard: Heard) -> list[Alert]:
        threatens, angry = self._threaten(heard), rules.is_angry(heard, self._angry)
        if angry:
            self._count += 1
            self._seconds += heard.lasted
        if angry or threatens:
            self._causes = [*self._causes, heard][-KEPT_EVIDENCE:]
            return self.episodes.found(self._finding(heard))
        if rules.calms(self._recent, self._angry):
            return self.episodes.end(heard.said.end, "hysteresis")
        return []

    def _threaten(self, heard: Heard) -> bool:
        """Whether it says a risk phrase that the episode has not heard before."""
        new = tuple(r for r in heard.risks if r not in self._risks)
        self._risks += new
        return bool(new)

    def _finding(self, newest: Heard) -> Finding:
        running = self.episodes.open
        return Finding(
            kind="ANGRY",
            rule=self._angry.rule,
            severity=rules.anger_severity(self._risks, self._count, self._angry),
            party=newest.said.party,
            at=newest.said.end,
            since=running.since if running else self._causes[0].said.start,
            text=newest.said.text,
            count=self._count,
            score=round(max(h.score or 0.0 for h in self._causes), 3),
            evidence=tuple(_evidence(h, self._angry.enter) for h in self._causes),
            why=anger_reason(len(self._recent), self._count, self._seconds, self._risks),
        )


def _evidence(heard: Heard, enter: float) -> Evidence:
    said = heard.said
    angry = heard.score is not None and heard.score >= enter
    emotion = Emotion.ANGRY if angry else said.emotion
    p = heard.p if angry else said.emotion_p.get(said.emotion, 0.0)
    return Evidence(said.start, said.end, said.party, said.text, emotion, round(p, 3))
