"""Sign-in at another identity provider, against a small one on loopback."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from tests.web.provider import CLIENT, SECRET, forged, running_provider
from tests.web.scenes import open_house
from web_dashboard.oidc import OidcSettings, Provider, is_safe
from web_dashboard.oidc_claims import Meanings
from web_dashboard.oidc_pending import Pending
from web_dashboard.oidc_routes import is_ours

MEANINGS = Meanings(
    roles={"floor": "supervisor", "qa": "quality", "desk": "agent", "it": "admin"},
    team_claim="sites",
    teams={"beijing": "north", "shenzhen": "south"},
)


@pytest_asyncio.fixture
async def provider():
    async with running_provider() as provider:
        yield provider


@pytest_asyncio.fixture
async def house(tmp_path, provider):
    async with open_house(tmp_path) as house:
        its = OidcSettings(provider.issuer, CLIENT, f"{house.origin}/api/v1/oidc/callback",
                           SECRET, "企业微信", meanings=MEANINGS)  # fmt: skip
        object.__setattr__(house.parts, "oidc", Provider(its))
        yield house


async def went(house, client, after="/"):
    """Where the provider sends back to."""
    answer = await client.get(f"/api/v1/oidc/start?next={after}")
    assert answer.status_code == 303, answer.text
    async with httpx.AsyncClient() as browser:
        back = await browser.get(answer.headers["location"])
    return back.headers["location"]


async def came_back(house, client, after="/"):
    return await client.get(await went(house, client, after))


def failed(answer):
    assert answer.status_code == 303
    assert "ew_session" not in answer.headers.get("set-cookie", "")
    place = urlsplit(answer.headers["location"])
    assert place.path == "/login"
    return parse_qs(place.query)["failed"][0]


async def test_who_comes_back_is_signed_in_with_role_and_teams(house, provider):
    provider.person["sites"] = ["beijing", "elsewhere"]
    async with house.browser() as client:
        answer = await came_back(house, client, "/agent/8001")
        assert answer.status_code == 200
        assert 'content="0;url=/agent/8001"' in answer.text
        cookie = answer.headers["set-cookie"].lower()
        assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))
        me = (await client.get("/api/v1/me")).json()
        assert me == {"name": "oidc:u-1", "shown": "林岚", "role": "supervisor", "agent_id": ""}
        assert (await client.get("/agent/8001")).status_code == 200
        assert (await client.get("/agent/8002")).status_code == 403
        assert (await client.post("/api/v1/logout")).status_code == 204
        assert (await client.get("/api/v1/me")).status_code == 401
    lines = (house.folder / "audit.log").read_text().splitlines()
    acts = [(e["who"], e["act"], e["what"]) for e in map(json.loads, lines)]
    assert acts[0] == ("oidc:u-1", "sign_in", "林岚")


async def test_local_accounts_stay_and_the_page_says_what_else_there_is(house):
    async with house.browser("boss") as client:
        assert (await client.get("/api/v1/sign-in-ways")).json() == {"oidc": "企业微信"}


async def test_its_session_ends_after_twelve_hours_whatever_happens(house):
    async with house.browser() as client:
        await came_back(house, client)
        for _ in range(11):
            house.now += 3600
            assert (await client.get("/api/v1/me")).status_code == 200
        house.now += 3600
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_way_back_is_good_once_in_time_and_in_that_browser(house):
    async with house.browser() as client, house.browser() as other:
        place = await went(house, client)
        assert failed(await other.get(place)) == "stale"  # somebody else's sign-in
        assert (await client.get(place)).status_code == 200
        assert failed(await client.get(place)) == "stale"
        place = await went(house, client)
        house.now += 600
        assert failed(await client.get(place)) == "stale"
        for made_up in ("", "?state=&code=x", "?state=x&code=x", "?state=%00"):
            assert failed(await client.get(f"/api/v1/oidc/callback{made_up}")) == "stale"


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": [CLIENT, "b"]},
        {"iss": "https://evil.example"}, {"exp": 1}, {"exp": None}, {"iat": 9_999_999_999},
        {"sub": None}, {"sub": ""},
    ],
)  # fmt: skip
async def test_a_token_that_is_not_for_this_sign_in_is_none(house, provider, changes):
    provider.changes = changes
    async with house.browser() as client:
        assert failed(await came_back(house, client)) == "wrong"
        assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    "how",
    ["another key", "another curve", "the public key as a secret", "nothing", "no token"],
)
async def test_a_token_that_is_not_signed_by_it_is_none(house, provider, how):
    provider.sign = forged(provider, how)
    async with house.browser() as client:
        assert failed(await came_back(house, client)) == "wrong"


async def test_new_keys_are_asked_for_once(house, provider):
    async with house.browser() as client:
        await came_back(house, client)
        provider.roll()
        assert (await came_back(house, client)).status_code == 200
    assert provider.asked.count("/keys") == 2
    assert provider.asked.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(("error", "fault"), [("access_denied", "denied"), ("oops", "away")])
async def test_what_it_refuses_is_told_on_the_sign_in_page(house, provider, error, fault):
    provider.refuses = error
    async with house.browser() as client:
        assert failed(await came_back(house, client)) == fault
        assert (await client.get(f"/login?failed={fault}")).status_code == 200


async def test_a_wrong_secret_and_another_issuer_sign_nobody_in(house, provider):
    provider.secret = "another"
    async with house.browser() as client:
        assert failed(await came_back(house, client)) == "away"
        provider.secret = SECRET
        place = (await went(house, client)).replace("iss=http", "iss=https")
        assert failed(await client.get(place)) == "wrong"


async def test_who_has_no_role_here_is_told_so(house, provider):
    async with house.browser() as client:
        for person in (
            {"groups": []},
            {"groups": "other"},
            {"groups": ["desk"]},
            {"groups": 7},
        ):
            provider.person = {"sub": "u-2", **person}
            assert failed(await came_back(house, client)) == "no_role"


@pytest.mark.parametrize(
    "said",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}],
)
async def test_a_provider_that_describes_itself_wrongly_is_none(house, provider, said):
    provider.description = said
    async with house.browser() as client:
        answer = await client.get("/api/v1/oidc/start")
        assert failed(answer) == "wrong"


async def test_a_provider_that_is_away_says_so(house, provider, caplog):
    gone = OidcSettings("http://127.0.0.1:1", CLIENT, "http://127.0.0.1/", SECRET)
    object.__setattr__(house.parts, "oidc", Provider(gone))
    async with house.browser() as client:
        assert failed(await client.get("/api/v1/oidc/start")) == "away"
    assert "cannot be reached" in caplog.text
    assert SECRET not in caplog.text + repr(gone)


def test_the_greatest_role_counts_and_nobody_is_anybody_of_ours():
    def account(**claims):
        return MEANINGS.account({"sub": "boss", **claims})

    assert account(groups=["qa", "it"]).role == "admin"
    assert account(groups="qa", sites="shenzhen").teams == ("south",)
    assert account(groups="floor").teams == ()  # sees nothing: no team was said
    agent = account(groups=["desk"], agent_id="8001")
    assert (agent.name, agent.role, agent.agent_id) == ("oidc:boss", "agent", "8001")
    assert Meanings(roles={"a": "quality"}).account({"sub": "x", "groups": "a"}).teams == ("*",)


def test_no_more_than_so_many_are_waited_for():
    it = Pending(limit=2)
    going = [it.begin("/", 0.0) for _ in range(3)]
    ends = [it.end(state, g.browser, 0.0) for state, g in going]
    assert [end is not None for end in ends] == [False, True, True]
    assert going[0][1].verifier not in repr(going[0][1])


@pytest.mark.parametrize(
    ("page", "ours"),
    [("/", True), ("/agent/8001", True), ("//evil.example", False), ("/\\evil", False),
     ("https://evil", False), ("", False), ("/a\n", False), ("/login?x", False),
     ("/" + "x" * 3000, False), ("javascript:1", False)],
)  # fmt: skip
def test_afterwards_people_stay_on_this_site(page, ours):
    assert is_ours(page) is ours


async def test_what_is_written_into_the_page_is_no_markup(house):
    async with house.browser() as client:
        answer = await came_back(house, client, "/%22><script>alert(1)</script>")
    assert "<script" not in answer.text


def test_safe_addresses():
    safe = ("https://id.example/x", "http://127.0.0.1:1", "http://[::1]/")
    assert all(map(is_safe, safe))
    assert not any(map(is_safe, ("http://id.example", "ftp://127.0.0.1", "id.example")))
