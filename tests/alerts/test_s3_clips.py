"""Clips in an S3-compatible store: a real server on loopback."""

import asyncio
import socket
import time
from urllib.request import Request, urlopen

import pytest

from alerts import metrics
from alerts.s3_clips import S3Clips
from streamer.errors import SettingsError

DAY = 86_400.0


@pytest.fixture
def endpoint(monkeypatch):
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("obstore")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    server = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()
    urlopen(Request(f"{url}/clips", method="PUT")).close()
    yield url
    server.stop()


@pytest.fixture
async def store(endpoint):
    it = S3Clips(f"s3://clips/earwitness?endpoint={endpoint}", keep_days=1)
    running = asyncio.ensure_future(it.run())
    yield it
    running.cancel()


def failed():
    return metrics.clips_failed._value.get()


async def test_what_is_saved_is_found_at_once_and_after_the_upload(store):
    await store.save("a/b 客户", 1.0, 9.0, b"RIFF")
    assert await store.read("a/b 客户", 1.0, 9.0) == b"RIFF"
    assert await store.drain(20) == 0
    assert await store.read("a/b 客户", 1.0, 9.0) == b"RIFF"
    assert await store.read("a/b 客户", 1.0, 9.01) is None
    assert await store.read("another", 1.0, 9.0) is None
    assert await store.read("a/b 客户", float("nan"), 9.0) is None
    names = [it["path"] async for page in store._store.list() for it in page]
    assert [name.rpartition("/")[2] for name in names] == ["1000-9000.wav"]


async def test_the_old_ones_are_swept(store):
    await store.save("c", 1.0, 9.0, b"RIFF")
    await store.drain(20)
    assert await store.sweep(time.time()) == 0
    assert await store.sweep(time.time() + 2 * DAY) == 1
    assert await store.read("c", 1.0, 9.0) is None


async def test_nobody_waits_for_a_store_that_does_not_answer_and_what_is_lost_is_counted(
    monkeypatch, caplog
):
    pytest.importorskip("obstore")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    it = S3Clips(f"s3://clips?endpoint=http://127.0.0.1:{port}")
    running = asyncio.ensure_future(it.run())
    before = failed()
    async with asyncio.timeout(1):
        for number in range(70):
            await it.save("c", float(number), number + 8.0, b"RIFF")
    assert failed() == before + 6
    assert await it.drain(0.05) == 64
    assert "given up" in caplog.text
    running.cancel()
    silent.close()


async def test_a_store_that_refuses_is_visible(endpoint, caplog):
    it = S3Clips(f"s3://no-such-bucket?endpoint={endpoint}")
    running = asyncio.ensure_future(it.run())
    before = failed()
    await it.save("c", 1.0, 9.0, b"RIFF")
    assert await it.drain(20) == 0
    assert failed() == before + 1
    assert "not uploaded" in caplog.text
    with pytest.raises(OSError, match="cannot be swept"):
        await it.sweep(time.time())
    running.cancel()


@pytest.mark.parametrize("url", ["https://bucket", "s3:///prefix", "s3://b?acl=public"])
def test_a_url_that_is_none_is_a_fault_of_the_settings(url):
    with pytest.raises(SettingsError, match="clips_url is s3://"):
        S3Clips(url)


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "obstore.store", None)
    with pytest.raises(SettingsError, match=r"earwitness\[s3\]"):
        S3Clips("s3://bucket")
