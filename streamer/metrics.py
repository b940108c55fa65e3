"""The streamer's numbers for Prometheus, made from its `Tally` whenever they are asked for."""

from collections.abc import Iterable
from time import monotonic

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector, CollectorRegistry

from streamer.tally import Distribution, Tally

PREFIX = "earwitness_"


class TallyCollector(Collector):
    """Reads the tally; keeps nothing of its own, so it can never disagree with `/ready`."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterable[Metric]:
        it = self._tally
        yield gauge("calls_active", "Calls going on, grace time included", it.calls)
        yield gauge("connections_active", "Gateway connections", it.connections)
        yield counter("connections", "Gateway connections opened", it.connections_total)
        yield counter("audio_processed_seconds", "Audio heard, all parties", it.audio_seconds)
        rejected = CounterMetricFamily(
            f"{PREFIX}connections_rejected", "Connections refused or broken", labels=["reason"]
        )
        for reason, count in list(it.rejected.items()):
            rejected.add_metric([reason], count)
        yield rejected
        utterances = CounterMetricFamily(
            f"{PREFIX}utterances",
            "Utterances by outcome",
            labels=["party", "outcome"],
        )
        for (party, outcome), count in list(it.utterances.items()):
            utterances.add_metric([party.value, outcome], count)
        yield utterances
        drafts = CounterMetricFamily(
            f"{PREFIX}drafts", "Drafts of speech going on, by outcome", labels=["outcome"]
        )
        for outcome, count in list(it.drafts.items()):
            drafts.add_metric([outcome], count)
        yield drafts
        lost = CounterMetricFamily(
            f"{PREFIX}lost", "Messages given up, by what they were", labels=["what"]
        )
        for what, count in list(it.lost.items()):
            lost.add_metric([what], count)
        yield lost
        yield histogram("queue_wait_seconds", "Wait of an utterance in its call", it.queue_wait)
        yield histogram("hearing_seconds", "From an utterance's end to its words", it.delay)
        yield histogram("event_loop_lag_seconds", "How late a 100 ms timer fires", it.loop_lag)
        lag = it.loop_lag.quantile(0.99, monotonic())
        yield gauge("event_loop_lag_p99_seconds", "The same over the last minute, p99", lag)


def register(tally: Tally, registry: CollectorRegistry) -> None:
    """Shows the tally in `registry`, once."""
    registry.register(TallyCollector(tally))


def gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(PREFIX + name, text, value=value)


def histogram(name: str, text: str, values: Distribution) -> Metric:
    counts, total = list(values.counts), 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip((*values.bounds, None), counts, strict=True):
        total += count
        buckets.append(("+Inf" if bound is None else str(bound), total))
    return HistogramMetricFamily(PREFIX + name, text, buckets=buckets, sum_value=values.total)
