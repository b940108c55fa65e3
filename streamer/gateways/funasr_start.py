"""The first message of a FunASR client: whose call it is, who speaks, in what form."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from streamer.errors import ProtocolError
from streamer.events import CallStarted, Party
from streamer.gateways.call_fields import CallFields, call_info, from_parameters, role_in
from streamer.gateways.fields import Language
from streamer.gateways.funasr_form import Mode
from streamer.gateways.limits import reason
from streamer.handshake import Handshake

ANYBODYS: Final = frozenset({"", "demo", "microphone", "h5", "wav-default-id", "wav_name"})
"""What clients call their audio if nobody tells them what to: no name of a call, or two of them
would be in one."""


@dataclass(frozen=True, slots=True)
class FunasrSettings:
    """Who is on a stream that does not say."""

    party: Party = Party.UNKNOWN


class _Config(Struct, frozen=True):
    """Fields that nobody sends keep FunASR's own defaults. Those of its decoder (`chunk_size`
    and others) mean nothing to another model, and are not even read."""

    mode: Mode = "2pass"
    wav_name: str = "wav-default-id"
    wav_format: str = "pcm"
    audio_fs: int = 16000
    svs_lang: Language = "auto"
    role: Party | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Beginning:
    """A stream as its first message, or its address, describes it."""

    started: CallStarted
    party: Party
    mode: Mode
    name: str


def beginning(text: bytes, settings: FunasrSettings, handshake: Handshake) -> Beginning:
    """The message counts for more than the address. Raises `ProtocolError`, or msgspec's."""
    config = msgspec.json.decode(text, type=_Config, strict=False)
    if config.wav_format.lower() != "pcm":
        raise ProtocolError(
            reason(f"wav_format {config.wav_format[:40]}: only pcm is heard here")
        )
    if config.audio_fs not in (8000, 16000):
        raise ProtocolError(f"audio_fs {config.audio_fs}: only 8000 and 16000 are heard here")
    said = msgspec.json.decode(text, type=CallFields, strict=False)
    address = from_parameters(handshake.query)
    name, party = _name(config, said, address, handshake), _party(config, handshake, settings)
    language = said.language if said.language != "auto" else config.svs_lang
    info = call_info(name, _both(said, address, language))
    started = CallStarted(info, (party,), config.audio_fs)
    return Beginning(started, party, config.mode, config.wav_name)


def _both(said: CallFields, address: CallFields, language: Language) -> CallFields:
    """What is said, else what the address says."""
    least = CallFields()
    told = {name: getattr(said, name) for name in said.__struct_fields__}
    told["language"] = language
    return replace(address, **{k: it for k, it in told.items() if it != getattr(least, k)})


def _name(config: _Config, said: CallFields, address: CallFields, handshake: Handshake) -> str:
    for name in (said.call_id, address.call_id):
        if name is not UNSET:
            return name
    name = _split(config.wav_name)[0]
    if name not in ANYBODYS:
        return name
    unique = sha256(handshake.header("sec-websocket-key").encode()).hexdigest()[:12]
    return f"funasr-{unique}"


def _party(config: _Config, handshake: Handshake, settings: FunasrSettings) -> Party:
    for role in (config.role, role_in(handshake.query), _split(config.wav_name)[1]):
        if role is not UNSET:
            return role
    return settings.party


def _split(wav_name: str) -> tuple[str, Party | UnsetType]:
    """`7dd5e34e/customer` says both: which call, and who."""
    call, slash, role = wav_name.rpartition("/")
    if slash and role in list(Party):
        return call, Party(role)
    return wav_name, UNSET
