"""From a supervisor to an agent, and back that it was seen."""

import json

import pytest

from alerts import letters, wire
from alerts.wire import CallEnded
from tests.web.scenes import open_house, started, whispered
from tests.web.test_board import MINUTE, Log
from tests.web.test_feed import frame

TELL = "/api/v1/calls/c1/message"


async def test_it_reaches_the_agents_panel_and_seen_comes_back(house):
    house.log.publish(started())
    await house.folded()
    async with (
        await house.feed("/api/v1/feed", "boss") as board,
        await house.feed("/api/v1/agents/8001/feed", "lin") as panel,
        await house.feed("/api/v1/agents/8002/feed", "chen") as other,
        house.browser("boss") as boss,
        house.browser("lin") as lin,
    ):
        for socket in (board, panel, other):
            assert (await frame(socket, "snapshot"))["messages"] == []
        sent = (await boss.post(TELL, json={"text": "  可以直接换，\n运费我们出。 "})).json()
        assert (sent["type"], sent["call_id"], sent["agent_id"]) == ("message", "c1", "8001")
        assert (sent["from"], sent["seen"]) == ("boss", False)
        assert sent["text"] == "可以直接换， 运费我们出。"
        for socket in (board, panel):
            assert (await frame(socket, "events"))["events"] == [sent]
        async with await house.feed("/api/v1/agents/8001/feed", "lin") as later:
            assert (await frame(later, "snapshot"))["messages"] == [sent]
        path = f"/api/v1/messages/{sent['id']}/seen"
        seen = (await lin.post(path)).json()
        assert seen == {**sent, "seen": True}
        assert (await frame(board, "events"))["events"] == [seen]
        await house.folded()
        assert (await lin.post(path)).json() == seen  # idempotent
        assert len(house.log.entries) == 3
        story = (await boss.get("/api/v1/calls/c1")).json()["events"]
        assert [e["seen"] for e in story if e["type"] == "message"] == [False, True]
        house.log.publish(started("c9", "8002"))
        [first] = (await frame(other, "events"))["events"]
        assert first["call_id"] == "c9"


async def test_personal_numbers_are_masked_and_nothing_said_is_on_the_audit(tmp_path):
    async with open_house(tmp_path) as house:
        house.log.publish(started())
        await house.folded()
        async with house.browser("boss") as boss:
            sent = (await boss.post(TELL, json={"text": "打13812345678给他"})).json()
        assert sent["text"] == "打138****5678给他"
        await house.folded()
        async with house.browser("lin") as lin:
            await lin.post(f"/api/v1/messages/{sent['id']}/seen")
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    told = [(e["who"], e["act"], e["what"]) for e in entries if e["act"] in ("whisper", "seen")]
    assert told == [("boss", "whisper", f"c1 {sent['id']}"), ("lin", "seen", sent["id"])]
    assert not any("打" in json.dumps(e, ensure_ascii=False) for e in entries)


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": " \n "}, {"text": "话" * 301}, {"text": 5},
             {"text": "好", "to": "8002"}],
)  # fmt: skip
async def test_what_is_no_message_is_refused(house, body):
    house.log.publish(started())
    await house.folded()
    async with house.browser("boss") as boss:
        answer = await boss.post(TELL, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert len(house.log.entries) == 1


async def test_a_call_that_is_over_or_has_no_agent_has_nobody_to_tell(house):
    house.log.publish(started())
    house.log.publish(CallEnded("c1", 9.0, "ended"))
    house.log.publish(started("c2", ""))
    await house.folded()
    async with house.browser("boss") as boss:
        over = await boss.post(TELL, json={"text": "好"})
        nobody = await boss.post("/api/v1/calls/c2/message", json={"text": "好"})
    assert (over.status_code, over.json()["code"]) == (409, "call_over")
    assert (nobody.status_code, nobody.json()["code"]) == (409, "no_agent")


async def test_it_needs_our_header_and_our_origin(house):
    house.log.publish(started())
    await house.folded()
    async with house.browser("boss") as boss:
        del boss.headers["X-Earwitness"]
        answer = await boss.post(TELL, json={"text": "好"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


def test_seen_is_never_taken_back_and_old_messages_leave():
    log = Log()
    log.tell(started(), whispered())
    assert log.board.message("m1") == whispered()
    seen = whispered(seen=True, wall="2026-11-22T08:31:00Z")
    again = whispered(wall="2026-11-22T08:32:00Z")
    assert [bool(told) for told in log.tell(seen, again)] == [True, False]
    assert log.board.message("m1").seen
    log.tell(started("c2", "8002"), after=11 * MINUTE)
    assert log.board.message("m1") is None


def test_it_travels_on_the_agents_channel_and_is_never_dropped():
    letter = letters.letter(whispered(), 1, letters.Names(), 0.0)
    assert (letter.channel, letter.worth, letter.logged) == ("ew:prompts:8001", 3, True)
    assert json.loads(letter.body)["from"] == "林岚"
    assert wire.decode(letter.body) == whispered()
