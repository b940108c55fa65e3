"""How a gateway of each protocol sends a recording: the sender's side of the codecs. A new one
is one file here and one line below."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from streamer.wires.asterisk import AsteriskWire
from streamer.wires.audiohook import AudiohookWire
from streamer.wires.freeswitch import FreeswitchWire
from streamer.wires.funasr import FunasrWire
from streamer.wires.raw import RawWire
from streamer.wires.stream import Stream, Wire
from streamer.wires.twilio import TwilioWire
from streamer.wires.yeastar import YeastarWire

_WIRES: Final[Mapping[str, Callable[[Stream], Wire]]] = {
    "/raw": RawWire,
    "/freeswitch": FreeswitchWire,
    "/asterisk": AsteriskWire,
    "/twilio": TwilioWire,
    "/audiohook": AudiohookWire,
    "/funasr": FunasrWire,
    "/yeastar": YeastarWire,
}

PATHS: Final = tuple(_WIRES)
"""Every protocol that there is."""

_ALONE: Final = frozenset({"/asterisk", "/funasr"})
"""Protocols that carry one party on a connection."""


def alone(address: str) -> bool:
    """Each party needs a connection of its own there."""
    return urlsplit(address).path in _ALONE


def wire(address: str, stream: Stream) -> Wire:
    """By the address's path; `/raw` where it says nothing else. Raises `ValueError` for what
    that protocol cannot carry."""
    return _WIRES.get(urlsplit(address).path, RawWire)(stream)
