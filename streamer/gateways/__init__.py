"""One codec per telephony protocol. A new gateway is one file here and one line below."""

from collections.abc import Callable, Mapping

from streamer.gateways.raw import RawCodec
from streamer.ports import GatewayCodec

CODECS: Mapping[str, Callable[[], GatewayCodec]] = {"/raw": RawCodec}
"""The path a gateway connects to, and what speaks its protocol."""
