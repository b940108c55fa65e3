"""Rules: what was heard so far -> is this worth an alert? Pure, and without memory.

Opening, updating and ending an alert, and its cooldown, belong to `alerts.episodes`.
"""

from collections.abc import Sequence

import msgspec

from alerts.heard import Heard
from alerts.phrases import meant
from alerts.settings import Angry
from alerts.wire import Severity
from streamer.events import Emotion, Party, Seconds

SLACK: Seconds = 0.005
"""Marks are sums of 20 ms frames; a float may fall short of them by a rounding error."""


class Weighed(msgspec.Struct, frozen=True):
    """A customer's sentence as the anger rule sees it. `score` is None where the voice gave no
    evidence, neither of anger nor of calm."""

    heard: Heard
    score: float | None
    risks: tuple[str, ...]


def weigh(heard: Heard, angry: Angry) -> Weighed | None:
    """The customer's sentence, weighed; None for anybody else's."""
    if heard.party is not Party.CUSTOMER:
        return None
    risks = meant(heard.said, angry.risk.phrases, angry.risk)
    if not heard.feels or heard.lasted < angry.shortest:
        return Weighed(heard, None, risks)
    p = heard.feels.get(Emotion.ANGRY, 0.0)
    return Weighed(heard, p * min(1.0, heard.lasted / angry.full_after), risks)


def is_angry(weighed: Weighed, angry: Angry) -> bool:
    return weighed.score is not None and weighed.score >= angry.enter


def enters(recent: Sequence[Weighed], lately: Sequence[Weighed], angry: Angry) -> bool:
    """`recent` are the last `of_last` sentences that were evidence, the newest last; `lately`
    the angry ones of the last `within` seconds. The newest one must be angry itself: an alert
    never comes late, on a calm sentence."""
    newest = recent[-1]
    if not is_angry(newest, angry):
        return False
    return (
        bool(newest.risks)
        or sum(is_angry(w, angry) for w in recent) >= angry.enough
        or sum(w.heard.lasted for w in lately) >= angry.enough_seconds
    )


def calms(recent: Sequence[Weighed], angry: Angry) -> bool:
    """True when all of the last sentences lie under the lower threshold."""
    return all(w.score is not None and w.score < angry.exit for w in recent)


def anger_severity(risks_said: Sequence[str], count: int, angry: Angry) -> Severity:
    return "critical" if risks_said or count >= angry.critical_count else "high"
