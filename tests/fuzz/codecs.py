"""One input of the fuzzer is what one connection carries: whatever comes of it, only events or
a `ProtocolError` that a close frame has room for."""

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways import GatewaySettings, codecs
from streamer.gateways.audiosocket import (
    HEADER,
    AudioSocketCodec,
    Expected,
    Frames,
    Kind,
    announced,
    frame,
)
from streamer.gateways.limits import LONGEST_REASON
from tests.streamer.gateways.protocols import PROTOCOLS
from tests.streamer.gateways.protocols.protocol import handshake

CODECS = codecs(GatewaySettings())
PATHS = tuple(CODECS)
KINDS = len(PATHS) + 1
"""The last one is AudioSocket, which has no path: bytes over TCP, however they are cut."""
BEGUN = 0x80
_END = b"\xff\n"
_ITS = {protocol.path: protocol for protocol in PROTOCOLS}
_WHO = Expected(ev.CallInfo(ev.CallId("c1")), ev.Party.CUSTOMER, "crm")
_BEGUN = frame(Kind.UUID, bytes(16)) + frame(Kind.SLIN, bytes(320))


def connection(data: bytes) -> None:
    """The first byte says which codec, and whether its call has begun; messages follow, each a
    letter (t for text) and its content, up to two bytes that no UTF-8 holds."""
    if not data:
        return
    number, begun = (data[0] & ~BEGUN) % KINDS, bool(data[0] & BEGUN)
    if number == len(PATHS):
        _stream(data[1:].split(_END), begun)
        return
    path = PATHS[number]
    codec = CODECS[path](handshake(path + _ITS[path].query))
    messages = [*_ITS[path].begin] if begun else []
    for message in (*messages, *_messages(data[1:])):
        _hear(codec.receive, message)


def _hear(receive: Callable[[bytes], object], message: str | bytes) -> None:
    try:
        events = receive(message)
    except ProtocolError as refused:
        if not 0 < len(str(refused).encode()) <= LONGEST_REASON:
            raise AssertionError("no fit reason") from refused
    else:
        assert isinstance(events, list)
        assert not any(event is None for event in events)


def _stream(received: Sequence[bytes], begun: bool) -> None:
    """What the network brings at once, one after the other, as the port of AudioSocket hears
    it."""
    frames, codec = Frames(), AudioSocketCodec(_WHO)
    named = False
    for each in (_BEGUN, *received) if begun else received:
        for whole in frames.push(each):
            if named:
                _hear(codec.receive, whole)
            else:
                assert isinstance(announced(whole), UUID)
            named = True
        assert len(frames.fault) <= LONGEST_REASON
        assert len(frames._rest) < HEADER + 2**16


def seeds() -> Iterator[bytes]:
    """What each protocol says, and what it gets wrong."""
    pcm = bytes(range(256)) * 2
    for number, path in enumerate(PATHS):
        its = _ITS[path]
        said = (*its.said(pcm, pcm, 64), *([its.end] if its.end else []))
        yield bytes([number]) + _written(*its.begin, *said)
        for bad in its.bad:
            yield bytes([number | BEGUN]) + _written(bad)
    number, audio = len(PATHS), frame(Kind.SLIN, pcm)
    yield bytes([number]) + _END.join(
        [_BEGUN, audio[:100], audio[100:], frame(Kind.DTMF, b"5")]
    )
    for bad in (frame(Kind.ERROR, b"\x02"), frame(Kind.SLIN16, pcm), _BEGUN, b"GET / HTTP/1.1"):
        yield bytes([number | BEGUN]) + bad


def _messages(data: bytes) -> Iterator[str | bytes]:
    for each in data.split(_END):
        yield each[1:].decode(errors="ignore") if each[:1] == b"t" else each[1:]


def _written(*messages: str | bytes) -> bytes:
    return _END.join(b"t" + m.encode() if isinstance(m, str) else b"b" + m for m in messages)
