"""An agent asks for a supervisor, and sees who comes."""

import json

import pytest

from alerts.following import Following
from alerts.help import Asker, asked
from alerts.lifecycle import Desk
from alerts.precision import Precision
from alerts.wire import CallEnded
from tests.web.scenes import WALL, alert, open_house, started
from tests.web.test_feed import frame

HELP = "/api/v1/calls/c1/help"


async def test_supervisors_see_it_at_once_and_the_agent_sees_who_takes_it(house):
    house.log.publish(started())
    house.log.publish(alert())
    await house.folded()
    async with (
        await house.feed("/api/v1/feed", "boss") as board,
        await house.feed("/api/v1/feed", "other") as other_team,
        await house.feed("/api/v1/agents/8001/feed", "lin") as panel,
        house.browser("boss") as boss,
        house.browser("lin") as lin,
    ):
        assert (await frame(panel, "snapshot"))["alerts"] == []
        for socket in (board, other_team):
            await frame(socket, "snapshot")
        wanted = (await lin.post(HELP, json={})).json()
        told = (wanted["type"], wanted["kind"], wanted["severity"], wanted["state"])
        assert told == ("alert", "HELP", "high", "active")
        assert (wanted["agent_id"], wanted["agent_name"], wanted["raised_at"]) == (
            "8001", "林岚", WALL,
        )  # fmt: skip
        assert (await frame(board, "events"))["events"] == [wanted]
        assert (await frame(panel, "events"))["events"] == [wanted]
        taken = (await boss.post(f"/api/v1/alerts/{wanted['id']}/acknowledge", json={})).json()
        assert (taken["rev"], taken["owner"]) == (2, "boss")
        assert (await frame(panel, "events"))["events"] == [taken]
        async with await house.feed("/api/v1/agents/8001/feed", "lin") as later:
            assert (await frame(later, "snapshot"))["alerts"] == [taken]
        assert (await frame(other_team, "status"))["type"] == "status"  # and nothing before


async def test_asking_twice_is_asking_once_until_it_is_dealt_with(house):
    house.log.publish(started())
    await house.folded()
    async with house.browser("boss") as boss, house.browser("lin") as lin:
        first = (await lin.post(HELP, json={})).json()
        assert (await lin.post(HELP, json={})).json() == first
        await house.folded()
        assert (await lin.post(HELP, json={"wanted": True})).json() == first
        await boss.post(f"/api/v1/alerts/{first['id']}/resolve", json={})
        await house.folded()
        again = (await lin.post(HELP, json={})).json()
        assert (again["id"] != first["id"], again["rev"]) == (True, 1)


async def test_an_agent_who_needs_no_help_any_more_says_so(house):
    house.log.publish(started())
    await house.folded()
    async with house.browser("lin") as lin:
        nothing = await lin.post(HELP, json={"wanted": False})
        assert (nothing.status_code, nothing.json()["code"]) == (404, "no_such_alert")
        wanted = (await lin.post(HELP, json={})).json()
        over = (await lin.post(HELP, json={"wanted": False})).json()
        told = (over["id"], over["rev"], over["state"], over["outcome"], over["owner"])
        assert told == (wanted["id"], 2, "resolved", "withdrawn", "")
    assert house.parts.precision.of("agent-help").judged == 0


async def test_it_ends_with_its_call_and_not_with_another(house):
    house.log.publish(started())
    house.log.publish(started("c2", "8002"))
    await house.folded()
    async with house.browser("lin") as lin, house.browser("boss") as boss:
        wanted = (await lin.post(HELP, json={})).json()
        house.log.publish(CallEnded("c2", 9.0, "ended"))
        await house.folded()
        house.log.publish(CallEnded("c1", 9.0, "ended"))
        await house.folded()
        path = f"/api/v1/alerts/{wanted['id']}/note"
        known = (await boss.post(path, json={"note": "太晚"})).json()
        assert (known["state"], known["outcome"]) == ("resolved", "call_end")
        late = await lin.post(HELP, json={})
        assert (late.status_code, late.json()["code"]) == (409, "call_over")
    states = [m.state for _, m in house.log.entries if getattr(m, "kind", "") == "HELP"]
    assert states == ["active", "resolved", "resolved"]


def test_a_server_that_only_reads_of_it_does_not_end_it():
    published = []
    reader = Following(Desk(name="there"), Precision(), published.append)
    reader.hear(asked("h1", Asker("c1", "8001", "林岚", "after-sales"), 5.0, WALL))
    reader.hear(CallEnded("c1", 9.0, "ended"))
    assert published == []


@pytest.mark.parametrize("body", [None, {"wanted": "yes"}, {"text": "快来"}, []])
async def test_what_is_no_wish_is_refused(house, body):
    house.log.publish(started())
    await house.folded()
    async with house.browser("lin") as lin:
        answer = await lin.post(HELP, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert len(house.log.entries) == 1


async def test_both_are_on_record(tmp_path):
    async with open_house(tmp_path) as house:
        house.log.publish(started())
        await house.folded()
        async with house.browser("lin") as lin:
            wanted = (await lin.post(HELP, json={})).json()
            await lin.post(HELP, json={"wanted": False})
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    told = [(e["who"], e["act"], e["what"]) for e in entries if e["act"].startswith("help")]
    assert told == [("lin", "help", wanted["id"]), ("lin", "help_withdrawn", wanted["id"])]
