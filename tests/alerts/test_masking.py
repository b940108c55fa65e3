import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.masking import mask, mask_info, mask_number, mask_transcript, without_emotion
from streamer.events import Emotion
from tests.alerts.heard import INFO, said


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的手机是13800000000。", "我的手机是138****0000。"),
        ("138 0000 1234", "138 **** 1234"),
        ("138-0000-1234", "138-****-1234"),
        ("+8613800001234", "+86138****1234"),
        ("幺三八零零零零一二三四", "幺三八****一二三四"),
        ("13800001234和13900005678", "138****1234和139****5678"),
        ("身份证11010519491231002X", "身份证**************002X"),
        ("110105194912310021", "**************0021"),
        ("卡号6222 0212 3456 7890 123", "卡号**** **** **** ***0 123"),
        ("邮箱zhang.san@example.com.cn", "邮箱z********@example.com.cn"),
        ("电话021-12345678", "电话021-1***5678"),
        ("000000000，000001380，0001380，0000000", "*********，*****138*，***138*，***0000"),
        ("打12315投诉", "打12315投诉"),
        ("订单尾号是5836", "订单尾号是5836"),
        ("订单号20241105", "订单号20241105"),
        ("订单202611205836", "订单202611205836"),
        ("2026-11-22 08:30", "2026-11-22 08:30"),
        ("我等了三天了，一共打了五次电话", "我等了三天了，一共打了五次电话"),
        ("", ""),
    ],
)
def test_what_is_personal_is_hidden_and_the_rest_stays(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800000000", "138****0000"),
        ("02112345678", "021****5678"),
        ("88887777", "****7777"),
        ("sip:13800000000@10.0.0.1", "sip:138****0000@10.0.0.1"),
        ("95588", "95588"),
        ("anonymous", "anonymous"),
        ("", ""),
    ],
)
def test_a_caller_s_number(number, masked):
    assert mask_number(number) == masked


def test_the_caller_of_a_call_is_masked_and_nothing_else():
    assert mask_info(INFO) == replace(INFO, customer="138****1234")


separators = st.sampled_from(["", " ", "-", ".", "，", ", ", "·"])
digits = st.sampled_from("0123456789")
mobiles = st.builds(
    lambda second, rest, between: "".join(
        d + s for d, s in zip("1" + second + rest, between, strict=True)
    ),
    st.sampled_from("3456789"),
    st.text(digits, min_size=9, max_size=9),
    st.lists(separators, min_size=11, max_size=11),
)
around = st.text(st.sampled_from("0123456789 -.，我的号码是ab@"), max_size=30)
MOBILE = re.compile(r"1[3-9]\d{9}")


@given(around, mobiles, around)
def test_no_mobile_is_ever_left(before, mobile, after):
    masked = mask(before + mobile + after)
    assert not MOBILE.search(re.sub(r"[\s\-.,，·]", "", masked))


@given(st.text())
def test_the_length_stays_and_masking_twice_changes_nothing(text):
    masked = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == masked


def test_tokens_are_masked_over_their_borders():
    text = "手机13800001234"
    masked = mask_transcript(
        replace(said(text), tokens=(("手机", 0.0), ("1380", 0.4), ("0001234", 1.0)))
    )
    assert masked.text == "手机138****1234"
    assert masked.tokens == (("手机", 0.0), ("138*", 0.4), ("***1234", 1.0))
    assert masked.raw.endswith("手机138****1234")
    assert masked.raw.startswith("<|zh|>")


def test_an_emotion_that_may_not_be_inferred_is_gone_everywhere():
    left = without_emotion(said("嗯", angry=0.9))
    assert left.emotion is Emotion.UNKNOWN
    assert left.emotion_p == {Emotion.UNKNOWN: 1.0}
    assert left.raw == "<|zh|><|EMO_UNKNOWN|><|Speech|><|withitn|>嗯"
