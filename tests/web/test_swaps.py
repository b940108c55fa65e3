"""Customer and agent the wrong way round: a supervisor puts it right."""

import json

import pytest

from alerts.wire import CallEnded
from tests.web.scenes import open_house, started
from tests.web.test_feed import frame

SWAP = "/api/v1/calls/c1/swap"


async def test_there_and_back_and_who_did_it(tmp_path):
    async with open_house(tmp_path, heard={"c1": False}) as house:
        house.log.publish(started())
        await house.folded()
        async with house.browser("boss") as boss:
            answers = [(await boss.post(SWAP)).json() for _ in range(2)]
    assert answers == [{"call_id": "c1", "swapped": swapped} for swapped in (True, False)]
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    told = [(e["who"], e["what"]) for e in entries if e["act"] == "swap"]
    assert told == [("boss", "c1 swapped"), ("boss", "c1 as told")]


async def test_everybody_sees_that_it_was_done_and_by_whom_also_who_comes_later(tmp_path):
    async with open_house(tmp_path, heard={"c1": False}) as house:
        house.log.publish(started())
        await house.folded()
        feed = await house.feed("/api/v1/feed", "boss")
        async with house.browser("boss") as boss, feed as socket:
            await frame(socket, "snapshot")
            await boss.post(SWAP)
            (told,) = (await frame(socket, "events"))["events"]
            await house.folded()
            detail = (await boss.get("/api/v1/calls/c1")).json()
    assert (told["swapped"], told["by"], told["at"]) == (True, "boss", 83.0)
    assert detail["call"]["swapped"] == {"swapped": True, "by": "boss", "at": 83.0}
    assert [event["type"] for event in detail["events"]] == ["call_started", "swapped"]


async def test_what_cannot_be_swapped_says_why(house):
    house.heard = {"c1": False}
    for call in ("c1", "c2"):
        house.log.publish(started(call))
    house.log.publish(CallEnded("c1", 9.0, "ended"))
    await house.folded()
    async with house.browser("boss") as boss:
        for call, status, code in (
            ("c1", 409, "call_over"),
            ("c2", 409, "call_elsewhere"),
            ("never", 404, "no_such_call"),
        ):
            answer = await boss.post(f"/api/v1/calls/{call}/swap")
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert house.heard == {"c1": False}


@pytest.mark.parametrize("who", ["lin", ""])
async def test_it_is_for_supervisors(house, who):
    house.heard = {"c1": False}
    house.log.publish(started())
    await house.folded()
    async with house.browser(who) as browser:
        answer = await browser.post(SWAP)
    assert answer.status_code == (403 if who else 401)
    assert house.heard == {"c1": False}


async def test_it_needs_our_header_and_our_origin(house):
    house.heard = {"c1": False}
    house.log.publish(started())
    await house.folded()
    async with house.browser("boss") as boss:
        del boss.headers["X-Earwitness"]
        answer = await boss.post(SWAP)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert house.heard == {"c1": False}
