from functools import partial

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from streamer.adapters.webrtc import WebRtcDetector
from streamer.events import Party
from streamer.metrics import register
from streamer.tally import Distribution, Tally
from tests.streamer.shell import LOUD


def test_a_quantile_is_over_the_last_minute():
    values = Distribution((1.0, 10.0))
    assert values.quantile(0.95, now=0.0) == 0.0
    values.add(99.0, now=0.0)
    for n in range(1, 101):
        values.add(n / 10, now=30.0)
    assert values.quantile(0.95, now=61.0) == pytest.approx(9.5)
    assert values.quantile(1.0, now=59.0) == 99.0
    assert values.quantile(0.95, now=61.0, at_least=101) == 0.0
    assert values.counts == [10, 90, 1]


def test_metrics_say_what_the_tally_says():
    tally, registry = Tally(), CollectorRegistry()
    register(tally, registry)
    tally.connections_total, tally.calls, tally.audio_seconds = 3, 2, 12.5
    tally.rejected["overloaded"] += 1
    tally.utterances[Party.CUSTOMER, "heard"] += 5
    tally.drafts["shed"] += 3
    tally.queue_wait.add(0.02, 0.0)
    tally.queue_wait.add(99.0, 0.0)
    lines = generate_latest(registry).decode().splitlines()
    for line in (
        "earwitness_connections_total 3.0",
        "earwitness_calls_active 2.0",
        "earwitness_audio_processed_seconds_total 12.5",
        'earwitness_connections_rejected_total{reason="overloaded"} 1.0',
        'earwitness_utterances_total{outcome="heard",party="customer"} 5.0',
        'earwitness_drafts_total{outcome="shed"} 3.0',
        'earwitness_queue_wait_seconds_bucket{le="0.01"} 0.0',
        'earwitness_queue_wait_seconds_bucket{le="0.025"} 1.0',
        'earwitness_queue_wait_seconds_bucket{le="+Inf"} 2.0',
        "earwitness_queue_wait_seconds_count 2.0",
        "earwitness_queue_wait_seconds_sum 99.02",
        "earwitness_event_loop_lag_seconds_count 0.0",
    ):
        assert line in lines


@pytest.mark.parametrize("rate", [8000, 16000])
def test_webrtcvad_hears_at_the_streams_own_rate(rate):
    detector = partial(WebRtcDetector, mode=3)(rate)
    assert detector.is_speech(bytes(rate // 50 * 2)) is False
    assert isinstance(detector.is_speech(LOUD[: rate // 50 * 2]), bool)


def test_webrtcvad_has_few_rates():
    with pytest.raises(ValueError, match="11025"):
        WebRtcDetector(11025)
