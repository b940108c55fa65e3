"""Events as JSON lines, and out of them again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from alerts import wire
from alerts.news import news
from alerts.traces import TraceError, event_of, read, row
from streamer import events as ev
from tests.alerts.heard import CALL, INFO, closed, quiet, said

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.in.jsonl"))
EVENTS = [
    ev.CallOpened(replace(INFO, customer="138****1234", order_id="7", language="zh")),
    replace(said("你好", at=1.0, number=3), languages_p={}, speech_end_clock=0.0),
    ev.Unheard(CALL, 4, ev.Party.AGENT, 5.0, 6.0, "shed"),
    replace(quiet(6.0, 1.2), mark_clock=0.0),
    replace(quiet(6.0, 3.0, ended=True), mark_clock=0.0),
    ev.Held(CALL, 9.0, True),
    ev.Held(CALL, 12.0, False),
    ev.Swapped(CALL, 12.5, True, "林岚"),
    ev.Stalled(CALL, 13.0, 5.0),
    ev.Stalled(CALL, 13.0, 7.0, ended=True),
    closed(30.0),
]


def lines(rows):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)


def test_what_is_written_is_read_again():
    events = [*EVENTS[:-1], ev.Draft(EVENTS[1]), closed()]
    assert read(lines(map(row, events)), "x") == {CALL: events}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_golden_traces_are_read(path):
    found = read(path.read_text("utf-8"), path.name)
    [events] = found.values()
    assert len(events) == len(path.read_text("utf-8").splitlines())
    assert read(lines(map(row, events)), "x") == found


def test_an_export_of_the_log_holds_the_events_that_were_published():
    """All but the clocks, and what is nobody's but the recognizer's."""
    published = [wire.encode(news(event, EVENTS[0].info, "")).decode() for event in EVENTS]
    assert read("\n".join(published), "x") == {CALL: EVENTS}


def test_calls_of_one_export_are_told_apart_and_alerts_are_left_out():
    other = replace(EVENTS[1], call=ev.CallId("other"))
    messages = [news(EVENTS[1], INFO, ""), news(other, INFO, "")]
    alert = {"type": "alert", "id": "a", "whatever": 1}
    text = lines([alert]) + "\n\n".join(wire.encode(m).decode() for m in messages)
    found = read(text, "x")
    assert list(found) == [CALL, "other"]
    assert [type(event).__name__ for event in found["other"]] == [
        *("CallOpened", "Transcript", "CallClosed")
    ]
    assert found[CALL][-1] == ev.CallClosed(CALL, 4.0, "ended")


@pytest.mark.parametrize(
    "line",
    ["{", "7", "[]", "{}", '{"type": "nonsense"}', '{"type": "Held", "call": "c"}',
     '{"type": "silence", "call_id": 7}'],
)  # fmt: skip
def test_what_is_no_event_is_told_with_its_line(line):
    with pytest.raises(TraceError, match=r"calls/x\.jsonl, line 2: no event of a call"):
        read(lines([row(EVENTS[0])]) + line, "calls/x.jsonl")


def test_an_event_of_no_kind_that_a_sink_is_told_is_none():
    assert event_of({"type": "prompt"}) is None
