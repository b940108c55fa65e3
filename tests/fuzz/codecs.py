"""One input of the fuzzer is what one connection carries: whatever comes of it, only events or
a `ProtocolError` that a close frame has room for."""

from collections.abc import Iterator

from streamer.errors import ProtocolError
from streamer.gateways import GatewaySettings, codecs
from streamer.gateways.limits import LONGEST_REASON
from tests.streamer.gateways.protocols import PROTOCOLS
from tests.streamer.gateways.protocols.protocol import handshake

CODECS = codecs(GatewaySettings())
PATHS = tuple(CODECS)
BEGUN = 0x80
_END = b"\xff\n"
_ITS = {protocol.path: protocol for protocol in PROTOCOLS}


def connection(data: bytes) -> None:
    """The first byte says which codec, and whether its call has begun; messages follow, each a
    letter (t for text) and its content, up to two bytes that no UTF-8 holds."""
    if not data:
        return
    path = PATHS[(data[0] & ~BEGUN) % len(PATHS)]
    codec = CODECS[path](handshake(path + _ITS[path].query))
    messages = [*_ITS[path].begin] if data[0] & BEGUN else []
    for message in (*messages, *_messages(data[1:])):
        try:
            events = codec.receive(message)
        except ProtocolError as refused:
            if not 0 < len(str(refused).encode()) <= LONGEST_REASON:
                raise AssertionError("no fit reason") from refused
        else:
            assert isinstance(events, list)
            assert not any(event is None for event in events)


def seeds() -> Iterator[bytes]:
    """What each protocol says, and what it gets wrong."""
    pcm = bytes(range(256)) * 2
    for number, path in enumerate(PATHS):
        its = _ITS[path]
        said = (*its.said(pcm, pcm, 64), *([its.end] if its.end else []))
        yield bytes([number]) + _written(*its.begin, *said)
        for bad in its.bad:
            yield bytes([number | BEGUN]) + _written(bad)


def _messages(data: bytes) -> Iterator[str | bytes]:
    for each in data.split(_END):
        yield each[1:].decode(errors="ignore") if each[:1] == b"t" else each[1:]


def _written(*messages: str | bytes) -> bytes:
    return _END.join(b"t" + m.encode() if isinstance(m, str) else b"b" + m for m in messages)
