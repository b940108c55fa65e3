import json

from tests.web.scenes import open_house


def audit_of(house):
    lines = (house.folder / "audit.log").read_text().splitlines()
    return [(e["who"], e["act"], e["what"]) for e in map(json.loads, lines)]


async def test_signing_in_gives_a_cookie_that_scripts_cannot_read(house):
    async with house.browser() as client:
        answer = await client.post("/api/v1/login", json=house.credentials("lin"))
    assert answer.json() == {"name": "lin", "shown": "lin", "role": "agent", "agent_id": "8001"}
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("ew_session=")
    assert {"httponly", "samesite=strict", "path=/"} <= set(cookie.split("; "))
    assert "secure" not in cookie
    assert house.passwords["lin"] not in answer.text


async def test_wrong_unknown_and_malformed(house):
    async with house.browser() as client:
        for body, status, code in [
            ({"name": "lin", "password": "wrong"}, 401, "wrong_password"),
            ({"name": "nobody", "password": "wrong"}, 401, "wrong_password"),
            ({"name": "lin"}, 400, "bad_request"),
            ({"name": "lin", "password": 5}, 400, "bad_request"),
            ({"name": "x" * 65, "password": "x"}, 400, "bad_request"),
            ({"name": "lin", "password": "x", "role": "supervisor"}, 400, "bad_request"),
            ([], 400, "bad_request"),
        ]:
            answer = await client.post("/api/v1/login", json=body)
            assert (answer.status_code, answer.json()["code"]) == (status, code), body
        garbage = await client.post("/api/v1/login", content=b"\xff{")
        huge = await client.post("/api/v1/login", content=b" " * 70_000)
        assert (garbage.status_code, huge.status_code) == (400, 413)
        assert (await client.get("/api/v1/login")).status_code == 405
        assert "ew_session" not in client.cookies


async def test_five_wrong_passwords_lock_the_name_for_five_minutes(house):
    right = house.credentials("lin")
    async with house.browser() as client:
        for _ in range(5):
            answer = await client.post("/api/v1/login", json={**right, "password": "wrong"})
            assert answer.status_code == 401
        house.now += 100
        locked = await client.post("/api/v1/login", json=right)
        assert (locked.status_code, locked.json()["code"]) == (429, "too_many_tries")
        assert locked.headers["retry-after"] == "200"
        other = await client.post("/api/v1/login", json=house.credentials("chen"))
        assert other.status_code == 200
        house.now += 200
        assert (await client.post("/api/v1/login", json=right)).status_code == 200


async def test_an_address_that_tries_many_names_is_locked_too(house):
    async with house.browser() as client:
        for n in range(20):
            await client.post("/api/v1/login", json={"name": f"n{n}", "password": "x"})
        locked = await client.post("/api/v1/login", json=house.credentials("lin"))
    assert locked.status_code == 429


async def test_signing_out_ends_the_session_everywhere(house):
    async with house.browser("lin") as client:
        copy = dict(client.cookies)
        assert (await client.post("/api/v1/logout")).status_code == 204
        client.cookies.update(copy)
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_disabled_account_is_out_at_once(house):
    async with house.browser("lin") as client:
        house.parts.accounts.disable("lin")
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_new_password_ends_the_sessions_of_the_old_one(house):
    async with house.browser("lin") as client:
        house.passwords["lin"] = house.parts.accounts.new_password("lin")
        assert (await client.get("/api/v1/me")).status_code == 401
    async with house.browser("lin") as client:
        assert (await client.get("/api/v1/me")).status_code == 200


async def test_a_session_ends_by_itself(house):
    async with house.browser("lin") as client:
        house.now += 12 * 3600
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_page_without_a_session_leads_to_the_sign_in(house):
    async with house.browser() as client:
        for path in ("/", "/agent/8001"):
            answer = await client.get(path)
            place = answer.headers["location"]
            assert (answer.status_code, place) == (
                303,
                "/login?next=" + path.replace("/", "%2F"),
            )


async def test_an_agent_is_led_to_the_own_panel(house):
    async with house.browser("lin") as client:
        assert (await client.get("/")).headers["location"] == "/agent/8001"


async def test_who_what_when_and_where_is_written_down_but_no_password(tmp_path):
    async with open_house(tmp_path) as house, house.browser("boss") as client:
        await client.post("/api/v1/login", json={"name": "boss", "password": "hunter2"})
        await client.post("/api/v1/login", json={"name": "my-password", "password": "x"})
        await client.post("/api/v1/logout")
    assert audit_of(house) == [
        ("boss", "sign_in", ""),
        ("boss", "sign_in_failed", ""),
        ("?", "sign_in_failed", ""),
        ("boss", "sign_out", ""),
    ]
    text = (tmp_path / "audit.log").read_text()
    assert '"from":"127.0.0.1"' in text
    assert "hunter2" not in text
    assert "my-password" not in text
    assert (tmp_path / "audit.log").stat().st_mode & 0o777 == 0o600
