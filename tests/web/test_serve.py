import asyncio
import json
import shutil
import signal
import ssl
import subprocess

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from streamer.errors import SettingsError
from tests.web.scenes import House, MemoryLog, open_house


def house_in(tmp_path, **settings):
    (tmp_path / "static").mkdir()
    return House(tmp_path, MemoryLog(), settings=settings)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "board.example"])
def test_a_network_is_not_served_without_tls(tmp_path, host):
    with pytest.raises(SettingsError, match="tls_cert"):
        house_in(tmp_path, host=host).build()


async def test_an_address_in_use_is_a_settings_error(house, tmp_path_factory):
    port = int(house.origin.rpartition(":")[2])
    with pytest.raises(SettingsError, match=f"cannot listen on 127.0.0.1:{port}"):
        house_in(tmp_path_factory.mktemp("other"), port=port).build()


async def test_viewers_are_told_that_the_server_goes(tmp_path):
    async with open_house(tmp_path) as house:
        opened = await house.feed("/api/v1/feed", "boss")
        socket = await opened
        await socket.recv()
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd.code == 1001


async def test_cancelled_it_still_takes_leave(tmp_path):
    house = house_in(tmp_path)
    dashboard = house.build()
    running = asyncio.get_running_loop().create_task(dashboard.run())
    await dashboard.started.wait()
    house.url = dashboard.url
    socket = await (await house.feed("/api/v1/feed", "boss"))
    await socket.recv()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ConnectionClosed) as closed:
        await socket.recv()
    assert closed.value.rcvd.code == 1001
    acts = [json.loads(e)["act"] for e in (tmp_path / "audit.log").read_text().splitlines()]
    assert acts == ["sign_in", "feed_open"]


async def test_signals_are_left_alone(tmp_path):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with open_house(tmp_path):
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.fixture
def certificate(tmp_path):
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on PATH")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


async def test_over_tls_the_cookie_is_secure(tmp_path, certificate):
    trust = ssl.create_default_context(cafile=certificate[0])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    async with open_house(tmp_path, settings={"tls": context}) as house:
        assert house.url.startswith("https://")
        async with httpx.AsyncClient(verify=trust, headers=house.headers()) as client:
            url = house.url + "api/v1/login"
            answer = await client.post(url, json=house.credentials("boss"))
        assert "; secure" in answer.headers["set-cookie"].lower()
        headers = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
        opened = connect(
            house.url.replace("https", "wss") + "api/v1/feed",
            ssl=trust, origin=house.origin, additional_headers=headers,
        )  # fmt: skip
        async with opened as socket:
            assert json.loads(await socket.recv())["type"] == "snapshot"
