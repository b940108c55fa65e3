"""What the web is given by the composition root."""

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from alerts.lifecycle import Desk
from alerts.masking import mask
from alerts.outbox import BusState
from alerts.playbook_file import PlaybookState
from alerts.precision import Precision
from insights.asking import Insights
from web_dashboard.accounts import Accounts
from web_dashboard.audit import Audit
from web_dashboard.live import Feed
from web_dashboard.oidc import Provider
from web_dashboard.oidc_pending import Pending
from web_dashboard.ports import Announce, Clips, LiveState, Publish
from web_dashboard.sessions import Sessions
from web_dashboard.tickets import Tickets
from web_dashboard.tries import Tries
from web_dashboard.view import (
    LoadStatus,
    ModelStatus,
    PlaybookStatus,
    RedisStatus,
    Status,
    StreamDoor,
)

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """without `tls` only a loopback `host` is served. `allowed_hosts`
    are host names, without a port, that a browser may ask for besides our own. `teams` are the
    members of each: agent ids, and `queue:NAME`. `phrases` are whispers to choose from.
    Pages of the `embed_origins` may show an agent's panel in a frame."""

    host: str = "127.0.0.1"
    port: int = 8080
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    allowed_hosts: tuple[str, ...] = ()
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    static: Path = STATIC
    version: str = "0.1.0"


def _heard_elsewhere(call_id: str, by: str) -> bool:
    raise LookupError(call_id)


@dataclass(frozen=True, slots=True)
class Parts:
    """`wall` reads the wall clock (RFC 3339, UTC, milliseconds), `clock` the monotonic one in
    seconds. `bus` says how publishing stands with Redis; `key_name` whose an integrator's key
    is, `key_good` whether there is a valid one of that name; `playbook` which rules are in
    force; `draining` that no new calls are taken; `swap` lets customer and agent of a call
    change places in the name of a person, says whether they then are the other way round than
    its gateway says, and raises `LookupError` where no such call is heard here; `mask` hides
    personal numbers in what people write; `stream` is where calls come in, None until they can;
    `announce` is there where AudioSocket is heard."""

    settings: WebSettings
    accounts: Accounts
    feed: Feed
    live: LiveState
    publish: Publish
    desk: Desk
    clips: Clips
    insights: Insights
    audit: Audit
    model: Callable[[], ModelStatus]
    load: Callable[[], LoadStatus]
    bus: Callable[[], BusState]
    key_name: Callable[[str], str | None]
    key_good: Callable[[str], bool]
    wall: Callable[[], str]
    clock: Callable[[], float]
    playbook: Callable[[], PlaybookState] = PlaybookState
    draining: Callable[[], bool] = lambda: False
    swap: Callable[[str, str], bool] = _heard_elsewhere
    mask: Callable[[str], str] = mask
    stream: Callable[[], StreamDoor | None] = lambda: None
    announce: Announce | None = None
    precision: Precision = field(default_factory=Precision)
    sessions: Sessions = field(default_factory=Sessions)
    embedded: Sessions = field(default_factory=lambda: Sessions(idle=900.0, longest=43_200.0))
    tickets: Tickets = field(default_factory=Tickets)
    pending: Pending = field(default_factory=Pending)
    oidc: Provider | None = None
    name_tries: Tries = field(default_factory=Tries)
    key_tries: Tries = field(default_factory=lambda: Tries(limit=10, window=60.0))
    address_tries: Tries = field(default_factory=lambda: Tries(limit=20))

    def status(self) -> Status:
        it = self.settings
        return Status(self.model(), self.redis(), self.load(), it.version, self.rules())

    def rules(self) -> PlaybookStatus:
        it = self.playbook()
        if not it.fault:
            return PlaybookStatus(it.version)
        return PlaybookStatus(it.version, "wrong", it.fault, it.faults, it.since)

    def redis(self) -> RedisStatus:
        """Away if it cannot be read or cannot be written: the board needs both."""
        bus = self.bus()
        since = sorted(filter(None, (self.feed.away_since, bus.since)))
        state: Literal["up", "away"] = "away" if since else "up"
        return RedisStatus(state, since[0] if since else "", bus.kept, bus.limit)
