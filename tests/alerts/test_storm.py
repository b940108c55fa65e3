import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alerts.ids import counted
from alerts.settings import Storm
from alerts.storm import MOST_MEMBERS, Storms
from alerts.wire import Alert, Evidence, Words
from streamer.events import CallId, Emotion, Party

LIMITS = Storm(of_one_call=2, of_all_calls=4, within=60.0)


def alert(alert_id, call="c-1", severity="high", kind="ANGRY", at=5.0):
    evidence = Evidence(at - 2, at, Party.CUSTOMER, "压单", Emotion.ANGRY, 0.9)
    return Alert(
        id=alert_id, rev=1, call_id=call, kind=kind, rule="r", rule_version="3f2a",
        severity=severity, state="active", party=Party.CUSTOMER, at=at, since=at - 2,
        text="压单", count=1, score=0.9, evidence=(evidence,), why=Words("因", "why"),
    )  # fmt: skip


def storms(limits=LIMITS):
    return Storms(lambda: limits, counted())


def see(it, *alerts, now=100.0):
    return [told for each in alerts for told in it.see(each, now)]


def test_as_many_as_fit_the_budget_are_no_storm():
    assert see(storms(), alert("a"), alert("b")) == []


def test_one_too_many_of_one_call_brings_a_summary_that_lists_them_all():
    it = storms()
    [summary] = see(it, alert("a"), alert("b", severity="critical"), alert("c", kind="SILENCE"))
    assert (summary.kind, summary.rule, summary.rev) == ("STORM", "alert-storm", 1)
    assert summary.members == ("a", "b", "c")
    assert (summary.severity, summary.count, summary.call_id) == ("critical", 3, "c-1")
    assert summary.why.zh == "这通电话的提醒接连不断（共 3 条）：60 秒内生气 2、沉默 1"
    [more] = see(it, alert("d"))
    assert (more.id, more.rev, more.members) == (summary.id, 2, ("a", "b", "c", "d"))


def test_a_revision_is_no_new_alert_and_what_is_only_watched_counts_when_it_is_more():
    it = storms()
    first = alert("a")
    assert see(it, first, msgspec.structs.replace(first, rev=2, severity="critical")) == []
    watched = alert("b", severity="watch")
    assert see(it, watched, alert("c", severity="watch"), alert("d", severity="watch")) == []
    assert see(it, msgspec.structs.replace(watched, rev=2, severity="high")) == []
    assert len(see(it, alert("e"))) == 1
    ended = msgspec.structs.replace(alert("f"), state="resolved")
    assert see(it, ended) == []


def test_also_not_long_after_it_was_raised():
    it = storms()
    first = alert("a")
    see(it, first, now=0.0)
    later = [msgspec.structs.replace(first, rev=n) for n in (2, 3)]
    assert see(it, *later, alert("b"), alert("c"), now=90.0) == []


def test_what_lies_further_apart_is_no_storm():
    it = storms()
    found = [it.see(alert(f"a{n}"), n * 30.0) for n in range(6)]
    assert found == [[]] * 6


def test_many_calls_at_once_are_a_storm_of_all():
    it = storms()
    found = see(it, *(alert(f"a{n}", call=f"c-{n}") for n in range(5)))
    [summary] = found
    assert (summary.count, summary.call_id) == (5, "c-4")
    assert summary.why.zh.startswith("5 通电话的提醒接连不断（共 5 条）")
    [grown] = see(it, alert("x", call="c-9"))
    assert (grown.id, grown.call_id, grown.text) == (summary.id, "c-4", "压单")


def test_it_is_over_when_nothing_came_for_long_enough_and_may_come_again():
    it = storms()
    [summary] = see(it, alert("a"), alert("b"), alert("c"))
    assert it.wait(159.9) == []
    [end] = it.wait(160.0)
    assert (end.id, end.rev, end.state, end.outcome) == (
        summary.id, 2, "resolved", "hysteresis",
    )  # fmt: skip
    assert it.wait(200.0) == []
    [again] = see(it, alert("d"), alert("e"), alert("f"), now=300.0)
    assert again.id != summary.id
    assert again.members == ("d", "e", "f")


def test_a_call_s_end_ends_its_summary():
    it = storms()
    see(it, alert("a"), alert("b"), alert("c"))
    assert it.hang_up(CallId("other")) == []
    [end] = it.hang_up(CallId("c-1"))
    assert (end.state, end.outcome) == ("resolved", "call_end")


def test_a_summary_lists_the_newest_and_counts_all():
    found = see(storms(), *(alert(f"a{n}") for n in range(70)))
    last = [s for s in found if s.why.zh.startswith("这通")][-1]
    assert (last.count, len(last.members)) == (70, MOST_MEMBERS)
    assert last.members[-1] == "a69"


raisings = st.lists(
    st.tuples(
        st.floats(0, 50),
        st.sampled_from(["c-1", "c-2"]),
        st.sampled_from(["watch", "high", "critical"]),
    ),
    max_size=40,
)  # fmt: skip


@given(raisings)
def test_every_grave_alert_of_a_storm_is_on_its_list_and_it_is_as_grave(steps):
    """Of one call: from the first summary on, nothing that is raised is missing."""
    it, now = storms(), 0.0
    members, worst = {}, {}
    for number, (wait, call, severity) in enumerate(steps):
        now += wait
        for end in it.wait(now):
            members.pop(end.id, None)
        one = alert(f"a{number}", call, severity)
        told = [s for s in it.see(one, now) if s.why.zh.startswith("这通")]
        for summary in told:
            assert summary.members[-1] == one.id
            assert set(members.get(summary.id, ())) <= set(summary.members)
            rank = ["watch", "high", "critical"].index(summary.severity)
            assert rank >= worst.get(summary.id, 0)
            assert rank >= ["watch", "high", "critical"].index(severity)
            members[summary.id], worst[summary.id] = summary.members, rank
        open_here = any(m for m in members.values() if m[0] in _of(call, steps))
        assert told or severity == "watch" or not open_here


def _of(call, steps):
    return {f"a{number}" for number, step in enumerate(steps) if step[1] == call}
