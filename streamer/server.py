"""The telephony port: one websocket server, the calls it carries, and their orderly end."""

import asyncio
import itertools
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from websockets import Subprotocol
from websockets.asyncio.server import Server as SocketServer
from websockets.asyncio.server import ServerConnection, serve

from streamer.admission import Doorman, House, Refused, handshake_of, is_loopback
from streamer.announcements import Announcements
from streamer.audiosocket import AudioSocketPort
from streamer.call import CallPorts, CallSettings
from streamer.calls import Calls, Census
from streamer.connection import Patience
from streamer.credentials import ClientSecrets, Signature
from streamer.errors import SettingsError
from streamer.events import CallId, Seconds
from streamer.gateways import GatewaySettings, codecs
from streamer.intake import FRAMES, bound
from streamer.ports import KeyRing
from streamer.reception import Reception
from streamer.session import SessionSettings
from streamer.tally import Load, Tally

log = logging.getLogger(__name__)

# The library logs request lines and frames at DEBUG: keys and what people say.
_socket_log = logging.getLogger("streamer.sockets")
_socket_log.setLevel(logging.WARNING)

LAG_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the server listens and what it puts up with. Times in seconds, sizes in bytes."""

    host: str = "127.0.0.1"
    port: int = 9090
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    calls: CallSettings = field(default_factory=CallSettings)
    gateways: GatewaySettings = field(default_factory=GatewaySettings)
    signatures: Mapping[str, Signature] = field(default_factory=dict)  # by path
    secrets: ClientSecrets = ClientSecrets("", {})  # noqa: RUF009 - a frozen value
    certificates: Mapping[str, str] = field(default_factory=dict)  # name -> key's name
    refused: Callable[[Refused], None] = lambda _: None  # who has no right key
    patience: Patience = field(default_factory=Patience)
    max_message: int = 256 * 1024
    audiosocket: tuple[str, int] | None = None  # address and port, if that is heard at all
    outbox: int = 64  # messages that wait for one gateway to read
    loop_lag_limit: Seconds = 0.5  # p95 over half a minute; above it new calls are refused
    delay_limit: Seconds = 5.0  # p95 from the end of an utterance to its words, likewise
    ping_every: Seconds = 20.0
    close_within: Seconds = 5.0


class Server:
    """Listens for gateways from `start` to `drain`; its tasks live in the group it is given.

    Raises `SettingsError` if it would be open to strangers (see `check_binding`)."""

    def __init__(
        self,
        settings: ServerSettings,
        ports: CallPorts,
        keys: KeyRing,
        tally: Tally,
        announced: Announcements | None = None,
    ) -> None:
        check_binding(settings.host, keys.name_of(None) is None, settings.tls is not None)
        self._settings, self._ports, self._keys, self.tally = settings, ports, keys, tally
        self._codecs = codecs(settings.gateways)
        self._announced = Announcements() if announced is None else announced
        self._audiosocket: AudioSocketPort | None = None
        self._draining = False
        self._overloaded_since: Seconds | None = None

    async def start(self, tasks: asyncio.TaskGroup) -> None:
        """Returns when it listens. Raises `OSError` if the address is taken."""
        it, clock = self._settings, asyncio.get_running_loop().time
        self._clock = clock
        most: Callable[[str], int] = lambda owner: self._keys.quota(owner).calls  # noqa: E731
        self._calls = Calls(tasks, self._ports, it.calls, self.tally, most)
        paths = tuple(self._codecs)
        house = House(
            paths,
            paths,
            self._keys,
            self._room,
            self._full,
            self.tally,
            it.signatures,
            it.secrets,
            it.certificates,
            it.refused,
        )
        self._reception = Reception(
            self._calls, self.tally, self._room, it.patience, it.outbox, it.close_within
        )
        self._sockets = await self._listen(Doorman(house))
        if it.audiosocket is not None:
            self._audiosocket = AudioSocketPort(
                it.audiosocket, self._announced, self._reception, it.refused
            )
            await self._audiosocket.start(tasks)
        self._probe = tasks.create_task(self._measure_lag(), name="loop lag")
        self._following = tasks.create_task(self._calls.follow(), name="moved calls")

    async def _listen(self, doorman: Doorman) -> SocketServer:
        it = self._settings
        sockets = await serve(
            self._handle,
            it.host,
            it.port,
            ssl=it.tls,
            process_request=doorman,
            select_subprotocol=chosen,
            compression="deflate",  # where the doorman lets the offer through
            server_header=None,
            max_size=it.max_message,
            max_queue=FRAMES,
            open_timeout=it.patience.first,
            ping_interval=it.ping_every,
            ping_timeout=it.ping_every,
            close_timeout=it.close_within,
            logger=_socket_log,
            start_serving=False,
        )
        bound(sockets.sockets)
        await sockets.start_serving()
        return sockets

    @property
    def port(self) -> int:
        """The port it listens on; of use where the settings say 0."""
        return int(self._sockets.sockets[0].getsockname()[1])

    @property
    def audiosocket_port(self) -> int | None:
        """Likewise; None if AudioSocket is not heard."""
        return self._audiosocket.port if self._audiosocket else None

    def renew(self, session: SessionSettings) -> None:
        """Calls that begin from now on are listened to like this; others as before."""
        self._calls.renew(session)

    def carries(self, call: str) -> bool:
        """The call is heard here, or waited for."""
        return call in self._calls

    def swap(self, call: str, by: str) -> bool:
        """See `Call.swap`. Raises `LookupError` if no such call goes on here."""
        return self._calls.swap(CallId(call), by)

    def load(self) -> Load:
        now, tally = self._clock(), self.tally
        overloaded = self._overloaded(now)
        since = self._overloaded_since
        return Load(
            calls=len(self._calls),
            limit=self._settings.calls.max_calls,
            connections=tally.connections,
            loop_lag_p99=tally.loop_lag.quantile(0.99, now),
            queue_wait_p95=tally.queue_wait.quantile(0.95, now),
            delay_p95=tally.delay.quantile(0.95, now),
            audio_seconds=tally.audio_seconds,
            shed=tally.shed,
            overloaded=overloaded,
            overloaded_for=0.0 if since is None else now - since,
        )

    async def drain(self, within: Seconds) -> None:
        """New calls are refused from now on; live ones are closed with reason "shutdown" and
        have `within` seconds to be heard and told, and those gateways that close for themselves
        as long as they are waited for; then every socket is closed with 1001."""
        log.info("draining", extra={"calls": len(self._calls)})
        self._draining = True
        await self._calls.close("shutdown", within)
        legs = self._reception.legs
        await asyncio.gather(*(leg.closed.wait() for leg in legs if leg.waits))
        if self._audiosocket is not None:
            await self._audiosocket.stop()
        self._sockets.close(code=1001, reason="shutdown")
        await self._sockets.wait_closed()
        self._probe.cancel()
        self._following.cancel()

    async def _handle(self, connection: ServerConnection) -> None:
        handshake = handshake_of(connection.request)
        codec = self._codecs[handshake.path](handshake)
        await self._reception.serve(connection, codec, connection.username)

    def _room(self, call: str) -> str:
        if self._draining:
            return "shutting_down"
        if call in self._calls:
            return ""
        expected = _expected(self._calls.census(), self.tally.connections)
        if expected is None:
            return ""
        if expected >= self._settings.calls.max_calls:
            return "too_many_calls"
        return "overloaded" if self._overloaded(self._clock()) else ""

    def _full(self, owner: str, call: str, most: int) -> bool:
        if call in self._calls:
            return False
        expected = _expected(self._calls.census(owner), self._reception.owners[owner])
        return expected is not None and expected >= most

    def _overloaded(self, now: Seconds) -> bool:
        late = self.tally.loop_lag.quantile(0.95, now, over=30.0, at_least=100)
        slow = self.tally.delay.quantile(0.95, now, over=30.0, at_least=20)
        overloaded = late > self._settings.loop_lag_limit or slow > self._settings.delay_limit
        if not overloaded:
            self._overloaded_since = None
        elif self._overloaded_since is None:
            self._overloaded_since = now
        return overloaded

    async def _measure_lag(self) -> None:
        for lap in itertools.count():
            due = self._clock() + LAG_EVERY
            await asyncio.sleep(LAG_EVERY)
            now = self._clock()
            self.tally.loop_lag.add(max(now - due, 0.0), now)
            if lap % 10 == 0:  # since when is known though nobody asks
                self._overloaded(now)


def _expected(census: Census, connections: int) -> int | None:
    """How many calls there are and will be, None if the next connection may well be for one
    that there is. Who has not said yet which call it carries may be a gateway that comes back
    to one within its grace time."""
    strangers = connections - census.carrying - census.absent
    return None if strangers < 0 else census.calls + strangers


def chosen(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Some gateways hang up unless what they call their protocol is said back to them."""
    return offered[0] if offered else None


def check_binding(host: str, has_keys: bool, has_tls: bool) -> None:
    """Raises `SettingsError` for an address that others can reach without keys and TLS: calls
    are personal data, and anyone could listen in or make some up."""
    if is_loopback(host) or (has_keys and has_tls):
        return
    missing = [
        what
        for what, there in (("a gateway key (`key add`)", has_keys), ("TLS", has_tls))
        if not there
    ]
    raise SettingsError(
        f"listening on {host or 'all addresses'} needs {' and '.join(missing)}: "
        "only 127.0.0.1 and ::1 may go without"
    )
