"""One codec per telephony protocol. A new gateway is one file here and one line below."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from streamer.gateways.asterisk import AsteriskCodec, AsteriskSettings
from streamer.gateways.audiohook import AudiohookCodec
from streamer.gateways.audiohook_open import AudiohookSettings
from streamer.gateways.freeswitch import FreeswitchCodec
from streamer.gateways.freeswitch_metadata import FreeswitchSettings
from streamer.gateways.funasr import FunasrCodec
from streamer.gateways.funasr_start import FunasrSettings
from streamer.gateways.raw import RawCodec
from streamer.gateways.twilio import TwilioCodec
from streamer.gateways.twilio_start import TwilioSettings
from streamer.gateways.yeastar import YeastarCodec, YeastarSettings
from streamer.handshake import Handshake
from streamer.ports import GatewayCodec

Codecs: TypeAlias = Mapping[str, Callable[[Handshake], GatewayCodec]]
"""The path a gateway connects to, and what speaks its protocol on one connection."""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What holds for each protocol where its gateway does not say otherwise."""

    freeswitch: FreeswitchSettings = field(default_factory=FreeswitchSettings)
    asterisk: AsteriskSettings = field(default_factory=AsteriskSettings)
    twilio: TwilioSettings = field(default_factory=TwilioSettings)
    audiohook: AudiohookSettings = field(default_factory=AudiohookSettings)
    funasr: FunasrSettings = field(default_factory=FunasrSettings)
    yeastar: YeastarSettings = field(default_factory=YeastarSettings)


def codecs(settings: GatewaySettings) -> Codecs:
    return {
        "/raw": RawCodec,
        "/freeswitch": partial(FreeswitchCodec, settings.freeswitch),
        "/asterisk": partial(AsteriskCodec, settings.asterisk),
        "/twilio": partial(TwilioCodec, settings.twilio),
        "/audiohook": partial(AudiohookCodec, settings.audiohook),
        "/funasr": partial(FunasrCodec, settings.funasr),
        "/yeastar": partial(YeastarCodec, settings.yeastar),
    }
