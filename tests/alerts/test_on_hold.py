"""What is heard on hold, and what sounds like music."""

from dataclasses import replace

import pytest

from alerts.engine import Engine
from alerts.ids import counted
from alerts.on_hold import OnHold
from alerts.wire import Alert, Checklist
from streamer.events import AudioEvent, Draft, Held, Party
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, quiet, said
from tests.alerts.test_written import engine, rule

AGENT = Party.AGENT
ON, OFF = Held(CALL, 10.0, on=True), Held(CALL, 40.0, on=False)


def music(transcript, p=0.7):
    """The same, heard as music rather than speech."""
    return replace(transcript, events_p={AudioEvent.MUSIC: p, AudioEvent.SPEECH: 1 - p})


def alerts(events, *rules):
    it = engine(*rules) if rules else Engine(INFO, PLAYBOOK, counted())
    return [a for e in events for a in it.observe(e) if isinstance(a, Alert)]


def test_music_that_is_taken_for_speech_makes_nobody_angry():
    rant = [said("怎么回事", at=5.0 * i, angry=0.9, number=i) for i in range(1, 6)]
    assert alerts(rant)
    assert alerts(map(music, rant)) == []
    assert alerts([Draft(music(said("怎么回事", angry=0.9)))]) == []
    rules = [rule("[ANGRY] OR [ANGRY]>=0.1 OR rising([ANGRY],2)")]
    assert alerts(map(music, rant), *rules) == []


def test_words_over_music_are_words():
    """A customer with the radio on says what they say."""
    assert len(alerts([music(said("我要退货"))], rule("退货"))) == 1
    assert len(alerts([music(said("怎么回事", angry=0.9), p=0.4)], rule("[ANGRY]"))) == 1


def test_nobody_talks_over_music():
    def over(first, second):
        spread = lambda it: replace(  # noqa: E731
            it, tokens=tuple((c, it.start + 0.5 * i) for i, c in enumerate(it.text))
        )
        return alerts([spread(first), spread(second)], rule("[TALKOVER]>=2s"))

    customer = said("你先听我把话说完", lasted=5.0)
    agent = said("这个我们不负责的", at=1.0, lasted=5.0, party=AGENT, number=2)
    assert len(over(customer, agent)) == 1
    assert over(customer, music(agent)) == []


@pytest.mark.parametrize("party", [AGENT, Party.UNKNOWN])
def test_on_hold_only_the_customer_is_heard(party):
    announced = said("你去投诉吧", at=20.0, party=party)
    anything = rule("投诉")
    assert len(alerts([announced], anything)) == 1
    assert alerts([ON, announced], anything) == []
    assert len(alerts([ON, said("我要投诉", at=20.0)], anything)) == 1
    assert len(alerts([ON, OFF, replace(announced, start=41.0, end=43.0)], anything)) == 1


def test_what_was_said_just_before_hold_is_heard_though_it_is_recognized_late():
    before = said("你去投诉吧", at=8.0, lasted=3.0, party=AGENT)
    assert len(alerts([ON, before], rule("投诉"))) == 1
    during = said("你去投诉吧", at=38.0, lasted=3.0, party=AGENT)
    assert alerts([ON, OFF, during], rule("投诉")) == []


def test_an_announcement_on_hold_ticks_nothing_and_promises_nothing():
    it = Engine(INFO, PLAYBOOK, counted())
    for event in (*MET, ON):
        it.observe(event)
    thanks = said("感谢您的来电，请稍等", at=20.0, party=AGENT)
    assert it.observe(thanks) == []
    it.observe(OFF)
    ticked = it.observe(replace(thanks, start=50.0, end=53.0))
    assert [type(found) for found in ticked] == [Checklist]


def test_a_draft_on_hold_is_not_heard_either():
    hold = OnHold()
    assert not hold.hides(Draft(said(at=11.0, party=AGENT)))
    assert not hold.hides(ON)
    assert hold.hides(Draft(said(at=11.0, party=AGENT)))
    assert not hold.hides(quiet(11.0, 2.0))


def test_hold_is_remembered_over_a_restart():
    first, second = engine(rule("投诉")), engine(rule("投诉"))
    first.observe(ON)
    second.restore(first.state())
    assert second.observe(said("你去投诉吧", at=20.0, party=AGENT)) == []


def test_words_and_feelings_count_before_both_were_heard_but_silence_does_not():
    assert len(alerts([said("我要投诉", angry=0.9)], rule("[ANGRY] 投诉"))) == 2
    waits = [said("在吗"), quiet(3.0, 4.0)]
    assert alerts(waits, rule("[SILENCE]>=4s")) == []


def test_time_passes_on_hold_and_what_is_no_longer_met_is_over():
    it = [rule("投诉", hold=30.0)]
    announced = [said("感谢您的等待", at=t, party=AGENT, number=9) for t in (20.0, 40.0)]
    found = alerts([said("我要投诉"), ON, *announced], *it)
    assert [(a.state, a.at) for a in found] == [("active", 3.0), ("resolved", 43.0)]
    rant = [said("怎么回事", at=3.0 * i, angry=0.9, number=i) for i in range(3)]
    calm = [said("好的", at=9.0 + 2 * i, number=4 + i, lasted=2.0) for i in range(3)]
    late = said("感谢您的等待", at=70.0, party=AGENT, number=9)
    assert alerts([*rant, *calm, replace(ON, at=16.0), late])[-1].state == "resolved"
