import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.sounding import plain, sounds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我要投訴你們", "我要投诉你们"),
        ("退 货", "退货"),
        ("I want my MONEY back", "i want my money back"),
        ("打 12315 投 诉", "打12315投诉"),
        ("１２３１５投诉", "12315投诉"),
    ],
)
def test_what_is_written_otherwise_is_the_same(text, found):
    assert plain(text) == found


@pytest.mark.parametrize(
    ("one", "other"), [("投诉", "投素"), ("牛奶", "流来"), ("知道", "自到"), ("法院", "花园")]
)
def test_what_sounds_alike_is_the_same(one, other):
    assert sounds(one) == sounds(other)


@pytest.mark.parametrize(("one", "other"), [("投诉", "退货"), ("投诉", "投射"), ("ab", "ac")])
def test_what_sounds_otherwise_is_not(one, other):
    assert sounds(one) != sounds(other)


@given(st.text(st.sampled_from("投诉退貨A1，。 经理們"), max_size=20))
def test_places_stay(text):
    said = plain(text)
    assert len(sounds(said)) == len(said)
    assert plain(said) == said
