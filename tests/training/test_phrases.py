"""Texts: what a template becomes, and what is kept for testing."""

import random

import pytest

from training.phrases import (
    Phrase,
    clauses,
    demo_lines,
    expand,
    hanzi,
    held_out,
    plain,
    sample,
    sentences,
    templates,
)
from training.spoken import digits_zh, number_en, number_zh


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "零"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (200, "二百"), (1000, "一千"), (1001, "一千零一"),
        (1010, "一千零一十"), (1999, "一千九百九十九"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_one_says_them(n: int, said: str):
    assert number_zh(n) == said


def test_digits_are_read_one_by_one():
    assert digits_zh("12315") == "幺二三幺五"


def test_english_numbers():
    assert number_en(15) == "fifteen"
    assert number_en(42) == "forty two"
    assert number_en(90) == "ninety"
    assert number_en(743) == "seven hundred and forty three"


def test_a_template_becomes_what_is_said_and_what_is_written():
    phrase = expand("{我要打|我打}<=12315>，等了<N3-3>天", "zh", random.Random(1))
    assert phrase.spoken in ("我要打幺二三幺五，等了三天", "我打幺二三幺五，等了三天")
    assert phrase.written.endswith("12315，等了3天")


def test_a_slot_may_be_inside_an_alternative():
    phrase = expand("{满<N5-5>|满<N5-5>}元{，谢谢|，谢谢}", "zh", random.Random(1))
    assert (phrase.spoken, phrase.written) == ("满五元，谢谢", "满5元，谢谢")


def test_two_of_something_is_said_otherwise():
    assert expand("<N2-2>天", "zh", random.Random(1)) == Phrase("zh", "两天", "2天")


def test_labels():
    phrase = Phrase("zh", "等了三天，退款！", "等了3天，退款！")
    assert phrase.label(itn=True) == "等了3天，退款！"
    assert phrase.label(itn=False) == "等了三天退款"
    assert plain("Hello, I paid. ", "en") == "hello i paid"


def test_there_are_enough_texts():
    assert len(sentences("zh")) + len(templates("zh")) >= 300


def test_every_template_expands():
    rng = random.Random(2)
    for language in ("zh", "en"):
        for template in (*sentences(language), *templates(language)):
            phrase = expand(template, language, rng)
            assert not set("{}|<>") & set(phrase.spoken + phrase.written)
            assert not any(c.isdigit() for c in phrase.spoken)


def test_training_and_test_share_no_sentence():
    rng = random.Random(3)
    trained = {sample("zh", test=False, rng=rng)[0].written for _ in range(300)}
    tested = {sample("zh", test=True, rng=rng)[0].written for _ in range(100)}
    assert not trained & tested
    assert all(held_out(text) for text in tested)


def test_digits_do_not_move_a_sentence_to_the_other_side():
    assert held_out("订单尾号是1234。") == held_out("订单尾号是987654。")


def test_demo_lines_are_trained():
    assert not any(held_out(phrase.written) for phrase, _ in demo_lines())


def test_every_character_of_the_test_side_is_known():
    rng, known = random.Random(4), set(hanzi())
    for _ in range(300):
        phrase, _ = sample("zh", test=True, rng=rng)
        assert set(phrase.spoken) | set(phrase.written) <= known


def test_clauses_keep_both_forms_together():
    parts = clauses(Phrase("zh", "等了三天，退款！", "等了3天，退款！"))
    assert parts == [Phrase("zh", "等了三天", "等了3天"), Phrase("zh", "退款", "退款")]
