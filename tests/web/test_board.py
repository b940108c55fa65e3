"""The fold from the log to what the screens show."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.wire import (
    Alert,
    CallEnded,
    CallStarted,
    Held,
    Prompt,
    Silence,
    Stalled,
    Swapped,
    Transcript,
    Unheard,
    Unheld,
)
from streamer.events import Emotion, Party
from tests.web.scenes import alert, checklist, prompt, said, started
from web_dashboard.feed import Board, entry_time
from web_dashboard.sight import of_agent
from web_dashboard.staying import Limits

MINUTE = 60_000


class Log:
    """Gives entries ids of its own clock."""

    def __init__(self, board=None):
        self.board, self.now, self._count = board or Board(), 1_763_800_000_000, 0

    def tell(self, *messages, after=0):
        self.now += after
        told = []
        for message in messages:
            self._count += 1
            told.append(self.board.apply(f"{self.now}-{self._count}", message))
        return told

    def call(self, call="c1"):
        return self.board.call(call)


def silence(ended=False, lasted=2.0, since=3.0, call="c1"):
    return Silence(call, since, lasted, Party.CUSTOMER, ended, since + lasted)


def test_a_call_is_what_was_published_of_it():
    log = Log()
    log.tell(started(), said(start=1.0, end=3.0))
    call = log.call()
    assert (call.agent_id, call.agent_name, call.queue) == ("8001", "林岚", "after-sales")
    assert (call.customer, call.order_id, call.record) == ("138****0000", "20241105", True)
    assert (call.activity, call.speaker, call.since, call.at) == (
        "talking",
        "customer",
        1.0,
        3.0,
    )
    assert call.last.text == "这衣服尺码根本不对！"
    assert call.mood == ((1.0, 3.0, Emotion.ANGRY, pytest.approx(0.95)),)


def test_the_customers_number_is_called_from_on_the_wire():
    log = Log()
    log.tell(started())
    assert msgspec.to_builtins(log.call())["from"] == "138****0000"


@pytest.mark.parametrize(
    ("messages", "activity", "since"),
    [
        ([silence()], "silent", 3.0),
        ([silence(), silence(ended=True, lasted=2.5)], "talking", 5.5),
        ([Held("c1", 4.0)], "hold", 4.0),
        ([Held("c1", 4.0), silence()], "hold", 4.0),
        ([Held("c1", 4.0), Unheld("c1", 9.0)], "talking", 9.0),
        ([Stalled("c1", 6.0, 5.0, False)], "stalled", 6.0),
        ([Stalled("c1", 6.0, 5.0, False), Stalled("c1", 6.0, 9.0, True)], "talking", 6.0),
        # A sentence that is recognized late does not end the silence that came after it.
        ([silence(), said(start=1.0, end=3.0)], "silent", 3.0),
        ([silence(), said(start=6.0, end=7.0)], "talking", 6.0),
        # The same speaker goes on: the turn began with the first sentence.
        ([said(start=1.0, end=3.0), said(start=3.5, end=5.0)], "talking", 1.0),
        (
            [said(start=1.0, end=3.0), said(party=Party.AGENT, start=3.5, end=5.0)],
            "talking",
            3.5,
        ),
    ],
)
def test_what_is_going_on_now(messages, activity, since):
    log = Log()
    log.tell(started(), *messages)
    assert (log.call().activity, log.call().since) == (activity, since)


def test_mood_is_the_customers_last_five_minutes():
    log = Log()
    happy = {"emotion": Emotion.HAPPY, "emotion_p": {Emotion.HAPPY: 0.8, Emotion.SAD: 0.1}}
    log.tell(started(), said(start=0.0, end=10.0), said(party=Party.AGENT, start=11, end=12))
    log.tell(said(start=305.0, end=310.0, **happy))
    assert [m[3] for m in log.call().mood] == pytest.approx([0.95, -0.8])
    log.tell(said(start=310.0, end=310.5))
    assert [m[1] for m in log.call().mood] == [310.0, 310.5]


def test_an_entry_read_twice_changes_nothing():
    board = Board()
    assert board.apply("5-0", started())
    assert board.apply("5-1", alert())
    assert board.apply("5-1", alert(rev=2)) is None
    assert board.apply("4-9", alert(rev=2)) is None
    assert board.alert("a1").rev == 1


def test_the_highest_revision_of_an_alert_is_the_truth():
    log = Log()
    old = log.tell(alert(rev=3, state="acknowledged"), alert(rev=2))[1]
    assert old is None
    assert log.board.alert("a1").state == "acknowledged"


def test_what_the_agent_answered_stands():
    log = Log()
    log.tell(prompt(), prompt(state="accepted"))
    assert log.tell(prompt(state="expired")) == [None]
    assert log.board.prompt("p1").state == "accepted"


def test_ended_calls_leave_ten_minutes_after_their_end():
    log = Log()
    log.tell(started(), CallEnded("c1", 60.0, "ended"))
    log.tell(alert(), started("c2"), after=9 * MINUTE)
    assert log.call("c1").ended
    log.tell(said(call="c2"), after=1 * MINUTE)
    assert log.call("c1") is None
    assert log.call("c2") is not None


def test_words_about_a_call_that_has_left_do_not_bring_it_back():
    log = Log()
    log.tell(alert(call="gone"), prompt(call="gone"), CallEnded("gone", 1.0, "ended"))
    assert log.call("gone") is None
    assert log.board.alert("a1")


def test_a_call_whose_server_died_leaves_too():
    log = Log()
    log.tell(started())
    log.tell(started("c2"), after=120 * MINUTE)
    assert log.call("c1") is None


def test_a_call_id_that_comes_again_is_another_call():
    log = Log()
    log.tell(started(), said(), CallEnded("c1", 60.0, "ended"), started(agent="8002"))
    call = log.call()
    assert (call.ended, call.last, call.agent_id) == (False, None, "8002")
    assert len(log.board.events("c1")) == 1


def test_closed_alerts_leave_after_thirty_minutes_and_open_ones_stay():
    log = Log()
    log.tell(alert("open"), alert("shut", state="false_alarm"))
    log.tell(started(), after=29 * MINUTE)
    assert log.board.alert("shut")
    log.tell(started(), after=24 * 60 * MINUTE)
    assert not log.board.alert("shut")
    assert log.board.alert("open")


def test_when_the_board_is_full_what_is_over_goes_first():
    log = Log(Board(Limits(calls=2, alerts=2, prompts=2)))
    log.tell(started("live"), started("over"), CallEnded("over", 1.0, "ended"), started("new"))
    assert {c.call_id for c in log.board.picture().calls} == {"live", "new"}
    log.tell(alert("a1"), alert("a2", state="resolved"), alert("a3"))
    assert {a.id for a in log.board.picture().alerts} == {"a1", "a3"}


def test_a_call_keeps_its_latest_2000_messages():
    log = Log()
    log.tell(started(), *(said(start=float(n), end=n + 0.5, utterance=n) for n in range(2100)))
    events = log.board.events("c1")
    assert len(events) == 2000
    assert msgspec.json.decode(events[-1])["utterance"] == 2099


def test_a_redis_that_forgot_and_is_told_again_says_nothing_twice():
    log = Log()
    published = [started(), said(), silence(), prompt(), alert(), CallEnded("c1", 9.0, "ended")]
    assert all(log.tell(*published))
    assert log.tell(*published, after=1000) == [None] * 6
    assert len(log.board.events("c1")) == 6
    assert log.call().ended


# ---- what an agent sees ----


def test_an_agent_sees_own_calls_and_prompts_and_no_alert():
    log = Log()
    told = log.tell(
        started("mine", "8001"), started("theirs", "8002"), alert(call="mine"),
        prompt("p1", "8001", "mine"), prompt("p2", "8002", "theirs"),
        said(call="mine"), said(call="theirs"),
    )  # fmt: skip
    picture = log.board.picture(of_agent("8001"))
    assert [c.call_id for c in picture.calls] == ["mine"]
    assert [p.id for p in picture.prompts] == ["p1"]
    assert picture.alerts == ()
    seen = [log.board.visible(folded.message, of_agent("8001")) for folded in told]
    assert seen == [True, False, False, True, False, True, False]
    assert len(log.board.events("mine", alerts=False)) == 3
    assert len(log.board.events("mine")) == 4


def test_the_latest_checklist_belongs_to_its_call():
    log = Log()
    told = log.tell(
        started("mine", "8001"), checklist("8001", "mine"),
        checklist("8001", "mine", "greeting"),
        started("theirs", "8002"), checklist("8002", "theirs"), checklist("8001", "gone"),
    )  # fmt: skip
    [mine] = log.board.picture(of_agent("8001")).calls
    assert [item.done for item in mine.checklist] == [True, False]
    seen = [log.board.visible(folded.message, of_agent("8001")) for folded in told]
    assert seen == [True, True, True, False, False, False]
    assert log.board.call("gone") is None


def test_a_call_without_an_agent_is_nobodys():
    log = Log()
    log.tell(started(agent=""), prompt(agent=""))
    assert log.board.picture(of_agent("")).calls == ()
    assert log.board.picture(of_agent("")).prompts == ()
    assert not log.board.within(of_agent(""), "c1")


def test_the_agents_emotion_ends_before_anything_is_kept():
    log = Log()
    quote = msgspec.structs.replace(alert().evidence[0], party=Party.AGENT)
    folded, kept = log.tell(
        started(), said(party=Party.AGENT), alert(evidence=(quote, *alert().evidence))
    )[1:]
    for text in (folded.raw, *log.board.events("c1"), msgspec.json.encode(log.call())):
        told = bytes(text).decode()
        assert "ANGRY" not in told or '"type":"alert"' in told
    assert [(e.emotion, e.p) for e in kept.message.evidence] == [
        (Emotion.UNKNOWN, 0.0),
        (Emotion.ANGRY, 0.91),
    ]
    assert log.tell(alert("a2", party=Party.AGENT)) == [None]
    assert log.board.alert("a2") is None


def test_unless_the_operator_switched_it_on():
    log = Log(Board(agent_emotion=True))
    assert b"ANGRY" in bytes(log.tell(started(), said(party=Party.AGENT))[1].raw)


# ---- any log ----

ids = st.sampled_from(["c1", "c2", "c3", ""])
agents = st.sampled_from(["8001", "8002", ""])
seconds = st.floats(0, 1e6)
messages = st.one_of(
    st.builds(started, ids, agents),
    st.builds(said, st.text(), st.sampled_from(Party), call=ids, start=seconds, end=seconds),
    st.builds(CallEnded, ids, seconds, st.just("ended"), agents),
    st.builds(Silence, ids, seconds, seconds, st.sampled_from(Party), st.booleans(), seconds),
    st.builds(Held, ids, seconds),
    st.builds(Unheld, ids, seconds),
    st.builds(Swapped, ids, seconds, st.booleans(), agents),
    st.builds(Stalled, ids, seconds, seconds, st.booleans()),
    st.builds(
        Unheard, ids, st.integers(0), st.sampled_from(Party), seconds, seconds,
        st.just("shed"), seconds,
    ),
    st.builds(
        alert, st.text(max_size=2), st.integers(1, 5), ids,
        state=st.sampled_from(["active", "acknowledged", "resolved", "false_alarm"]),
        party=st.sampled_from(Party),
    ),
    st.builds(
        prompt, st.text(max_size=2), agents, ids,
        state=st.sampled_from(["shown", "accepted", "replaced", "expired"]),
    ),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(messages, st.integers(0, 40 * MINUTE)), max_size=40))
def test_any_order_is_taken_and_all_is_bounded(entries):
    log = Log(Board(Limits(calls=2, alerts=3, prompts=3)))
    for message, later in entries:
        log.tell(message, after=later)
        picture = log.board.picture()
        assert len(picture.calls) <= 2
        assert len(picture.alerts) <= 3
        assert len(picture.prompts) <= 3
    msgspec.json.encode(log.board.picture().calls)


@settings(deadline=None)
@given(st.lists(messages, max_size=40), st.sampled_from(["8001", "8002", ""]))
def test_an_agent_is_never_told_what_is_not_theirs(entries, agent):
    log = Log()
    for message in entries:
        for folded in log.tell(message):
            if folded and log.board.visible(folded.message, of_agent(agent)):
                match folded.message:
                    case Alert():
                        raise AssertionError
                    case Prompt(agent_id=owner):
                        assert owner == agent != ""
                    case Transcript(party=Party.AGENT) as words:
                        assert (words.emotion_p, words.raw) == ({}, "")
                    case CallStarted(agent_id=owner):
                        assert owner == agent != ""


@pytest.mark.parametrize("bad", ["", "x", "1-x", "-"])
def test_what_is_no_entry_id_is_a_value_error(bad):
    with pytest.raises(ValueError, match="invalid literal"):
        entry_time(bad)


def test_ids_are_ordered_as_numbers():
    assert entry_time("9-10") > entry_time("9-9")
    assert entry_time("10-0") > entry_time("9-9")
