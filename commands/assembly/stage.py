"""What is known of the start while it goes on: the pages show it."""

from dataclasses import dataclass

from alerts.wall import utc_before
from streamer.server import Server
from web_dashboard.view import LoadStatus, ModelStatus


@dataclass(slots=True)
class Stage:
    model: ModelStatus
    server: Server | None = None
    port: int = 0  # that gateways stream to; 0 until they can
    draining: bool = False
    _overloaded_since: str = ""  # wall time: said alike as long as it lasts

    def swap(self, call: str, by: str) -> bool:
        """See `Server.swap`. Raises `LookupError`."""
        if self.server is None:
            raise LookupError(call)
        return self.server.swap(call, by)

    def load(self, limit: int) -> LoadStatus:
        if self.server is None:
            return LoadStatus(calls=0, limit=limit, lag_ms=0)
        it = self.server.load()
        lag = round(1000 * it.loop_lag_p99)
        if not it.overloaded:
            self._overloaded_since = ""
        elif not self._overloaded_since:
            self._overloaded_since = utc_before(it.overloaded_for)
        since = self._overloaded_since
        return LoadStatus(it.calls, it.limit, lag, it.overloaded, it.shed, since)
