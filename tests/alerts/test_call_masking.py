"""Numbers that are asked for in one sentence and answered, or broken off and gone on with, in
another."""

import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.call_masking import PAUSE, REMEMBERED, CallMasking, Memory
from streamer.events import Party
from tests.alerts.heard import said

A, C = Party.AGENT, Party.CUSTOMER


def heard(*sentences, kinds=None, every=3.0):
    """The texts as masked, a sentence every so many seconds, each 2 s long."""
    masking = CallMasking() if kinds is None else CallMasking(kinds)
    return [
        masking.transcript(said(text, at=i * every, lasted=2.0, party=party)).text
        for i, (party, text) in enumerate(sentences)
    ]


def customer(*texts):
    return heard(*((C, text) for text in texts))


@pytest.mark.parametrize(
    ("texts", "masked"),
    [
        (["手机是一三八。", "零零零零，", "一二三四"], ["手机是一三八。", "****，", "****"]),
        (["手机是1380000", "1234。", "谢谢"], ["手机是138****", "****。", "谢谢"]),
        (["138", "嗯，0000", "1234，好了吗"], ["138", "嗯，****", "****，好了吗"]),
        (["卡号6222 0212", "3456 7890 123"], ["卡号6222 0212", "**** **** ***"]),
        (["110105", "19491231", "002X"], ["110105", "********", "****"]),
        (["订单尾号5836", "12345678"], ["订单尾号5836", "12345678"]),
        (["订单号20261120", "583612345678"], ["订单号20261120", "583612345678"]),
        (["我等了三天", "一共打了五次"], ["我等了三天", "一共打了五次"]),
        (["138", "我说一下", "00001234"], ["138", "我说一下", "00001234"]),
        (["138，这个号", "00001234"], ["138，这个号", "00001234"]),
    ],
)
def test_a_number_that_goes_on_in_the_next_sentence(texts, masked):
    assert customer(*texts) == masked


def test_a_number_goes_on_only_with_its_own_party_and_soon():
    assert heard((C, "138"), (A, "00001234"))[1] == "00001234"
    assert heard((C, "138"), (A, "嗯"), (C, "00001234"), every=2.5)[2] == "********"
    late = heard((C, "138"), (C, "00001234"), every=2.0 + PAUSE + 0.1)
    assert late[1] == "00001234"


def test_what_was_asked_for_says_what_the_answer_is():
    assert heard((A, "请说一下验证码"), (C, "482913"))[1] == "******"
    assert heard((A, "您的订单号是多少"), (C, "482913"))[1] == "482913"
    assert heard((A, "验证码发给您了"), (A, "请问订单号"), (C, "482913"))[2] == "482913"
    assert heard((A, "请说一下验证码"), (C, "我的订单尾号是4829"))[1] == "我的订单尾号是4829"
    late = heard((A, "请说一下验证码"), (C, "482913"), every=2.0 + REMEMBERED + 0.1)
    assert late[1] == "482913"


def test_kinds_that_are_not_chosen_stay_over_sentences_too():
    assert heard((C, "1380000"), (C, "1234"), kinds=()) == ["1380000", "1234"]
    assert heard((C, "138"), (C, "00001234"), kinds=("code",)) == ["138", "00001234"]


def test_tokens_and_the_raw_string_are_masked_like_the_text():
    masking = CallMasking()
    masking.transcript(said("138", at=0.0, lasted=2.0))
    masked = masking.transcript(said("00001234", at=3.0, lasted=2.0))
    assert "".join(text for text, _ in masked.tokens) == "********"
    assert masked.raw == "<|zh|><|NEUTRAL|><|Speech|><|withitn|>********"


@pytest.mark.parametrize(
    ("so_far", "masked"),
    [
        ("手机138", "手机138"),
        ("手机13800", "手机138**"),
        ("手机138000012", "手机138******"),
        ("手机13800001234", "手机138****1234"),
        ("手机13800001234好", "手机138****1234好"),
        ("订单20261120", "订单202*****"),
        ("等了三天", "等了三天"),
    ],
)
def test_a_draft_never_ends_with_a_number_half_said(so_far, masked):
    assert CallMasking().draft(said(so_far)).text == masked
    assert CallMasking(()).draft(said(so_far)).text == so_far


def test_a_draft_goes_on_with_what_was_broken_off_and_is_not_remembered():
    masking = CallMasking()
    masking.transcript(said("138", at=0.0, lasted=2.0))
    assert masking.draft(said("0000", at=3.0, lasted=1.0)).text == "****"
    assert masking.transcript(said("我说完了", at=3.0, lasted=2.0)).text == "我说完了"


def moved(*texts):
    """Each sentence of the customer's heard on another server than the one before."""
    masked, memory = [], CallMasking().state()
    for i, text in enumerate(texts):
        masking = CallMasking()
        masking.restore(msgspec.msgpack.decode(msgspec.msgpack.encode(memory), type=Memory))
        masked.append(masking.transcript(said(text, at=3.0 * i, lasted=2.0)).text)
        memory = masking.state()
    return masked


def test_what_was_asked_for_and_that_a_number_has_begun_goes_along_to_another_server():
    assert moved("请报一下验证码", "482913", "谢谢") == ["请报一下验证码", "******", "谢谢"]
    assert moved("手机是一三八。", "零零零零，", "一二三四，好")[1:] == ["****，", "****，好"]
    assert moved("我要退货", "12345")[1:] == ["12345"]


digits = st.text(st.sampled_from("0123456789"), min_size=9, max_size=9)
HAN = str.maketrans("0123456789", "零幺二三四五六七八九")


@given(st.sampled_from("3456789"), digits, st.sets(st.integers(1, 10)), st.booleans())
def test_however_a_mobile_is_broken_up_four_digits_at_least_stay_hidden(
    second, rest, at, spoken
):
    number = "1" + second + rest
    cuts = [0, *sorted(at), 11]
    parts = [number[a:b].translate(HAN if spoken else {}) for a, b in pairwise(cuts)]
    said_so = "".join(customer("嗯", *parts)[1:])
    assert len(said_so) == 11
    assert len(re.findall(r"\*", said_so)) >= (4 if len(parts) == 1 else 1)


@given(
    st.lists(st.text(st.sampled_from("0123456789一幺x ，验证码订单"), max_size=12), max_size=5)
)
def test_lengths_stay(texts):
    assert [len(text) for text in customer(*texts)] == [len(text) for text in texts]
