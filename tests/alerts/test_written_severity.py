"""Written rules whose severity rises and falls."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine
from alerts.ids import counted
from alerts.wire import RANK, Alert
from streamer.events import Held
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, quiet, said
from tests.alerts.test_written import engine, rule

HOLD, REST = 30.0, 60.0
BASE, HIGH, CRITICAL = "退货", "退货，我要投诉", "退货，我要起诉"


def levels(**fields):
    fields = {"high": "投诉", "critical": "起诉", "hold": HOLD, "cooldown": REST} | fields
    when = fields.pop("when", "退货")
    return msgspec.structs.replace(rule(when, **fields), severity="watch")


def told(events, *rules):
    it = engine(*(rules or [levels()]))
    found = [a for e in events for a in it.observe(e) if isinstance(a, Alert)]
    return [a for a in found if a.rule == "it"]


def brief(found):
    return [(a.id, a.severity, a.state, a.at) for a in found]


def at(time, text):
    """Said until `time`."""
    return said(text, at=time - 1.0, lasted=1.0)


def test_a_severity_holds_for_the_rule_s_hold_and_falls_to_the_next_that_still_holds():
    events = [
        at(0, CRITICAL),
        at(10, HIGH),
        at(20, BASE),
        at(31, "好"),
        at(41, "好"),
        at(51, "好"),
    ]
    assert brief(told(events)) == [
        ("id0001", "critical", "active", 0.0),
        ("id0001", "critical", "active", 10.0),
        ("id0001", "critical", "active", 20.0),
        ("id0001", "high", "active", 31.0),
        ("id0001", "watch", "active", 41.0),
        ("id0001", "watch", "resolved", 51.0),
    ]


def test_a_graver_expression_keeps_the_episode_open_but_does_not_begin_one():
    assert told([at(0, "我要投诉")]) == []
    events = [at(0, BASE), at(29, "我要投诉"), at(50, "好"), at(60, "好")]
    assert brief(told(events)) == [
        ("id0001", "watch", "active", 0.0),
        ("id0001", "high", "active", 29.0),
        ("id0001", "watch", "active", 60.0),
        ("id0001", "watch", "resolved", 60.0),
    ]


def test_what_has_fallen_rises_anew_within_the_episode():
    events = [at(0, CRITICAL), at(20, BASE), at(40, BASE), at(41, CRITICAL)]
    assert [a.severity for a in told(events)] == [
        "critical", "critical", "watch", "watch", "critical",
    ]  # fmt: skip


def test_what_ended_grave_is_a_rise_when_it_comes_again_before_the_rest_is_over():
    events = [at(0, CRITICAL), at(40, "好"), at(50, BASE), at(60, HIGH)]
    assert brief(told(events)) == [
        ("id0001", "critical", "active", 0.0),
        ("id0001", "watch", "active", 40.0),
        ("id0001", "watch", "resolved", 40.0),
        ("id0002", "high", "active", 60.0),
    ]


def test_it_falls_while_nobody_speaks_and_the_other_party_does():
    events = [*MET, at(0, CRITICAL), at(20, BASE), quiet(20.0, 12.0)]
    assert [a.severity for a in told(events)] == ["critical", "critical", "watch"]
    theirs = [levels(critical="party:customer 起诉", high="")]
    agent = said("您稍等", at=31.0, party=MET[0].party)
    events = [at(0, CRITICAL), at(20, BASE), agent]
    assert [a.severity for a in told(events, *theirs)] == ["critical", "critical", "watch"]


def test_it_falls_before_it_ends_also_while_only_the_other_party_speaks():
    theirs = levels(when="party:customer 退货", critical="party:customer 起诉", high="")
    agent = said("您稍等", at=39.0, lasted=1.0, party=MET[0].party)
    events = [at(0, CRITICAL), agent, at(50, CRITICAL)]
    assert brief(told(events, theirs)) == [
        ("id0001", "critical", "active", 0.0),
        ("id0001", "watch", "active", 40.0),
        ("id0001", "watch", "resolved", 40.0),
        ("id0002", "critical", "active", 50.0),
    ]


def test_a_silence_that_goes_on_meets_the_rule_for_as_long_as_it_does():
    waits = [*MET, at(0, "在吗"), *(quiet(0.0, m) for m in (4.0, 10.0, 40.0)), at(60, "好")]
    it = [rule("[SILENCE]>=4s", hold=HOLD)]
    assert brief(told(waits, *it)) == [("id0001", "high", "active", 4.0)]
    later = [*waits, at(71, "好")]
    assert brief(told(later, *it))[1:] == [("id0001", "high", "resolved", 71.0)]


def test_a_rise_is_remembered_over_a_restart():
    events = [at(0, CRITICAL), at(20, BASE), Held(CALL, 25.0, on=False), at(31, "好")]
    straight = told(events)
    first, second = engine(levels()), engine(levels())
    before = [a for e in events[:2] for a in first.observe(e)]
    second.restore(first.state())
    after = [a for e in events[2:] for a in second.observe(e)]
    assert before + after == straight
    assert straight[-1].severity == "watch"


sentences = st.lists(
    st.tuples(
        st.sampled_from(["好", BASE, HIGH, CRITICAL]), st.sampled_from([2, 9, 16, 35, 70])
    ),
    max_size=30,
)


def _said(found):
    events, now = [], 0.0
    for text, gap in found:
        now += gap
        events.append(at(now, text))
    return events


_SEVERITY = {BASE: "watch", HIGH: "high", CRITICAL: "critical"}


@given(sentences)
def test_a_rise_is_never_lost(found):
    """Whatever is graver than all that still holds is told at once, as graver than what was
    told before."""
    it = Engine(INFO, _playbook(), counted())
    shown = None  # the severity that people saw last, of a running alert
    met: list[tuple[float, int]] = []
    for event in _said(found):
        revisions = [a for a in it.observe(event) if isinstance(a, Alert) and a.rule == "it"]
        before = shown
        for alert in revisions:
            if alert.state == "active" and RANK[alert.severity] < RANK.get(shown, -1):
                before = alert.severity  # it was lowered first
            shown = alert.severity if alert.state == "active" else None
            before = None if shown is None else before
        rank = RANK.get(_SEVERITY.get(event.text), -1)
        holds = max((r for at_, r in met if event.end < at_ + HOLD), default=-1)
        if rank > max(holds, 0):
            assert revisions[-1].at == event.end
            assert RANK[shown] == rank > RANK.get(before, -1)
        if rank >= 0:
            met.append((event.end, rank))


@given(sentences)
def test_the_severity_is_the_highest_that_holds(found):
    it, met, shown = Engine(INFO, _playbook(), counted()), [], None
    for event in _said(found):
        for alert in it.observe(event):
            if isinstance(alert, Alert) and alert.rule == "it":
                shown = alert.severity if alert.state == "active" else None
        if rank := _SEVERITY.get(event.text):
            met.append((event.end, RANK[rank]))
        holding = [r for at_, r in met if event.end < at_ + HOLD]
        if shown is not None:
            assert RANK[shown] == max(holding)
        elif holding:
            assert max(holding) == 0  # only what was no rise may rest


@given(sentences)
def test_levels_leave_one_alert_an_episode_and_none_open(found):
    running = None
    for alert in told([*_said(found), closed(9999.0)]):
        if running is None:
            assert alert.rev == 1
        else:
            assert (alert.id, alert.rev) == (running.id, running.rev + 1)
        running = None if alert.state == "resolved" else alert
    assert running is None


def _playbook():
    return msgspec.structs.replace(PLAYBOOK, rule=(levels(),))
