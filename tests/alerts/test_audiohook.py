"""An alert over a session of AudioHook that breaks off and comes back: it is the same one."""

import asyncio
from dataclasses import replace

import pytest

from alerts.clips import ClipStore
from alerts.lifecycle import Desk
from alerts.playbook import BUNDLED, parse
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from streamer import events as ev
from tests.streamer.gateways.protocols.audiohook import PARTICIPANT, SESSION
from tests.streamer.gateways.test_audiohook_sessions import genesys, with_events
from tests.streamer.shell import PATIENCE, ScriptedRecognizer, eventually, house


class Angry(ScriptedRecognizer):
    async def transcribe(self, utterance):
        heard = await super().transcribe(utterance)
        felt = {ev.Emotion.ANGRY: 0.97, ev.Emotion.NEUTRAL: 0.03}
        return replace(
            heard, text="我不要了马上给我退款", emotion=ev.Emotion.ANGRY, emotion_p=felt
        )


@pytest.fixture
async def sinks(tmp_path):
    """What is published has nowhere to go but the gateway: nothing here needs Redis."""
    bus = RedisBus("redis://127.0.0.1:1")
    clock = asyncio.get_running_loop().time
    yield sink_factory(
        lambda: parse(BUNDLED.read_text("utf-8")), Desk(), bus, ClipStore(tmp_path), {}, clock
    )
    await bus.close()


async def alerts(session, until):
    """What the session is told of alerts, until one of them is like this."""
    told = []
    async with asyncio.timeout(PATIENCE):
        while not told or not until(told[-1]):
            said = (await session.next("event"))["parameters"]["entities"]
            told += [entity["data"] for entity in said]
    return told


async def test_a_session_that_comes_back_raises_no_alert_twice(sinks):
    its = with_events("alerts", grace=30.0)
    async with house(its, sinks=sinks, recognizer=Angry()) as it:
        async with genesys(it) as session:
            await session.open()
            for _ in range(3):
                await session.play()
            before = await alerts(session, lambda alert: alert["kind"] == "ANGRY")
            session.socket.transport.abort()
        await eventually(lambda: it.tally.connections == 0)
        async with genesys(it, PARTICIPANT) as session:
            await session.open(
                continuedSessions=[{"id": SESSION, "serverseq": 2, "clientseq": 1}]
            )
            for _ in range(3):
                await session.play()
            after = await alerts(
                session, lambda alert: alert["kind"] == "KEYWORD" and alert["count"] == 6
            )
    for kind in ("ANGRY", "KEYWORD"):
        told = [alert for alert in before + after if alert["kind"] == kind]
        assert len({alert["id"] for alert in told}) == 1
        revisions = [alert["rev"] for alert in told]
        assert revisions == sorted(set(revisions))
