"""Which requests are heard at all: Host, Origin, the header, and what every answer carries."""

import json

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.web.scenes import open_house, started
from web_dashboard.boundary import Boundary, is_loopback

CHANGES = [
    ("/api/v1/login", {"name": "x", "password": "y"}),
    ("/api/v1/logout", {}),
    ("/api/v1/alerts/a1/acknowledge", {}),
    ("/api/v1/prompts/p1/accepted", {}),
]


async def test_every_answer_carries_the_policy(house):
    async with house.browser() as client:
        answers = [
            await client.get(path)
            for path in ("/", "/login", "/nothing", "/static/no", "/api/v1/me", "/live")
        ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        assert "server" not in answer.headers


async def test_the_api_is_never_stored(house):
    async with house.browser("boss") as client:
        for path in ("/api/v1/me", "/api/v1/status", "/api/v1/calls/x", "/ready"):
            assert (await client.get(path)).headers["cache-control"] == "no-store"


ELSEWHERE = [
    {"X-Earwitness": "1"},
    {"Origin": "OURS"},
    {"X-Earwitness": "1", "Origin": "https://evil.example"},
    {"X-Earwitness": "1", "Origin": "null"},
    {"X-Earwitness": "1", "Origin": "http://127.0.0.1:1"},
    {"X-Earwitness": "1", "Origin": "http://[::1"},
    {"X-Earwitness": "1", "Origin": "file://HOST"},
    {"X-Earwitness": "yes", "Origin": "OURS"},
]


async def test_a_change_from_elsewhere_is_refused(house):
    host = house.origin.removeprefix("http://")
    cookie = await house.cookie("boss")
    async with httpx.AsyncClient(base_url=house.url) as client:
        for path, body in CHANGES:
            for given in ELSEWHERE:
                ours = {n: v.replace("OURS", house.origin) for n, v in given.items()}
                headers = {n: v.replace("HOST", host) for n, v in ours.items()}
                headers["Cookie"] = cookie
                answer = await client.post(path, json=body, headers=headers)
                told = (answer.status_code, answer.json()["code"])
                assert told == (403, "foreign_origin"), (path, given)


async def test_a_foreign_host_is_refused_and_our_own_names_are_heard(house):
    async with house.browser("boss") as client:
        for host in ("evil.example", "localhost.evil.example", "10.0.0.7:8080", ""):
            answer = await client.get("/api/v1/me", headers={"Host": host})
            assert (answer.status_code, answer.json()["code"]) == (421, "foreign_host"), host
            assert "boss" not in answer.text
        for host in ("localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080"):
            answer = await client.get("/api/v1/me", headers={"Host": host})
            assert answer.status_code == 200, host


async def test_a_host_that_the_settings_allow_is_heard(tmp_path):
    settings = {"allowed_hosts": ("Board.Example",)}
    async with (
        open_house(tmp_path, settings=settings) as house,
        house.browser("boss") as client,
    ):
        answer = await client.get("/api/v1/me", headers={"Host": "board.example"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("host", "heard"),
    [
        ("192.0.2.7:8080", True),
        ("[2001:db8::1]", True),
        ("0.0.0.0", True),
        ("a.example", False),
    ],
)
def test_where_a_network_is_served_addresses_are_heard_but_no_other_names(host, heard):
    async def app(scope, receive, send): ...

    assert Boundary(app, "0.0.0.0")._is_ours(host) is heard


async def test_a_websocket_from_elsewhere_is_closed(house):
    cookie = {"Cookie": await house.cookie("boss")}
    for path in ("/api/v1/feed", "/api/v1/agents/8001/feed"):
        for origin in (None, "https://evil.example", "null"):
            opened = await house.feed(path, origin=origin, additional_headers=cookie)
            async with opened as socket:
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
            assert closed.value.rcvd.code == 4403


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("127.9.9.9", True),
     ("0.0.0.0", False), ("::", False), ("example.com", False), ("", False)],
)  # fmt: skip
def test_loopback(host, own):
    assert is_loopback(host) is own


async def test_brackets_within_brackets_are_a_bad_request(house, caplog):
    async with house.browser() as client:
        headers = {"Content-Type": "application/json"}
        answer = await client.post("/api/v1/login", content=b"[" * 60_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert not caplog.records


async def test_a_slash_in_a_call_id_is_part_of_it(house):
    """SIP allows it; encoded, it separates nothing."""
    house.log.publish(started("a/b", "8001/2"))
    await house.folded()
    async with house.browser("boss") as client:
        for encoded in ("a%2Fb", "a%2fb"):
            answer = await client.get(f"/api/v1/calls/{encoded}")
            assert answer.json()["call"]["call_id"] == "a/b"
            clip = await client.get(f"/api/v1/calls/{encoded}/clip?from=0&to=8")
            assert clip.json()["code"] == "no_clip_yet"
        assert (await client.get("/api/v1/calls/a/b")).json()["code"] == "not_found"
        assert (await client.get("/static/..%2fapp.py")).status_code == 404
        assert (await client.get("/agent/8001%2F2")).status_code == 200
    async with await house.feed("/api/v1/agents/8001%2F2/feed", "boss") as socket:
        calls = json.loads(await socket.recv())["calls"]
        assert [call["call_id"] for call in calls] == ["a/b"]
