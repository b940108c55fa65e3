"""Everybody against everything: what is not allowed says so, and nothing else."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.scenes import alert, checklist, prompt, said, so_far, started, whispered
from web_dashboard.app import create_app

WHO = [None, "boss", "lin", "chen"]  # chen is an agent, but not the one of call c1

# path: what nobody, the supervisor, the agent, another agent are answered
GETS = {
    "/": (303, 200, 303, 303),
    "/agent/8001": (303, 200, 200, 403),
    "/login": (200, 200, 200, 200),
    "/api/v1/me": (401, 200, 200, 200),
    "/api/v1/status": (401, 200, 200, 200),
    "/api/v1/calls/c1": (401, 200, 200, 403),
    "/api/v1/calls/c2": (401, 200, 403, 200),
    "/api/v1/calls/none": (401, 404, 403, 403),
    "/api/v1/calls/c1/clip?from=1&to=2": (401, 404, 404, 403),
    "/api/v1/rules/precision": (401, 200, 403, 403),
    "/schema": (401, 200, 200, 200),
    "/schema/openapi.json": (401, 200, 200, 200),
    "/live": (200, 200, 200, 200),
    "/ready": (200, 200, 200, 200),
    "/metrics": (200, 200, 200, 200),
    "/static/board.html": (200, 200, 200, 200),
    "/static/../accounts.json": (404, 404, 404, 404),
    "/nothing": (404, 404, 404, 404),
}
POSTS = {
    "/api/v1/alerts/a1/acknowledge": (401, 200, 403, 403),
    "/api/v1/alerts/a1/note": (401, 200, 403, 403),
    "/api/v1/alerts/a1/resolve": (401, 200, 403, 403),
    "/api/v1/alerts/a1/false_alarm": (401, 200, 403, 403),
    "/api/v1/alerts/none/note": (401, 404, 403, 403),
    "/api/v1/alerts/a1/nonsense": (401, 400, 403, 403),
    "/api/v1/prompts/p1/accepted": (401, 403, 200, 403),
    "/api/v1/prompts/p1/dismissed": (401, 403, 200, 403),
    "/api/v1/prompts/p1/not_useful": (401, 403, 200, 403),
    "/api/v1/prompts/none/accepted": (401, 403, 404, 404),
    "/api/v1/prompts/p1/nonsense": (401, 400, 400, 400),
    "/api/v1/calls/c1/message": (401, 200, 403, 403),
    "/api/v1/calls/none/message": (401, 404, 403, 403),
    "/api/v1/messages/m1/seen": (401, 403, 200, 403),
    "/api/v1/messages/none/seen": (401, 403, 404, 404),
    "/api/v1/logout": (401, 204, 204, 204),
}
FEEDS = {
    "/api/v1/feed": (4401, 0, 4403, 4403),
    "/api/v1/agents/8001/feed": (4401, 0, 0, 4403),
    "/api/v1/calls/c1/drafts": (4401, 0, 0, 4403),
    "/api/v1/calls/none/drafts": (4401, None, 4403, 4403),
}
SECRETS = ("138****0000", "尺码", "压单", "林岚", "a1", "我马上帮您查", "20241105", "直接换")


@pytest.fixture
async def busy(house):
    for message in (started("c1", "8001"), said(call="c1"), alert(), prompt(), whispered()):
        house.log.publish(message)
    house.log.publish(started("c2", "8002", agent_name="", customer="", order_id=""))
    await house.folded()
    return house


@pytest.mark.parametrize("column", range(4), ids=["nobody", "supervisor", "agent", "another"])
async def test_every_route(busy, column):
    async with busy.browser(WHO[column]) as client:
        for path, expected in GETS.items():
            answer = await client.get(path)
            assert answer.status_code == expected[column], path
            if answer.status_code >= 300:
                assert not any(secret in answer.text for secret in SECRETS), path
        for path, expected in POSTS.items():
            answer = await client.post(path, json=body_of(path))
            assert answer.status_code == expected[column], (path, answer.text)
            if answer.status_code >= 300:
                assert not any(secret in answer.text for secret in SECRETS), path
                assert set(answer.json()) == {"code", "message"}


def body_of(path):
    if path.endswith("/message"):
        return {"text": "可以直接换"}
    return {} if "alerts" in path else None


def routes(app):
    return {
        route.path for route in app.routes if not route.path.startswith(("/schema", "/static"))
    }


async def test_no_route_was_forgotten(house):
    served = routes(create_app(house.parts).app)
    tried = {path.split("?")[0] for path in (*GETS, *POSTS, *FEEDS)}
    shapes = {
        "/agent/{agent_id}": "/agent/8001",
        "/api/v1/calls/{call_id}": "/api/v1/calls/c1",
        "/api/v1/calls/{call_id}/clip": "/api/v1/calls/c1/clip",
        "/api/v1/alerts/{alert_id}/{deed}": "/api/v1/alerts/a1/note",
        "/api/v1/calls/{call_id}/message": "/api/v1/calls/c1/message",
        "/api/v1/messages/{message_id}/seen": "/api/v1/messages/m1/seen",
        "/api/v1/prompts/{prompt_id}/{answer}": "/api/v1/prompts/p1/accepted",
        "/api/v1/agents/{agent_id}/feed": "/api/v1/agents/8001/feed",
        "/api/v1/calls/{call_id}/drafts": "/api/v1/calls/c1/drafts",
        "/api/v1/login": "/api/v1/me",
    }
    plain = {path.replace(":str", "") for path in served}
    assert {shapes.get(path, path) for path in plain} <= tried


@pytest.mark.parametrize("path", FEEDS)
async def test_every_feed(busy, path):
    busy.live.say(so_far())
    for who, code in zip(WHO, FEEDS[path], strict=True):
        async with await busy.feed(path, who) as socket:
            if code:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                assert closed.value.rcvd.code == code
            elif code is None:  # nothing to tell: no such call
                await busy.live.looked(2)
            else:
                first = json.loads(await socket.recv())["type"]
                assert first == ("draft" if path.endswith("drafts") else "snapshot")


async def test_an_agents_feed_holds_only_what_is_theirs(busy):
    async with await busy.feed("/api/v1/agents/8001/feed", "lin") as socket:
        first = json.loads(await socket.recv())
        assert [c["call_id"] for c in first["calls"]] == ["c1"]
        assert [p["id"] for p in first["prompts"]] == ["p1"]
        assert [m["id"] for m in first["messages"]] == ["m1"]
        assert first["alerts"] == []
        busy.log.publish(alert("a2", call="c1"))
        busy.log.publish(said("别人的电话", call="c2"))
        busy.log.publish(prompt("p2", "8002", "c2"))
        busy.log.publish(checklist("8002", "c2"))
        busy.log.publish(whispered("m2", "8002", "c2"))
        busy.log.publish(prompt("p3", "8001", "c1"))
        events = json.loads(await socket.recv())["events"]
        assert [e.get("id") for e in events] == ["p3"]


async def test_a_checklist_is_for_its_agent_and_for_supervisors(busy):
    busy.log.publish(started("c2", "8002"))
    busy.log.publish(checklist("8002", "c2", "greeting"))
    for path, who, seen in (
        ("/api/v1/feed", "boss", ["greeting"]),
        ("/api/v1/agents/8001/feed", "lin", []),
    ):
        async with await busy.feed(path, who) as socket:
            first = json.loads(await socket.recv())
        done = [i["id"] for c in first["calls"] for i in c["checklist"] if i["done"]]
        assert done == seen
    async with busy.browser("lin") as client:
        assert (await client.get("/api/v1/calls/c2")).status_code in (403, 404)


async def test_an_agent_sees_no_alert_in_the_call(busy):
    async with busy.browser("lin") as client:
        events = (await client.get("/api/v1/calls/c1")).json()["events"]
    assert [e["type"] for e in events] == ["call_started", "transcript", "prompt", "message"]
    async with busy.browser("boss") as client:
        events = (await client.get("/api/v1/calls/c1")).json()["events"]
    assert [e["type"] for e in events] == [
        "call_started", "transcript", "alert", "prompt", "message",
    ]  # fmt: skip
