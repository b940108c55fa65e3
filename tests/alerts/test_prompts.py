import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.floor import Floor
from alerts.ids import counted
from alerts.prompts import Prompter, choose
from streamer.events import AudioEvent, Held, Party, Transcript, Unheard
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, quiet, said

AGENT = Party.AGENT


def observe(*events, met=MET, playbook=PLAYBOOK):
    floor = Floor(playbook.silence.patience)
    it = Prompter(INFO, playbook, counted("p"), floor)
    found = []
    for event in (*met, *events):
        if isinstance(event, Transcript):
            floor.hear(event)
        found += it.observe(event)
    return found


def brief(prompts):
    return [(p.id, p.situation, p.state) for p in prompts]


def shown(*events, **options):
    return [p.situation for p in observe(*events, **options) if p.state == "shown"]


@pytest.mark.parametrize(
    ("turn", "customer", "agent", "situation"),
    [
        ("customer", "这个尺码不对", "", "silence_after_complaint"),
        ("customer", "每次都这么说，到底什么时候发货？", "", "silence_after_complaint"),
        ("customer", "怎么会过期呢？", "", "silence_after_complaint"),
        ("customer", "请问积分怎么用？", "", "silence_after_question"),
        ("customer", "嗯，好。", "您好。", "silence"),
        ("customer", "", "", "silence"),
        ("promise", "怎么会过期呢？", "请您稍等，我帮您查一下。", "silence_after_promise"),
        ("agent", "这个尺码不对", "您想换大一码，还是退款？", "customer_thinking"),
        ("agent", "这个尺码不对", "我给您登记一下", "agent_pause"),
    ],
)
def test_the_situation_is_what_came_before(turn, customer, agent, situation):
    assert choose(PLAYBOOK.prompt, turn, customer, agent).situation == situation


def test_two_seconds_after_the_customer_the_agent_is_prompted():
    [prompt] = observe(
        said("请问积分怎么用？", at=3.0, number=7), quiet(6.0, 1.2), quiet(6.0, 2.0)
    )
    assert (prompt.at, prompt.about, prompt.agent_id) == (8.0, 7, "8001")
    assert prompt.title.zh == "客户已沉默 2 秒——请先接住问题："
    assert prompt.quote == "请问积分怎么用？"
    assert prompt.say
    assert prompt.because.en


def test_what_is_said_after_a_stall_expires_it_though_its_time_lies_ahead_of_the_audio():
    """Its marks were counted by the clock: the audio goes on from where it had stopped."""
    asked = said("请问积分怎么用？", at=3.0)
    late = observe(asked, quiet(6.0, 2.0), said("请问积分怎么用？", at=2.0, lasted=3.5))
    assert [p.state for p in late] == ["shown"]
    told = observe(asked, quiet(6.0, 2.0), said("可以抵扣。", at=6.3, party=AGENT))
    assert [p.state for p in told] == ["shown", "expired"]


def test_once_a_silence():
    assert len(observe(quiet(6.0, 2.0), quiet(6.0, 5.0), quiet(6.0, 10.0))) == 1


def test_after_the_agent_s_own_words_it_is_softer_and_later():
    asked = said("您想换大一码，还是退款？", at=3.0, party=AGENT)
    assert shown(asked, quiet(6.0, 2.0, last=AGENT)) == []
    [prompt] = observe(asked, quiet(6.0, 2.0, last=AGENT), quiet(6.0, 5.0, last=AGENT))
    assert prompt.situation == "customer_thinking"
    assert prompt.title.zh == "客户在想（5 秒）——可以轻轻推一下："
    assert prompt.quote == "我想问一下。"
    assert shown(quiet(6.0, 5.0, last=AGENT)) == ["agent_pause"]


def test_not_where_nobody_knows_who_spoke():
    assert shown(quiet(6.0, 10.0, last=Party.UNKNOWN)) == []


# ---- a promise to look something up ----

PROMISE = said("请您稍等，我帮您查一下。", at=1.0, party=AGENT)


@pytest.mark.parametrize("last", [AGENT, Party.CUSTOMER])
@pytest.mark.parametrize("answer", [None, "好的，谢谢！", "嗯嗯。", "OK, thank you."])
def test_after_a_promise_the_customer_waits_longer_and_the_agent_is_reminded(last, answer):
    heard = [PROMISE, *([said(answer, at=4.5, lasted=1.0)] if answer else [])]
    marks = [quiet(6.0, lasted, last=last) for lasted in (1.2, 2.0, 5.0, 10.0)]
    assert shown(*heard, *marks) == []
    [prompt] = observe(*heard, *marks, quiet(6.0, 30.0, last=last))
    assert prompt.situation == "silence_after_promise"
    assert "30" in prompt.title.zh


@pytest.mark.parametrize("party", [AGENT, Party.CUSTOMER])
def test_a_promise_is_over_once_more_is_said_than_all_right(party):
    more = said("好的，那要等多久？", at=4.5, lasted=1.0, party=party)
    assert shown(PROMISE, more, quiet(6.0, 5.0, last=party)) != []


def test_a_promise_recognized_late_takes_the_prompt_back():
    found = observe(quiet(6.0, 2.0), PROMISE, quiet(6.0, 30.0))
    assert brief(found) == [
        ("p0001", "silence", "shown"),
        ("p0001", "silence", "expired"),
        ("p0002", "silence_after_promise", "shown"),
    ]


# ---- whom it is for, and how often ----


@pytest.mark.parametrize(
    "met",
    [
        (),
        (said("喂？"), said("有人吗？", at=4.0)),
        (said("欢迎致电，请按一。", party=AGENT),),
        (said("您好", party=AGENT), said("", at=4.0)),
    ],
)
def test_never_before_two_people_were_heard(met):
    assert shown(quiet(8.0, 2.0), quiet(8.0, 10.0), met=met) == []


def test_who_is_heard_first_after_the_mark_counts_from_then_on():
    late = said("我想问一下。", at=3.0, lasted=2.0)
    assert shown(quiet(5.0, 2.0), late, met=MET[:1]) == ["silence"]


def test_noise_answers_nothing():
    cough = said("", at=8.5, lasted=0.4, party=AGENT)
    assert [p.state for p in observe(quiet(6.0, 2.0), cough)] == ["shown"]
    assert observe(said("请问怎么用？", at=1.0), said("", at=4.5), quiet(6.0, 2.0))[0].quote


def test_so_many_a_call_and_no_more():
    few = replace(PLAYBOOK, silence=replace(PLAYBOOK.silence, most_prompts=2))
    pauses = [quiet(10.0 * n, 2.0) for n in range(1, 6)]
    assert len(shown(*pauses)) == 5
    assert len(shown(*pauses, playbook=few)) == 2
    none = replace(PLAYBOOK, silence=replace(PLAYBOOK.silence, most_prompts=0))
    assert shown(*pauses, playbook=none) == []


def test_a_silence_taken_up_again_after_noise_is_not_prompted_for_twice():
    """Its end was told, and another silence counted since: see docs/adr/0030."""
    found = observe(
        quiet(6.0, 1.2),
        quiet(6.0, 1.5, ended=True),
        quiet(8.0, 2.0),
        quiet(8.0, 2.4, ended=True),
        quiet(6.0, 2.0),
        quiet(6.0, 10.0),
    )
    assert [p.state for p in found] == ["shown"]


def test_it_stays_while_the_agent_says_it_and_expires_with_the_sentence():
    found = observe(
        quiet(6.0, 2.0), quiet(6.0, 2.5, ended=True), said("我帮您看看", at=8.5, party=AGENT)
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


def test_what_it_remembers_goes_on_elsewhere():
    floor = Floor(PLAYBOOK.silence.patience)
    here, there = (Prompter(INFO, PLAYBOOK, counted(p), floor) for p in "ab")
    for event in MET:
        floor.hear(event)
    here.observe(quiet(6.0, 2.0))
    there.restore(here.state())
    assert there.observe(quiet(6.0, 5.0)) == []
    assert [p.id for p in there.observe(closed(9.0))] == ["a0001"]


# ---- properties ----

words = st.sampled_from(["好的", "请稍等", "怎么还不发货？", "", "您好", "差评"])
events = st.tuples(
    st.sampled_from(["said", "quiet", "late", "hold", "unhold", "unheard"]),
    st.sampled_from([Party.CUSTOMER, AGENT, Party.UNKNOWN]),
    words,
    st.sampled_from([1.2, 2.0, 5.0, 10.0, 30.0]),
)


@st.composite
def calls(draw):
    """Sentences, some of them recognized after the silence that follows; holds."""
    at, told, late = 0.0, [], []
    steps = draw(st.lists(events, max_size=30))
    for number, (kind, party, text, lasted) in enumerate(steps, 1):
        sentence = said(text, at=at, lasted=1.0, party=party, number=number)
        match kind:
            case "said" | "late":
                at += 1.0
                (told if kind == "said" else late).append(sentence)
            case "unheard":
                told.append(Unheard(CALL, number, party, at, at + 1.0, "shed"))
                at += 1.0
            case "quiet":
                marks = [m for m in (1.2, 2.0, 5.0, 10.0, 30.0) if m <= lasted]
                told += [quiet(at, mark, last=party) for mark in marks]
                told += [*late, quiet(at, lasted + 0.5, last=party, ended=True)]
                at, late = at + lasted + 0.5, []
            case _:
                told.append(Held(CALL, at, kind == "hold"))
    return [*told, closed(at + 1)]


@given(calls())
def test_one_at_a_time_never_too_many_and_none_left(told):
    open_prompt, situations = None, []
    for prompt in observe(*told, met=()):
        if prompt.state == "shown":
            assert open_prompt is None
            open_prompt = prompt
            situations.append(prompt)
        else:
            assert open_prompt is not None
            assert open_prompt.id == prompt.id
            open_prompt = None
    assert open_prompt is None
    assert len({p.at for p in situations}) <= PLAYBOOK.silence.most_prompts


def test_events_without_words_are_no_words():
    laugh = said("", at=1.0, party=AGENT)
    assert AudioEvent.SPEECH in laugh.events
    assert shown(laugh, quiet(6.0, 2.0), met=MET[1:]) == []
