"""Everybody against everything: what is not allowed says so, and nothing else."""

import contextlib
import json
import re
from contextlib import asynccontextmanager

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.scenes import alert, checklist, prompt, said, so_far, started, whispered
from web_dashboard.app import create_app
from web_dashboard.tries import Tries

# The team of `lead` has call c1, that of `other` c2; `chen` is an agent, but not of c1; `crm`
# is an integrator's key and `pbx` a gateway's.
WHO = ("nobody", "root", "boss", "lead", "other", "qa", "lin", "chen", "crm", "pbx")
KEYS = {"crm": "crm-key", "pbx": "pbx-key"}

# method and path: what each of them is answered. Every method of every route needs a row.
TABLE = {
    "GET /": "303 200 200 200 200 200 303 303 200 303",
    "GET /agent/8001": "303 200 200 200 403 200 200 403 200 303",
    "GET /insights": "303 200 200 200 200 200 403 403 200 303",
    "GET /insights/calls/1": "303 200 200 200 200 200 403 403 200 303",
    "GET /agent/8001/embedded": "404 404 404 404 404 404 404 404 404 404",  # nobody's page may
    "GET /login": "200 200 200 200 200 200 200 200 200 200",
    "GET /api/v1/me": "401 200 200 200 200 200 200 200 200 401",
    "GET /api/v1/status": "401 200 200 200 200 200 200 200 200 401",
    "GET /api/v1/calls/c1": "401 200 200 200 403 200 200 403 200 401",
    "GET /api/v1/calls/c2": "401 200 200 403 200 200 403 200 200 401",
    "GET /api/v1/calls/none": "401 404 404 403 403 404 403 403 404 401",
    "GET /api/v1/calls/c1/clip?from=1&to=2": "401 404 404 404 403 404 404 403 404 401",
    "GET /api/v1/feed": "401 200 200 200 200 200 403 403 200 401",
    "GET /api/v1/agents/8001/feed": "401 200 200 200 403 200 200 403 200 401",
    "GET /api/v1/rules/precision": "401 200 200 200 200 200 403 403 200 401",
    "GET /api/v1/setup": "401 200 200 200 200 200 403 403 200 401",
    "GET /api/v1/search?q=尺码": "401 200 200 200 200 200 403 403 200 401",
    "GET /api/v1/search?q=(": "401 400 400 400 400 400 403 403 400 401",
    "GET /api/v1/archive/calls/1": "401 200 200 200 403 200 403 403 200 401",
    "GET /api/v1/archive/calls/2": "401 200 200 403 200 200 403 403 200 401",
    "GET /api/v1/archive/calls/99": "401 404 404 403 403 404 403 403 404 401",
    "GET /api/v1/archive/calls/99999999999999999999": "401 404 404 403 403 404 403 403 404 401",
    "GET /api/v1/archive/calls/1/clip?from=1&to=2": "401 404 404 404 403 404 403 403 404 401",
    "GET /api/v1/archive/calls/1/clip?from=2&to=1": "401 400 400 400 400 400 403 403 400 401",
    "GET /schema": "401 200 200 200 200 200 200 200 200 401",
    "GET /schema/openapi.json": "401 200 200 200 200 200 200 200 200 401",
    "GET /api/v1/sign-in-ways": "200 200 200 200 200 200 200 200 200 200",
    "GET /api/v1/oidc/start": "404 404 404 404 404 404 404 404 404 404",
    "GET /api/v1/oidc/callback": "404 404 404 404 404 404 404 404 404 404",
    "GET /live": "200 200 200 200 200 200 200 200 200 200",
    "GET /ready": "200 200 200 200 200 200 200 200 200 200",
    "GET /metrics": "200 200 200 200 200 200 200 200 200 200",
    "GET /static/board.html": "200 200 200 200 200 200 200 200 200 200",
    "GET /static/../accounts.json": "404 404 404 404 404 404 404 404 404 404",
    "GET /nothing": "404 404 404 404 404 404 404 404 404 404",
    "POST /api/v1/login": "400 400 400 400 400 400 400 400 400 400",
    "POST /api/v1/embedded": "404 404 404 404 404 404 404 404 404 404",
    "POST /api/v1/ticket": "401 201 201 201 201 201 201 201 201 401",
    "POST /api/v1/alerts/a1/note": "401 200 200 200 403 200 403 403 403 401",
    "POST /api/v1/alerts/a1/acknowledge": "401 200 200 200 403 403 403 403 403 401",
    "POST /api/v1/alerts/a1/resolve": "401 200 200 200 403 403 403 403 403 401",
    "POST /api/v1/alerts/a1/false_alarm": "401 200 200 200 403 403 403 403 403 401",
    "POST /api/v1/alerts/none/note": "401 404 404 403 403 404 403 403 403 401",
    "POST /api/v1/alerts/a1/nonsense": "401 400 400 400 400 400 403 403 400 401",
    "POST /api/v1/prompts/p1/accepted": "401 403 403 403 403 403 200 403 403 401",
    "POST /api/v1/prompts/p1/dismissed": "401 403 403 403 403 403 200 403 403 401",
    "POST /api/v1/prompts/p1/not_useful": "401 403 403 403 403 403 200 403 403 401",
    "POST /api/v1/prompts/none/accepted": "401 403 403 403 403 403 404 404 403 401",
    "POST /api/v1/prompts/p1/nonsense": "401 400 400 400 400 400 400 400 400 401",
    "POST /api/v1/calls/c1/message": "401 200 200 200 403 403 403 403 403 401",
    "POST /api/v1/calls/none/message": "401 404 404 403 403 403 403 403 403 401",
    "POST /api/v1/calls/c1/help": "401 403 403 403 403 403 200 403 403 401",
    "POST /api/v1/calls/none/help": "401 403 403 403 403 403 403 403 403 401",
    "POST /api/v1/calls/c1/swap": "401 200 200 200 403 403 403 403 403 401",
    "POST /api/v1/calls/none/swap": "401 404 404 403 403 403 403 403 403 401",
    "POST /api/v1/messages/m1/seen": "401 403 403 403 403 403 200 403 403 401",
    "POST /api/v1/messages/none/seen": "401 403 403 403 403 403 404 404 403 401",
    "POST /api/v1/audiosocket": "401 403 403 403 403 403 403 403 404 401",  # not heard here
    "POST /api/v1/logout": "401 204 204 204 204 204 204 204 403 401",
}
# What a feed is closed with; 0: it tells something, -: there is nothing to tell.
FEEDS = {
    "/api/v1/feed": "4401 0 0 0 0 0 4403 4403 0 4401",
    "/api/v1/agents/8001/feed": "4401 0 0 0 4403 0 0 4403 0 4401",
    "/api/v1/calls/c1/drafts": "4401 0 0 0 4403 0 0 4403 0 4401",
    "/api/v1/calls/none/drafts": "4401 - - 4403 4403 - 4403 4403 - 4401",
}
SECRETS = ("138****0000", "尺码", "压单", "林岚", "a1", "我马上帮您查", "20241105", "直接换")


@pytest.fixture
async def busy(house):
    for message in (started("c1", "8001"), said(call="c1"), alert(), prompt(), whispered()):
        house.log.publish(message)
    house.log.publish(started("c2", "8002", agent_name="", customer="", order_id=""))
    await house.folded()
    house.heard = {"c1": False}
    house.archive.open()
    house.archive.take([started("c1", "8001"), said(call="c1"), alert(), prompt(), whispered()])
    house.archive.take([started("c2", "8002")])
    return house


@asynccontextmanager
async def asking(house, who):
    """An HTTP client of theirs."""
    if who in KEYS:
        headers = {"Authorization": f"Bearer {KEYS[who]}"}
        async with httpx.AsyncClient(base_url=house.url, headers=headers) as client:
            yield client
    else:
        async with house.browser(None if who == "nobody" else who) as client:
            yield client


@pytest.mark.parametrize("who", WHO)
async def test_every_route(busy, who):
    busy.keys["crm-key"] = "crm"
    object.__setattr__(busy.parts, "key_tries", Tries(limit=10_000))  # so many tries are many
    async with asking(busy, who) as client:
        for asked, answers in TABLE.items():
            method, path = asked.split()
            body = body_of(path) if method == "POST" else None
            async with client.stream(method, path, json=body) as answer:
                if not is_stream(answer):
                    await answer.aread()
            expected = int(answers.split()[WHO.index(who)])
            assert answer.status_code == expected, asked
            if answer.status_code >= 300:
                assert not any(secret in answer.text for secret in SECRETS), asked
                if method == "POST":
                    assert set(answer.json()) == {"code", "message"}


def is_stream(answer):
    """One that goes on until somebody leaves."""
    return answer.headers.get("content-type", "").startswith("text/event-stream")


def body_of(path):
    if path.endswith("/embedded"):
        return {"ticket": "", "origin": ""}
    if path.endswith("/message"):
        return {"text": "可以直接换"}
    return {} if re.search("alerts|login|ticket|help", path) else None


def rows_of(app):
    """Each method of each route, and each feed."""
    for route in app.routes:
        for method in getattr(route, "methods", {"FEED"}):
            if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "FEED"):
                yield method, route.path


async def test_no_route_was_forgotten(house):
    tried = [*TABLE, *(f"FEED {path}" for path in FEEDS)]
    for method, path in rows_of(create_app(house.parts).app):
        shape = re.sub(r"\\{[^}]*:path\\}", ".+", re.escape(path).replace(r"\:", ":"))
        shape = re.sub(r"\\{[^}]*\\}", "[^/]+", shape)
        assert any(re.fullmatch(f"{method} {shape}(\\?.*)?", row) for row in tried), (
            f"{method} {path} is in no table: say who may ask for it"
        )
    for answers in (*TABLE.values(), *FEEDS.values()):
        assert len(answers.split()) == len(WHO)


async def closing(socket):
    """The code that it is closed with, whatever is told before."""
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass
    return socket.close_code


async def opened(house, path, who):
    if who in KEYS:
        shown = {"Authorization": f"Bearer {KEYS[who]}"}
        return await house.feed(path, origin=None, additional_headers=shown)
    return await house.feed(path, None if who == "nobody" else who)


@pytest.mark.parametrize("path", FEEDS)
async def test_every_feed(busy, path):
    busy.live.say(so_far())
    busy.keys["crm-key"] = "crm"
    for who, code in zip(WHO, FEEDS[path].split(), strict=True):
        async with await opened(busy, path, who) as socket:
            if code == "-":
                await busy.live.looked(2)
            elif code == "0":
                first = json.loads(await socket.recv())["type"]
                assert first == ("draft" if path.endswith("drafts") else "snapshot")
            else:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                assert closed.value.rcvd.code == int(code), who


async def test_a_supervisor_is_told_of_the_own_teams_only(busy):
    busy.log.publish(started("c3", "", queue="nobody"))
    busy.log.publish(alert("a3", call="c3", agent_id="", queue="nobody"))
    await busy.folded()
    for who, calls, alerts in (
        ("boss", {"c1", "c2", "c3"}, {"a1", "a3"}),
        ("lead", {"c1"}, {"a1"}),
        ("other", {"c2", "c3"}, {"a3"}),
    ):
        async with await busy.feed("/api/v1/feed", who) as socket:
            first = json.loads(await socket.recv())
            assert {c["call_id"] for c in first["calls"]} == calls
            assert {a["id"] for a in first["alerts"]} == alerts
            busy.log.publish(said(f"北边 {who}", call="c1"))
            busy.log.publish(said(f"南边 {who}", call="c2"))
            events = json.loads(await socket.recv())["events"]
            assert {e["call_id"] for e in events} == calls - {"c3"}
    async with busy.browser("other") as client:
        for path in ("/api/v1/calls/c1", "/api/v1/calls/c1/clip?from=1&to=2"):
            assert (await client.get(path)).status_code == 403


async def test_who_gets_another_team_has_to_come_again(busy, monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.05)
    async with await busy.feed("/api/v1/feed", "lead") as socket:
        await socket.recv()
        busy.parts.settings.teams["north"] = ("8002",)
        assert await closing(socket) == 1001


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
