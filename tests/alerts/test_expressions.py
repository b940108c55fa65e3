import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.expressions.parser import LONGEST, parse
from alerts.expressions.tree import (
    All,
    At,
    ExpressionError,
    Field,
    Not,
    Or,
    Phrase,
    Rising,
    Tag,
    WordList,
    hears,
)

ANGRY, SAD = Tag("ANGRY"), Tag("SAD")
RETURN, REFUND = Phrase("退货"), Phrase("退款")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("退货", RETURN),
        ("[ANGRY]", ANGRY),
        ("[angry]", ANGRY),
        ("[ANGRY] AND 退货", All((ANGRY, RETURN))),
        ("[ANGRY] 退货", All((ANGRY, RETURN))),
        ("[ANGRY]退货", All((ANGRY, RETURN))),
        ("[ANGRY] OR 退货", Or((ANGRY, RETURN))),
        ("退货 OR [SAD] 退款", Or((RETURN, All((SAD, REFUND))))),
        ("(退货 OR [SAD]) 退款", All((Or((RETURN, SAD)), REFUND))),
        ("[ANGRY] NOT 退货", All((ANGRY, Not(RETURN)))),
        ("[ANGRY] -退货", All((ANGRY, Not(RETURN)))),
        ("[ANGRY] NOT (退货 OR 退款)", All((ANGRY, Not(Or((RETURN, REFUND)))))),
        ("[ANGRY]>=0.6", Tag("ANGRY", ">=", 0.6)),
        ("[LAUGHTER] < 0.5", Tag("LAUGHTER", "<", 0.5)),
        ("[SILENCE]>5s", Tag("SILENCE", ">", 5.0)),
        ("[SILENCE] >= 2.5s", Tag("SILENCE", ">=", 2.5)),
        ("party:customer 退货", All((Field("party", "customer"), RETURN))),
        ("agent:8001", Field("agent", "8001")),
        ('queue:"after sales"', Field("queue", "after sales")),
        ("queue:after-sales", Field("queue", "after-sales")),
        ("lang:yue", Field("lang", "yue")),
        ("words:risk", WordList("risk")),
        ("at>60s", At(">", 60.0)),
        ("rising([ANGRY],3)", Rising("ANGRY", 3)),
        ("退货~", Phrase("退货", close=True)),
        ('"不 退货"', Phrase("不 退货", exact=True)),
        ("12315", Phrase("12315")),
        ("5s", Phrase("5s")),
        ("at count rising", All((Phrase("at"), Phrase("count"), Phrase("rising")))),
        ("退货 within:30s", All((RETURN,), 30.0)),
        ("within:30s 退货 [SAD]", All((RETURN, SAD), 30.0)),
        ("退货 count>=3 within:60s", All((RETURN,), 60.0, 3)),
        ("退货 count>2 AND within:60s", All((RETURN,), 60.0, 3)),
        ("退货 OR [SAD] within:9s", Or((RETURN, All((SAD,), 9.0)))),
        (
            "（［ANGRY］ OR 退货） party：agent",
            All((Or((ANGRY, RETURN)), Field("party", "agent"))),
        ),
        ("“不 退货” 退货～", All((Phrase("不 退货", exact=True), Phrase("退货", close=True)))),
    ],
)
def test_what_is_written_is_what_is_meant(text, found):
    assert parse(text) == found


@pytest.mark.parametrize(
    ("text", "position", "about"),
    [
        ("", 1, "missing"),
        ("   ", 4, "missing"),
        ("退货 OR", 6, "missing"),
        ("退货 AND", 7, "missing"),
        ("NOT", 4, "missing"),
        ("OR 退货", 1, "missing"),
        ("(退货", 4, "'(' at character 1"),
        ("退货)", 3, "closes nothing"),
        ("退货 (", 5, "missing"),
        ("[ANGRI]", 1, "[ANGRI] is not known; known are ANGRY"),
        ("退货 [", 4, "'['"),
        ("[ANGRY]>5s", 9, "probability"),
        ("[ANGRY]>=1.5", 10, "between 0 and 1"),
        ("[ANGRY]=1", 8, "> >= < <="),
        ("[SILENCE]>5", 11, "seconds"),
        ("[SILENCE]>900s", 11, "at most 600s"),
        ("[HOLD]>5s", 1, "cannot be compared"),
        ("party:nobody", 7, "customer, agent, unknown"),
        ("part:customer", 1, "part: is not known"),
        ("at>5", 4, "seconds"),
        ("rising([BGM],3)", 8, "feeling"),
        ("rising([SAD])", 13, "','"),
        ("rising([SAD],1)", 14, "two"),
        ("rising([SAD],3", 15, "')'"),
        ("退货 count>=3", 1, "needs within"),
        ("退货 count<3 within:9s", 4, "count>=N"),
        ("退货 within:9s within:8s", 14, "twice"),
        ("within:9s", 1, "nothing to look for"),
        ("within:soon 退货", 8, "seconds"),
        ('"" 退货', 1, "between the quotes"),
        ('退货 "x', 4, "not understood"),
        ("~", 1, "a word is missing"),
        ("(" * 30 + "退货" + ")" * 30, 21, "too deeply"),
        ("退" * (LONGEST + 1), LONGEST + 1, str(LONGEST)),
    ],
)
def test_a_fault_says_where_it_is(text, position, about):
    with pytest.raises(ExpressionError) as fault:
        parse(text)
    assert fault.value.position == position
    assert about in str(fault.value)
    assert f"at character {position}:" in str(fault.value)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("退货", True),
        ("NOT 退货", False),
        ("party:customer", False),
        ("party:customer at>60s", False),
        ("party:customer 退货", True),
        ("退货 OR NOT [SAD]", False),
        ("退货 OR [SAD]", True),
    ],
)
def test_what_would_hold_all_the_time_is_known(text, heard):
    assert hears(parse(text)) is heard


@given(st.text(st.sampled_from('[]()":<>=,~- ANDORTs退x59at'), max_size=40))
def test_no_text_raises_anything_else(text):
    position = 1
    try:
        parse(text)
    except ExpressionError as fault:
        position = fault.position
    assert 1 <= position <= len(text) + 1


leaves = st.sampled_from(["退货", "[ANGRY]", "[SILENCE]>5s", "words:risk", "at>60s", "投诉~"])


@st.composite
def written(draw, depth=3):
    """(text, tree), made together."""
    if depth == 0 or draw(st.booleans()):
        text = draw(leaves)
        return text, parse(text)
    parts = [draw(written(depth=depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    texts = [f"({text})" for text, _ in parts]
    trees = tuple(tree for _, tree in parts)
    if draw(st.booleans()):
        return " OR ".join(texts), Or(trees)
    within = draw(st.sampled_from([None, 30.0]))
    shape = f" within:{within:g}s" if within else ""
    return draw(st.sampled_from([" ", " AND "])).join(texts) + shape, All(trees, within)


@given(written())
def test_parentheses_hold_together_what_they_hold(both):
    text, tree = both
    assert parse(text) == tree
