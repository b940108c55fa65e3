"""Tickets for feeds: once, soon, by its holder, in the page that it is for; never logged."""

import contextlib
import json
import logging

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.scenes import open_house, prompt, started
from web_dashboard.sessions import KeyHolder
from web_dashboard.tickets import Ticket, Tickets

CRM = Ticket(KeyHolder("crm"))


def test_a_ticket_is_good_once_and_for_half_a_minute():
    it = Tickets()
    first, second = it.issue(CRM, now=0.0), it.issue(CRM, now=0.0)
    assert it.redeem(first, now=29.9) == CRM
    assert it.redeem(first, now=29.9) is None
    assert it.redeem(second, now=30.0) is None
    assert it.redeem("", now=0.0) is it.redeem("\udcff", now=0.0) is None


def test_no_more_than_so_many_wait_and_nothing_of_them_is_kept():
    it = Tickets(limit=2)
    tokens = [it.issue(CRM, now=0.0) for _ in range(3)]
    assert len(it) == 2
    assert [it.redeem(token, now=0.0) for token in tokens] == [None, CRM, CRM]
    token = it.issue(CRM, now=0.0)
    assert token not in repr(vars(it))


@pytest.fixture
async def busy(house):
    house.keys["crm-key"] = "crm"
    house.log.publish(started("c1", "8001"))
    house.log.publish(started("c2", "8002"))
    house.log.publish(prompt("p1", "8001", "c1"))
    await house.folded()
    return house


async def issued(house, *, key="crm-key", **wanted):
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=house.url, headers=headers) as client:
        answer = await client.post("/api/v1/ticket", json=wanted)
    assert answer.status_code == 201, answer.text
    assert answer.json()["expires_in"] == 30
    return answer.json()["ticket"]


async def told(house, path, ticket, origin=None, **options):
    """The first frame, or the code that the feed was closed with."""
    async with await house.feed(f"{path}?ticket={ticket}", origin=origin, **options) as socket:
        try:
            return json.loads(await socket.recv())
        except ConnectionClosed as closed:
            return closed.rcvd.code


async def test_a_program_opens_a_feed_with_a_ticket_once(busy):
    ticket = await issued(busy)
    first = await told(busy, "/api/v1/feed", ticket)
    assert {call["call_id"] for call in first["calls"]} == {"c1", "c2"}
    assert await told(busy, "/api/v1/feed", ticket) == 4401


async def test_a_ticket_is_too_old_after_half_a_minute(busy):
    ticket = await issued(busy)
    busy.now += 30
    assert await told(busy, "/api/v1/feed", ticket) == 4401


async def test_a_ticket_for_an_agent_is_for_that_agents_calls_only(busy):
    mine = await told(busy, "/api/v1/agents/8001/feed", await issued(busy, agent_id="8001"))
    assert [call["call_id"] for call in mine["calls"]] == ["c1"]
    for path in ("/api/v1/feed", "/api/v1/agents/8002/feed", "/api/v1/calls/c2/drafts"):
        assert await told(busy, path, await issued(busy, agent_id="8001")) == 4403


async def test_a_ticket_for_a_page_is_good_in_that_page_only(busy):
    page = "https://crm.example"
    for wanted, shown, good in (
        (page, page, True),
        (page, None, False),
        (page, "https://evil.example", False),
        (page, "https://crm.example:8443", False),
        ("", page, False),
        ("", None, True),
        ("", busy.origin, True),
    ):
        ticket = await issued(busy, origin=wanted)
        first = await told(busy, "/api/v1/feed", ticket, origin=shown)
        assert (first != 4401) is good, (wanted, shown)


@pytest.mark.parametrize("ticket", ["", "guess", "%00"])
async def test_who_shows_a_wrong_ticket_is_nobody_whatever_cookie_comes_with_it(busy, ticket):
    """Or any page could open the feed of whoever is signed in."""
    cookie = {"Cookie": await busy.cookie("boss")}
    for origin in ("https://evil.example", busy.origin, None):
        code = await told(
            busy, "/api/v1/feed", ticket, origin=origin, additional_headers=cookie
        )
        assert code == 4401


@pytest.mark.parametrize("query", ["?ticke=x", "?x=ticket=y", "?xticket=", "?ticket"])
async def test_only_a_ticket_does_without_our_origin(busy, query):
    cookie = {"Cookie": await busy.cookie("boss")}
    options = {"origin": "https://evil.example", "additional_headers": cookie}
    async with await busy.feed(f"/api/v1/feed{query}", **options) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd.code in (4401, 4403)


async def test_people_get_tickets_for_what_they_may_see(busy):
    async with busy.browser("lin") as client:
        for wanted, status in (("8001", 201), ("", 201), ("8002", 403)):
            answer = await client.post("/api/v1/ticket", json={"agent_id": wanted})
            assert answer.status_code == status
    async with busy.browser("lead") as client:
        for wanted, status in (("8001", 201), ("8002", 403)):
            answer = await client.post("/api/v1/ticket", json={"agent_id": wanted})
            assert answer.status_code == status
        answer = await client.post("/api/v1/ticket", json={})
        first = await told(busy, "/api/v1/feed", answer.json()["ticket"])
    assert [call["call_id"] for call in first["calls"]] == ["c1"]


async def test_a_ticket_of_who_is_out_meanwhile_opens_nothing(busy):
    async with busy.browser("boss") as client:
        ticket = (await client.post("/api/v1/ticket", json={})).json()["ticket"]
    busy.parts.accounts.disable("boss")
    assert await told(busy, "/api/v1/feed", ticket) == 4401
    ticket = await issued(busy)
    del busy.keys["crm-key"]
    assert await told(busy, "/api/v1/feed", ticket) == 4401


async def test_a_feed_ends_when_its_key_is_revoked(busy, monkeypatch):
    monkeypatch.setattr("web_dashboard.telling.STATUS_EVERY", 0.05)
    ticket = await issued(busy)
    async with await busy.feed(f"/api/v1/feed?ticket={ticket}", origin=None) as socket:
        await socket.recv()
        del busy.keys["crm-key"]
        with contextlib.suppress(ConnectionClosed):
            async for _ in socket:
                pass
    assert socket.close_code == 4401


async def test_a_ticket_changes_nothing_and_opens_no_page(busy):
    headers = busy.headers()
    async with httpx.AsyncClient(base_url=busy.url, headers=headers) as client:
        for method, path in (("GET", "/api/v1/me"), ("POST", "/api/v1/ticket"), ("GET", "/")):
            answer = await client.request(
                method, f"{path}?ticket={await issued(busy)}", json={}
            )
            assert answer.status_code in (303, 401)


@pytest.mark.parametrize(
    "origin", ["crm.example", "https://", "https://a/b", "ftp://a", "https://[", "null"]
)
async def test_what_is_no_origin_is_malformed(busy, origin):
    headers = {"Authorization": "Bearer crm-key"}
    async with httpx.AsyncClient(base_url=busy.url, headers=headers) as client:
        answer = await client.post("/api/v1/ticket", json={"origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_ticket_is_audited_and_never_written_down(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    async with open_house(tmp_path) as house:
        ticket = await issued(house, key="metrics-key", agent_id="8001")
        await told(house, "/api/v1/agents/8001/feed", ticket)
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    assert [(e["who"], e["act"], e["what"]) for e in entries] == [
        ("monitoring", "ticket", "8001"), ("monitoring", "feed_open", "8001"),
    ]  # fmt: skip
    ours = [
        r.getMessage()
        for r in caplog.records
        if not r.name.startswith(("websockets", "httpcore", "httpx"))
    ]
    assert ticket not in (tmp_path / "audit.log").read_text() + "\n".join(ours)


async def test_wrong_keys_are_written_down_ten_a_minute_and_a_right_one_comes_in(tmp_path):
    async with open_house(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        wrong, right = ({"Authorization": f"Bearer {key}"} for key in ("guess", "metrics-key"))
        answers = [await client.get("/api/v1/status", headers=wrong) for _ in range(11)]
        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        assert answers[-1].headers["retry-after"] == "60"
        assert (await client.get("/api/v1/status", headers=right)).status_code == 200
        house.now += 60
        assert (await client.get("/api/v1/status", headers=wrong)).status_code == 401
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    told = [(e["act"], e["what"], e["from"]) for e in entries]
    assert told == [("key_refused", "/api/v1/status", "127.0.0.1")] * 11
    assert "guess" not in (tmp_path / "audit.log").read_text()


@pytest.mark.parametrize(
    "path", ["/api/v1/feed", "/api/v1/agents/8001/feed", "/api/v1/calls/c1/drafts"]
)
async def test_wrong_keys_on_feeds_are_written_down_too(tmp_path, path):
    wrong = {"Authorization": "Bearer guess"}
    async with open_house(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        async with await house.feed(path, origin=None, additional_headers=wrong) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd.code == 4401
        written = 1
        if not path.endswith("drafts"):
            asked = {**wrong, "Accept": "text/event-stream"}
            assert (await client.get(path, headers=asked)).status_code == 401
            written = 2
    entries = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    told = [(e["who"], e["act"], e["what"], e["from"]) for e in entries]
    assert told == [("?", "key_refused", path, "127.0.0.1")] * written
