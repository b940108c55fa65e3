"""Gateways that show a certificate in place of a key, over real TLS."""

import ssl
from dataclasses import replace

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from streamer import events as ev
from streamer.certificates import names_in
from tests.certificates import Authority
from tests.streamer.shell import TwoKeys, house, settings, start

NAMES = {"pbx-1.example": "first", "pbx-2": "second", "gone": "revoked"}


@pytest.fixture
def tls(tmp_path):
    """The server's side, which asks for a certificate and does without."""
    ours = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*ours.issue("server"))
    context.load_verify_locations(ours.path)
    context.verify_mode = ssl.CERT_OPTIONAL
    return ours, context


def client(ours, shown=None):
    context = ssl.create_default_context(cafile=ours.path)
    if shown:
        context.load_cert_chain(*shown)
    return context


def asked(it, context, **options):
    url = it.url.replace("ws://", "wss://")
    return connect(url, ssl=context, proxy=None, **options)


def its(context):
    return replace(settings(), tls=context, certificates=NAMES)


@pytest.mark.parametrize(
    ("name", "dns", "owner"),
    [("x", ["other.example", "pbx-1.example"], "first"), ("pbx-2", ["x.example"], "second")],
)
async def test_a_name_in_a_certificate_stands_for_a_key(tls, name, dns, owner):
    ours, context = tls
    shown = ours.issue(name, "client", dns=dns)
    async with house(its(context), keys=TwoKeys()) as it:
        async with asked(it, client(ours, shown)) as socket:
            await socket.send(start())
            await it.sinks.until("c1", ev.CallOpened)
        assert it.server._calls._calls["c1"].owner == owner


@pytest.mark.parametrize("name", ["nobody", "gone", None])
async def test_one_that_names_no_valid_key_is_none(tls, name):
    ours, context = tls
    shown = ours.issue(name, "client", dns=[name]) if name else None
    async with house(its(context), keys=TwoKeys()) as it:
        with pytest.raises(InvalidStatus) as refused:
            await asked(it, client(ours, shown))
    assert refused.value.response.status_code == 401


async def test_one_of_a_strange_authority_ends_in_tls(tls, tmp_path):
    ours, context = tls
    shown = Authority(tmp_path, "strange").issue("pbx-2", "client")
    async with house(its(context), keys=TwoKeys()) as it:
        with pytest.raises((OSError, EOFError, Exception)) as failed:
            await asked(it, client(ours, shown))
        assert not isinstance(failed.value, InvalidStatus)
        assert it.tally.connections_total == 0


async def test_where_it_is_required_a_key_alone_opens_nothing(tls):
    ours, context = tls
    context.verify_mode = ssl.CERT_REQUIRED
    key = {"additional_headers": {"Authorization": "Bearer first key"}}
    async with house(its(context), keys=TwoKeys()) as it:
        with pytest.raises((OSError, EOFError, Exception)) as failed:
            await asked(it, client(ours), **key)
        assert not isinstance(failed.value, InvalidStatus)
        shown = ours.issue("any", "client", dns=["any.example"])
        async with asked(it, client(ours, shown), **key) as socket:
            await socket.send(start())
            await it.sinks.until("c1", ev.CallOpened)


def test_names_are_those_of_getpeercert():
    assert names_in(None) == names_in({}) == []
    certificate = {
        "subject": ((("countryName", "CN"),), (("commonName", "pbx"),)),
        "subjectAltName": (("DNS", "a.example"), ("URI", "spiffe://x/pbx")),
    }
    assert names_in(certificate) == ["a.example", "spiffe://x/pbx", "pbx"]
