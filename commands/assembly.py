"""Settings -> parts: how the rooms are furnished. What runs until when is in `serve`."""

import asyncio
import math
import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from alerts.claims import Claims
from alerts.clips import Clips, ClipStore
from alerts.embedded import EmbeddedRedis
from alerts.escalation import Escalation
from alerts.following import Following
from alerts.ids import new_ulid
from alerts.lifecycle import Desk
from alerts.masking import mask
from alerts.notifier import Notifier
from alerts.playbook import BUNDLED, Playbook, silence_marks
from alerts.playbook_file import PlaybookFile
from alerts.precision import Precision
from alerts.redis_bus import RedisBus
from alerts.reminders import Reminders
from alerts.s3_clips import S3Clips
from alerts.sink import sink_factory
from alerts.wall import utc_now
from commands.settings import Settings
from streamer.adapters.keys import KeyFile
from streamer.adapters.webrtc import WebRtcDetector
from streamer.call import CallPorts, CallSettings
from streamer.credentials import TwilioSignature
from streamer.errors import SettingsError
from streamer.events import Party
from streamer.gateways import GatewaySettings
from streamer.gateways.freeswitch_metadata import FreeswitchSettings
from streamer.gateways.twilio_start import TwilioSettings
from streamer.passage import Endpointing
from streamer.ports import Recognizer
from streamer.recognizer.gates import Gates
from streamer.recognizer.hub import TINY
from streamer.recognizer.worker import WorkerSettings
from streamer.server import Server, ServerSettings, check_binding
from streamer.session import SessionSettings
from streamer.tally import Tally
from web_dashboard.accounts import Accounts
from web_dashboard.audit import Audit
from web_dashboard.feed import Board
from web_dashboard.live import Feed
from web_dashboard.parts import Parts, WebSettings
from web_dashboard.view import LoadStatus, ModelStatus


@dataclass(slots=True)
class Stage:
    """What is known of the start while it goes on: the pages show it."""

    model: ModelStatus
    server: Server | None = None
    draining: bool = False

    def load(self, limit: int) -> LoadStatus:
        if self.server is None:
            return LoadStatus(calls=0, limit=limit, lag_ms=0)
        it = self.server.load()
        lag = round(1000 * it.loop_lag_p99)
        return LoadStatus(it.calls, it.limit, lag, it.overloaded, it.shed)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts that need no model. Nothing here runs or listens yet."""

    settings: Settings
    state: Path
    playbook: PlaybookFile
    keys: KeyFile
    accounts: Accounts
    desk: Desk
    clips: Clips
    notifier: Notifier
    tally: Tally
    worker: WorkerSettings
    stage: Stage

    @classmethod
    def of(cls, settings: Settings) -> "Assembly":
        """Raises `SettingsError` for what cannot be: a wrong playbook, a key or account file
        that is none, an unknown language, an address open to strangers, a notify URL that is
        none."""
        state = Path(settings.state_dir)
        try:
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"state_dir {state} cannot be used: {error.strerror}"
            ) from error
        keys = KeyFile(state / "keys.json")
        check_binding(settings.stream_host, keys.name_of(None) is None, bool(settings.tls_cert))
        demonstration = settings.model == TINY
        return cls(
            settings,
            state,
            PlaybookFile(Path(settings.playbook or BUNDLED)),
            keys,
            Accounts(state / "accounts.json"),
            Desk(name=new_ulid()[-8:]),
            clips(settings, state),
            Notifier(settings.notify_urls),
            Tally(),
            worker(settings),
            Stage(ModelStatus(settings.model, "loading", demonstration)),
        )

    def redis(self) -> EmbeddedRedis | None:
        """The redis-server of our own; None where another is configured."""
        if self.settings.redis_url:
            return None
        return EmbeddedRedis(self.state, self.settings.redis_port)

    def bus(self, url: str) -> RedisBus:
        it = self.settings
        return RedisBus(url, it.redis_prefix, log_hours=it.log_hours)

    def reminders(self, bus: RedisBus) -> Reminders:
        it = self.settings
        escalation = Escalation(self.desk, it.escalate_after, it.escalate_most)
        return Reminders(escalation, bus.publish, self.notifier.send, it.public_url)

    def web(self, bus: RedisBus) -> Parts:
        it, precision = self.settings, Precision()
        following = Following(self.desk, precision, bus.publish)
        board: Callable[[], Board] = lambda: Board(agent_emotion=it.agent_emotion)  # noqa: E731
        return Parts(
            settings=WebSettings(it.web_host, it.web_port, tls_files(it), it.allowed_hosts),
            accounts=self.accounts,
            feed=Feed(bus.log, board, utc_now, hear=following.hear),
            live=bus.live,
            publish=bus.publish,
            desk=self.desk,
            clips=self.clips,
            audit=Audit(self.state / "audit.log"),
            model=lambda: self.stage.model,
            load=lambda: self.stage.load(it.max_calls),
            bus=lambda: bus.state,
            playbook=lambda: self.playbook.state,
            key_ok=lambda key: self.keys.holder(key, "integrator") is not None,
            wall=utc_now,
            clock=monotonic,
            draining=lambda: self.stage.draining,
            mask=lambda text: mask(text, it.mask),
            precision=precision,
        )

    def listen_anew(self) -> None:
        """The playbook has changed: new calls are heard as it says."""
        if self.stage.server is not None:
            self.stage.server.renew(session(self.settings, self.playbook.in_force))

    def stream(self, recognizer: Recognizer, bus: RedisBus) -> Server:
        it = self.settings
        clock = asyncio.get_running_loop().time
        sinks = sink_factory(
            lambda: self.playbook.in_force,
            self.desk,
            bus,
            self.clips,
            it.agents,
            clock,
            agent_emotion=it.agent_emotion,
            mask=it.mask,
        )
        memory = Claims(bus, it.grace)
        ports = CallPorts(
            lambda rate: WebRtcDetector(rate, it.vad_mode), recognizer, sinks, memory
        )
        calls = CallSettings(
            session=session(it, self.playbook.in_force), max_calls=it.max_calls
        )
        settings = ServerSettings(
            it.stream_host,
            it.stream_port,
            tls_context(it),
            calls,
            gateways(it),
            signatures(it),
        )
        return Server(settings, ports, self.keys, self.tally)


def gateways(settings: Settings) -> GatewaySettings:
    """What holds for each protocol where its gateway does not say otherwise."""
    parties = tuple(Party(name) for name in settings.freeswitch_parties)
    inbound, outbound = settings.twilio_parties
    return GatewaySettings(
        FreeswitchSettings(parties, settings.freeswitch_replies),
        TwilioSettings((Party(inbound), Party(outbound))),
    )


def signatures(settings: Settings) -> dict[str, TwilioSignature]:
    """By path, where gateways sign what they ask for."""
    if not settings.twilio_auth_token:
        return {}
    return {"/twilio": TwilioSignature(settings.twilio_auth_token, settings.twilio_url)}


def worker(settings: Settings) -> WorkerSettings:
    """Raises `SettingsError`: an unknown language."""
    its = WorkerSettings(
        threads=settings.threads, max_batch=settings.max_batch, gates=gates(settings)
    )
    if settings.device == "cpu":
        return its
    # A GPU hears a long batch in about the time of a short one; each launch is what costs.
    return replace(its, padding=math.inf, draft_batch_seconds=its.max_batch_seconds)


def gates(settings: Settings) -> Gates:
    """Raises `SettingsError`: an unknown language."""
    return Gates(
        languages=frozenset(settings.languages),
        min_dbfs=settings.min_dbfs,
        min_speech_p=settings.min_speech_p,
        filler_speech_p=settings.filler_speech_p,
        lead_in=settings.lead_in,
    )


def session(settings: Settings, rules: Playbook) -> SessionSettings:
    endpointing = replace(
        Endpointing(),
        lead_in=settings.lead_in,
        end_silence=settings.end_silence,
        min_speech=settings.min_speech,
        longest=settings.longest,
    )
    return SessionSettings(
        endpointing,
        silence_marks(rules),
        settings.stall_after,
        settings.grace,
        draft_every=settings.draft_every,
    )


def clips(settings: Settings, state: Path) -> Clips:
    """Where voice clips are kept. Raises `SettingsError`."""
    if settings.clips_url:
        return S3Clips(settings.clips_url, settings.clip_days)
    return ClipStore(state / "clips", settings.clip_days)


def tls_files(settings: Settings) -> tuple[Path, Path] | None:
    return (Path(settings.tls_cert), Path(settings.tls_key)) if settings.tls_cert else None


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """Raises `SettingsError` for files that hold no certificate and key."""
    found = tls_files(settings)
    if found is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(*found)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"tls_cert and tls_key cannot be used: {error}") from error
    return context
