"""AudioHook sessions over real loopback sockets, with a client that keeps to the protocol."""

import asyncio
import json
import time
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest
from websockets.exceptions import InvalidStatus

from streamer import events as ev
from streamer.credentials import ClientSecrets
from streamer.events import Party
from streamer.gateways import GatewaySettings
from streamer.gateways.audiohook_open import EVERYTHING, AudiohookSettings
from streamer.handshake import Handshake
from streamer.message_signature import sign
from streamer.pcm import interleave, to_mulaw
from streamer.recording import Recording
from streamer.send import Manner, SendError, send
from tests.streamer.gateways.protocols.audiohook import (
    NOBODY,
    ORGANIZATION,
    PARTICIPANT,
    SESSION,
    message,
    opened,
)
from tests.streamer.shell import (
    LOUD,
    PATIENCE,
    QUIET,
    NoKeys,
    TwoKeys,
    beside,
    eventually,
    house,
    settings,
)

CALL = "bb891136-0466-49be-8f05-eaee0960c22f"
SECRET = b"My super secret key"
BOTH = ["external", "internal"]


def both(customer, agent):
    return to_mulaw(interleave([customer, agent]))


SAID = both(LOUD + QUIET * 2, QUIET * 3)


class Genesys:
    """One session, held as Genesys Cloud does. `heard` are the server's messages."""

    def __init__(self, socket, session):
        self.socket, self.session = socket, session
        self.seq, self.heard, self.at = 0, [], 0.0

    async def open(self, call=CALL, **parameters):
        self.seq += 1
        its = json.loads(opened(call, self.seq, **parameters))
        await self.socket.send(json.dumps({**its, "id": self.session}))
        return (await self.next("opened"))["parameters"]

    async def say(self, kind, parameters=None):
        self.seq += 1
        said = message(
            kind,
            self.seq,
            parameters,
            serverseq=len(self.heard),
            position=f"PT{self.at}S",
            session=self.session,
        )
        await self.socket.send(said)

    async def play(self, audio=SAID):
        """In frames of 200 ms."""
        for at in range(0, len(audio), 3200):
            await self.socket.send(audio[at : at + 3200])
        self.at += len(audio) / 16000

    async def next(self, kind):
        """The next message, which is of that type."""
        async with asyncio.timeout(PATIENCE):
            said = json.loads(await self.socket.recv())
        self.heard.append(said)
        assert [each["seq"] for each in self.heard] == list(range(1, len(self.heard) + 1))
        assert (said["type"], said["version"], said["id"]) == (kind, "2", self.session)
        return said

    async def close(self, reason="end"):
        await self.say("close", {"reason": reason})
        closed = await self.next("closed")
        assert closed["clientseq"] == self.seq
        await self.socket.close()


@asynccontextmanager
async def genesys(it, session=SESSION, **options):
    headers = {"Audiohook-Organization-Id": ORGANIZATION, "Audiohook-Session-Id": session}
    headers |= options.pop("headers", {})
    async with it.connect(at="/audiohook", additional_headers=headers, **options) as socket:
        yield Genesys(socket, session)


def with_events(*events, **calls):
    gateways = GatewaySettings(audiohook=AudiohookSettings(frozenset(events)))
    return replace(settings(**calls), gateways=gateways)


async def test_a_whole_session():
    async with house(settings(grace=30.0)) as it, genesys(it) as session:
        chosen = await session.open(language="zh-CN", customConfig={"queue": "vip"})
        assert chosen["media"][0]["channels"] == BOTH
        await session.say("ping")
        await session.next("pong")
        await session.play()
        await session.say("paused")
        await session.say("ping", {"rtt": "PT0.005S"})
        await session.next("pong")
        session.at += 60.0
        await session.say("resumed", {"start": "PT3S", "discarded": "PT60S"})
        await session.play()
        await session.close()
        told = it.sinks.told[CALL]
        (info,) = [event.info for event in told if isinstance(event, ev.CallOpened)]
        assert (info.language, info.queue) == ("zh", "vip")
        assert [said.start for said in it.sinks.of(CALL, ev.Transcript)] == [
            pytest.approx(0.0, abs=0.1),
            pytest.approx(63.0, abs=0.1),
        ]
        assert [(held.at, held.on) for held in it.sinks.of(CALL, ev.Held)] == [
            (pytest.approx(3.0), True),
            (pytest.approx(63.0), False),
        ]
        assert told[-1] == ev.CallClosed(CALL, pytest.approx(66.0), "ended")
        silences = it.sinks.of(CALL, ev.Silence)
        assert silences
        assert all(said.since + said.lasted < 3.1 or said.since > 63 for said in silences)
        assert not it.tally.rejected


async def test_a_probe_makes_no_call():
    async with house() as it, genesys(it) as session:
        await session.open(NOBODY, participant={"id": NOBODY})
        assert it.server.load().calls == 0
        await session.say("ping")
        await session.next("pong")
        await session.close()
        assert not it.sinks.told
        assert not it.tally.rejected


async def test_what_was_said_is_told_before_closed():
    async with (
        house(with_events("transcripts", "alerts", grace=30.0)) as it,
        genesys(it) as session,
    ):
        await session.open()
        it.recognizer.open.clear()
        await session.play()
        await session.say("close", {"reason": "end"})
        await it.sinks.until(CALL, ev.Silence)
        it.sinks.lines[CALL].reply('{"type":"alert"}')
        assert (await session.next("event"))["parameters"] == {
            "entities": [{"type": "earwitness.alert", "data": {"type": "alert"}}]
        }
        it.recognizer.open.set()
        await session.next("closed")
        assert len(it.sinks.of(CALL, ev.Transcript)) == 1


async def test_closed_does_not_wait_for_a_slow_model(monkeypatch):
    monkeypatch.setattr("streamer.gateways.audiohook_open.ANSWER_WITHIN", 0.05)
    async with house(settings(grace=30.0)) as it, genesys(it) as session:
        await session.open()
        it.recognizer.open.clear()
        await session.play()
        await session.close()
        it.recognizer.open.set()
        await it.sinks.until(CALL, ev.CallClosed)
        assert len(it.sinks.of(CALL, ev.Transcript)) == 1


@pytest.mark.parametrize("reason", ["reconnect", "error", "disconnect"])
async def test_whoever_closes_to_come_back_finds_its_call(reason):
    async with house(settings(grace=30.0)) as it:
        async with genesys(it) as session:
            await session.open()
            await session.play()
            await session.close(reason)
        await eventually(lambda: it.tally.connections == 0)
        assert it.server.load().calls == 1
        async with genesys(it, PARTICIPANT) as session:
            await session.open(
                continuedSessions=[{"id": SESSION, "serverseq": 2, "clientseq": 2}]
            )
            await session.play()
            await session.close()
        assert len(it.sinks.of(CALL, ev.CallOpened)) == 1
        assert [said.number for said in it.sinks.of(CALL, ev.Transcript)] == [1, 2]
        assert [it.reason for it in it.sinks.of(CALL, ev.CallClosed)] == ["ended"]


async def test_a_session_takes_the_place_of_the_one_that_it_continues_at_once():
    """The network has gone; only a ping would find the old connection dead."""
    async with house(settings(grace=30.0, takeover=3600.0)) as it, genesys(it) as old:
        await old.open()
        await old.play()
        await it.sinks.until(CALL, ev.Transcript)
        async with genesys(it, PARTICIPANT) as new:
            await new.open(continuedSessions=[{"id": SESSION, "serverseq": 1, "clientseq": 1}])
            told = (await old.next("disconnect"))["parameters"]
            assert told == {"reason": "error", "info": "taken over by a newer connection"}
            await old.close("disconnect")
            await new.play()
            await new.close()
        assert [said.number for said in it.sinks.of(CALL, ev.Transcript)] == [1, 2]


async def test_another_that_does_not_say_so_is_turned_away():
    async with house(settings(takeover=3600.0)) as it, genesys(it) as first:
        await first.open()
        async with genesys(it, PARTICIPANT) as second:
            second.seq += 1
            await second.socket.send(
                json.dumps({**json.loads(opened(CALL)), "id": PARTICIPANT})
            )
            told = (await second.next("disconnect"))["parameters"]
            assert told["reason"] == "error"
            assert "already connected" in told["info"]
            await second.close("disconnect")
        await first.close()


async def test_a_server_that_stops_says_so_and_waits():
    async with house(settings(grace=30.0)) as it, genesys(it) as session:
        await session.open()
        await session.play()
        await it.sinks.until(CALL, ev.Transcript)
        draining = asyncio.create_task(it.server.drain(5.0))
        told = (await session.next("disconnect"))["parameters"]
        assert told == {"reason": "completed", "info": "shutdown"}
        await session.play()  # it was under way
        assert not draining.done()
        await session.close("disconnect")
        await draining
        assert [closed.reason for closed in it.sinks.of(CALL, ev.CallClosed)] == ["shutdown"]
        assert len(it.sinks.of(CALL, ev.Transcript)) == 1


async def test_a_server_that_is_full_says_so():
    async with house(settings(max_calls=2)) as it, genesys(it) as first:
        async with genesys(it, PARTICIPANT) as second:
            await first.open()
            it.server._calls.limit = 1
            second.seq += 1
            await second.socket.send(
                json.dumps({**json.loads(opened("another")), "id": PARTICIPANT})
            )
            told = (await second.next("disconnect"))["parameters"]
            assert told == {"reason": "error", "info": "too many calls, try again in 5 s"}
            await second.close("disconnect")
        await first.close()


async def test_a_broken_protocol_is_told_and_costs_no_call():
    async with house(settings(grace=30.0)) as it, genesys(it) as session, beside(it):
        await session.open()
        await session.play()
        session.seq += 1  # one is missing
        await session.say("ping")
        told = (await session.next("disconnect"))["parameters"]
        assert told == {"reason": "error", "info": "seq 3 after 1: it counts one by one"}
        await session.close("disconnect")
        await it.sinks.until(CALL, ev.Transcript)
        assert not it.sinks.of(CALL, ev.CallClosed)


async def test_what_the_gateway_complains_of_is_logged(caplog):
    async with house() as it, genesys(it) as session:
        await session.open()
        await session.say("error", {"code": 408, "message": "Timeout waiting for pong"})
        await session.close("error")
    assert "AudioHook error 408: Timeout waiting for pong" in caplog.text


def signing(secrets=None, url=""):
    secrets = {"first": SECRET} if secrets is None else secrets
    return replace(settings(), secrets=ClientSecrets("/audiohook", secrets, url))


def asked(it, key="first key", *, secret=SECRET, host=None, target="/audiohook", age=0):
    """The headers of a request signed with `secret`."""
    headers = {
        "Audiohook-Organization-Id": ORGANIZATION,
        "Audiohook-Session-Id": SESSION,
        "Audiohook-Correlation-Id": PARTICIPANT,
        "X-API-KEY": key,
    }
    told = {name.lower(): [value] for name, value in headers.items()}
    told["host"] = [host or f"127.0.0.1:{it.server.port}"]
    request = Handshake("/audiohook", target, {}, told)
    return headers | sign(request, secret, "n" * 32, int(time.time()) - age)


async def status_of(it, at="/audiohook", **headers):
    try:
        async with it.connect(at=at, additional_headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_a_key_may_come_as_x_api_key():
    async with house(keys=TwoKeys()) as it:
        assert await status_of(it, **{"X-API-KEY": "first key"}) == 101
        assert await status_of(it, **{"X-API-KEY": "guess"}) == 401
        assert await status_of(it) == 401


async def test_who_holds_a_client_secret_signs(caplog):
    async with house(signing(), keys=TwoKeys()) as it:
        assert await status_of(it, **asked(it)) == 101
        assert await status_of(it, **{"X-API-KEY": "second key"}) == 101
        for headers, why in (
            ({"X-API-KEY": "first key"}, "no header signature-input"),
            ({"Authorization": "Bearer first key"}, "no header signature-input"),
            (asked(it, secret=b"guess"), "another one"),
            (asked(it, age=60), "expired"),
            (asked(it, target="/other"), "another one"),
        ):
            caplog.clear()
            assert await status_of(it, **headers) == 401
            assert why in caplog.text
        assert await status_of(it, at="/raw", **asked(it)) == 401
        assert await status_of(it, at="/raw", **{"X-API-KEY": "second key"}) == 101
        assert "first key" not in caplog.text


async def test_a_session_that_is_signed_is_a_session():
    async with house(signing(), keys=TwoKeys()) as it:
        async with genesys(it, headers=asked(it)) as session:
            await session.open()
            await session.close()
        assert it.sinks.of(CALL, ev.CallClosed)


async def test_without_keys_whoever_is_anonymous_may_have_to_sign():
    async with house(signing({"anonymous": SECRET}), keys=NoKeys()) as it:
        assert await status_of(it, **asked(it, key="whatever")) == 101
        assert await status_of(it) == 401


async def test_behind_a_proxy_the_address_that_is_signed_is_a_setting():
    url = "wss://assist.example.com/hook/audiohook"
    async with house(signing(url=url), keys=TwoKeys()) as it:
        theirs = asked(it, host="assist.example.com", target="/hook/audiohook")
        assert await status_of(it, **theirs) == 101
        assert await status_of(it, **asked(it)) == 401


RATE = 8000
TONE = (8000 * np.sin(np.arange(RATE) * 0.6)).astype(np.int16)
HUSH = np.zeros(RATE, np.int16)
STEREO = np.column_stack(
    [np.concatenate([TONE, HUSH, HUSH]), np.concatenate([HUSH, TONE, HUSH])]
)
RECORDING = Recording((Party.CUSTOMER, Party.AGENT), RATE, STEREO, {"queue": "vip"})


@pytest.mark.parametrize("two_sockets", [False, True])
async def test_the_sender_holds_a_session(two_sockets):
    async with house(signing(), keys=TwoKeys()) as it:
        manner = Manner(
            call_id="c",
            speed=0,
            two_sockets=two_sockets,
            key="first key",
            secret=b64encode(SECRET).decode(),
            language="zh",
        )
        report = await send(RECORDING, it.at("/audiohook"), manner)
        assert (report.close_code, report.seconds) == (1000, 3.0)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert sorted(said.party for said in it.sinks.of("c", ev.Transcript)) == [
            Party.AGENT,
            Party.CUSTOMER,
        ]
        assert it.tally.audio_seconds == pytest.approx(6.0)
        (opening, *_) = it.sinks.told["c"]
        assert (opening.info.queue, opening.info.language) == ("vip", "zh")


async def test_the_sender_pings_as_it_plays():
    long = Recording((Party.CUSTOMER,), RATE, np.tile(HUSH, 12)[:, None])
    heard = []
    async with house() as it:
        manner = Manner(call_id="c", speed=0, hear=heard.append)
        await send(long, it.at("/audiohook"), manner)
    assert [json.loads(said)["type"] for said in heard] == ["pong", "pong", "closed"]


async def test_the_sender_tells_why_a_session_ended():
    async with house(signing(), keys=TwoKeys()) as it:
        with pytest.raises(SendError, match="401"):
            await send(RECORDING, it.at("/audiohook"), Manner(key="first key"))
        with pytest.raises(SendError, match="no base64"):
            await send(RECORDING, it.at("/audiohook"), Manner(secret="?"))
        with pytest.raises(SendError, match="--rate 8000"):
            await send(RECORDING, it.at("/audiohook"), Manner(encoding="alaw"))
        async with genesys(it, headers={"X-API-KEY": "second key"}) as session:
            await session.open("c")
            manner = Manner(call_id="c", speed=0, key="second key")
            report = await send(RECORDING, it.at("/audiohook"), manner)
            assert report.close_code == 1008
            assert "already connected" in report.close_reason
            await session.close()


async def test_a_subscriber_is_sent_what_is_published():
    heard = []
    async with house(with_events(*EVERYTHING)) as it:

        def answer(_):
            if "c" in it.sinks.lines and not heard:
                it.sinks.lines["c"].reply('{"type":"alert"}')

        manner = Manner("c", speed=0, subscribe=True, progress=answer, hear=heard.append)
        await send(RECORDING, it.at("/audiohook"), manner)
    assert {json.loads(said)["type"] for said in heard} == {"event", "closed"}
