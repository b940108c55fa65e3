"""Certificates are renewed while calls go on."""

import asyncio
import os
import signal
import ssl

import pytest
from prometheus_client import REGISTRY
from websockets.asyncio.client import connect

from commands.assembly.tls import certificate, stream_context
from commands.certificate import Certificate
from commands.rereading import Followed, follow
from commands.settings.layers import resolve
from streamer import events as ev
from streamer.errors import SettingsError
from tests.certificates import Authority
from tests.streamer.shell import END, SAID, goodbye, house, settings, start


@pytest.fixture
def ours(tmp_path):
    return Authority(tmp_path)


def name_shown(socket):
    found = socket.transport.get_extra_info("peercert")
    return dict(pair for part in found["subject"] for pair in part)["commonName"]


def reloads(outcome):
    return REGISTRY.get_sample_value("earwitness_tls_reloads_total", {"outcome": outcome}) or 0


def touch(*paths):
    for path in paths:
        found = path.stat()
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns + 1_000_000_000))


async def test_a_new_certificate_is_shown_to_new_connections_and_calls_go_on(ours):
    it = Certificate(*ours.issue("old", "server"))
    its = settings().__class__(port=0, tls=it.context())
    trust = ssl.create_default_context(cafile=ours.path)
    async with house(its) as server:
        url = server.url.replace("ws:", "wss:")
        async with connect(url, ssl=trust, proxy=None) as before:
            await before.send(start())
            await before.send(SAID)
            ours.issue("new", "server")
            assert it.reload()
            async with connect(url, ssl=trust, proxy=None) as after:
                assert (name_shown(before), name_shown(after)) == ("old", "new")
            await before.send(SAID)
            await before.send(END)
            assert await goodbye(before) == (1000, "call over")
        assert [t.number for t in server.sinks.of("c1", ev.Transcript)] == [1, 2]


@pytest.mark.parametrize("broken", ["garbage", "another key", "gone", "encrypted"])
async def test_a_broken_one_keeps_the_old_one_and_says_so(ours, caplog, broken):
    chain, key = ours.issue("old", "server")
    it = Certificate(chain, key)
    its = settings().__class__(port=0, tls=it.context())
    wrong = reloads("wrong")
    match broken:
        case "garbage":
            chain.write_text("-----BEGIN CERTIFICATE-----\nx")
        case "another key":
            ours.issue("new", "other")[0].replace(chain)
        case "gone":
            key.unlink()
        case "encrypted":
            key.write_bytes(ENCRYPTED)
    assert not it.reload()
    assert "the certificate read before stays in force" in caplog.text
    assert "tls_cert and tls_key cannot be used" in caplog.text
    assert reloads("wrong") == wrong + 1
    trust = ssl.create_default_context(cafile=ours.path)
    async with house(its) as server:
        url = server.url.replace("ws:", "wss:")
        async with connect(url, ssl=trust, proxy=None) as socket:
            assert name_shown(socket) == "old"


def test_files_are_taken_over_once_they_have_stayed_as_they_are(ours, caplog):
    chain, key = ours.issue("old", "server")
    it = Certificate(chain, key)
    it.context()
    assert [it.look(), it.look()] == [False, False]
    ours.issue("new", "server")
    touch(chain, key)
    assert [it.look(), it.look(), it.look()] == [False, True, False]
    chain.write_text("x")
    touch(chain)
    assert [it.look(), it.look(), it.look(), it.look()] == [False] * 4
    assert len([r for r in caplog.records if r.levelname == "ERROR"]) == 1  # told of once


async def test_a_signal_reads_rules_and_certificate_alike(ours):
    it = Certificate(*ours.issue("old", "server"))
    it.context()
    rules, done = [], asyncio.Event()
    files = [
        Followed(lambda: False, lambda: rules.append("read") or False),
        Followed(it.look, it.reload, done.set),
    ]
    task = asyncio.create_task(follow(files, 3600.0))
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGHUP)
    async with asyncio.timeout(20):
        await done.wait()
    task.cancel()
    await asyncio.wait([task])
    assert rules == ["read"]


def given(**settings):
    return resolve([("the test", settings)])


def test_a_start_with_a_wrong_one_stops(tmp_path):
    path = tmp_path / "x.pem"
    path.write_text("x")
    with pytest.raises(SettingsError, match="tls_cert and tls_key"):
        certificate(given(tls_cert=str(path), tls_key=str(path)))


def test_gateways_are_asked_for_certificates_as_set(ours, tmp_path):
    chain, key = map(str, ours.issue("server"))
    its = {"tls_cert": chain, "tls_key": key}
    modes = []
    for more in ({}, {"client_ca": str(ours.path)},
                 {"client_ca": str(ours.path), "client_cert_required": True}):  # fmt: skip
        settings = given(**its, **more)
        modes.append(stream_context(settings, certificate(settings)).verify_mode)
    assert modes == [ssl.CERT_NONE, ssl.CERT_OPTIONAL, ssl.CERT_REQUIRED]
    assert stream_context(given(), certificate(given())) is None
    settings = given(**its, client_ca=str(tmp_path / "none.pem"))
    with pytest.raises(SettingsError, match="client_ca"):
        stream_context(settings, certificate(settings))


@pytest.mark.parametrize("more", [{"client_cert_required": True}, {"client_keys": {"a": "b"}}])
def test_asking_for_certificates_needs_an_authority(more):
    with pytest.raises(SettingsError, match="need client_ca"):
        given(**more)


def _encrypted():
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )


ENCRYPTED = _encrypted()
