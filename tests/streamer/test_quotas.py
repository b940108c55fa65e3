"""What one key may ask for, over real sockets."""

import asyncio
from dataclasses import replace

import pytest

from streamer import events as ev
from streamer.ports import Quota
from streamer.quotas import Quotas
from tests.streamer.shell import (
    END,
    TwoKeys,
    beside,
    eventually,
    goodbye,
    house,
    settings,
    start,
    whole_call,
)
from tests.streamer.test_admission import refusal

FIRST = {"additional_headers": {"Authorization": "Bearer first key"}}


def test_connections_of_the_last_minute_count_and_refused_ones_do_not():
    it = Quotas(TwoKeys(first=Quota(per_minute=2)), lambda *_: False)
    seconds = [0.0, 20.0, 21.0, 59.0, 60.0, 61.0, 79.9, 80.0]
    refused = [it.refusal("first", "", now) for now in seconds]
    assert [r and r.retry_after for r in refused] == [None, None, 39, 1, None, 19, 1, None]
    assert {r.code for r in refused if r} == {"key_rate"}


def test_a_key_without_a_quota_has_none_and_costs_nothing():
    it = Quotas(TwoKeys(), lambda *_: True)
    assert not any(it.refusal("first", "", 0.0) for _ in range(1000))
    assert not it._opened


async def test_a_call_too_many_for_a_key_is_refused_and_another_key_is_not():
    async with house(keys=TwoKeys(first=Quota(calls=1))) as it, beside(it, "first key"):
        status, body, answer = await refusal(it.connect(**FIRST))
        assert (status, body["code"], answer["Retry-After"]) == (503, "key_calls", "5")
        assert body["message"]["zh"] == "此密钥最多同时 1 通电话，已满。"
        assert it.tally.rejected["key_calls"] == 1
        assert len(await whole_call(it, key="second key")) > 2


async def test_whoever_says_which_running_call_it_is_for_comes_in():
    async with (
        house(keys=TwoKeys(first=Quota(calls=1))) as it,
        beside(it, "first key"),
        it.connect("?call_id=good", **FIRST) as agent,
    ):
        await agent.send(start("good", channels=["agent"]))
        await agent.send(bytes(320))
        await eventually(lambda: it.tally.audio_seconds > 3.01)


async def test_who_has_not_said_which_call_it_carries_counts_too():
    async with house(keys=TwoKeys(first=Quota(calls=1))) as it, it.connect(**FIRST):
        assert (await refusal(it.connect(**FIRST)))[1]["code"] == "key_calls"
        async with it.connect("?token=second+key") as other:
            await other.send(start("c2"))
            await it.sinks.until("c2", ev.CallOpened)


async def test_a_gateway_comes_back_to_its_call_and_a_new_call_is_told_why_not():
    keys = TwoKeys(first=Quota(calls=1))
    async with house(settings(grace=30.0), keys=keys) as it:
        async with it.connect(**FIRST) as first:
            await first.send(start())
            await it.sinks.until("c1", ev.CallOpened)
        await eventually(lambda: it.tally.connections == 0)
        async with it.connect(**FIRST) as stranger:  # it might have been c1's
            await stranger.send(start("c2"))
            told = await goodbye(stranger)
        assert told == (1013, "this key may have 1 calls at once, and has them")
        await eventually(lambda: it.tally.connections == 0)
        async with it.connect(**FIRST) as back:
            await back.send(start())
            await back.send(END)
            assert (await goodbye(back))[0] == 1000


async def test_once_a_call_is_over_there_is_room_for_the_next():
    async with house(keys=TwoKeys(first=Quota(calls=1))) as it:
        for call in ("c1", "c2", "c3"):
            await whole_call(it, call, key="first key")
            await eventually(lambda: not it.tally.connections and not it.server.load().calls)
        assert not it.server._reception.owners


async def test_too_many_connections_a_minute_are_told_when_to_come_again():
    async with house(keys=TwoKeys(first=Quota(per_minute=2))) as it, beside(it, "first key"):
        await whole_call(it, key="first key")
        status, body, answer = await refusal(it.connect(**FIRST))
        assert (status, body["code"]) == (429, "key_rate")
        assert 0 < int(answer["Retry-After"]) <= 60
        await whole_call(it, "c2", key="second key")


async def test_who_has_no_right_key_is_told_of_to_the_operator_alone():
    told = []
    its = replace(settings(), refused=told.append)
    async with house(its, keys=TwoKeys()) as it:
        _, body, _ = await refusal(it.connect("?token=guess"))
        await refusal(it.connect())
        for _ in range(20):
            await refusal(it.connect("?token=guess"))
    assert [(r.address, r.path, r.why) for r in told[:2]] == [
        ("127.0.0.1", "/raw", "unknown key"), ("127.0.0.1", "/raw", "no key"),
    ]  # fmt: skip
    assert "unknown key" not in str(body)
    assert len(told) == 10  # what a stranger can have written down is limited


@pytest.mark.parametrize("key", ["first key", "second key"])
async def test_many_at_once_are_no_more_than_the_quota(key):
    its, quotas = settings(grace=30.0), {"first": Quota(calls=3), "second": Quota(calls=3)}
    headers = {"additional_headers": {"Authorization": f"Bearer {key}"}}

    async def one(number):
        try:
            socket = await it.connect(**headers)
        except Exception:  # the handshake's refusal
            return
        async with socket:
            await socket.send(start(f"c{number}"))
            await goodbye(socket)

    async with house(its, keys=TwoKeys(**quotas)) as it, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(n)) for n in range(12)]
        await eventually(lambda: sum(task.done() for task in running) == 9)
        await eventually(lambda: it.server.load().calls == 3)
        for task in running:
            task.cancel()
