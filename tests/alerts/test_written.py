"""Rules written as expressions, over whole calls."""

import msgspec
import pytest

from alerts.engine import Engine
from alerts.ids import counted
from alerts.settings import Rule
from alerts.wire import Alert, Words
from streamer.events import CallInfo, Emotion, Held, Party, Stalled
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, feeling, laughing, quiet, said

AGENT = Party.AGENT


def rule(when, **fields):
    return Rule("it", "KEYWORD", "high", when, Words("因", "why"), **fields)


def engine(*rules, info=INFO, words=PLAYBOOK.words):
    angry = msgspec.structs.replace(PLAYBOOK.angry, enough=3, enough_seconds=3600.0)
    playbook = msgspec.structs.replace(PLAYBOOK, rule=rules, angry=angry, words=words)
    return Engine(info, playbook, counted())


def raised(when, events, info=INFO):
    """What the rule raises: (severity, count, since, at) of each revision, but of the end."""
    it = engine(rule(when), info=info)
    found = [
        a for e in events for a in it.observe(e) if isinstance(a, Alert) and a.rule == "it"
    ]
    return [(a.count, a.since, a.at) for a in found if a.state == "active"]


CALM, RETURN = said("好的，谢谢", at=0.0), said("我要退货", at=10.0, angry=0.9)
REFUND = said("我要退款", at=20.0, angry=0.1)
NO = said("这个不行", at=30.0, party=AGENT)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ("退货", 1),
        ("[ANGRY] AND 退货", 1),
        ("[ANGRY] AND 退款", 0),
        ("[ANGRY] 退款 within:15s", 1),
        ("[ANGRY] 退款 within:5s", 0),
        ("[ANGRY]>=0.8 退货", 1),
        ("[ANGRY]>=0.95 退货", 0),
        ("[ANGRY]<0.5 退款", 1),
        ("[NEUTRAL] 退货", 0),
        ("party:customer 退货", 1),
        ("party:agent 退货", 0),
        ("party:agent 不行", 1),
        ("(party:customer [ANGRY]) (party:agent 不行) within:30s", 1),
        ("(party:customer [ANGRY]) (party:agent 不行) within:10s", 0),
        ("party:customer [ANGRY] 不行 within:30s", 0),
        ("退款 NOT [ANGRY]", 1),
        ("退款 NOT [ANGRY] within:30s", 0),
        ("退款 NOT 不行 within:30s", 1),
        ("(退货 OR 退款) count>=2 within:15s", 1),
        ("(退货 OR 退款) count>=2 within:5s", 0),
        ("(退货 OR 退款) count>=3 within:60s", 0),
        ("queue:after-sales 退货", 1),
        ("queue:sales 退货", 0),
        ("agent:8001 退货", 1),
        ("agent:8002 退货", 0),
        ("lang:zh 退货", 1),
        ("lang:yue 退货", 0),
        ("at>12s 退货", 1),
        ("at>14s 退货", 0),
        ("at<14s 退货", 1),
        ("words:leaving [ANGRY]", 1),
        ("words:despair", 0),
        ('"退 货"', 1),
        ("推货~", 1),
        ("推货", 0),
        ("退貨", 1),
        ("rising([ANGRY],2)", 1),
        ("rising([ANGRY],3)", 0),
        ("[TALKOVER]>1s", 0),
        ("[LAUGHTER]", 0),
    ],
)
def test_a_line_says_what_is_heard(when, found):
    assert len(raised(when, [CALM, RETURN, REFUND, NO])) == found


def test_negated_words_do_not_count_but_quoted_ones_do():
    assert raised("退货", [said("我不退货")]) == []
    assert raised('"退货"', [said("我不退货")]) == [(1, 0.0, 3.0)]
    assert raised("退货", [said("我不是来退货的，我要退货")]) == [(1, 0.0, 3.0)]


def test_silence_belongs_to_the_sentence_before_it():
    events = [*MET, said("怎么退款？"), quiet(3.0, 4.0), quiet(3.0, 10.0)]
    assert raised("退款 [SILENCE]>=4s", events) == [(1, 0.0, 7.0)]
    assert raised("退款 [SILENCE]>4.5s", events) == [(1, 0.0, 13.0)]
    assert raised("退货 [SILENCE]>=4s", events) == []
    later = [*events[:-1], said("您好", at=9.0, party=AGENT), said("在", at=13.0)]
    assert raised("[SILENCE]>=4s 在 within:30s", later) == [(2, 0.0, 16.0)]


def test_a_sentence_that_is_recognized_during_its_silence_has_it():
    events = [*MET, quiet(3.0, 4.0), said("怎么退款？")]
    assert raised("退款 [SILENCE]>=4s", events) == [(1, 0.0, 3.0)]


def test_before_both_have_been_heard_nothing_is_a_silence():
    waits = [said("怎么退款？"), quiet(3.0, 4.0), quiet(3.0, 10.0)]
    assert raised("退款 [SILENCE]>=4s", waits) == []
    answered = [*waits, said("您好", at=14.0, party=AGENT), quiet(17.0, 4.0)]
    assert raised("您好 [SILENCE]>=4s", answered) == [(1, 14.0, 21.0)]


def test_no_alert_comes_late():
    """The sentence that is new must have its part, also where the rest came before."""
    events = [said("退货"), said("等等", at=5.0), said("嗯", at=10.0), said("退款", at=15.0)]
    assert raised("退货 OR [SILENCE]>90s", events) == [(1, 0.0, 3.0)]
    assert raised("退货 退款 within:30s", events) == [(2, 0.0, 18.0)]
    assert raised("退货 NOT 等等 within:2s", events) == [(1, 0.0, 3.0)]


def test_anger_that_rises_and_is_met_with_silence_escalates():
    rant = [said("怎么还没到", at=5.0 * i, angry=p) for i, p in enumerate((0.1, 0.4, 0.8))]
    when = "party:customer rising([ANGRY],3) [SILENCE]>=4s"
    assert raised(when, [*MET, *rant, quiet(13.0, 4.0)]) == [(3, 0.0, 17.0)]
    level = [said("怎么还没到", at=5.0 * i, angry=p) for i, p in enumerate((0.4, 0.4, 0.8))]
    assert raised(when, [*MET, *level, quiet(13.0, 4.0)]) == []
    between = [rant[0], said("您稍等", at=4.0, lasted=0.5, party=AGENT), *rant[1:]]
    assert raised(when, [*between, quiet(13.0, 4.0)]) == [(3, 0.0, 17.0)]


def alerts(it, events):
    return [a for e in events for a in it.observe(e) if isinstance(a, Alert)]


def bundled():
    return Engine(INFO, PLAYBOOK, counted())


@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("KEYWORD", [said("再这样我就去找消协", angry=0.1)]),
        ("KEYWORD", [said("再这样我就去找小谢", angry=0.1)]),
        ("KEYWORD", [said("我要退货", angry=0.9)]),
        ("KEYWORD", [said("你去投诉吧", party=AGENT)]),
        ("LAUGHTER", [laughing(said("你们客服可真行"))]),
        ("LAUGHTER", [said("呵呵"), said("垃圾公司", at=5.0)]),
        ("LAUGHTER", [laughing(said("是吗", angry=0.7))]),
        ("LAUGHTER", [said("垃圾公司"), laughing(said("是吗", at=5.0))]),
        ("SAD", [feeling(said("唉", at=i), Emotion.SAD) for i in (0.0, 5.0)]),
        ("ESCALATION", [said("凭什么", angry=0.9), said("没办法", at=5.0, party=AGENT)]),
        ("STALLED", [Stalled(CALL, 20.0, 5.0)]),
        (
            "TALKOVER",
            [
                said("你先听我把话说完", lasted=5.0),
                said("这个我们不负责的", at=1.0, lasted=5.0, party=AGENT),
            ],
        ),
    ],
)
def test_the_bundled_rules_hear_each_kind(kind, events):
    for event in events:
        if hasattr(event, "tokens"):  # spread over the sentence, as spoken
            step = (event.end - event.start) / len(event.text)
            tokens = tuple((c, event.start + i * step) for i, c in enumerate(event.text))
            object.__setattr__(event, "tokens", tokens)
    found = alerts(bundled(), events)
    assert [a.kind for a in found] == [kind]
    assert found[0].rule_version == PLAYBOOK.version
    assert found[0].why.zh
    assert found[0].why.en


@pytest.mark.parametrize(
    "events",
    [
        [laughing(said("谢谢你，真好"))],
        [said("垃圾公司"), laughing(feeling(said("太好了", at=5.0), Emotion.HAPPY))],
        [said("垃圾公司"), laughing(said("是吗", at=9.0))],
        [laughing(said("可真行", party=AGENT))],
        [said("我不投诉，也不找消协")],
        [feeling(said("唉"), Emotion.SAD)],
        [feeling(said("唉", at=i, party=AGENT), Emotion.SAD) for i in (0.0, 5.0)],
        [said("我要退货")],
        [said("没办法", party=AGENT), said("好的", at=5.0)],
    ],
)
def test_the_bundled_rules_leave_the_rest_alone(events):
    assert alerts(bundled(), events) == []


def test_without_consent_no_rule_sees_an_emotion():
    events = [feeling(said("我要退货", at=5.0 * i), Emotion.ANGRY) for i in range(9)]
    silent = CallInfo(CALL, emotion=False)
    assert raised("[ANGRY] OR [ANGRY]>=0.1 OR rising([ANGRY],2)", events, silent) == []
    assert len(raised("退货", events, silent)) == 9


def test_one_alert_an_episode_held_for_the_rule_s_time_and_then_a_rest():
    it = engine(rule("退货", hold=20.0, cooldown=30.0))
    events = [said("退货", at=t) for t in (0.0, 10.0)]  # met at 3 and 13
    events += [said("好的", at=t) for t in (20.0, 29.0, 35.0)]  # 32 is within the hold
    events += [said("退货", at=t) for t in (50.0, 66.0)]  # ended at 38: rests until 68
    found = [(a.id, a.state, a.count, a.at) for a in alerts(it, events)]
    assert found == [
        ("id0001", "active", 1, 3.0),
        ("id0001", "active", 2, 13.0),
        ("id0001", "resolved", 2, 38.0),
        ("id0002", "active", 1, 69.0),
    ]


def test_a_graver_expression_raises_the_severity_also_within_the_episode():
    it = engine(rule("退货", critical="[ANGRY]>=0.5 (退货 OR 退款)"))
    events = [said("退货"), said("退款", at=5.0), said("退款", at=9.0, angry=0.9)]
    found = alerts(it, [*events, closed()])
    assert [a.severity for a in found] == ["high", "critical", "critical"]
    assert found[-1].outcome == "call_end"


def test_a_stalled_stream_is_over_when_it_comes_again():
    events = [said("喂"), Stalled(CALL, 8.0, 5.0), Stalled(CALL, 8.0, 12.0, ended=True)]
    found = alerts(bundled(), events)
    assert [(a.kind, a.state, a.outcome) for a in found] == [
        ("STALLED", "active", ""),
        ("STALLED", "resolved", "hysteresis"),
    ]
    assert found[0].evidence == ()
    assert found[0].context[-1].text == "喂"


def test_hold_can_be_asked_for():
    assert len(raised("[HOLD]", [Held(CALL, 5.0, True), Held(CALL, 9.0, False)])) == 1


def test_the_reason_says_which_words():
    it = engine(rule("words:leaving"))
    events = [said("我要退货退款"), said("我要退貨", at=5.0)]
    first, second = alerts(it, events)
    assert first.why == Words("因，说到“退款”“退货”", 'why, said "退款", "退货"')
    assert second.why.zh == "因，说到“退款”“退货”（2 句）"


def test_an_alert_shows_its_neighbours_and_how_the_customer_felt():
    events = [
        said("一", at=0.0, angry=0.2), said("二", at=5.0, party=AGENT), said("三", at=10.0),
        said("退货", at=15.0, angry=0.7), said("五", at=20.0), closed(),
    ]  # fmt: skip
    raised_, ended = alerts(engine(rule("退货")), events)
    assert [e.text for e in raised_.context] == ["二", "三"]
    assert [e.text for e in ended.context] == ["二", "三", "五"]
    assert raised_.curve == ((3.0, 0.2), (13.0, 0.0), (18.0, 0.7))
    late = [said("退货", at=80.0 + i, angry=0.5) for i in (0, 5)]
    *_, last = alerts(engine(rule("退货 within:200s")), [*events[:4], *late])
    assert last.curve == ((83.0, 0.5), (88.0, 0.5))


def test_the_curve_of_a_sad_customer_is_of_sadness():
    events = [feeling(said("唉", at=i), Emotion.SAD, 0.8) for i in (0.0, 5.0)]
    [found] = alerts(bundled(), events)
    assert found.curve == ((3.0, 0.8), (8.0, 0.8))
    assert found.score == 0.8
