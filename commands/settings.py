"""Every setting, where it may come from, and what is wrong with it.

Three layers, the later over the earlier: a TOML file, `EARWITNESS_*` environment variables,
command-line flags. They are read once, at the start, and handed down; nothing imports them.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from alerts.masking import KINDS
from alerts.personal import MaskKind
from streamer.errors import SettingsError
from streamer.gateways.freeswitch_metadata import Replies

Port: TypeAlias = int
PartyName: TypeAlias = Literal["customer", "agent", "unknown"]
PREFIX = "EARWITNESS_"
NOT_SETTINGS = ("EARWITNESS_SETTINGS", "EARWITNESS_GATEWAY_KEY")
"""Which file to read, and the key that `send` uses."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One installation's settings. The description of each is its line in `--help`."""

    stream_host: Annotated[str, Meta(description="address where gateways stream calls in")] = (
        "127.0.0.1"
    )
    stream_port: Annotated[int, Meta(ge=0, le=65535, description="its port (0: any free)")] = (
        9090
    )
    web_host: Annotated[str, Meta(description="address of the web pages")] = "127.0.0.1"
    web_port: Annotated[int, Meta(ge=0, le=65535, description="its port (0: any free)")] = 8080
    tls_cert: Annotated[str, Meta(description="PEM certificate chain, for both ports")] = ""
    tls_key: Annotated[str, Meta(description="PEM private key")] = ""
    allowed_hosts: Annotated[
        tuple[str, ...], Meta(description="host names under which browsers reach the pages")
    ] = ()
    state_dir: Annotated[
        str, Meta(min_length=1, description="accounts, keys, clips, embedded Redis")
    ] = "var"

    model: Annotated[
        str, Meta(min_length=1, description="iic/SenseVoiceSmall, a directory like it, or tiny")
    ] = "iic/SenseVoiceSmall"
    device: Annotated[
        str, Meta(pattern=r"^(cpu|cuda(:\d+)?)$", description="cpu, cuda or cuda:N")
    ] = "cpu"
    precision: Annotated[
        str,
        Meta(
            pattern=r"^(fp32|tf32|bf16|fp16|int8)$",
            description="fp32; on CPUs bf16 or int8, on GPUs tf32, bf16 or fp16, if it agrees",
        ),
    ] = "fp32"
    cuda_graphs: Annotated[
        bool, Meta(description="launch the network as CUDA graphs, if that agrees")
    ] = False
    threads: Annotated[
        int, Meta(ge=0, le=256, description="CPU threads of the model (0: all cores but one)")
    ] = 0
    max_batch: Annotated[int, Meta(ge=1, le=256, description="utterances heard at once")] = 16
    languages: Annotated[
        tuple[str, ...], Meta(min_length=1, description="languages that may be recognized")
    ] = ("zh", "en", "yue")
    min_dbfs: Annotated[
        float, Meta(ge=-120, le=0, description="loudness below which nobody is taken to speak")
    ] = -60.0
    min_speech_p: Annotated[
        float, Meta(ge=0, le=1, description="evidence of speech that any words need")
    ] = 0.2
    filler_speech_p: Annotated[
        float, Meta(ge=0, le=1, description="and lone words that noise is often taken for")
    ] = 0.6

    lead_in: Annotated[
        float, Meta(ge=0, le=2, description="seconds kept from before speech was noticed")
    ] = 0.3
    end_silence: Annotated[
        float, Meta(ge=0.1, le=3, description="seconds of quiet that end an utterance")
    ] = 0.45
    min_speech: Annotated[
        float, Meta(ge=0.02, le=2, description="seconds of sound that count as speech")
    ] = 0.24
    longest: Annotated[
        float, Meta(ge=3, le=20, description="seconds after which an utterance is cut")
    ] = 15.0
    draft_every: Annotated[
        float, Meta(ge=0, le=20, description="seconds of speech from draft to draft (0: none)")
    ] = 1.5
    vad_mode: Annotated[
        int, Meta(ge=0, le=3, description="webrtcvad: 0 hears most, 3 lets least through")
    ] = 2
    stall_after: Annotated[
        float, Meta(ge=1, le=60, description="seconds without audio: the stream has stalled")
    ] = 5.0
    grace: Annotated[
        float, Meta(ge=0, le=600, description="seconds a dropped call waits for its gateway")
    ] = 30.0
    freeswitch_parties: Annotated[
        tuple[PartyName, ...],
        Meta(
            min_length=1,
            max_length=2,
            description="/freeswitch: who is on which channel, if the metadata does not say",
        ),
    ] = ("customer", "agent")
    freeswitch_replies: Annotated[
        Replies,
        Meta(
            description="/freeswitch: alerts sent back; plain (mod_audio_stream), wrapped "
            "(mod_audio_fork, jambonz) or none"
        ),
    ] = "none"
    twilio_parties: Annotated[
        tuple[PartyName, PartyName],
        Meta(description="/twilio: who is inbound, who outbound, if no parameter `role` says"),
    ] = ("customer", "agent")
    twilio_auth_token: Annotated[
        str, Meta(description="/twilio: by which X-Twilio-Signature is checked; it is a secret")
    ] = ""
    twilio_url: Annotated[
        str,
        Meta(
            pattern=r"^(wss?://[^\s]+)?$",
            description="/twilio: the address that is signed, exactly as in TwiML",
        ),
    ] = ""
    max_calls: Annotated[int, Meta(ge=1, le=100_000, description="calls at once")] = 200

    redis_url: Annotated[
        str,
        Meta(
            description="redis://, rediss://, redis+sentinel://, redis+cluster://; "
            "empty: a redis-server of our own"
        ),
    ] = ""
    redis_port: Annotated[int, Meta(ge=1, le=65535, description="port of our own Redis")] = 6391
    redis_prefix: Annotated[str, Meta(min_length=1, description="prefix of every key")] = "ew:"
    log_hours: Annotated[
        float, Meta(gt=0, le=24 * 90, description="hours that ew:log keeps what was published")
    ] = 24.0
    clips_url: Annotated[
        str,
        Meta(description="s3://bucket/prefix?endpoint=URL&region=NAME; empty: in state_dir"),
    ] = ""
    clip_days: Annotated[
        float, Meta(ge=0, le=3650, description="days that voice clips are kept")
    ] = 30.0
    playbook: Annotated[str, Meta(description="rules and prompts; empty: the bundled one")] = ""
    agents: Annotated[
        dict[str, str], Meta(description="agent_id -> name shown (in the TOML file: [agents])")
    ] = {}
    agent_emotion: Annotated[
        bool, Meta(description="infer agents' emotions too (EU AI Act 5(1)(f) forbids it)")
    ] = False
    mask: Annotated[
        tuple[MaskKind, ...], Meta(description="what is hidden in words and voice clips")
    ] = KINDS
    escalate_after: Annotated[
        float,
        Meta(
            ge=10, le=86_400, description="seconds until an untaken critical alert is repeated"
        ),
    ] = 300.0
    escalate_most: Annotated[
        int, Meta(ge=0, le=100, description="times that it is repeated (0: never)")
    ] = 3
    notify_urls: Annotated[
        tuple[str, ...],
        Meta(
            description="whom repeated alerts are also sent to: Apprise URLs; they are secrets"
        ),
    ] = ()
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^\s]+)?$",
            description="where people reach the board: the link in what is sent to them",
        ),
    ] = ""
    log_level: Annotated[
        str,
        Meta(
            pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
        ),
    ] = "INFO"


Layer: TypeAlias = tuple[str, Mapping[str, Any]]
"""Where values come from, as a person would say it, and the values by setting name."""


def from_environment(environ: Mapping[str, str]) -> Layer:
    """The `EARWITNESS_*` variables of `environ`. An unknown one is a fault, like a typo in the
    file, except those that are `NOT_SETTINGS`."""
    found = {
        name.removeprefix(PREFIX).lower(): _listed(name.removeprefix(PREFIX).lower(), text)
        for name, text in environ.items()
        if name.startswith(PREFIX) and name not in NOT_SETTINGS
    }
    return "the environment", found


def from_flags(flags: Mapping[str, str | None]) -> Layer:
    """Command-line flags by setting name; None where the flag was not given."""
    return "the command line", {
        name: _listed(name, text) for name, text in flags.items() if text is not None
    }


def resolve(layers: Sequence[Layer]) -> Settings:
    """The settings that `layers` (the later wins) add up to. Raises `SettingsError` that lists
    every fault of every layer, with where it comes from."""
    kinds = get_type_hints(Settings, include_extras=True)
    values: dict[str, Any] = {}
    faults: list[str] = []
    for source, found in layers:
        for name, value in found.items():
            if name not in kinds:
                faults.append(f"{name} (in {source}): no such setting")
                continue
            try:
                values[name] = msgspec.convert(value, kinds[name], strict=False)
            except msgspec.ValidationError as error:
                faults.append(f"{name} (in {source}): {error}")
    faults += _at_odds(values)
    if faults:
        raise SettingsError("\n".join(["The settings are wrong:", *(f"  {f}" for f in faults)]))
    return Settings(**values)


def _at_odds(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with settings together that are right by themselves."""
    faults = [
        f"{one} and {other} go together: one of them is missing"
        for one, other in (("tls_cert", "tls_key"), ("twilio_auth_token", "twilio_url"))
        if bool(values.get(one)) != bool(values.get(other))
    ]
    for name in ("freeswitch_parties", "twilio_parties"):
        parties = values.get(name, ())
        if len(set(parties)) < len(parties):
            faults.append(f"{name} names one party twice")
    return faults


def descriptions() -> list[tuple[str, str, Any]]:
    """(name, description, default) of every setting, in order, for `--help` and the docs."""
    kinds = get_type_hints(Settings, include_extras=True)
    told = {
        name: next(m.description for m in get_args(kind)[1:] if isinstance(m, Meta))
        for name, kind in kinds.items()
    }
    defaults = Settings()
    return [(name, told[name] or "", getattr(defaults, name)) for name in told]


def _listed(name: str, text: str) -> object:
    """Environment and flags know only text: lists are `a,b`, tables `key=value,...`."""
    kind = get_args(
        get_type_hints(Settings, include_extras=True).get(name, Annotated[str, ""])
    )[0]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if kind == dict[str, str]:
        return dict(part.partition("=")[::2] for part in parts)
    return parts if get_origin(kind) is tuple else text
