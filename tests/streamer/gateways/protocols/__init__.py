"""How the tests of the contract speak each protocol: one more is one more file here, and one
more of `PROTOCOLS`."""

from tests.streamer.gateways.protocols.asterisk import ASTERISK
from tests.streamer.gateways.protocols.audiohook import AUDIOHOOK
from tests.streamer.gateways.protocols.freeswitch import FREESWITCH
from tests.streamer.gateways.protocols.funasr import FUNASR
from tests.streamer.gateways.protocols.protocol import CALL
from tests.streamer.gateways.protocols.raw import RAW
from tests.streamer.gateways.protocols.twilio import TWILIO
from tests.streamer.gateways.protocols.yeastar import YEASTAR

__all__ = [
    "ASTERISK",
    "AUDIOHOOK",
    "CALL",
    "FREESWITCH",
    "FUNASR",
    "PROTOCOLS",
    "RAW",
    "TWILIO",
    "YEASTAR",
]

PROTOCOLS = (
    RAW,
    FREESWITCH,
    ASTERISK,
    TWILIO,
    AUDIOHOOK,
    FUNASR,
    YEASTAR,
)
