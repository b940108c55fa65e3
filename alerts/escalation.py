"""Critical alerts that nobody takes are said again, so many times and so far apart. Pure."""

from alerts.gravity import waits
from alerts.lifecycle import Desk
from alerts.wire import Alert
from streamer.events import Seconds


class Escalation:
    """Looks after the alerts of the calls that are heard on this server. Time is counted from
    when an alert was first seen to be critical and untaken, on whichever server."""

    def __init__(self, desk: Desk, after: Seconds, most: int) -> None:
        self._desk, self._after, self._most = desk, after, most

    def due(self, now: Seconds) -> list[Alert]:
        """The revisions to publish, and to notify of, at `now` on a monotonic clock."""
        untaken, waiting = self._desk.untaken, [a for a in self._desk.here if self._waits(a)]
        untaken.see(waiting, now)
        late = [alert for alert in waiting if untaken.waited(alert.id, now) >= self._after]
        for alert in late:
            untaken.remind(alert.id, now)
        return [self._desk.escalate(alert.id) for alert in late]

    def waited(self, alert: Alert) -> Seconds:
        """For how long nobody has taken it by now, as far as is known here."""
        return self._after * alert.escalations

    def _waits(self, alert: Alert) -> bool:
        untaken = alert.severity == "critical" and waits(alert)
        return untaken and alert.escalations < self._most
