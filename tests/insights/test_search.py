import pytest

from alerts.expressions.tree import ExpressionError
from insights.search import Filters, Search, find
from streamer.events import AudioEvent
from tests.insights import published as p

LISTS = {"risk": ("投诉", "差评~")}


def look(archive, text, **rest):
    with archive.reading() as connection:
        return find(connection, archive.index, Search(text, **rest), LISTS)


def texts(archive, text, **rest):
    return [hit.sentence.text for hit in look(archive, text, **rest).hits]


@pytest.fixture
def heard(archive):
    archive.take(
        [
            p.began(),
            p.said(1, "我要退货", "ANGRY"),
            p.said(2, "不退货也行"),
            p.said(3, "退 iPhone 15 Pro 的钱，退款一直没到賬", "SAD"),
            p.quiet(14.0, 6.0),
            p.said(4, "退款退运费吗", "SAD", events=(AudioEvent.LAUGHTER,)),
            p.said(5, "货已经退了", "ANGRY", party=p.A),
            p.ended(40.0),
            p.began("c2", 100, "8002", "logistics"),
            p.said(30, "50%_off 退货", "ANGRY", call="c2"),
            p.ended(125.0, "c2", 225),
        ]
    )
    return archive


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[ANGRY] AND 退货", ["50%_off 退货", "我要退货"]),
        ("退货", ["50%_off 退货", "不退货也行", "我要退货"]),
        ("货", ["50%_off 退货", "货已经退了", "不退货也行", "我要退货"]),
        ("货已经退", ["货已经退了"]),
        ("货退", []),  # the pairs elsewhere are not the word
        ("([SAD] OR [SILENCE]>5s) 退款 NOT 运费", ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),
        ("到账", ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),  # 简 finds 繁
        ("到賬", ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),
        ("IPHONE", ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),
        ('"iphone 15 pro"', ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),
        ("[SILENCE]", ["退 iPhone 15 Pro 的钱，退款一直没到賬"]),
        ("[SILENCE]<3s 退款", ["退款退运费吗"]),
        ("[LAUGHTER]", ["退款退运费吗"]),
        ("[LAUGHTER]>=0.5 [SAD]>=0.5", ["退款退运费吗"]),
        ("party:agent 退", ["货已经退了"]),
        ("queue:logistics 退货", ["50%_off 退货"]),
        ("agent:8001 退货 [ANGRY]", ["我要退货"]),
        ("lang:zh 我要", ["我要退货"]),
        ("at>15s 退 -party:agent", ["50%_off 退货", "退款退运费吗"]),
        ('"50%_off"', ["50%_off 退货"]),
        ('"0%x"', []),  # % is no wildcard
        ("words:risk", []),
    ],
)  # fmt: skip
def test_what_is_found(heard, text, found):
    assert sorted(texts(heard, text)) == sorted(found)


def test_newest_first_and_page_by_page(heard):
    first = look(heard, "退", limit=2)
    rest = look(heard, "退", limit=200, before=first.hits[-1].id)
    everything = look(heard, "退")
    assert first.hits + rest.hits == everything.hits
    assert (first.total, everything.total, everything.more) == (6, 6, False)
    assert everything.hits[0].call_id == "c2"


def test_a_hit_has_what_was_said_around_it(heard):
    (hit,) = look(heard, "不退货").hits
    assert [one.text for one in hit.before] == ["我要退货"]
    assert [one.text for one in hit.after] == ["退 iPhone 15 Pro 的钱，退款一直没到賬"]
    assert (hit.agent_id, hit.queue, hit.customer) == ("8001", "after-sales", "138****0000")


@pytest.mark.parametrize(
    ("filters", "calls"),
    [
        (Filters(agent_id="8002"), {"c2"}),
        (Filters(queue="after-sales"), {"c1"}),
        (Filters(order_id="o1"), {"c1", "c2"}),
        (Filters(customer="138****0000", since=p.wall(50)), {"c2"}),
        (Filters(until=p.wall(50)), {"c1"}),
        (Filters(longer=60), {"c2"}),
        (Filters(shorter=60), {"c1"}),
        (Filters(source="recording"), set()),
    ],
)
def test_filters_are_of_the_call(heard, filters, calls):
    assert {hit.call_id for hit in look(heard, "退货", filters=filters).hits} == calls
    assert {hit.call_id for hit in look(heard, "", filters=filters).hits} == calls


@pytest.mark.parametrize(
    "text",
    [
        "退~",
        "rising([ANGRY], 2)",
        "退 within:30s",
        "party:agent",
        "NOT 退",
        "[HOLD]",
        "words:x",
    ],
)
def test_what_cannot_be_looked_for_is_said(heard, text):
    with pytest.raises(ExpressionError):
        look(heard, text)


def test_a_list_of_phrases_is_looked_for(archive):
    archive.take([p.began(), p.said(1, "我要给差評"), p.said(2, "好的")])
    assert texts(archive, "words:risk") == ["我要给差評"]
