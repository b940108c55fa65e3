"""A panel in a frame of another page: a ticket becomes a session, for one agent and no more."""

import json

import httpx
import pytest

from tests.web.scenes import open_house, prompt, started
from tests.web.test_tickets import issued, told

CRM = "https://crm.example.com"
OTHER = "https://other.example.com"


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path, settings={"embed_origins": (CRM, OTHER)}) as house:
        house.keys["crm-key"] = "crm"
        for message in (started("c1", "8001"), started("c2", "8002"), prompt()):
            house.log.publish(message)
        await house.folded()
        yield house


async def exchanged(house, ticket, origin=CRM):
    async with house.browser() as frame:
        return await frame.post("/api/v1/embedded", json={"ticket": ticket, "origin": origin})


async def session(house, **wanted):
    ticket = await issued(house, **{"agent_id": "8001", "origin": CRM, **wanted})
    answer = await exchanged(house, ticket)
    assert (answer.status_code, answer.json()["agent_id"]) == (201, "8001"), answer.text
    return {"Authorization": f"Embedded {answer.json()['session']}"}


async def test_it_answers_prompts_asks_for_help_and_opens_its_feed(house):
    who = await session(house)
    async with house.browser() as frame:
        frame.headers.update(who)
        me = (await frame.get("/api/v1/me")).json()
        assert (me["name"], me["role"], me["agent_id"]) == ("crm/8001", "agent", "8001")
        answer = await frame.post("/api/v1/prompts/p1/accepted")
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
        assert (await frame.post("/api/v1/calls/c1/help", json={})).status_code == 200
        ticket = (await frame.post("/api/v1/ticket", json={})).json()["ticket"]
    first = await told(house, "/api/v1/agents/8001/feed", ticket, origin=house.origin)
    assert [call["call_id"] for call in first["calls"]] == ["c1"]


async def test_it_reaches_nobody_elses_calls(house):
    async with house.browser() as frame:
        frame.headers.update(await session(house))
        for method, path in (
            ("GET", "/api/v1/calls/c2"), ("POST", "/api/v1/calls/c2/help"),
            ("GET", "/api/v1/feed"), ("GET", "/api/v1/agents/8002/feed"),
            ("POST", "/api/v1/calls/c1/message"),
        ):  # fmt: skip
            body = {"text": "好"} if path.endswith("message") else {}
            assert (await frame.request(method, path, json=body)).status_code == 403, path
        wanted = {"agent_id": "8002"}
        assert (await frame.post("/api/v1/ticket", json=wanted)).status_code == 403
        ticket = (await frame.post("/api/v1/ticket", json={})).json()["ticket"]
    assert await told(house, "/api/v1/feed", ticket, origin=house.origin) == 4403


@pytest.mark.parametrize(
    ("wanted", "origin"),
    [
        ({"agent_id": "8001", "origin": CRM}, OTHER),  # handed over by another page
        (
            {"agent_id": "8001", "origin": "https://evil.example.com"},
            "https://evil.example.com",
        ),
        ({"agent_id": "8001"}, ""),  # of a program
        ({"origin": CRM}, CRM),  # for everybody's calls
    ],
)
async def test_a_ticket_for_something_else_opens_nothing(house, wanted, origin):
    answer = await exchanged(house, await issued(house, **wanted), origin)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_ticket")


async def test_a_persons_ticket_stands_for_nobody_here(house):
    async with house.browser("boss") as boss:
        wanted = {"agent_id": "8001", "origin": CRM}
        ticket = (await boss.post("/api/v1/ticket", json=wanted)).json()["ticket"]
    assert (await exchanged(house, ticket)).status_code == 401


async def test_once_and_soon(house):
    ticket = await issued(house, agent_id="8001", origin=CRM)
    assert (await exchanged(house, ticket)).status_code == 201
    assert (await exchanged(house, ticket)).status_code == 401
    ticket = await issued(house, agent_id="8001", origin=CRM)
    house.now += 30
    assert (await exchanged(house, ticket)).status_code == 401


@pytest.mark.parametrize("what", ["idle", "revoked", "wrong"])
async def test_it_ends(house, what):
    async with house.browser("lin") as frame:  # a cookie beside it counts for nothing
        frame.headers.update(await session(house))
        assert (await frame.get("/api/v1/me")).json()["name"] == "crm/8001"
        if what == "idle":
            house.now += 900
        elif what == "revoked":
            del house.keys["crm-key"]
        else:
            frame.headers["Authorization"] = "Embedded nonsense"
        assert (await frame.get("/api/v1/me")).status_code == 401


async def test_it_needs_our_page_and_our_header_too(house):
    who = await session(house)
    async with httpx.AsyncClient(base_url=house.url, headers=who) as client:
        for headers in ({"Origin": CRM, "X-Earwitness": "1"}, {"Origin": house.origin}):
            answer = await client.post("/api/v1/prompts/p1/accepted", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


async def test_only_that_page_may_be_framed_and_only_by_those(house):
    async with house.browser() as client:
        page = await client.get("/agent/8001/embedded")
        policy = page.headers["content-security-policy"]
        assert policy.endswith(f"frame-ancestors {CRM} {OTHER}")
        assert "script-src 'self'" in policy
        assert "x-frame-options" not in page.headers
        for path in ("/login", "/nothing", "/static/embedded.html", "/api/v1/me"):
            other = await client.get(path)
            assert other.headers.get_list("content-security-policy") == [
                policy.replace(f"{CRM} {OTHER}", "'none'")
            ]
            assert other.headers["x-frame-options"] == "DENY"


async def test_it_is_on_record_and_its_session_is_written_nowhere(tmp_path):
    async with open_house(tmp_path, settings={"embed_origins": (CRM,)}) as house:
        house.keys["crm-key"] = "crm"
        house.log.publish(prompt())
        await house.folded()
        who = await session(house)
        async with house.browser() as frame:
            await frame.post("/api/v1/prompts/p1/accepted", headers=who)
        kept = repr(vars(house.parts.embedded))
    lines = (tmp_path / "audit.log").read_text()
    told = [(e["who"], e["act"], e["what"]) for e in map(json.loads, lines.splitlines())]
    assert told == [
        ("crm", "ticket", "8001"), ("crm/8001", "embed", CRM), ("crm/8001", "accepted", "p1"),
    ]  # fmt: skip
    assert who["Authorization"].split()[1] not in lines + kept
