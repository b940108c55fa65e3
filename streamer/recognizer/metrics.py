"""What the recognizer counts about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """`errors` counts by reason: `failed` (an utterance), `batch` (heard again one by one),
    `memory` (a batch halved), `crashed` (the thread died), `full` (no room), `closed`, `growth`
    (speech going on was not computed early). `gated` counts utterances that were taken for
    nothing, by the gate (`gates.Closed`)."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        """Without a registry the numbers are kept but shown nowhere."""
        registry = CollectorRegistry() if registry is None else registry
        self.batch_size = Histogram(
            "earwitness_batch_size",
            "Utterances heard at once",
            buckets=(1, 2, 4, 8, 16, 32, 64),
            registry=registry,
        )
        self.infer_seconds = Histogram(
            "earwitness_infer_seconds",
            "Time of one batch in the model",
            buckets=_SECONDS,
            registry=registry,
        )
        self.wait_seconds = Histogram(
            "earwitness_model_wait_seconds",
            "Wait of an utterance for the model",
            buckets=_SECONDS,
            registry=registry,
        )
        self.errors = Counter(
            "earwitness_recognizer_errors_total",
            "What went wrong in the recognizer",
            ["reason"],
            registry=registry,
        )
        self.gated = Counter(
            "earwitness_gated_total",
            "Utterances taken for nothing said, by the gate that closed",
            ["gate"],
            registry=registry,
        )
