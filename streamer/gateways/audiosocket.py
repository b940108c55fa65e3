"""AudioSocket: Asterisk's TCP protocol, one party's audio in frames of three bytes and more.

A frame is its kind (1 byte), the length of its payload (2, big-endian) and the payload. The
first one holds a UUID and nothing else is ever said of the call, so whose it is has to be told
beforehand. docs/gateways/asterisk.md says how.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

from streamer.errors import ProtocolError
from streamer.events import SAMPLE_BYTES, CallInfo, CallStarted, GatewayEvent, LegEnded, Party
from streamer.gateways.asterisk_control import pressed
from streamer.gateways.voices import WholeSamples, voices
from streamer.ports import Farewell

HEADER: Final = 3


class Kind(IntEnum):
    HANG_UP = 0x00
    UUID = 0x01
    DTMF = 0x03
    SLIN = 0x10
    SLIN12 = 0x11
    SLIN16 = 0x12
    SLIN24 = 0x13
    SLIN32 = 0x14
    SLIN44 = 0x15
    SLIN48 = 0x16
    SLIN96 = 0x17
    SLIN192 = 0x18
    ERROR = 0xFF


_LENGTHS: Final = {Kind.HANG_UP: 0, Kind.UUID: 16, Kind.DTMF: 1, Kind.ERROR: 1}
"""Bytes of payload, where a kind has always the same."""
_RATES: Final = {
    Kind.SLIN: 8000,
    Kind.SLIN12: 12000,
    Kind.SLIN16: 16000,
    Kind.SLIN24: 24000,
    Kind.SLIN32: 32000,
    Kind.SLIN44: 44100,
    Kind.SLIN48: 48000,
    Kind.SLIN96: 96000,
    Kind.SLIN192: 192000,
}
"""Samples a second, of audio."""
_HEARD: Final = (8000, 16000)
_FAULTS: Final = {1: "hang-up", 2: "a frame could not be forwarded", 4: "no memory"}


def frame(kind: Kind, payload: bytes) -> bytes:
    """As it goes over the wire. At most 65535 bytes of payload."""
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


def silence(kind: Kind) -> bytes:
    """20 ms of it, in audio of that kind."""
    return frame(kind, bytes(SAMPLE_BYTES * _RATES[kind] // 50))


HANG_UP: Final = frame(Kind.HANG_UP, b"")


class Frames:
    """Bytes as the network cuts them -> whole frames. Keeps less than one frame, so less than
    64 KiB. `fault` says why what followed the frames so far is none: it is all noise then."""

    def __init__(self) -> None:
        self.fault = ""
        self.newest = Kind.SLIN
        """The kind of the newest audio."""
        self._rest, self._begun = b"", False

    @property
    def whole(self) -> bool:
        """No frame is cut off."""
        return not self._rest

    def push(self, received: bytes) -> list[bytes]:
        """A header that cannot be one, or a first one that is no UUID's, is a `fault` at once,
        however long its frame would be."""
        data, at, found = self._rest + received, 0, []
        while len(data) - at >= HEADER and not self.fault:
            try:
                end = at + HEADER + self._measure(data[at : at + HEADER])
            except ProtocolError as error:
                self.fault = str(error)
                break
            if len(data) < end:
                break
            found.append(data[at:end])
            at = end
        self._rest = data[at:] if not self.fault else b""
        return found

    def _measure(self, header: bytes) -> int:
        kind, length = _header(header)
        if not self._begun and kind is not Kind.UUID:
            raise ProtocolError(f"a frame of kind {kind.name} before the UUID")
        self._begun = True
        if kind in _RATES:
            self.newest = kind
        return length


def _header(header: bytes) -> tuple[Kind, int]:
    """The kind of a frame, and how long its payload is."""
    length = int.from_bytes(header[1:], "big")
    try:
        kind = Kind(header[0])
    except ValueError:
        why = f"a frame of kind 0x{header[0]:02x}: this is no AudioSocket"
        raise ProtocolError(why) from None
    if length == _LENGTHS.get(kind, length or 1):
        return kind, length
    raise ProtocolError(f"a frame of kind {kind.name} with {length} bytes")


def announced(first: bytes) -> UUID:
    """What the first frame of a connection says."""
    return UUID(bytes=first[HEADER:])


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose audio comes under a UUID, as it was told beforehand; `owner` is the name of the key
    that told it."""

    info: CallInfo
    party: Party
    owner: str


class AudioSocketCodec:
    """One connection after its UUID. Every message is one whole frame."""

    def __init__(self, expected: Expected) -> None:
        self._expected = expected
        self._rate = 0  # unknown before the first audio
        self._whole = WholeSamples(SAMPLE_BYTES)
        self._ended = False

    def receive(self, message: str | bytes) -> list[GatewayEvent]:
        """What Asterisk sent; nothing after it has hung up. Raises `ProtocolError`."""
        if self._ended:
            return []
        if isinstance(message, str):
            raise ProtocolError("text: AudioSocket has none")
        kind, payload = Kind(message[0]), message[HEADER:]
        match kind:
            case Kind.HANG_UP:
                return self._end()
            case Kind.UUID:
                raise ProtocolError("a second UUID")
            case Kind.DTMF:
                return [*pressed(payload.decode("latin-1"))] if self._rate else []
            case Kind.ERROR if payload[0] == 1:
                return self._end()
            case Kind.ERROR:
                what = _FAULTS.get(payload[0], f"code {payload[0]}")
                raise ProtocolError(f"Asterisk reports an error: {what}")
            case _:
                return self._hear(_RATES[kind], payload)

    def relay(self, published: str) -> list[str | bytes]:
        return []

    def farewell(self, code: int, reason: str) -> Farewell:
        return Farewell((HANG_UP,))

    def _hear(self, rate: int, payload: bytes) -> list[GatewayEvent]:
        begun: list[GatewayEvent] = []
        if not self._rate:
            begun = [self._begin(rate)]
        elif rate != self._rate:
            raise ProtocolError(f"{rate} Hz after {self._rate} Hz on one connection")
        pcm = self._whole.push(payload)
        return [*begun, *voices(pcm, (self._expected.party,), rate)]

    def _begin(self, rate: int) -> CallStarted:
        if rate not in _HEARD:
            raise ProtocolError(f"audio of {rate} Hz: only c(slin) and c(slin16) are heard")
        self._rate = rate
        it = self._expected
        return CallStarted(it.info, (it.party,), rate, ends_by_closing=True)

    def _end(self) -> list[GatewayEvent]:
        self._ended = True
        return [LegEnded()] if self._rate else []
