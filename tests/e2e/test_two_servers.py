"""Two servers on one Redis, and kill -9 of the one that hears the call."""

import asyncio
import contextlib
import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
from redis.asyncio import Redis

from bench.server import Running, ServerFailedError, server
from streamer.recording import Recording, demo
from streamer.send import Manner, send
from tests.e2e.conftest import log_of
from tests.redis_server import RedisServer, redis_or_skip

CUT = 37.3  # seconds of demo call 1: the customer has been angry twice and will be again
CALL = "moves"


@contextlib.asynccontextmanager
async def mortal(*args):
    """A server that may be killed meanwhile."""
    with contextlib.suppress(ServerFailedError):
        async with server(*args) as running:
            yield running


@pytest.fixture
async def three(tmp_path):
    """Two servers, and their Redis."""
    redis_or_skip()
    redis = RedisServer(tmp_path / "redis")
    await redis.start()
    given = f"--redis-url={redis.url}"
    try:
        async with (
            mortal(tmp_path / "one", given) as one,
            server(tmp_path / "two", given) as two,
        ):
            yield one, two, replace(two, redis_url=redis.url)
    finally:
        redis.kill()


def halves() -> tuple[Recording, Recording]:
    """The call up to `CUT` and then quiet; and the rest of it."""
    whole = demo(1)
    at = round(CUT * whole.sample_rate)
    quiet = np.zeros((60 * whole.sample_rate, 2), np.int16)
    before = np.concatenate([whole.samples[:at], quiet])
    return replace(whole, samples=before), replace(whole, samples=whole.samples[at:])


async def heard_until(running: Running, happens) -> list[dict]:
    async with asyncio.timeout(60), log_of(running) as log:
        while not happens(found := await log(CALL)):  # noqa: ASYNC110 - another's log
            await asyncio.sleep(0)
    return found


def angry(found: list[dict]) -> list[dict]:
    return [m for m in found if m["type"] == "alert" and m["kind"] == "ANGRY"]


async def test_killed_in_mid_call_and_the_other_goes_on_with_the_same_alert(three):
    one, two, redis = three
    first, rest = halves()
    manner = Manner(CALL, encoding="mulaw", speed=3.0)
    talking = asyncio.ensure_future(send(first, one.stream, manner))

    def raised(found):
        return angry(found) and any(m["type"] == "prompt" and m["at"] > CUT for m in found)

    before = await heard_until(redis, raised)
    os.kill(one.pid, signal.SIGKILL)
    assert (await talking).close_code == 1006
    report = await send(rest, two.stream, replace(manner, end=True))
    assert (report.close_code, report.close_reason) == (1000, "call over")
    found = await heard_until(redis, lambda f: f[-1]["type"] == "call_ended")

    assert found[: len(before)] == before
    kinds = [m["type"] for m in found]
    assert [kinds.count(k) for k in ("call_started", "call_ended")] == [1, 1]
    assert found[-1]["reason"] == "ended"
    told = [m["utterance"] for m in found if m["type"] in ("transcript", "unheard")]
    assert sorted(told) == list(range(1, len(told) + 1))
    guessed = {alert["id"] for alert in angry(found) if alert["outcome"] == "not_confirmed"}
    episode = [alert for alert in angry(found) if alert["id"] not in guessed]
    assert len({alert["id"] for alert in episode}) == 1
    assert [alert["rev"] for alert in episode] == list(range(1, len(episode) + 1))
    assert len({alert["desk"] for alert in episode}) == 2
    assert (episode[-1]["count"], episode[-1]["outcome"]) == (5, "call_end")
    assert twice(found) == []


async def test_killed_and_its_gateway_never_comes_back(three):
    """Two minutes without a sign of life: Redis is told that the last one was so long ago."""
    one, _, redis = three
    talking = asyncio.ensure_future(
        send(halves()[0], one.stream, Manner(CALL, encoding="mulaw", speed=3.0))
    )
    before = await heard_until(redis, angry)
    os.kill(one.pid, signal.SIGKILL)
    assert (await talking).close_code == 1006
    async with Redis.from_url(redis.redis_url) as asked:
        await asked.zincrby("ew:open", -120_000, f"ew:call:{CALL}")
    found = await heard_until(redis, lambda f: f[-1]["type"] == "call_ended")
    assert found[: len(before)] == before
    assert found[-1]["reason"] == "lost"
    assert twice(found) == []
    latest = {m["id"]: m["state"] for m in found if m["type"] == "alert"}
    assert set(latest.values()) == {"resolved"}


def twice(found: list[dict]) -> list[list[dict]]:
    """The entries of the log that say the same thing, whoever wrote them."""
    same: dict[str, list[dict]] = {}
    for message in found:
        same.setdefault(itself(message), []).append(message)
    return [messages for messages in same.values() if len(messages) > 1]


def itself(m: dict) -> str:
    """What makes an entry that very one."""
    kind = "said" if m["type"] in ("transcript", "unheard") else m["type"]
    done = [item["id"] for item in m.get("items", ()) if item["done"]]
    names = {
        "said": ("utterance",),
        "silence": ("since", "lasted", "ended"),
        "prompt": ("id", "state"),
        "alert": ("id", "rev"),
        "checklist": (),
        "call_started": (),
        "call_ended": (),
    }.get(kind, ("at",))
    return json.dumps([kind, done, *(m[name] for name in names)])
