import pytest

from alerts.ids import counted
from alerts.prompts import Prompter, choose
from streamer.events import Held, Party, Unheard
from tests.alerts.heard import CALL, INFO, PLAYBOOK, closed, quiet, said


def observe(*events):
    it = Prompter(INFO, PLAYBOOK, counted("p"))
    return [prompt for event in events for prompt in it.observe(event)]


def brief(prompts):
    return [(p.id, p.situation, p.state) for p in prompts]


@pytest.mark.parametrize(
    ("customer", "agent", "situation"),
    [
        ("这个尺码不对", "", "silence_after_complaint"),
        ("每次都这么说，到底什么时候发货？", "", "silence_after_complaint"),
        ("怎么会过期呢？", "", "silence_after_complaint"),
        ("请问积分怎么用？", "", "silence_after_question"),
        ("嗯，好。", "请您稍等，我帮您查一下。", "silence_after_promise"),
        ("嗯，好。", "您好。", "silence"),
        ("", "", "silence"),
    ],
)
def test_the_situation_is_what_came_before(customer, agent, situation):
    assert choose(PLAYBOOK.prompt, customer, agent).situation == situation


def test_two_seconds_after_the_customer_the_agent_is_prompted():
    [prompt] = observe(
        said("请问积分怎么用？", at=3.0, number=7), quiet(6.0, 1.2), quiet(6.0, 2.0)
    )
    assert (prompt.at, prompt.about, prompt.agent_id) == (8.0, 7, "8001")
    assert prompt.title.zh == "客户已沉默 2 秒——请先接住问题："
    assert prompt.say
    assert prompt.because.en


def test_once_a_silence():
    assert len(observe(quiet(6.0, 2.0), quiet(6.0, 10.0))) == 1


def test_not_when_the_agent_spoke_last():
    assert observe(quiet(6.0, 2.0, last=Party.AGENT)) == []


def test_it_stays_while_the_agent_says_it_and_expires_with_the_sentence():
    found = observe(
        quiet(6.0, 2.0),
        quiet(6.0, 2.5, ended=True),
        said("我帮您看看", at=8.5, party=Party.AGENT),
    )
    assert brief(found) == [("p0001", "silence", "shown"), ("p0001", "silence", "expired")]


@pytest.mark.parametrize(
    "event",
    [Held(CALL, 9.0, True), closed(9.0), Unheard(CALL, 2, Party.AGENT, 8.5, 9.0, "shed")],
)
def test_it_expires_with_hold_the_end_or_speech_that_could_not_be_heard(event):
    assert [p.state for p in observe(quiet(6.0, 2.0), event)] == ["shown", "expired"]


def test_what_was_said_before_it_and_not_heard_does_not_end_it():
    late = Unheard(CALL, 2, Party.CUSTOMER, 3.0, 6.0, "failed")
    assert [p.state for p in observe(quiet(6.0, 2.0), late)] == ["shown"]


def test_a_new_one_replaces_it():
    found = observe(quiet(6.0, 2.0), quiet(6.0, 3.0, ended=True), quiet(9.5, 2.0))
    assert brief(found) == [
        ("p0001", "silence", "shown"),
        ("p0001", "silence", "replaced"),
        ("p0002", "silence", "shown"),
    ]


def test_words_recognized_late_give_a_better_prompt():
    late = said("什么时候能送到？", at=3.0)
    assert brief(observe(quiet(6.0, 2.0), late)) == [
        ("p0001", "silence", "shown"),
        ("p0001", "silence", "replaced"),
        ("p0002", "silence_after_complaint", "shown"),
    ]
    assert len(observe(quiet(6.0, 2.0), said("嗯", at=3.0))) == 1


def test_nothing_is_left_after_the_end():
    assert [p.state for p in observe(quiet(6.0, 2.0), closed(9.0), closed(9.0))] == [
        "shown",
        "expired",
    ]
