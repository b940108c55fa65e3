"""Runs the web inside the process's own task group."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn

from streamer.errors import SettingsError
from web_dashboard.app import create_app
from web_dashboard.boundary import is_loopback
from web_dashboard.parts import Parts, WebSettings

# It logs the addresses of websockets, and in them tickets; at DEBUG all that is said.
logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

_GRACE = 3  # seconds for requests that run when the server stops
_LARGEST_FRAME = 4096  # a viewer has nothing to say


class _Server(uvicorn.Server):
    """Signals belong to the composition root; uvicorn offers no setting for that."""

    def __init__(self, config: uvicorn.Config, listening: asyncio.Event) -> None:
        super().__init__(config)
        self._listening = listening

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()


class Dashboard:
    """The web server with its feed and its audit. It listens from its making on; `started` is
    set once it answers. `url` says where."""

    def __init__(self, parts: Parts) -> None:
        """Raises `SettingsError`: a network address without TLS, or an address in use."""
        self._parts = parts
        self._stop, self.started = asyncio.Event(), asyncio.Event()
        self._server = _Server(_config(parts), self.started)
        self._socket = _listen(parts.settings)
        self.url = _url(parts.settings, self._socket)

    def stop(self) -> None:
        """Closes the viewers with 1001, finishes the requests that run, and lets `run` end."""
        self._stop.set()

    async def run(self) -> None:
        """Serves until `stop`; cancelled, it still takes leave of its viewers."""
        async with asyncio.TaskGroup() as tasks:
            feed = tasks.create_task(self._parts.feed.run(), name="feed")
            audit = tasks.create_task(self._parts.audit.run(), name="audit")
            serving = tasks.create_task(self._server.serve([self._socket]), name="web")
            try:
                await self._stop.wait()
            finally:
                await self._parts.feed.close_viewers()
                self._server.should_exit = True
                await serving
                feed.cancel()
                audit.cancel()


def _listen(settings: WebSettings) -> socket.socket:
    if not is_loopback(settings.host) and settings.tls is None:
        raise SettingsError(
            f"web_host {settings.host} can be reached from the network: set tls_cert and"
            " tls_key, or listen on 127.0.0.1 behind a proxy that speaks TLS"
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as fault:
        where = f"{settings.host}:{settings.port}"
        raise SettingsError(f"web: cannot listen on {where}: {fault.strerror}") from fault


def _url(settings: WebSettings, listening: socket.socket) -> str:
    scheme = "http" if settings.tls is None else "https"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{listening.getsockname()[1]}/"


def _config(parts: Parts) -> uvicorn.Config:
    tls = parts.settings.tls
    return uvicorn.Config(
        create_app(parts),
        http="h11",
        ws="websockets-sansio",
        ws_max_size=_LARGEST_FRAME,
        ws_per_message_deflate=False,  # 20 viewers on two cores: bytes are cheaper than time
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
        timeout_graceful_shutdown=_GRACE,
    )
