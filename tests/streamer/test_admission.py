"""Who may come in: paths, keys, room for a call, and where the server may listen."""

import asyncio
import json
import ssl
from base64 import b64encode
from dataclasses import replace

import pytest
from websockets.exceptions import InvalidStatus

from streamer import events as ev
from streamer.call import CallPorts
from streamer.errors import SettingsError
from streamer.gateways import GatewaySettings, codecs
from streamer.server import Server, check_binding
from streamer.tally import Tally
from tests.streamer.shell import (
    END,
    LoudIsSpeech,
    NoKeys,
    TwoKeys,
    beside,
    eventually,
    goodbye,
    house,
    settings,
    start,
    whole_call,
)


async def refusal(connecting):
    with pytest.raises(InvalidStatus) as refused:
        await connecting
    response = refused.value.response
    return response.status_code, json.loads(response.body), response.headers


@pytest.mark.parametrize("path", ["/../nowhere", "//[", "%00", "x?" + "a=b&" * 500])
async def test_an_unknown_path_is_told_the_known_ones(path):
    async with house() as it, beside(it):
        status, body, _ = await refusal(it.connect(path))
        known = list(codecs(GatewaySettings()))
        assert (status, body["code"], body["known"]) == (404, "unknown_path", known)
        assert "/raw" in body["message"]["en"]


@pytest.mark.parametrize("key", [None, "", "a guess", "ключ"])
async def test_without_a_right_key_nobody_comes_in(key):
    async with house(keys=TwoKeys()) as it, beside(it, "first key"):
        shown = f"Bearer {key}".encode().decode("latin-1")
        headers = {} if key is None else {"Authorization": shown}
        status, body, answer = await refusal(it.connect(additional_headers=headers))
        assert (status, body["code"]) == (401, "unauthorized")
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert it.tally.rejected["unauthorized"] == 1


async def test_a_key_may_come_in_the_query_and_is_never_logged(caplog):
    caplog.set_level("DEBUG")
    async with house(keys=TwoKeys()) as it:
        async with it.connect("?token=second%20key") as socket:
            await socket.send(start())
            await socket.send(END)
            assert (await goodbye(socket))[0] == 1000
        await refusal(it.connect("?token=wrong%20key"))
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("streamer"))
    assert "refused" in ours
    assert "second" not in ours
    assert "wrong" not in ours


@pytest.mark.parametrize("shown", [b"any:first key", b":first key"])
async def test_a_key_may_be_the_password_of_a_gateway_that_has_only_those(shown):
    headers = {"Authorization": f"Basic {b64encode(shown).decode()}"}
    async with house(keys=TwoKeys()) as it, it.connect(additional_headers=headers) as socket:
        await socket.send(start())
        await it.sinks.until("c1", ev.CallOpened)


@pytest.mark.parametrize(
    "shown", ["", "first key", "!", "Zmlyc3Qga2V5", "//79", "eDp3cm9uZw=="]
)
async def test_a_password_that_is_no_key_is_refused(shown):
    async with house(keys=TwoKeys()) as it, beside(it, "first key"):
        status, body, _ = await refusal(
            it.connect(additional_headers={"Authorization": f"Basic {shown}"})
        )
        assert (status, body["code"]) == (401, "unauthorized")


async def test_of_two_keys_shown_the_last_one_counts():
    headers = [("Authorization", "Bearer wrong"), ("Authorization", "Bearer second key")]
    async with house(keys=TwoKeys()) as it, it.connect(additional_headers=headers) as socket:
        await socket.send(start())
        await it.sinks.until("c1", ev.CallOpened)


async def test_many_wrong_keys_are_answered_shortly_and_a_right_one_still_comes_in():
    async with house(keys=TwoKeys()) as it:
        answers = [await refusal(it.connect("?token=guess")) for _ in range(11)]
        assert [status for status, _, _ in answers] == [401] * 10 + [429]
        assert answers[-1][2]["Retry-After"] == "60"
        assert len(await whole_call(it, key="first key")) > 2


async def test_a_call_id_of_another_key_is_refused():
    async with house(keys=TwoKeys()) as it, beside(it, "first key"):
        async with it.connect("?token=second+key") as thief:
            await thief.send(start("good", channels=["agent"]))
            code, reason = await goodbye(thief)
        assert (code, reason) == (1008, "this call_id is in use by another key")


async def test_a_party_that_is_there_already_is_refused():
    async with house() as it, beside(it), it.connect() as twin:
        await twin.send(start("good"))
        assert (await goodbye(twin))[0] == 1008


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://evil.example:9090", "null", "x://["]
)
async def test_a_web_page_from_elsewhere_makes_up_no_calls(origin):
    async with house() as it, beside(it):
        status, body, _ = await refusal(it.connect(origin=origin))
        assert (status, body["code"]) == (403, "foreign_origin")


async def test_whoever_has_a_key_may_be_anywhere():
    options = {"origin": "https://crm.example"}
    async with house(keys=TwoKeys()) as it, it.connect("?token=first+key", **options) as socket:
        await socket.send(start())
        await it.sinks.until("c1", ev.CallOpened)


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9090", "http://localhost", "gateway"])
async def test_a_gateway_that_names_this_machine_comes_in(origin):
    async with house() as it, it.connect(origin=origin) as socket:
        await socket.send(start())
        await it.sinks.until("c1", ev.CallOpened)


async def test_past_the_limit_a_call_is_refused_at_the_handshake():
    async with house(settings(max_calls=1)) as it, beside(it):
        status, body, answer = await refusal(it.connect())
        assert (status, body["code"]) == (503, "too_many_calls")
        assert answer["Retry-After"] == "5"
        assert it.tally.rejected["too_many_calls"] == 1


async def test_past_the_limit_a_second_connection_of_a_call_still_comes_in():
    its = settings(max_calls=1)
    async with house(its) as it, beside(it), it.connect("?call_id=good") as agent:
        await agent.send(start("good", channels=["agent"]))
        await agent.send(bytes(320))
        await eventually(lambda: it.tally.audio_seconds > 3.01)


async def test_past_the_limit_a_gateway_comes_back_and_a_new_one_does_not():
    async with house(settings(max_calls=1, grace=30.0)) as it:
        async with it.connect() as first:
            await first.send(start())
            await it.sinks.until("c1", ev.CallOpened)
        async with it.connect() as stranger:  # it might have been c1's
            await stranger.send(start("c2"))
            assert (await goodbye(stranger))[0] == 1013
        async with it.connect() as back:
            await back.send(start())
            await back.send(END)
            assert (await goodbye(back))[0] == 1000


async def test_a_late_event_loop_refuses_new_calls():
    async with house() as it, beside(it):
        now = asyncio.get_running_loop().time()
        for _ in range(100):
            it.tally.loop_lag.add(1.0, now)
        assert it.server.load().overloaded
        status, body, answer = await refusal(it.connect())
        assert (status, body["code"], answer["Retry-After"]) == (503, "overloaded", "5")


async def test_it_knows_since_when_it_has_been_too_much():
    async with house() as it:
        began = asyncio.get_running_loop().time()
        for _ in range(100):
            it.tally.loop_lag.add(1.0, began)
        told = []
        for later in (0.0, 5.0, 31.0):
            it.server._clock = lambda later=later: began + later
            told.append((it.server.load().overloaded, it.server.load().overloaded_for))
        assert told == [(True, 0.0), (True, pytest.approx(5.0)), (False, 0.0)]
        for _ in range(100):
            it.tally.loop_lag.add(1.0, began + 31.0)
        assert it.server.load().overloaded_for == 0.0


async def test_a_slow_model_refuses_new_calls():
    async with house() as it:
        for _ in range(19):
            it.tally.delay.add(9.0, asyncio.get_running_loop().time())
        assert not it.server.load().overloaded  # of a few, p95 would be the worst one
        it.tally.delay.add(9.0, asyncio.get_running_loop().time())
        assert (await refusal(it.connect()))[1]["code"] == "overloaded"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "example.com"])
def test_other_than_loopback_needs_keys_and_tls(host):
    for has_keys, has_tls in ((False, False), (True, False), (False, True)):
        with pytest.raises(SettingsError, match="key" if not has_keys else "TLS"):
            check_binding(host, has_keys, has_tls)
    check_binding(host, has_keys=True, has_tls=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.1.2.3"])
def test_loopback_may_go_without(host):
    check_binding(host, has_keys=False, has_tls=False)


def test_a_server_open_to_strangers_does_not_start():
    its = replace(settings(), host="0.0.0.0", tls=ssl.create_default_context())
    with pytest.raises(SettingsError, match="key"):
        Server(its, CallPorts(LoudIsSpeech, None, None), NoKeys(), Tally())
