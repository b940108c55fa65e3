from dataclasses import replace

import pytest

from alerts import rules
from alerts.dead_air import silence_severity
from alerts.heard import heard
from alerts.phrases import risks, says
from alerts.reasons import anger_reason, silence_reason
from alerts.sounding import plain
from streamer.events import Emotion, Party
from tests.alerts.heard import PLAYBOOK, quiet, said

ANGRY = PLAYBOOK.angry


def weighed(utterance):
    seen = heard(utterance, plain(utterance.text), ANGRY.least_known, felt=True)
    return rules.weigh(seen, ANGRY)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("再不解决，我就打12315投诉你们！", ("投诉", "12315")),
        ("我要给你们差评", ("差评",)),
        ("我不投诉，你放心", ()),
        ("我不是要投诉你", ()),
        ("我没有投诉", ()),
        ("我不投诉，我直接起诉", ("起诉",)),
        ("我不得不投诉了", ("投诉",)),
        ("别逼我投诉", ("投诉",)),
        ("我已经理解了", ()),
        ("我已经理解了，叫你们经理来", ("经理",)),
        ("烟雾报警器坏了", ()),
        ("I want to speak to your MANAGER", ("manager",)),
        ("I don't want to complain", ()),
        ("no manager can help", ("manager",)),
        ("the piano manager", ("manager",)),
        ("I complained twice", ("complain",)),
        ("this is an issue you know", ()),
        ("订单5123150", ()),
        ("打 12315 投 诉", ("投诉", "12315")),
        ("", ()),
        ("再不解決，我就投訴你們", ("投诉",)),
        ("我不投訴", ()),
        ("我要投素你们", ("投诉",)),
        ("我不投素", ()),
        ("我没那个精力", ()),
        ("给你们个差評", ("差评",)),
    ],
)
def test_risk_phrases_are_those_said_in_earnest(text, found):
    assert set(risks(text, ANGRY.risk)) == set(found)


def test_says_finds_the_first_phrase():
    assert says("什么时候送到？", ("几天", "什么")) == "什么"
    assert says("somewhat", ("what",)) == ""


def test_the_score_is_weighted_by_length():
    assert weighed(said(angry=0.8, lasted=1.0)).score == pytest.approx(0.4)
    assert weighed(said(angry=0.8, lasted=2.0)).score == pytest.approx(0.8)
    assert weighed(said(angry=0.8, lasted=9.0)).score == pytest.approx(0.8)


def test_unknown_emotion_is_shared_out():
    assert weighed(said(angry=0.4, unknown=0.5)).score == pytest.approx(0.8)


@pytest.mark.parametrize(
    "utterance",
    [said(unknown=1.0), said(unknown=0.95, angry=0.05), said(angry=0.9, lasted=0.3)],
)
def test_no_evidence_is_neither_anger_nor_calm(utterance):
    assert weighed(utterance).score is None


@pytest.mark.parametrize("party", [Party.AGENT, Party.UNKNOWN])
def test_only_the_customer_is_heard(party):
    assert weighed(said(angry=1.0, party=party)) is None


@pytest.mark.parametrize(
    ("lasted", "severity"), [(9.99, None), (9.996, "high"), (10.0, "high"), (60.0, "high")]
)
def test_dead_air_is_high_from_the_mark_on(lasted, severity):
    assert silence_severity(quiet(5.0, lasted), PLAYBOOK.silence, "customer") == severity


def test_reasons_read_as_a_person_would_say_it():
    why = anger_reason(3, 3, 16.2, ("差评",))
    assert why.zh == "最近 3 句都听起来生气（共 16 秒），又说到“差评”"
    assert why.en == 'The last 3 sentences all sound angry (16 s in all), and said "差评"'
    assert anger_reason(3, 2, 11, ()).zh == "最近 3 句中有 2 句听起来生气（共 11 秒）"
    assert anger_reason(3, 1, 5, ()).zh == "有 1 句听起来生气（共 5 秒）"
    assert anger_reason(3, 9, 40, ()).zh == "已有 9 句听起来生气（共 40 秒）"
    assert silence_reason(11.2, Party.CUSTOMER).zh == "双方沉默了 11 秒，最后说话的是客户"
    assert silence_reason(11.2, Party.UNKNOWN).en == "Nobody spoke for 11 s"


def test_the_model_s_missing_labels_are_zero():
    utterance = said(angry=0.0)
    without = {Emotion.NEUTRAL: 1.0}
    assert weighed(replace(utterance, emotion_p=without)).score == 0.0
