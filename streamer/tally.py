"""What the streamer counts about itself: plain numbers, read by the web room and by metrics.

One object per process, written by the event loop's thread only. Readers in other threads see
a number that is at most one event old.
"""

import math
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass, field

from streamer.events import Party, Seconds

WAIT_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LAG_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the streamer is at one moment. Lags and waits are in seconds, over the last
    minute; `overloaded` means that a new call would be refused, for
    `overloaded_for` seconds by now."""

    calls: int
    limit: int
    connections: int
    loop_lag_p99: Seconds
    queue_wait_p95: Seconds
    delay_p95: Seconds  # from the end of an utterance to its words
    audio_seconds: Seconds
    shed: int
    overloaded: bool
    overloaded_for: Seconds = 0.0


class Distribution:
    """A histogram since the start of the process, and the values of the last minute."""

    def __init__(self, bounds: tuple[float, ...], keep: int = 2048) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0
        self._recent: deque[tuple[Seconds, float]] = deque(maxlen=keep)

    def add(self, value: float, now: Seconds) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value
        self._recent.append((now, value))

    def quantile(
        self, share: float, now: Seconds, over: Seconds = 60.0, at_least: int = 1
    ) -> float:
        """The value that `share` of those of the last `over` seconds do not exceed; 0.0 if
        there are not `at_least` so many: of few values a high quantile is the worst one."""
        values = sorted(value for at, value in self._recent if at > now - over)
        return values[math.ceil(share * len(values)) - 1] if len(values) >= at_least else 0.0


@dataclass(slots=True)
class Tally:
    """Counts since the start. `rejected` by reason, `utterances` by party and outcome (heard,
    failed, shed, shutdown), `lost` by how: an event that the sink failed on or had no room for
    (failed, lost), a message that a gateway did not read (reply). `drafts` by outcome: see
    `streamer.drafts`."""

    calls: int = 0
    connections: int = 0
    connections_total: int = 0
    audio_seconds: Seconds = 0.0
    rejected: Counter[str] = field(default_factory=Counter)
    utterances: Counter[tuple[Party, str]] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    drafts: Counter[str] = field(default_factory=Counter)
    queue_wait: Distribution = field(default_factory=lambda: Distribution(WAIT_BOUNDS))
    delay: Distribution = field(default_factory=lambda: Distribution(WAIT_BOUNDS))
    loop_lag: Distribution = field(default_factory=lambda: Distribution(LAG_BOUNDS))

    @property
    def shed(self) -> int:
        """Utterances that nobody had time to hear."""
        return sum(n for (_, outcome), n in self.utterances.items() if outcome == "shed")
