"""What is found, by whom, and what is said where it cannot be."""

import pytest

from tests.insights import published as p


@pytest.fixture
def heard(house):
    archive = house.archive
    archive.open()
    archive.take(p.call())
    archive.take([p.began("c2", 100, "8002"), p.said(30, "我要退货", "ANGRY", call="c2")])
    return house


async def look(house, who, **query):
    async with house.browser(who) as client:
        return await client.get("/api/v1/search", params=query)


async def test_the_articles_search(heard):
    found = (await look(heard, "boss", q="[ANGRY] AND 退货")).json()
    assert (found["total"], found["more"]) == (1, False)
    (hit,) = found["hits"]
    assert (hit["call_id"], hit["sentence"]["text"]) == ("c2", "我要退货")
    assert hit["sentence"]["emotion"] == "ANGRY"


@pytest.mark.parametrize(
    ("who", "calls"),
    [("boss", {"c1", "c2"}), ("lead", {"c1"}), ("other", {"c2"}), ("qa", {"c1", "c2"})],
)
async def test_everybody_finds_the_calls_of_their_teams_only(heard, who, calls):
    found = (await look(heard, who, q="退")).json()
    assert {hit["call_id"] for hit in found["hits"]} == calls
    assert found["total"] == sum(1 if call == "c2" else 2 for call in calls)
    asked_for = (await look(heard, who, q="退", agent="8002")).json()
    assert {hit["call_id"] for hit in asked_for["hits"]} == calls - {"c1"}


async def test_page_by_page(heard):
    first = (await look(heard, "boss", q="退", limit=1)).json()["hits"]
    rest = (await look(heard, "boss", q="退", before=first[0]["id"])).json()["hits"]
    assert [hit["sentence"]["text"] for hit in first + rest] == [
        "我要退货",
        "退不了货吗",
        "我要退货",
    ]


@pytest.mark.parametrize(
    ("query", "position"), [("(退", 3), ("[FURIOUS]", 1), ("退~", 1), ("queue:x", 1)]
)
async def test_what_is_not_understood_says_where(heard, query, position):
    answer = await look(heard, "boss", q=query)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_search")
    assert f"第 {position} 个字符" in answer.json()["message"]["zh"]
    assert answer.json()["position"] == position


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"before": -1},
        {"longer": "x"},
        {"party": "x"},
        {"q": "退" * 1001},
    ],
)
async def test_what_is_out_of_bounds_is_refused(heard, query):
    assert (await look(heard, "boss", **query)).status_code == 400


async def test_an_archive_that_is_away_says_so(house):
    answer = await look(house, "boss", q="退")
    assert (answer.status_code, answer.json()["code"]) == (503, "archive_away")


async def test_who_searched_is_noted_and_not_for_what(heard):
    await look(heard, "lead", q="退货")
    log = (heard.folder / "audit.log").read_text()
    assert '"act":"search"' in log
    assert "退货" not in log
