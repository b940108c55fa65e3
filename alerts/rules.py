"""Rules: what was heard so far -> is this worth an alert? Pure, and without memory.

Opening, updating and ending an alert, and its cooldown, belong to `alerts.episodes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.phrases import risks
from alerts.playbook import Angry, Silences
from alerts.wire import Severity
from streamer.events import Emotion, Party, Seconds, Silence, Transcript

SLACK: Seconds = 0.005
"""Marks are sums of 20 ms frames; a float may fall short of them by a rounding error."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's sentence as the anger rule sees it. `score` is None where the voice gave no
    evidence, neither of anger nor of calm."""

    said: Transcript
    p: float  # P(ANGRY | an emotion was heard)
    score: float | None
    risks: tuple[str, ...]

    @property
    def lasted(self) -> Seconds:
        return self.said.end - self.said.start


def hear(said: Transcript, angry: Angry) -> Heard | None:
    """The customer's sentence, weighed; None for anybody else's."""
    if said.party is not Party.CUSTOMER:
        return None
    p = _p_angry(said, angry.least_known)
    lasted = said.end - said.start
    if p is None or lasted < angry.shortest:
        return Heard(said, p or 0.0, None, risks(said.text, angry.risk))
    return Heard(said, p, p * min(1.0, lasted / angry.full_after), risks(said.text, angry.risk))


def _p_angry(said: Transcript, least_known: float) -> float | None:
    """EMO_UNKNOWN is no evidence: what it took of the probability is shared out again."""
    known = sum(p for emotion, p in said.emotion_p.items() if emotion is not Emotion.UNKNOWN)
    if known <= 0 or known < least_known:
        return None
    return said.emotion_p.get(Emotion.ANGRY, 0.0) / known


def is_angry(heard: Heard, angry: Angry) -> bool:
    return heard.score is not None and heard.score >= angry.enter


def enters(recent: Sequence[Heard], angry: Angry) -> bool:
    """`recent` are the last `of_last` sentences that were evidence, the newest last. The newest
    one must be angry itself: an alert never comes late, on a calm sentence."""
    newest = recent[-1]
    if not is_angry(newest, angry):
        return False
    return bool(newest.risks) or sum(is_angry(h, angry) for h in recent) >= angry.enough


def calms(recent: Sequence[Heard], angry: Angry) -> bool:
    """True when the whole window lies under the lower threshold."""
    return all(h.score is not None and h.score < angry.exit for h in recent)


def anger_severity(risks_said: Sequence[str], count: int, angry: Angry) -> Severity:
    return "critical" if risks_said or count >= angry.critical_count else "high"


def wants_prompt(silence: Silence, limits: Silences) -> bool:
    """The customer has spoken and nobody answers."""
    waited = silence.lasted >= limits.prompt - SLACK
    return waited and not silence.ended and silence.last_speaker is Party.CUSTOMER
