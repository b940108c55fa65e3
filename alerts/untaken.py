"""Since when critical alerts wait for somebody to take them. Pure."""

from collections.abc import Iterable, Mapping

from alerts.wire import Alert
from streamer.events import Seconds


class Untaken:
    """Times are a monotonic clock's. It goes along with a call to another server: there an
    alert has waited for as long as it has."""

    def __init__(self) -> None:
        self._since: dict[str, Seconds] = {}

    def see(self, waiting: Iterable[Alert], now: Seconds) -> None:
        """These wait now, and no others."""
        self._since = {alert.id: self._since.get(alert.id, now) for alert in waiting}

    def waited(self, alert_id: str, now: Seconds) -> Seconds:
        return now - self._since.get(alert_id, now)

    def remind(self, alert_id: str, now: Seconds) -> None:
        """It was said once more: from here on it waits anew."""
        self._since[alert_id] = now

    def state(self, alerts: Iterable[Alert], now: Seconds) -> dict[str, Seconds]:
        """For how long each of them has waited, of those that do."""
        return {a.id: self.waited(a.id, now) for a in alerts if a.id in self._since}

    def restore(self, waited: Mapping[str, Seconds], now: Seconds) -> None:
        for alert_id, seconds in waited.items():
            self._since.setdefault(alert_id, now - seconds)
