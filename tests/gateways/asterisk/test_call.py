"""The whole of it: two phones talk through a real Asterisk, a real server hears them."""

import json
from statistics import median

from redis.asyncio import Redis

from bench.server import server
from bench.truth import customer_silences, lines
from streamer.adapters.keys import KeyFile
from streamer.pcm import to_alaw
from streamer.recording import demo
from tests.e2e.test_main_job import alike, distance, plain
from tests.gateways.asterisk.pbx import pbx

CALL = 1
SECONDS = 37.6
"""Of the demo call: one angry customer, one silence of 3.4 s."""


async def test_real_speech_over_alaw_rtp_gives_words_an_alert_and_a_prompt(tmp_path):
    key = KeyFile(tmp_path / "state/keys.json").add("pbx")
    async with server(tmp_path / "state") as running:
        given = {"stream": running.stream.removesuffix("/raw"), "key": key}
        given |= {"web": running.web, "integrator": "none", "audiosocket": "1"}
        async with pbx(tmp_path / "pbx", **given) as asterisk:
            samples = demo(CALL, 8000).samples[: round(8000 * SECONDS)]
            await asterisk.call(*(to_alaw(samples[:, it].tobytes()) for it in (0, 1)))
        told = await published(running.redis_url)
    assert (told[0]["type"], told[-1]["type"]) == ("call_started", "call_ended")
    assert (told[-1]["reason"], told[0]["agent_id"]) == ("ended", "8001")
    assert told[-1]["at"] > SECONDS - 1.0
    late = check_words([it for it in told if it["type"] == "transcript"])
    check_alert([it for it in told if it["type"] == "alert"])
    check_prompt([it for it in told if it["type"] == "prompt"], late)


async def published(url):
    """All that was published of the one call, oldest first."""
    async with Redis.from_url(url) as redis:
        entries = await redis.xrange("ew:log")
    told = [json.loads(fields[b"json"]) for _, fields in entries]
    assert len({it["call_id"] for it in told}) == 1
    return told


def spoken():
    return [line for line in lines(CALL) if line.text and line.end < SECONDS]


def check_words(heard):
    """Each line is heard of its own party, and nothing else of it. Returns how much later it is
    in the call than in the recording: the agent's phone had to ring first."""
    late = median(its["end"] - said.end for its, said in zip(heard, spoken(), strict=True))
    wrong = 0
    for its, said in zip(heard, spoken(), strict=True):
        assert its["party"] == said.party, (its, said)
        assert abs(its["end"] - said.end - late) < 0.4, (its, said)
        wrong += distance(plain(its["text"]), plain(said.written))
    assert wrong <= 0.05 * sum(len(plain(said.written)) for said in spoken())
    assert -1.0 < late < 1.0
    return late


def check_alert(alerts):
    raised = [it for it in alerts if it["kind"] == "ANGRY" and it["severity"] != "watch"]
    assert raised
    angry = [line.text for line in lines(CALL) if line.emotion == "ANGRY"]
    assert max(alike(raised[0]["text"], said) for said in angry) > 0.8
    assert {it["kind"] for it in alerts} == {"ANGRY"}


def check_prompt(prompts, late):
    """At 2.0 s of silence after the customer's question."""
    shown = [it["at"] - late for it in prompts if it["state"] == "shown"]
    (silent,) = [it for it in customer_silences(CALL, 2.2) if it.end < SECONDS]
    (at,) = shown
    assert abs(at - silent.end - 2.0) < 0.2
