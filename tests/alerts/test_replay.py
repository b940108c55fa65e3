"""Recorded calls under a playbook, and two playbooks side by side."""

import json
from pathlib import Path

import pytest

from alerts.comparison import compared, counts, table
from alerts.replay import Raised, marked, replayed
from alerts.traces import read
from streamer import events as ev
from streamer.events import Silence
from tests.alerts.heard import CALL, INFO, PLAYBOOK, closed, quiet, said

GOLDEN = Path(__file__).parents[1] / "golden"


def marks_of(events):
    return [(e.since, e.lasted, e.ended) for e in events if isinstance(e, Silence)]


def test_other_marks_are_put_into_a_recorded_silence():
    recorded = [quiet(6.0, 1.2), quiet(6.0, 2.0), said("嗯"), quiet(6.0, 9.0, ended=True)]
    found = list(marked(recorded, (0.5, 2.0, 8.0, 9.5)))
    assert marks_of(found) == [(6, 0.5, False), (6, 2.0, False), (6, 8.0, False), (6, 9, True)]
    assert [type(e).__name__ for e in found] == [
        *("Silence", "Silence", "Transcript", "Silence", "Silence")
    ]
    assert [e.mark_clock for e in found if isinstance(e, Silence)] == [
        pytest.approx(1000 + 6 + lasted) for lasted in (0.5, 2.0, 8.0, 9.0)
    ]


def test_each_silence_has_its_own_marks_and_a_mark_is_met_but_for_rounding():
    recorded = [quiet(6.0, 2.0 - 1e-4), quiet(6.0, 2.5, ended=True), quiet(20.0, 2.0)]
    assert marks_of(marked(recorded, (2.0,))) == [(6, 2, False), (6, 2.5, True), (20, 2, False)]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_replay_raises_what_was_published(number):
    [events] = read((GOLDEN / f"demo-{number}.in.jsonl").read_text("utf-8"), "x").values()
    rows = (GOLDEN / f"demo-{number}.out.jsonl").read_text("utf-8").splitlines()
    published = {}
    for message in map(json.loads, rows):
        if message["type"] in ("alert", "prompt"):
            kind, rule = message.get("kind", "PROMPT"), message.get("rule")
            first = (kind, rule or message["situation"], message["at"])
            published.setdefault(message["id"], first)
    found = [(it.kind, it.rule, round(it.at, 3)) for it in replayed(events, PLAYBOOK)]
    assert found == list(published.values())


def test_the_highest_severity_counts_and_quotes_are_masked():
    events = [ev.CallOpened(INFO)]
    events += [said("打13900005678", at=t, angry=0.9, number=1) for t in (10.0, 15.0)]
    events += [said("我要投诉", at=20.0, angry=0.9, number=3), closed(30.0)]
    [anger] = [it for it in replayed(events, PLAYBOOK) if it.kind == "ANGRY"]
    assert (anger.severity, anger.at, anger.since, anger.until) == (
        "critical",
        18.0,
        10.0,
        30.0,
    )
    assert anger.text == "打139****5678"


def test_nobody_s_emotion_is_looked_at_without_leave():
    agent = [said("压单", at=t, angry=0.9, party=ev.Party.AGENT) for t in (10.0, 15.0)]
    assert replayed([ev.CallOpened(INFO), *agent, closed()], PLAYBOOK) == []


def test_a_call_begins_with_its_opening():
    with pytest.raises(TypeError, match="opening"):
        replayed([closed()], PLAYBOOK)


def raised(kind="ANGRY", rule="r", at=10.0, **fields):
    told = {"severity": "high", "since": at - 3.0, "until": at + 3.0, "text": "“"} | fields
    return Raised(kind=kind, rule=rule, at=at, **told)


@pytest.mark.parametrize(
    ("current", "new", "changes"),
    [
        ([raised()], [raised()], ["same"]),
        ([raised()], [raised(at=10.04)], ["same"]),
        ([raised()], [raised(at=12.0)], ["changed"]),
        ([raised()], [raised(severity="critical")], ["changed"]),
        ([raised()], [raised(rule="s")], ["changed"]),
        ([raised()], [raised(at=20.0)], ["only_current", "only_new"]),
        ([raised()], [raised(kind="SAD")], ["only_current", "only_new"]),
        ([], [raised()], ["only_new"]),
        ([raised("PROMPT", at=5.0, since=5.0, until=5.0)],
         [raised("PROMPT", at=6.5, since=6.5, until=6.5)], ["changed"]),
        ([raised("PROMPT", at=5.0, since=5.0, until=5.0)],
         [raised("PROMPT", at=16.5, since=16.5, until=16.5)], ["only_current", "only_new"]),
    ],
)  # fmt: skip
def test_what_belongs_together_is_compared(current, new, changes):
    assert [pair.change for pair in compared(CALL, current, new)] == changes


def test_of_two_alerts_of_one_kind_those_of_one_rule_belong_together():
    a, b = raised("KEYWORD", "a", at=10.0), raised("KEYWORD", "b", at=11.0)
    pairs = compared(CALL, [a, b], [b, a])
    assert [(p.current.rule, p.new.rule, p.change) for p in pairs] == [
        ("a", "a", "same"),
        ("b", "b", "same"),
    ]


def test_the_table_has_both_sides_and_the_counts_add_up():
    pairs = compared("c1", [raised(text="压单"), raised("SAD", at=50.0)], [raised(text="压单")])
    assert list(table(pairs, ("current 3f2a", "new 9c1d"))) == [
        "c1\n    current 3f2a            new 9c1d",
        "  =    10.0 s  ANGRY high      10.0 s  ANGRY high  压单",
        "  -    50.0 s  SAD high                            “",
    ]
    assert counts(pairs) == {
        "same": 1, "changed": 0, "only_current": 1, "only_new": 0,
        "kinds": {"ANGRY": {"current": 1, "new": 1}, "SAD": {"current": 1, "new": 0}},
    }  # fmt: skip
    assert list(table([], ("a", "b"))) == []
