"""A program says whose call an AudioSocket connection carries, before it comes."""

import json
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest

from streamer.announcements import Announcements, expected
from streamer.events import CallId, CallInfo, Party
from streamer.gateways.audiosocket import Expected
from tests.web.scenes import open_house

NAME = "40325ec2-5efd-4bd3-805f-53576e581d13"
CALL = {"uuid": NAME, "call_id": "17.0", "role": "customer"}


@pytest.fixture
def waiting():
    """At most two."""
    return Announcements(most=2)


@pytest.fixture
async def house(tmp_path, waiting):
    """It hears AudioSocket."""

    def announce(name, told, owner, within):
        waiting.add(name, expected(told, owner), within, 0.0)

    async with open_house(tmp_path, announce=announce) as it:
        it.keys["crm-key"] = "crm"
        yield it


async def post(house, key="crm-key", path="/api/v1/audiosocket", **body):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(base_url=house.url, headers=headers) as client:
        return await client.post(path, **body)


async def test_what_is_announced_waits_for_its_connection(house, waiting):
    more = {"agent_id": "8001", "from": "13800000000", "record": False, "vip": "yes"}
    answer = await post(house, json={**CALL, **more, "expires_in": 5})
    assert (answer.status_code, answer.json()) == (201, {"uuid": NAME, "expires_in": 5.0})
    info = CallInfo(
        CallId("17.0"),
        agent_id="8001",
        customer="13800000000",
        record=False,
        meta={"vip": "yes"},
    )
    assert waiting.take(UUID(NAME), 4.9) == Expected(info, Party.CUSTOMER, "crm")


async def test_a_form_does_as_well(house, waiting):
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await post(house, content=urlencode({**CALL, "from": "+86 138"}), headers=form)
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 60.0)
    assert waiting.take(UUID(NAME), 59.9).info.customer == "+86 138"


@pytest.mark.parametrize(
    "wrong",
    [
        {"uuid": "17"},
        {"call_id": ""},
        {"call_id": "a\nb"},
        {"call_id": "x" * 129},
        {"role": "boss"},
        {"role": ""},
        {"language": "fr"},
        {"record": "perhaps"},
        {"expires_in": 0},
        {"expires_in": 3601},
        {"queue": "x" * 257},
    ],
)
async def test_what_is_wrong_with_it_is_said(house, waiting, wrong):
    answer = await post(house, json={**CALL, **wrong})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_announcement")
    assert len(answer.json()["message"]["en"]) > len("This announcement is wrong: ")
    assert len(waiting) == 0


@pytest.mark.parametrize("missing", ["uuid", "call_id", "role"])
async def test_what_is_needed_is_asked_for(house, waiting, missing):
    answer = await post(house, json={k: v for k, v in CALL.items() if k != missing})
    assert answer.status_code == 400
    assert missing in answer.json()["message"]["en"]


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"'])
async def test_what_is_no_object_is_no_announcement(house, waiting, body):
    assert (await post(house, content=body)).status_code == 400


async def test_a_uuid_waits_for_one_connection_and_only_so_many_wait(house, waiting):
    assert (await post(house, json=CALL)).status_code == 201
    again = await post(house, json=CALL)
    assert (again.status_code, again.json()["code"]) == (409, "announced_already")
    second = {**CALL, "uuid": str(UUID(int=2))}
    assert (await post(house, json=second)).status_code == 201
    full = await post(house, json={**CALL, "uuid": str(UUID(int=3))})
    assert (full.status_code, full.json()["code"]) == (503, "too_many_announced")
    assert full.headers["retry-after"] == "5"


async def test_only_programs_with_a_right_key_announce(house, waiting):
    assert (await post(house, key="guess", json=CALL)).status_code == 401
    for name in ("root", "boss", "lin"):
        async with house.browser(name) as person:
            assert (await person.post("/api/v1/audiosocket", json=CALL)).status_code == 403
    assert len(waiting) == 0


async def test_without_audiosocket_nothing_is_announced(tmp_path):
    async with open_house(tmp_path) as house:
        house.keys["crm-key"] = "crm"
        answer = await post(house, json=CALL)
    assert (answer.status_code, answer.json()["code"]) == (404, "audiosocket_off")


async def test_who_announced_what_is_recorded(tmp_path):
    async with open_house(tmp_path, announce=lambda *_: None) as house:
        house.keys["crm-key"] = "crm"
        await post(house, json={**CALL, "from": "13800000000"})
    (entry,) = [json.loads(line) for line in (tmp_path / "audit.log").read_text().splitlines()]
    assert (entry["who"], entry["act"], entry["what"]) == ("crm", "announce", f"17.0 {NAME}")
