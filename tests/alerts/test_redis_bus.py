"""The bus against a real redis-server that comes, goes, and forgets."""

import asyncio
import contextlib

import pytest
from redis.asyncio import Redis

from alerts import wire
from alerts.outbox import Outbox
from alerts.redis_bus import RedisAwayError, RedisBus
from streamer.errors import SettingsError
from streamer.events import Emotion, Party
from tests.redis_server import RedisServer, redis_or_skip

pytestmark = pytest.mark.redis


def silence(number: int, call: str = "c") -> wire.Silence:
    return wire.Silence(call, float(number), 1.2, Party.CUSTOMER, False, float(number))


def prompt(number: int) -> wire.Prompt:
    words = wire.Words("因", "why")
    return wire.Prompt(
        f"p{number}", "c", "8001", "silence", words, words, ("说",), 1, "shown", 2.0
    )


def draft(end: float) -> wire.Draft:
    return wire.Draft(
        "c", 7, Party.CUSTOMER, 0.0, end, "说到一半", "zh", 1.0, Emotion.UNKNOWN, {}, (), {},
        (), "", end,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def running(url, **settings):
    bus = RedisBus(url, **settings)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bus.run())
        yield bus
        task.cancel()
    await bus.close()


async def delivered(bus) -> None:
    assert await bus.drain(20) == 0


async def logged(bus) -> list[float]:
    return [message.at for _, message in await bus.log.recent()]


async def test_what_is_published_is_logged_rung_and_kept_as_state(redis_server):
    client = Redis.from_url(redis_server.url)
    listener = client.pubsub()
    await listener.psubscribe("ew:*")
    async with running(redis_server.url) as bus:
        sent = bus.publish(prompt(1))
        bus.publish(silence(3))
        await delivered(bus)
        assert sent.wall.endswith("Z")
        assert next(m for _, m in await bus.log.recent()) == sent
        rung = []
        async with asyncio.timeout(5):
            while len(rung) < 2:
                bell = await listener.get_message(ignore_subscribe_messages=True, timeout=1)
                rung += [(bell["channel"], wire.decode(bell["data"]))] if bell else []
        assert [channel for channel, _ in rung] == [b"ew:prompts:8001", b"ew:calls"]
        assert rung[0][1] == sent
        state = await client.hgetall("ew:call:c")
        assert set(state) == {b"prompt", b"silence"}
        assert 0 < await client.ttl("ew:call:c") <= 3600
        assert bus.state.up
        assert bus.state.kept == 0
    await listener.aclose()
    await client.aclose()


async def test_nothing_missing_nothing_double_in_order_through_kill_and_restart(redis_server):
    async with running(redis_server.url) as bus:
        numbers = iter(range(10_000))

        def publish(count: int) -> None:
            for _ in range(count):
                bus.publish(silence(next(numbers)))

        for _ in range(3):
            publish(300)
            for _ in range(5):  # somewhere in the middle of the delivery
                await asyncio.sleep(0)
            redis_server.kill()
            publish(300)
            await redis_server.start()
            publish(50)
        await delivered(bus)
        assert await logged(bus) == [float(n) for n in range(3 * 650)]


async def test_a_redis_that_forgot_everything_is_told_again_in_order(forgetful_redis):
    async with running(forgetful_redis.url) as bus:
        for number in range(100):
            bus.publish(silence(number))
        await delivered(bus)
        forgetful_redis.kill()
        await forgetful_redis.start()
        bus.publish(silence(100))
        await delivered(bus)
        assert await logged(bus) == [float(n) for n in range(101)]


async def test_what_redis_forgot_is_logged_again_even_if_nothing_new_comes(forgetful_redis):
    async with running(forgetful_redis.url) as bus:
        bus.publish(silence(0))
        await delivered(bus)
        forgetful_redis.kill()
        await forgetful_redis.start()
        async with asyncio.timeout(10):
            while (await asyncio.gather(logged(bus), return_exceptions=True))[0] != [0.0]:  # noqa: ASYNC110
                await asyncio.sleep(0)


async def test_bells_are_not_rung_again_for_what_is_only_logged_again(forgetful_redis):
    async with running(forgetful_redis.url) as bus:
        bus.publish(silence(0))
        await delivered(bus)
        forgetful_redis.kill()
        await forgetful_redis.start()
        client = Redis.from_url(forgetful_redis.url)
        listener = client.pubsub()
        await listener.subscribe("ew:calls")
        await listener.get_message(timeout=5)  # the subscription itself
        bus.publish(silence(1))
        await delivered(bus)
        bell = await listener.get_message(ignore_subscribe_messages=True, timeout=5)
        assert wire.decode(bell["data"]).at == 1.0
        await listener.aclose()
        await client.aclose()


async def test_redis_absent_at_start_keeps_everything(tmp_path):
    redis_or_skip()
    server = RedisServer(tmp_path)
    async with running(server.url) as bus:
        for number in range(20):
            bus.publish(silence(number))
        assert await bus.drain(0.3) == 20
        assert not bus.state.up
        assert bus.state.since
        with pytest.raises(RedisAwayError):
            await bus.log.recent()
        await server.start()
        await delivered(bus)
        assert await logged(bus) == [float(n) for n in range(20)]
        assert bus.state.up
        assert bus.state.since == ""
    server.kill()


async def test_two_servers_share_one_log(redis_server):
    async with running(redis_server.url) as one, running(redis_server.url) as other:
        for number in range(50):
            one.publish(silence(number, "one"))
            other.publish(silence(number, "other"))
        await delivered(one)
        await delivered(other)
        for call in ("one", "other"):
            assert [m.at for m in await one.log.history(call)] == [float(n) for n in range(50)]


async def test_reading_goes_on_where_it_left_off_and_waits(redis_server):
    async with running(redis_server.url) as bus:
        assert await bus.log.last_id() == "0-0"
        assert await bus.log.read("0", 0) == []
        waiting = asyncio.ensure_future(bus.log.read("0-0", 5000))
        bus.publish(silence(1))
        [(first, message)] = await waiting
        assert message.at == 1.0
        assert await bus.log.last_id() == first
        assert await bus.log.read(first, 10) == []


async def test_a_call_s_history_ends_at_its_start_and_is_bounded(redis_server):
    async with running(redis_server.url) as bus:
        call = 'a"b\n客'
        bus.publish(silence(0, call))  # an earlier call of the same id
        bus.publish(wire.CallStarted(call, "8001", "q", "", "", "", "zh", True, True))
        for number in range(1, 6):
            bus.publish(silence(number, call))
            bus.publish(silence(number, "b"))
        await delivered(bus)
        history = await bus.log.history(call)
        assert [type(m).__name__ for m in history[-6:]] == ["CallStarted", *["Silence"] * 5]
        assert [m.at for m in await bus.log.history(call, 2)] == [4.0, 5.0]


async def test_strangers_entries_are_skipped_and_counted(redis_server, caplog):
    client = Redis.from_url(redis_server.url)
    for strange in (
        {"json": "{"},
        {"other": "x"},
        {"json": '{"type":"from_the_future","v":9}'},
    ):
        await client.xadd("ew:log", strange)
    async with running(redis_server.url) as bus:
        waiting = asyncio.ensure_future(bus.log.read("0", 5000))
        await asyncio.sleep(0)
        bus.publish(silence(1))
        assert [m.at for _, m in await waiting] == [1.0]
        assert bus.log.undecodable == 3
        assert caplog.text.count("no messages") == 1
    await client.aclose()


async def test_a_live_state_of_the_wrong_type_does_not_hold_up_the_log(redis_server):
    client = Redis.from_url(redis_server.url)
    await client.set("ew:call:c", "not a hash")
    async with running(redis_server.url) as bus:
        bus.publish(silence(1))
        bus.publish(silence(2))
        await delivered(bus)
        assert await logged(bus) == [1.0, 2.0]
    await client.aclose()


async def test_the_log_is_trimmed_by_age(redis_server):
    client = Redis.from_url(redis_server.url)
    for n in range(300):  # nearly exact trimming removes whole nodes of a hundred
        await client.xadd("ew:log", {"json": "{}"}, id=f"1000-{n}")
    async with running(redis_server.url, log_hours=1) as bus:
        bus.publish(silence(1))
        await delivered(bus)
        assert await client.xlen("ew:log") < 150
    await client.aclose()


async def test_a_wrong_password_is_away_and_said_once(redis_server, caplog):
    client = Redis.from_url(redis_server.url)
    await client.config_set("requirepass", "secret")
    url = redis_server.url.replace("redis://", "redis://:wrong@")
    async with running(url) as bus:
        bus.publish(silence(1))
        assert await bus.drain(0.5) == 1
        assert not bus.state.up
    assert caplog.text.count("redis is away") == 1
    assert "secret" not in caplog.text
    assert ":wrong@" not in caplog.text
    await client.aclose()


@pytest.mark.parametrize(
    "url", ["http://localhost", "redis://h:port/0", "redis://h/0?no_such_option=1"]
)
def test_a_url_that_is_none_is_a_fault_of_the_settings(url):
    with pytest.raises(SettingsError, match="redis_url"):
        RedisBus(url)


async def test_the_bound_holds_while_redis_is_away(tmp_path):
    async with running(f"redis://127.0.0.1:1/{0}", limit=10) as bus:
        for number in range(30):
            bus.publish(silence(number))
        for number in range(4):
            bus.publish(prompt(number))
        assert bus.state.kept == bus.state.limit == 10
        assert bus.state.dropped == 24
        assert isinstance(bus._outbox, Outbox)


async def test_past_the_bound_drafts_go_first_then_words_never_alerts(redis_server):
    """Of 5,301 messages 2,000 fit: which they are is known to the last one."""
    async with running(redis_server.url, limit=2_000) as bus:
        bus.publish(silence(-1))
        await delivered(bus)
        redis_server.kill()
        for number in range(1_500):
            bus.publish(draft(float(number)))
            bus.publish(silence(number))
            if number % 5 == 0:
                bus.publish(prompt(number))
        assert (bus.state.kept, bus.state.dropped) == (2_000, 1_300)  # drafts
        for number in range(1_500, 2_500):
            bus.publish(silence(number))
            bus.publish(prompt(number))
        assert (bus.state.kept, bus.state.dropped) == (2_000, 3_300)  # words too
        await redis_server.start()
        await delivered(bus)
        found = [message for _, message in await bus.log.recent()]
    alerts = [m.id for m in found if isinstance(m, wire.Prompt)]
    words = [m.at for m in found if isinstance(m, wire.Silence)]
    assert alerts == [f"p{n}" for n in range(2_500) if n % 5 == 0 or n >= 1_500]
    assert words == [-1.0, *(float(n) for n in range(1_800, 2_500))]
    order = [int(m.id[1:]) if isinstance(m, wire.Prompt) else m.at for m in found]
    assert order == sorted(order)


class Cutting:
    """A line to Redis that breaks before the answers to its first `cuts` scripts."""

    def __init__(self, port: int, cuts: int) -> None:
        self._port, self.cuts = port, cuts

    async def carry(self, reader, writer):
        answers, requests = await asyncio.open_connection("127.0.0.1", self._port)
        tasks = [
            asyncio.ensure_future(self._requests(reader, requests)),
            asyncio.ensure_future(self._answers(answers, writer)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        requests.close()
        writer.close()

    async def _requests(self, reader, requests):
        while data := await reader.read(65536):
            requests.write(data)

    async def _answers(self, answers, writer):
        while data := await answers.read(65536):
            if data.startswith(b":") and self.cuts:  # a number: the script has been run
                self.cuts -= 1
                return
            writer.write(data)


async def test_a_lost_answer_is_not_sent_twice(redis_server):
    """Redis did it, but the connection broke before it could say so."""
    line = Cutting(redis_server.port, cuts=3)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        async with running(f"redis://127.0.0.1:{port}") as bus:
            for count in range(3):
                for number in range(10):
                    bus.publish(silence(10 * count + number))
                await delivered(bus)
            assert line.cuts == 0
            assert await logged(bus) == [float(n) for n in range(30)]


async def test_the_latest_draft_of_a_call_is_read_from_its_live_state(redis_server):
    client = Redis.from_url(redis_server.url)
    async with running(redis_server.url) as bus:
        assert await bus.live.draft("c") is None
        for end in (1.5, 3.0):
            bus.publish(draft(end))
        await delivered(bus)
        found = await bus.live.draft("c")
        assert (found.utterance, found.end) == (7, 3.0)
        assert await logged(bus) == []
        await client.hset("ew:call:c", "draft", b'{"type":"weather"}')
        assert await bus.live.draft("c") is None
    await client.aclose()
