"""Measures, on made-up hearings."""

from training.card import met, table
from training.clips import Item
from training.evaluate import Heard, distance, error_rate, figures, report


def heard(group: str, text: str, emotion: str = "NEUTRAL", said: str = "我要退货") -> Heard:
    quiet = group.startswith("quiet")
    item = Item(
        0, group, "nospeech" if quiet else "zh", "EMO_UNKNOWN" if quiet else "NEUTRAL",
        "Event_UNK" if quiet else "Speech", plain="" if quiet else said, written=said,
    )  # fmt: skip
    return Heard(item, text, text, item.language, emotion, item.event, True)


def test_distance():
    assert distance("我要退货", "我要退款") == 1
    assert distance("", "abc") == 3
    assert distance("kitten", "sitting") == 3


def test_error_rate_forgets_punctuation():
    assert error_rate([("我要，退货。", "我要退货")]) == 0
    assert error_rate([("我要退货", "我要"), ("好", "好")]) == 2 / 5
    assert error_rate([]) is None


def test_figures():
    every = [
        heard("zh-fixed", "我要退货"),
        heard("zh", "我要退款"),
        heard("demo", "我要退货"),
        heard("wide", "我要退货", "ANGRY"),
        heard("quiet-hum", ""),
        heard("quiet-dtmf", "喂"),
    ]
    measured = figures(every)
    assert measured["cer_unseen_sentences"] == 1 / 8
    assert measured["cer_demo"] == 0
    assert measured["angry_false"] == 1 / 3
    assert measured["quiet_right"] == 1 / 2
    assert measured["same_as_generate"] == 1
    assert measured["cer_unseen_voices"] == 0
    assert "12.5%  <= 15 %  yes" in report(measured)
    assert "| 50.0% | 100 % | no |" in table(measured)


def test_targets():
    assert met(0.15, "<= 15 %") == "yes"
    assert met(0.151, "<= 15 %") == "no"
    assert met(1.0, "100 %") == "yes"
    assert met(0.5, "") == ""
