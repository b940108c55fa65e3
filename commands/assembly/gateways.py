"""What holds for each gateway where it does not say otherwise."""

from commands.settings import Settings
from commands.settings.asterisk import Asterisk
from commands.settings.audiohook import Audiohook, decoded
from commands.settings.freeswitch import Freeswitch
from commands.settings.funasr import Funasr
from commands.settings.twilio import Twilio
from commands.settings.yeastar import Yeastar
from streamer.credentials import ClientSecrets, TwilioSignature
from streamer.events import Party
from streamer.gateways import GatewaySettings
from streamer.gateways.asterisk import AsteriskSettings
from streamer.gateways.audiohook_open import AudiohookSettings
from streamer.gateways.freeswitch_metadata import FreeswitchSettings
from streamer.gateways.funasr_start import FunasrSettings
from streamer.gateways.twilio_start import TwilioSettings
from streamer.gateways.yeastar import YeastarSettings


def gateways(settings: Settings) -> GatewaySettings:
    return GatewaySettings(
        freeswitch=_freeswitch(settings.freeswitch),
        asterisk=_asterisk(settings.asterisk),
        twilio=_twilio(settings.twilio),
        funasr=_funasr(settings.funasr),
        audiohook=_audiohook(settings.audiohook, settings.recognition.languages),
        yeastar=_yeastar(settings.yeastar),
    )


def signatures(settings: Settings) -> dict[str, TwilioSignature]:
    """By path, where gateways sign what they ask for."""
    it = settings.twilio
    if not it.twilio_auth_token:
        return {}
    return {"/twilio": TwilioSignature(it.twilio_auth_token, it.twilio_url)}


def audiosocket(settings: Settings) -> tuple[str, int] | None:
    """Where it is heard, if it is."""
    it = settings.asterisk
    return (it.audiosocket_host, it.audiosocket_port) if it.audiosocket_port else None


def client_secrets(settings: Settings) -> ClientSecrets:
    """Of the keys whose holders sign besides."""
    it = settings.audiohook
    secrets = {name: decoded(secret) for name, secret in it.audiohook_secrets.items()}
    return ClientSecrets("/audiohook", secrets, it.audiohook_url)


def _freeswitch(it: Freeswitch) -> FreeswitchSettings:
    parties = tuple(Party(name) for name in it.freeswitch_parties)
    return FreeswitchSettings(parties, it.freeswitch_replies)


def _asterisk(it: Asterisk) -> AsteriskSettings:
    return AsteriskSettings(Party(it.asterisk_party))


def _twilio(it: Twilio) -> TwilioSettings:
    inbound, outbound = it.twilio_parties
    return TwilioSettings((Party(inbound), Party(outbound)))


def _funasr(it: Funasr) -> FunasrSettings:
    return FunasrSettings(Party(it.funasr_party))


def _audiohook(it: Audiohook, languages: tuple[str, ...]) -> AudiohookSettings:
    return AudiohookSettings(frozenset(it.audiohook_events), languages)


def _yeastar(it: Yeastar) -> YeastarSettings:
    return YeastarSettings(it.yeastar_sample_rate, it.yeastar_extensions)
