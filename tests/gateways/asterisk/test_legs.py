"""Two clean legs arrive from a real Asterisk: in every codec and form, over websockets and
AudioSocket, from its dialplan, its queues and its REST interface."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from websockets.asyncio.client import connect

from streamer import events as ev
from streamer.announcements import Announcements, expected
from streamer.call import CallPorts
from streamer.server import Server
from streamer.tally import Tally
from tests.gateways.asterisk.conftest import AGENT_HZ, CUSTOMER_HZ, level, tone
from tests.gateways.asterisk.pbx import pbx
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.shell import (
    House,
    LoudIsSpeech,
    ScriptedRecognizer,
    Sinks,
    TwoKeys,
    eventually,
    settings,
)
from tests.web.scenes import open_house

SECONDS = 3.0
KEY = "first key"  # as the password of Basic authentication


@asynccontextmanager
async def exchange(folder):
    """A server that hears an Asterisk, and an Asterisk."""
    recognizer, sinks, announcements = ScriptedRecognizer(), Sinks(), Announcements()
    its = replace(settings(), audiosocket=("127.0.0.1", 0))
    ports = CallPorts(LoudIsSpeech, recognizer, sinks)
    server = Server(its, ports, TwoKeys(), Tally(), announcements)
    clock = asyncio.get_running_loop().time

    def announce(name, told, owner, within):
        announcements.add(name, expected(told, owner), clock() + within, clock())

    async with asyncio.TaskGroup() as tasks, open_house(folder, announce=announce) as web:
        web.keys["integrator-key"] = "crm"
        await server.start(tasks)
        house = House(server, recognizer, sinks)
        given = {
            "stream": house.at(""),
            "key": KEY,
            "web": web.url.rstrip("/"),
            "integrator": "integrator-key",
            "audiosocket": str(server.audiosocket_port),
        }
        try:
            async with pbx(folder / "pbx", **given) as asterisk:
                yield house, asterisk
        finally:
            await server.drain(0.5)


async def dial(asterisk, number):
    await asterisk.call(tone(CUSTOMER_HZ, SECONDS), tone(AGENT_HZ, SECONDS), number)


async def heard(house, call=None):
    """The one call that came in, or the one of that id, once it is over."""
    if call is None:
        await eventually(lambda: house.sinks.told)
        (call,) = house.sinks.told
    (closed,) = await house.sinks.until(call, ev.CallClosed)
    assert closed.reason == "ended"
    return call


def assert_clean(house, call, *, rate, parties=(CUSTOMER, AGENT)):
    """Each party said its own tone, for as long as it did, and nothing of the other's."""
    said = {it.party: it for it in house.recognizer.asked if it.call == call}
    assert set(said) == set(parties)
    for party, it in said.items():
        own, others = (CUSTOMER_HZ, AGENT_HZ) if party is CUSTOMER else (AGENT_HZ, CUSTOMER_HZ)
        assert it.sample_rate == rate
        assert level(it.pcm, rate, own) > 100 * level(it.pcm, rate, others)
        assert SECONDS - 0.3 < it.speech_end - it.start < SECONDS + 0.3


async def test_two_clean_legs_arrive_in_every_codec_and_form(tmp_path):
    async with exchange(tmp_path) as (house, asterisk):
        rates = {"9551": 8000, "9552": 8000, "9553": 8000, "9554": 16000}
        for number, rate in rates.items():
            house.recognizer.asked.clear()
            house.sinks.told.clear()
            await dial(asterisk, number)
            call = await heard(house)
            assert_clean(house, call, rate=rate)
        # Nothing is left over there.
        await eventually(lambda: house.tally.connections == 0)
        assert "0 active channels" in await asterisk.command("core show channels")
        assert not any("WARNING" in line and "chan_websocket" in line for line in asterisk.said)


@pytest.mark.parametrize(("number", "rate"), [("95588", 16000), ("95589", 16000)])
async def test_the_dialplan_of_the_guide_with_dial_and_with_queue(tmp_path, number, rate):
    async with exchange(tmp_path) as (house, asterisk):
        await dial(asterisk, number)
        call = await heard(house)
        assert_clean(house, call, rate=rate)
        info = house.sinks.lines[call].info
        assert (info.agent_id, info.queue) == ("8001", "after-sales")
        assert info.customer == "13800000000"


async def test_two_clean_legs_arrive_over_audiosocket(tmp_path):
    async with exchange(tmp_path) as (house, asterisk):
        await dial(asterisk, "95590")
        call = await heard(house)
        assert_clean(house, call, rate=16000)
        assert house.sinks.lines[call].info.agent_id == "8001"


async def test_the_application_audiosocket_brings_the_one_who_called(tmp_path):
    async with exchange(tmp_path) as (house, asterisk):
        await asterisk.ring(tone(CUSTOMER_HZ, SECONDS), "95591")
        call = await heard(house)
        assert_clean(house, call, rate=8000, parties=(CUSTOMER,))


async def test_when_we_are_away_the_call_goes_on_without_us(tmp_path):
    given = {"stream": "ws://127.0.0.1:1", "key": KEY, "web": "http://127.0.0.1:1"}
    async with pbx(tmp_path, **given, integrator="x", audiosocket="1") as asterisk:
        await dial(asterisk, "95588")
        assert any("joined 'simple_bridge'" in line for line in asterisk.said)


async def test_when_we_hang_up_only_what_listened_is_gone(tmp_path):
    async with exchange(tmp_path) as (house, asterisk):
        async with asyncio.TaskGroup() as tasks:
            talking = tasks.create_task(dial(asterisk, "95588"))
            await eventually(lambda: house.tally.connections == 2)
            await eventually(lambda: house.tally.audio_seconds > 1.0)
            await house.server.drain(0.5)
            await eventually(lambda: house.tally.connections == 0)
            assert not talking.done()
        listening = [line for line in asterisk.said if "Attaching spy channel" in line]
        assert len(listening) == 2


async def test_the_rest_interface_taps_a_call_that_goes_on(tmp_path):
    async with exchange(tmp_path) as (house, asterisk):
        ari = f"http://127.0.0.1:{asterisk.ports.ari}/ari"
        user = ("earwitness", "ari-password")
        events = f"{ari.replace('http', 'ws')}/events?app=assist&api_key={':'.join(user)}"
        async with (
            httpx.AsyncClient(base_url=ari, auth=user) as client,
            connect(events, proxy=None, close_timeout=0.5) as told,
        ):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(dial(asterisk, "95592"))
                talking = await bridged(client)
                taps = [
                    await tap(client, told, channel, f"call_id=by-ari,role={role}")
                    for role, channel in talking.items()
                ]
            # What was snooped on is gone; what listened is the program's to hang up.
            for listening in taps:
                await client.delete(f"/channels/{listening}")
            await heard(house, "by-ari")
        said = {it.party: it for it in house.recognizer.asked}
        assert level(said[CUSTOMER].pcm, 16000, CUSTOMER_HZ) > 100 * level(
            said[CUSTOMER].pcm, 16000, AGENT_HZ
        )
        assert level(said[AGENT].pcm, 16000, AGENT_HZ) > 100 * level(
            said[AGENT].pcm, 16000, CUSTOMER_HZ
        )


async def bridged(client):
    """The channels of the two phones, by who is on them, once they talk."""
    async with asyncio.timeout(20):
        while True:
            bridges = (await client.get("/bridges")).json()
            if bridges and len(bridges[0]["channels"]) == 2:
                break
            await asyncio.sleep(0)
    channels = {it["name"]: it["id"] for it in (await client.get("/channels")).json()}
    return {
        "agent" if "8001" in name else "customer": channel for name, channel in channels.items()
    }


async def tap(client, told, channel, words):
    """What a program does for each leg: snoop on it, and send that to us."""
    snoop = (await client.post(f"/channels/{channel}/snoop?spy=in&app=assist")).json()
    out = await client.post(
        "/channels/externalMedia",
        params={
            "app": "assist",
            "external_host": "assist",
            "encapsulation": "none",
            "transport": "websocket",
            "connection_type": "client",
            "format": "slin16",
            "direction": "in",
            "transport_data": f"f(json)v({words})",
        },
    )
    assert out.status_code == 200, out.text
    both = {snoop["id"], out.json()["id"]}
    await entered(told, both)
    bridge = (await client.post("/bridges?type=mixing")).json()
    added = await client.post(f"/bridges/{bridge['id']}/addChannel?channel={','.join(both)}")
    assert added.status_code == 204, added.text
    return out.json()["id"]


async def entered(told, channels):
    """Until these are the program's."""
    missing = set(channels)
    async with asyncio.timeout(20):
        while missing:
            event = json.loads(await told.recv())
            if event["type"] == "StasisStart":
                missing.discard(event["channel"]["id"])
