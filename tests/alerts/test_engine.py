from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine, EngineState
from alerts.episodes import KEPT_EVIDENCE, RANK, Episodes, Finding
from alerts.ids import counted
from alerts.playbook import Playbook
from alerts.wire import Alert, Checklist, Prompt, Words, decode, encode
from streamer.events import CallId, Draft, Emotion, Held, Party, Transcript
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, quiet, said

WORDS = Words("因", "why")


BY_HAND = msgspec.structs.replace(PLAYBOOK, rule=())
"""Without the rules that are written as expressions: see test_written.py."""


def engine(info=INFO, playbook=BY_HAND):
    return Engine(info, playbook, counted())


def alerts(it, events):
    found = [out for event in events for out in it.observe(event)]
    return [out for out in found if isinstance(out, Alert)]


def rant(scores, *, start=0.0, step=5.0, text="怎么回事"):
    return [said(text, at=start + i * step, angry=p) for i, p in enumerate(scores)]


def brief(found):
    return [(a.id, a.rev, a.severity, a.state, a.count) for a in found]


def test_two_of_the_last_three_raise_one_alert_that_grows():
    found = alerts(engine(), rant([0.1, 0.9, 0.1, 0.8, 0.95]))
    assert brief(found) == [
        ("id0001", 1, "high", "active", 2),
        ("id0001", 2, "high", "active", 3),
    ]
    first, last = found
    assert (first.since, first.at, last.since, last.at) == (5.0, 18.0, 5.0, 23.0)
    assert [e.p for e in first.evidence] == [0.9, 0.8]
    assert {e.emotion for e in last.evidence} == {Emotion.ANGRY}
    assert last.score == 0.95
    assert first.rule_version == PLAYBOOK.version
    assert (first.agent_id, first.queue, first.party) == ("8001", "after-sales", "customer")
    assert first.why.zh == "最近 3 句中有 2 句听起来生气（共 6 秒）"


def test_one_angry_sentence_is_not_enough():
    assert alerts(engine(), [*rant([0.9, 0.1, 0.1, 0.9]), closed()]) == []


def test_one_with_a_risk_phrase_is_critical_at_once():
    [found] = alerts(engine(), [said("我要投诉", angry=0.9)])
    assert (found.severity, found.count) == ("critical", 1)
    assert "投诉" in found.why.zh


def test_a_risk_phrase_in_a_calm_voice_raises_nothing():
    assert alerts(engine(), [said("我要投诉", angry=0.1)]) == []


def test_a_negated_risk_phrase_does_not_count():
    assert alerts(engine(), [said("我不是要投诉", angry=0.9)]) == []


def test_a_risk_phrase_within_the_episode_raises_the_severity_even_in_a_calm_voice():
    found = alerts(engine(), [*rant([0.9, 0.9]), said("那我就打12315", at=20.0, angry=0.1)])
    assert [a.severity for a in found] == ["high", "critical"]
    assert found[1].evidence[-1].emotion is Emotion.NEUTRAL
    assert found[1].count == 2


def test_many_angry_sentences_are_critical():
    found = alerts(engine(), rant([0.9] * 5))
    assert [a.severity for a in found] == ["high", "high", "high", "critical"]


def test_the_episode_ends_when_calm_has_lasted_for_the_window():
    found = alerts(engine(), rant([0.9, 0.9, 0.2, 0.4, *[0.2] * 8]))
    assert [(a.state, a.outcome, a.at) for a in found[1:]] == [("resolved", "hysteresis", 48.0)]


def test_calm_also_lasts_while_others_speak_or_nobody_does():
    calm = rant([0.9, 0.9, 0.1, 0.1, 0.1])  # last angry at 8
    agent = said("请您稍等", at=36.0, party=Party.AGENT)
    [*_, end] = alerts(engine(), [*calm, agent])
    assert (end.outcome, end.at) == ("hysteresis", 39.0)
    [*_, end] = alerts(engine(), [*calm, quiet(36.5, 2.0)])
    assert (end.outcome, end.at) == ("hysteresis", 38.5)


def test_calm_lowers_what_is_critical_and_the_next_climb_shows_again():
    events = [*rant([0.9] * 5), *rant([0.1] * 3, start=25.0)]
    events += [said("我要投诉", at=41.0, angry=0.9), closed()]
    found = alerts(engine(), events)
    assert [a.severity for a in found] == [
        *["high"] * 3, "critical", "high", "critical", "critical",
    ]  # fmt: skip
    assert {a.id for a in found} == {"id0001"}
    assert [a.count for a in found] == [2, 3, 4, 5, 5, 6, 6]


def test_after_calm_it_takes_news_to_be_critical_again():
    calm = rant([0.1] * 3, start=25.0)
    found = alerts(engine(), [*rant([0.9] * 5), *calm, *rant([0.9] * 5, start=40.0)])
    assert [a.severity for a in found[3:]] == ["critical", *["high"] * 5, "critical"]
    assert [a.count for a in found[3:]] == [5, 5, 6, 7, 8, 9, 10]


def test_long_anger_needs_no_second_sentence():
    [found] = alerts(engine(), [said("你们到底管不管", lasted=8.5, angry=0.9)])
    assert (found.severity, found.count) == ("high", 1)
    assert found.why.zh == "有 1 句听起来生气（共 8 秒）"


def test_angry_seconds_add_up_over_the_window_whatever_lies_between():
    between = [said(at=5 + i, lasted=0.9, angry=0.0) for i in range(3)]
    near = [said(lasted=4.1, angry=0.9), *between, said(at=20.0, lasted=4.1, angry=0.9)]
    far = [said(lasted=4.1, angry=0.9), *between, said(at=40.0, lasted=4.1, angry=0.9)]
    assert [(a.count, a.since) for a in alerts(engine(), near)] == [(2, 0.0)]
    assert alerts(engine(), far) == []


def test_no_evidence_does_not_calm():
    nothing = [said(at=20 + i, unknown=1.0) for i in range(5)]
    found = alerts(engine(), [*rant([0.9, 0.9]), *nothing])
    assert [a.state for a in found] == ["active"]


def test_after_the_end_it_rests_in_call_time_but_a_higher_severity_passes():
    first = rant([0.9, 0.9, *[0.1] * 6])  # ends at 38
    soon = rant([0.9, 0.9, 0.1], start=40.0)
    it = engine()
    assert len(alerts(it, [*first, *soon])) == 2
    [raised] = alerts(it, [said("我要起诉你们", at=60.0, angry=0.9)])
    assert (raised.id, raised.severity) == ("id0002", "critical")


def test_it_is_raised_again_once_rested():
    found = alerts(engine(), rant([0.9, 0.9, *[0.1] * 12, 0.9, 0.9]))
    assert [(a.id, a.state) for a in found[:3]] == [
        ("id0001", "active"),
        ("id0001", "resolved"),
        ("id0002", "active"),
    ]
    assert found[2].at >= 38.0 + PLAYBOOK.angry.cooldown


def test_without_consent_no_emotion_is_looked_at():
    it = engine(replace(INFO, emotion=False))
    assert alerts(it, [said("我要投诉", at=i, angry=1.0) for i in range(9)]) == []


@pytest.mark.parametrize("party", [Party.AGENT, Party.UNKNOWN])
def test_nobody_but_the_customer_raises_anger(party):
    events = [said("我要投诉", at=i, angry=1.0, party=party) for i in range(9)]
    assert alerts(engine(), events) == []


def test_dead_air_is_one_alert_that_ends_with_the_silence():
    events = [*MET, said("什么时候送到？", at=3.0)]
    events += [quiet(6.0, t) for t in (1.2, 2.0, 10.0)] + [quiet(6.0, 14.2, ended=True)]
    found = alerts(engine(), events)
    assert [(a.rev, a.kind, a.state, a.at) for a in found] == [
        (1, "SILENCE", "active", 16.0),
        (2, "SILENCE", "resolved", 20.2),
    ]
    assert found[0].text == "什么时候送到？"
    assert found[0].evidence[0].emotion is Emotion.UNKNOWN
    assert found[1].why.zh == "双方沉默了 14 秒，最后说话的是客户"
    assert found[1].outcome == "hysteresis"


def test_a_second_dead_air_right_after_the_first_is_not_swallowed():
    events = [*MET, quiet(0, 10.0), quiet(0, 11.0, ended=True), quiet(11.5, 10.0)]
    first, end, second = alerts(engine(), events)
    assert (first.id, end.state, second.rev) == (end.id, "resolved", 1)
    assert second.id != first.id


def test_hold_ends_dead_air():
    found = alerts(engine(), [*MET, quiet(0, 10.0), Held(CALL, 12.0, True)])
    assert [(a.state, a.outcome) for a in found] == [("active", ""), ("resolved", "hold")]


def test_a_promise_to_look_it_up_gives_dead_air_more_time():
    promise = said("请您稍等，我帮您查一下。", at=1.0, party=Party.AGENT)
    marks = [quiet(4.0, t, last=Party.AGENT) for t in (10.0, 30.0, 40.0)]
    [found] = alerts(engine(), [*MET, promise, *marks])
    assert (found.at, found.severity) == (44.0, "high")


def test_dead_air_needs_two_people_unless_nobody_knows_who_speaks():
    assert alerts(engine(), [said("喂？"), quiet(3.0, 10.0)]) == []
    unknown = said("喂？", party=Party.UNKNOWN)
    [found] = alerts(engine(), [unknown, quiet(3.0, 10.0, last=Party.UNKNOWN)])
    assert found.why.zh == "双方沉默了 10 秒"


def test_what_was_heard_without_words_is_no_quote():
    cough = said("", at=-3.0, lasted=0.4)
    [found] = alerts(engine(), [*MET, cough, quiet(-4.0, 10.0)])
    assert found.text == "我想问一下。"


# ---- prompted again and again ----


def pause(at, *marks):
    return [*(quiet(at, mark) for mark in marks), quiet(at, marks[-1] + 0.5, ended=True)]


def answered(at):
    return said("是这样的。", at=at, lasted=1.0, party=Party.AGENT)


def test_the_third_prompt_of_a_call_is_told_and_lasts_until_there_were_none_for_a_while():
    events = [*MET]
    for at in (0.0, 10.0, 20.0):
        events += [*pause(at, 2.0), answered(at + 2.5)]
    found = alerts(engine(), [*events, answered(81.9 - 1.0), answered(82.0 - 1.0)])
    assert [(a.severity, a.state, a.count, a.at) for a in found] == [
        ("watch", "active", 3, 22.0),
        ("watch", "resolved", 3, 82.0),
    ]
    assert found[0].why.zh == "这通电话里，坐席已经第 3 次需要提示才开口"
    assert found[0].text == "是这样的。"


def test_more_prompts_are_the_same_alert_and_dead_air_raises_it_for_as_long_as_it_lasts():
    events = [*MET]
    for at in (0.0, 10.0, 20.0, 30.0):
        events += [*pause(at, 2.0), answered(at + 2.5)]
    events += [*pause(50.0, 2.0, 10.0), answered(61.0), closed(70.0)]
    found = alerts(engine(), events)
    assert {a.id for a in found} == {found[0].id}
    assert [(a.severity, a.state, a.at) for a in found] == [
        ("watch", "active", 22.0),
        ("watch", "active", 32.0),
        ("watch", "active", 52.0),
        ("high", "active", 60.0),
        ("watch", "active", 60.5),
        ("watch", "resolved", 70.0),
    ]


def test_that_is_told_once_a_call():
    events = [*MET]
    for n in range(6):
        events += [*pause(100.0 * n, 2.0), answered(100.0 * n + 90.0)]
    found = alerts(engine(), events)
    assert [(a.state, a.count) for a in found] == [("active", 3), ("resolved", 3)]


def test_a_restored_engine_prompts_and_ticks_on():
    here, there = engine(), engine()
    for event in (*MET, *pause(0.0, 2.0), answered(2.5), *pause(10.0, 2.0), answered(12.5)):
        here.observe(event)
    there.restore(msgspec.json.decode(msgspec.json.encode(here.state()), type=EngineState))
    rest = [*pause(20.0, 2.0), said("请提供您的订单号。", at=24.0, party=Party.AGENT), closed()]
    told = [[out for e in rest for out in it.observe(e)] for it in (here, there)]
    plain = [[replace_id(out) for out in each] for each in told]
    assert plain[0] == plain[1]
    assert {type(out) for out in told[1]} == {Alert, Prompt, Checklist}


def replace_id(out):
    return msgspec.structs.replace(out, id="") if hasattr(out, "id") else out


def test_a_longer_limit_raises_the_severity():
    limits = msgspec.structs.replace(PLAYBOOK.silence, critical=30.0)
    it = engine(playbook=msgspec.structs.replace(PLAYBOOK, silence=limits))
    found = alerts(it, [*MET, quiet(0, 10.0), quiet(0, 30.0)])
    assert [(a.rev, a.severity) for a in found] == [(1, "high"), (2, "critical")]


def test_the_call_s_end_ends_all_of_it_once():
    it = engine()
    events = [*MET, *rant([0.9, 0.9]), quiet(8.0, 10.0), closed(20.0), closed(20.0)]
    found = alerts(it, events)
    ends = [(a.kind, a.state, a.outcome, a.at) for a in found[2:]]
    assert ends == [
        ("ANGRY", "resolved", "call_end", 20.0),
        ("SILENCE", "resolved", "call_end", 20.0),
    ]


def test_an_episode_s_severity_and_score_never_fall_by_a_finding():
    it = Episodes(INFO, "3f2a", 30.0, counted())
    finding = Finding("KEYWORD", "r", "critical", Party.CUSTOMER, 9, 5, "x", 1, 0.9, (), WORDS)
    it.found(finding)
    [later] = it.found(msgspec.structs.replace(finding, severity="watch", score=0.1, count=2))
    assert (later.rev, later.severity, later.score, later.count) == (2, "critical", 0.9, 2)


# ---- properties ----

party = st.sampled_from([Party.CUSTOMER, Party.CUSTOMER, Party.AGENT, Party.UNKNOWN])
texts = st.sampled_from(["嗯", "我要投诉", "不投诉", "怎么还不发货？", "差评", "好的谢谢"])
utterances = st.tuples(texts, st.floats(0, 1), st.floats(0, 1), party, st.floats(0.1, 8))
silences = st.sampled_from([(1.2, False), (2.0, False), (10.0, False), (12.0, True)])


@st.composite
def calls(draw, call=CALL):
    """Any call: sentences and silences in order of time."""
    at, events = 0.0, []
    for step in draw(st.lists(utterances | silences, max_size=40)):
        if len(step) == 2:
            events.append(quiet(at, step[0], ended=step[1], call=call))
            at += 12.5 if step[1] else 0.0
        else:
            text, angry, unknown, who, lasted = step
            share = max(angry + unknown, 1.0)
            events.append(
                said(
                    text,
                    at=at,
                    lasted=lasted,
                    angry=angry / share,
                    unknown=unknown / share,
                    party=who,
                    call=call,
                )
            )
            at += lasted + 0.5
    return [*events, closed(at + 1, call)]


@given(calls())
def test_one_alert_an_episode_its_revisions_without_a_gap(events):
    open_by_rule, seen = {}, set()
    for alert in alerts(engine(playbook=PLAYBOOK), events):
        running = open_by_rule.get(alert.rule)
        if running is None:
            assert alert.rev == 1
            assert alert.id not in seen
        else:  # one at a time, its revisions without a gap
            assert (alert.id, alert.rev) == (running.id, running.rev + 1)
            assert alert.score >= running.score
        seen.add(alert.id)
        assert len(alert.evidence) <= KEPT_EVIDENCE
        open_by_rule[alert.rule] = None if alert.state == "resolved" else alert
    assert not any(open_by_rule.values())


@given(calls())
def test_the_cooldown_is_kept_in_call_time(events):
    cooldown = {"ANGRY": PLAYBOOK.angry.cooldown, "SILENCE": PLAYBOOK.silence.cooldown}
    ended = {}
    for alert in alerts(engine(), events):
        last = ended.get(alert.kind)
        if alert.rev == 1 and last is not None:
            risen = RANK[alert.severity] > RANK[last.severity]
            assert risen or alert.at >= last.at + cooldown[alert.kind]
        if alert.state == "resolved":
            ended[alert.kind] = alert


@given(calls())
def test_a_rise_is_never_lost(events):
    """An angry sentence with a risk phrase always shows as critical, raised or as a rise. Only
    a rest after a critical one is quiet."""
    it, open_alert, rested = engine(), None, None
    for event in events:
        for alert in alerts(it, [event]):
            if alert.kind == "ANGRY":
                ended = alert.state == "resolved"
                open_alert, rested = (None, alert) if ended else (alert, rested)
        risky = getattr(event, "text", "") in ("我要投诉", "差评")
        loud = risky and event.party is Party.CUSTOMER and _score(event) >= PLAYBOOK.angry.enter
        if loud and not (rested and rested.severity == "critical"):
            assert open_alert is not None
            assert open_alert.severity == "critical"


def _score(event):
    known = 1.0 - event.emotion_p[Emotion.UNKNOWN]
    if known < PLAYBOOK.angry.least_known + 0.01 or event.end - event.start < 0.41:
        return 0.0
    weight = min(1.0, (event.end - event.start) / PLAYBOOK.angry.full_after)
    return event.emotion_p[Emotion.ANGRY] / known * weight - 1e-6


@given(calls(), calls(CallId("other")), st.randoms())
def test_calls_do_not_notice_each_other(one, other, random):
    alone = [alerts(engine(playbook=PLAYBOOK), events) for events in (one, other)]
    engines, found = [engine(playbook=PLAYBOOK), engine(playbook=PLAYBOOK)], [[], []]
    left = [list(one), list(other)]
    while any(left):
        which = random.choice([i for i in (0, 1) if left[i]])
        found[which] += alerts(engines[which], [left[which].pop(0)])
    assert found == alone


@given(calls())
def test_what_the_agent_feels_changes_nothing(events):
    def furious(event):
        if isinstance(event, Draft):
            return Draft(furious(event.so_far))
        if getattr(event, "party", Party.CUSTOMER) is Party.CUSTOMER:
            return event
        return replace(event, emotion=Emotion.ANGRY, emotion_p={Emotion.ANGRY: 1.0})

    drafted = [
        each
        for event in events
        for each in ((Draft(event), event) if isinstance(event, Transcript) else (event,))
    ]
    plain, angry = engine(playbook=PLAYBOOK), engine(playbook=PLAYBOOK)
    assert [plain.observe(e) for e in drafted] == [angry.observe(furious(e)) for e in drafted]


@given(calls())
def test_everything_found_survives_the_wire(events):
    it = engine(playbook=PLAYBOOK)
    for event in events:
        for found in it.observe(event):
            assert isinstance(found, Alert | Prompt | Checklist)
            assert decode(encode(found)) == found


def test_the_playbook_is_one_value():
    assert isinstance(PLAYBOOK, Playbook)
