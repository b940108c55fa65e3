"""Settings -> parts: how the rooms are furnished. What runs until when is in `serve`."""

from dataclasses import dataclass, field
from pathlib import Path

from alerts.call_traces import TraceFolder
from alerts.clips import Clips
from alerts.embedded import EmbeddedRedis
from alerts.escalation import Escalation
from alerts.ids import new_ulid
from alerts.lifecycle import Desk
from alerts.lost_calls import LONGEST_SETTLE, LostCalls
from alerts.notifier import Notifier
from alerts.playbook import BUNDLED
from alerts.playbook_file import PlaybookFile
from alerts.redis_bus import RedisBus
from alerts.reminders import Reminders
from commands.assembly.listening import worker
from commands.assembly.stage import Stage
from commands.assembly.storage import archive, clips, traces
from commands.assembly.tls import certificate
from commands.certificate import Certificate
from commands.settings import Settings
from insights.archive import Archive
from streamer.adapters.keys import KeyFile
from streamer.announcements import Announcements
from streamer.errors import SettingsError
from streamer.recognizer.hub import TINY
from streamer.recognizer.worker import WorkerSettings
from streamer.server import check_binding
from streamer.tally import Tally
from web_dashboard.accounts import Accounts
from web_dashboard.audit import Audit
from web_dashboard.view import ModelStatus


@dataclass(frozen=True, slots=True)
class Assembly:
    """The parts that need no model. Nothing here runs or listens yet."""

    settings: Settings
    state: Path
    playbook: PlaybookFile
    keys: KeyFile
    accounts: Accounts
    audit: Audit
    certificate: Certificate | None
    desk: Desk
    clips: Clips
    traces: TraceFolder | None
    archive: Archive
    notifier: Notifier
    tally: Tally
    worker: WorkerSettings
    stage: Stage
    announcements: Announcements = field(default_factory=Announcements)

    @classmethod
    def of(cls, settings: Settings) -> "Assembly":
        """Raises `SettingsError` for what cannot be: a wrong playbook, a key or account file
        that is none, an unknown language, an address open to strangers, a notify URL that is
        none."""
        network, state = settings.network, Path(settings.network.state_dir)
        try:
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"state_dir {state} cannot be used: {error.strerror}"
            ) from error
        keys = KeyFile(state / "keys.json")
        check_binding(network.stream_host, keys.name_of(None) is None, bool(network.tls_cert))
        demonstration = settings.recognition.model == TINY
        return cls(
            settings,
            state,
            PlaybookFile(Path(settings.alerting.playbook or BUNDLED)),
            keys,
            Accounts(state / "accounts.json"),
            Audit(state / "audit.log"),
            certificate(settings),
            Desk(name=new_ulid()[-8:]),
            clips(settings, state),
            traces(settings),
            archive(settings, state),
            Notifier(settings.alerting.notify_urls),
            Tally(),
            worker(settings),
            Stage(ModelStatus(settings.recognition.model, "loading", demonstration)),
        )

    def redis(self) -> EmbeddedRedis | None:
        """The redis-server of our own; None where another is configured."""
        if self.settings.storage.redis_url:
            return None
        return EmbeddedRedis(self.state, self.settings.storage.redis_port)

    def bus(self, url: str) -> RedisBus:
        it = self.settings.storage
        return RedisBus(url, it.redis_prefix, log_hours=it.log_hours)

    def lost_calls(self, bus: RedisBus) -> LostCalls:
        """In a Redis of our own nobody else could still hear a call: its gateway is waited for,
        and no longer."""
        it = self.settings.listening
        after = it.lost_after if self.settings.storage.redis_url else max(it.grace, 1.0)
        return LostCalls(bus, after, settle=min(LONGEST_SETTLE, after))

    def reminders(self, bus: RedisBus) -> Reminders:
        it = self.settings.alerting
        escalation = Escalation(self.desk, it.escalate_after, it.escalate_most)
        return Reminders(escalation, bus.publish, self.notifier.send, it.public_url)
