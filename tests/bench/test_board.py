"""What `bench.board` prints, in miniature; and how it counts. No time is asserted: it is a test
on whatever machine."""

import json
import sys
from itertools import takewhile

import pytest

from alerts.wire import Alert, CallStarted
from bench.board import __main__ as bench
from bench.board.pages import executable
from bench.board.stand import Probes
from bench.board.traffic import floor
from tests.redis_server import redis_or_skip


def test_so_many_calls_go_on_at_once_and_the_same_seed_says_the_same():
    def first_minute(seed=1):
        return list(takewhile(lambda each: each[0] < 60, floor(20, seed)))

    told = first_minute()
    assert told == first_minute() != first_minute(seed=2)
    assert [due for due, _ in told] == sorted(due for due, _ in told)
    open_at_0 = {m.call_id for due, m in told if due <= 0 and isinstance(m, CallStarted)}
    assert len(open_at_0) >= 20
    assert not any(isinstance(message, Alert) for _, message in told)
    assert 2 < sum(due > 0 for due, _ in told) / 60 < 10  # a second, of 20 calls


def test_a_probe_that_was_not_painted_is_missed_and_not_fast():
    published = {"probe-alert-1": 1000.0, "probe-alert-2": 2000.0, "probe-prompt-1": 0.0}
    probes = Probes(published)
    found = bench.lateness(probes, {"probe-alert-1": 1080.0, "probe-alert-2": 0}, "alert")
    assert found == {"sent": 2, "missed": 1, "p50": 80.0, "p95": 80.0, "p99": 80.0}


@pytest.mark.browser
@pytest.mark.redis
def test_it_prints_what_was_measured(monkeypatch, capsys):
    redis_or_skip()
    if executable() is None:
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk")
    tiny = "--calls=5 --rows=70 --viewers=2 --seconds=1 --minutes=1 --speed=60"
    monkeypatch.setattr(sys, "argv", ["bench", "--json", *tiny.split()])
    monkeypatch.setattr(bench, "SETTLE", 0.0)
    bench.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    latency = result["latency"]
    assert latency["viewers"] == {"chromium_board": 1, "websocket": 1}
    assert latency["alert_to_popup_ms"]["sent"] >= 1
    assert latency["viewer_frames"] > 0
    assert latency["viewers_cut"] == 0
    assert result["scrolling"]["calls"] == 70
    assert [each["minute"] for each in result["memory"]["samples"]] == [0.5, 1.0]
    assert all(each["heap_mb"] > 0 for each in result["memory"]["samples"])
