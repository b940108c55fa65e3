"""What the figures of `bench.live` mean."""

import os

import pytest

from bench.live import Call, Received, latencies
from bench.server import Running
from bench.truth import lines
from streamer.endpointing import Endpointing

ANGRY = next(line for line in lines(1) if line.emotion == "ANGRY")
BEGAN = 500.0


def alert(end, **fields):
    evidence = {"party": "customer", "end": end}
    told = {"kind": "ANGRY", "state": "active", "call_id": "c", "evidence": [evidence]}
    return {"type": "alert"} | told | fields


def figures(*messages):
    received = Received([(BEGAN + at, message) for at, message in messages])
    return latencies({"c": Call(1, 60.0, BEGAN)}, received)


def said(end):
    return {"type": "transcript", "call_id": "c", "party": "customer", "end": end}


def test_latency_counts_from_the_true_end_and_the_server_s_part_from_the_decision():
    end = ANGRY.end + 0.03  # as the detector has it
    found = figures((ANGRY.end + 0.7, said(end)), (ANGRY.end + 0.701, alert(end)))
    ends = Endpointing()
    assert found["speech_end_to_alert_ms_p95"] == pytest.approx(701.0)
    own = 701.0 - 1000 * (ends.hangover + ends.end_silence)
    assert found["server_part_ms_p50"] == found["server_part_ms_p99"] == pytest.approx(own, 0.1)


def test_what_a_draft_raised_and_what_ended_are_not_timed():
    end = ANGRY.end + 0.03
    early = (ANGRY.end - 1.0, alert(ANGRY.end - 1.2))
    same_end_but_before_its_words = (ANGRY.end + 0.1, alert(end))
    over = (ANGRY.end + 5.0, alert(end, state="resolved"))
    dead_air = (ANGRY.end + 0.8, alert(end, kind="SILENCE"))
    words = (ANGRY.end + 0.7, said(end))
    found = figures(early, same_end_but_before_its_words, words, over, dead_air)
    assert found["speech_end_to_alert_ms_p50"] is None


def test_the_processor_s_time_of_a_process_rises():
    running = Running(os.getpid(), "", "", "", {}, None)
    before = running.cpu_seconds()
    while running.cpu_seconds() == before:
        sum(range(10_000))
    assert before < running.cpu_seconds() < before + 5.0
