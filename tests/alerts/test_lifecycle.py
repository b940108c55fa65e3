import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts import metrics
from alerts.acts import Acts
from alerts.lifecycle import Desk, NoSuchAlertError
from alerts.wire import Alert, Prompt, Words
from streamer.errors import EarwitnessError
from streamer.events import Party

WALL, LATER = "2026-11-22T08:30:11.120Z", "2026-11-22T08:30:20.120Z"
WORDS = Words("因", "why")


def alert(rev=1, **changes):
    base = Alert(
        id="a1",
        rev=rev,
        call_id="c",
        kind="ANGRY",
        rule="angry-customer",
        rule_version="3f2a",
        severity="high",
        state="active",
        party=Party.CUSTOMER,
        at=10.0,
        since=5.0,
        text="压单",
        count=2,
        score=0.9,
        evidence=(),
        why=WORDS,
        raised_at=WALL,
    )
    return replace(base, **changes)


def prompt(state="shown", key="p1"):
    return Prompt(key, "c", "8001", "silence", WORDS, WORDS, ("说",), 1, state, 8.0)


def desk():
    it = Desk()
    it.update(alert())
    return it


def test_the_first_one_has_it_the_second_sees_who():
    it = desk()
    mine = it.acknowledge("a1", "林岚", WALL)
    assert (mine.state, mine.owner, mine.owned_at, mine.rev) == (
        "acknowledged",
        "林岚",
        WALL,
        2,
    )
    assert it.acknowledge("a1", "林岚", LATER) is mine
    assert it.acknowledge("a1", "陈洁", LATER) is mine


def test_updates_keep_who_has_it_and_what_was_noted():
    it = desk()
    it.acknowledge("a1", "林岚", WALL, "老客户")
    later = it.update(alert(2, severity="critical", count=4, raised_at=""))
    assert (later.state, later.owner, later.note) == ("acknowledged", "林岚", "老客户")
    assert (later.severity, later.count, later.rev) == ("critical", 4, 3)
    assert later.raised_at == WALL


def test_the_rule_ends_what_somebody_has():
    it = desk()
    it.acknowledge("a1", "林岚", WALL)
    ended = it.update(alert(2, state="resolved", outcome="call_end"))
    assert (ended.state, ended.owner, ended.outcome) == ("resolved", "林岚", "call_end")
    assert it.update(alert(3)) is None


@pytest.mark.parametrize("close", ["resolve", "false_alarm"])
def test_what_a_person_closed_does_not_pop_up_again(close):
    it = desk()
    closed = getattr(it, close)("a1", "林岚", WALL)
    assert closed.owner == "林岚"
    assert it.update(alert(2, severity="critical")) is None
    assert it.update(alert(3, state="resolved", outcome="call_end")) is None
    assert it.alert("a1") is closed
    assert it.update(alert(id="a2")) is not None


def test_resolving_says_how_and_is_idempotent():
    it = desk()
    done = it.resolve("a1", "林岚", WALL, outcome="已退款")
    assert (done.state, done.outcome) == ("resolved", "已退款")
    assert it.resolve("a1", "陈洁", LATER, outcome="别的") is done


def test_a_false_alarm_may_be_called_after_the_end_and_stays_one():
    it = desk()
    it.update(alert(2, state="resolved", outcome="call_end"))
    false = it.false_alarm("a1", "林岚", WALL)
    assert (false.state, false.rev) == ("false_alarm", 3)
    assert it.resolve("a1", "林岚", WALL) is false
    assert it.acknowledge("a1", "林岚", WALL) is false


def test_a_note_counts_in_any_state():
    it = desk()
    noted = it.note("a1", "老客户")
    assert (noted.note, noted.rev) == ("老客户", 2)
    assert it.note("a1", "老客户") is noted
    it.resolve("a1", "林岚", WALL)
    assert it.note("a1", "已回电").note == "已回电"


def test_what_is_not_there_is_said():
    for ask in (
        lambda: Desk().alert("x"),
        lambda: Desk().prompt("x"),
        lambda: Desk().note("x", "n"),
        lambda: Desk().acknowledge("x", "w", WALL),
        lambda: Desk().answer("x", "accepted"),
    ):
        with pytest.raises(NoSuchAlertError, match="'x'") as raised:
            ask()
        assert isinstance(raised.value, LookupError)
        assert isinstance(raised.value, EarwitnessError)


def test_the_first_answer_to_a_prompt_counts():
    it = Desk()
    it.show(prompt())
    assert it.show(prompt("expired")).state == "expired"
    accepted = it.answer("p1", "accepted")
    assert accepted.state == "accepted"
    assert it.answer("p1", "dismissed") is accepted
    assert it.show(prompt("replaced")) is None


def test_ended_ones_are_forgotten_live_ones_never():
    it = Desk(keep=3)
    it.update(alert(id="live"))
    for number in range(10):
        it.update(alert(id=f"e{number}"))
        it.update(alert(2, id=f"e{number}", state="resolved"))
        it.show(prompt("expired", f"p{number}"))
    assert it.alert("live").state == "active"
    assert it.alert("e7").state == "resolved"
    for forgotten in ("e6", "p6"):
        with pytest.raises(NoSuchAlertError):
            (it.alert if forgotten[0] == "e" else it.prompt)(forgotten)


deeds = st.sampled_from(["acknowledge", "resolve", "false_alarm", "note", "update", "end"])


@given(st.lists(deeds, max_size=20))
def test_revisions_count_up_by_one_and_nothing_comes_back_to_life(done):
    it, last, ended = desk(), alert(), False
    for deed in done:
        before = it.alert("a1")
        match deed:
            case "note":
                after = it.note("a1", f"{before.rev}")
            case "update" | "end":
                after = it.update(alert(state="active" if deed == "update" else "resolved"))
                assert (after is None) == ended
            case act:
                after = getattr(it, act)("a1", "林岚", WALL)
        if after is not None and after is not before:
            assert after.rev == before.rev + 1
            last = after
        assert it.alert("a1").rev == last.rev
        assert not ended or it.alert("a1").state in ("resolved", "false_alarm")
        ended = it.alert("a1").state in ("resolved", "false_alarm")


def test_acts_answer_none_for_what_is_not_there():
    acts = Acts(Desk())
    assert acts.acknowledge("x", "w", WALL) is None
    assert acts.resolve("x", "w", WALL) is None
    assert acts.false_alarm("x", "w", WALL) is None
    assert acts.note("x", "w", WALL, "n") is None
    assert acts.answer("x", "accepted") is None


def test_acts_count_how_long_it_waited_and_what_was_false():
    acts = Acts(desk())
    waited = metrics.alert_ack._sum.get()
    false = metrics.alert_false.labels("angry-customer")._value.get()
    acts.acknowledge("a1", "林岚", LATER)
    acts.acknowledge("a1", "陈洁", LATER)
    assert metrics.alert_ack._sum.get() == pytest.approx(waited + 9.0)
    acts.false_alarm("a1", "林岚", LATER)
    acts.false_alarm("a1", "林岚", LATER)
    assert metrics.alert_false.labels("angry-customer")._value.get() == false + 1
    assert acts.note("a1", "林岚", LATER, "n").note == "n"
    assert acts.resolve("a1", "林岚", LATER).state == "false_alarm"


def test_acts_count_the_answers():
    it = Desk()
    it.show(prompt())
    counted = metrics.prompts.labels("silence", "accepted")
    before = counted._value.get()
    assert Acts(it).answer("p1", "accepted").state == "accepted"
    Acts(it).answer("p1", "accepted")
    assert counted._value.get() == before + 1
