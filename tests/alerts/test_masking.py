import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.masking import KINDS, mask, mask_info, mask_number, mask_transcript, without_emotion
from alerts.numbers import numbers
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
        ("000000000，000001380，0001380，0000000", "000000000，00000138*，***138*，***0000"),
        # identities: a date of birth where it belongs; near an order number the check digit too
        ("就是一一零一零五一九四九一二三一零零二X", "就是**************零零二X"),
        (
            "one one zero one zero five 19491231 002x",
            "*** *** **** *** **** **** ******** 002x",
        ),
        ("订单号110105194912310021", "订单号110105194912310021"),
        ("订单号11010519491231002X", "订单号**************002X"),
        ("身份证110105491231002", "身份证***********1002"),
        ("单号220131194912310021", "单号220131194912310021"),
        ("流水202205836123456789", "流水202205836123456789"),
        # bank cards: Luhn's sum
        ("4111 1111 1111 1111", "**** **** **** 1111"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("四一一一，一一一一，一一一一，一一一一", "****，****，****，一一一一"),
        ("卡号4111 1111 1111 1112", "卡号**** **** **** 1112"),
        ("2111 1111 1111 1113", "2111 1111 1111 1113"),
        # telephone numbers, as they are spoken too
        ("一三八点零零零零杠一二三四", "一三八点****杠一二三四"),
        ("１３８００００１２３４", "１３８****１２３４"),
        (
            "one three eight, oh oh oh oh, one two three four",
            "one three eight, ** ** ** **, one two three four",
        ),
        ("零二一，一二三四五六七八", "零二一，一***五六七八"),
        ("我家电话88887777", "我家电话****7777"),
        ("88887777", "88887777"),
        ("订单号138000012345678", "订单号138000012345678"),
        ("138000012345678", "138****12345678"),
        # one-time codes
        ("验证码是482913", "验证码是******"),
        ("收到了四八二九这个验证码", "收到了****这个验证码"),
        ("the code is 4829", "the code is ****"),
        ("动态码 4 8 2 9 1 3", "动态码 * * * * * *"),
        ("验证码没收到，订单尾号5836", "验证码没收到，订单尾号5836"),
        ("验证码123", "验证码123"),
        # e-mail
        ("幺二三四五艾特QQ点com", "幺****艾特QQ点com"),
        ("zhang点san艾特幺六三点com", "z********艾特幺六三点com"),
        ("it is john at gmail dot com", "it is j*** at gmail dot com"),
        ("look at this dot", "look at this dot"),
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


IDENTITIES = st.builds(
    lambda region, day, order: _with_check_digit(f"{region}{day:%Y%m%d}{order:03}"),
    st.integers(110000, 659999),
    st.dates(date(1900, 1, 1), date(2029, 12, 31)),
    st.integers(0, 999),
)
CARDS = st.builds(
    lambda first, rest: _with_luhn(first + rest),
    st.sampled_from("3456"),
    st.text(digits, min_size=13, max_size=17),
)
HAN_DIGITS = "零幺二三四五六七八九"
HAN = str.maketrans("0123456789", HAN_DIGITS)
spellings = st.sampled_from([str, lambda s: s.translate(HAN), " ".join, "，".join])
sentences = st.sampled_from(["", "嗯", "我的是", "麻烦您记一下：", "please take ", "订单号是"])


def _with_check_digit(first):
    sum_ = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(first))
    return first + "10X98765432"[sum_ % 11]


def _with_luhn(first):
    sums = (sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(first)))
    return first + str(-sum(sums) % 10)


@given(sentences, IDENTITIES, spellings)
def test_of_an_identity_the_last_four_are_left(before, identity, spelt):
    assert_left(mask(before + spelt(identity)), before, spelt(identity), 4)


@given(sentences.filter(lambda s: "订单" not in s), CARDS, spellings)
def test_of_a_bank_card_the_last_four_are_left(before, card, spelt):
    assert_left(mask(before + spelt(card)), before, spelt(card), 4)


@given(st.text(digits, min_size=4, max_size=8), spellings)
def test_of_a_code_nothing_is_left(code, spelt):
    assert_left(mask("验证码" + spelt(code)), "验证码", spelt(code), 0)


def assert_left(masked, before, number, left):
    assert masked.startswith(before)
    shown = [c for c in masked[len(before) :] if c == "X" or c.isdigit() or c in HAN_DIGITS]
    assert len(shown) <= left
    digits_said = [c for c in number if c == "X" or c.isdigit() or c in HAN_DIGITS]
    assert shown == digits_said[len(digits_said) - left :]


ORDERS = st.text(digits, min_size=12, max_size=20).map(lambda s: "20261120" + s)


@given(ORDERS.filter(lambda s: not any(_is_card(s[i : i + 18]) for i in range(len(s) - 17))))
def test_an_order_number_stays(order):
    assert mask(f"订单号{order}") == f"订单号{order}"


def _is_card(digits):
    return _with_check_digit(digits[:17]) == digits


RUNS = st.text(st.sampled_from("0123456789一幺x -，.*验证码@abqq点com"), max_size=60)


@given(st.text() | RUNS)
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


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("mobile", "13800001234"),
        ("landline", "021-12345678"),
        ("id_card", "110105200001010016"),
        ("bank_card", "4111111111111111"),
        ("code", "验证码4829"),
        ("email", "zhang@qq.com"),
    ],
)
def test_each_kind_can_be_left_alone(kind, text):
    others = tuple(k for k in KINDS if k != kind)
    assert mask(text) != text
    assert mask(text, others) == text
    assert mask(text, (kind,)) == mask(text)


def test_a_caller_s_number_is_shown_where_neither_kind_of_telephone_is_masked():
    assert mask_info(INFO, ("id_card", "code")) == INFO
    assert mask_info(INFO, ("landline",)).customer == "138****1234"


def test_a_long_run_of_digits_is_looked_through_once():
    """Each of its groups may begin a number, but no number is longer than a card's."""
    [number] = numbers("1 3 8 0 0 1 2 " * 40)
    stretches = list(number.stretches(15, 19))
    assert len(stretches) <= 5 * len(number.groups)
    assert {last - first for first, last in stretches} == {15, 16, 17, 18, 19}
    [grouped] = numbers("6222 0212 0000 1234 567")
    assert list(grouped.stretches(15, 19)) == [(0, 19), (0, 16), (4, 19)]


def test_the_longest_landline_number_is_one():
    assert mask("0755 12345678") == "0755 ****5678"
