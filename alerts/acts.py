"""What people do with alerts and prompts, counted. The desk decides, the caller publishes."""

from alerts import metrics
from alerts.lifecycle import Answer, Desk, NoSuchAlertError
from alerts.wall import seconds_between
from alerts.wire import Alert, Prompt


class Acts:
    """Each act returns the revision to publish, the very same value as before where nothing
    changed, and None where there is no such alert or prompt."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def alert(self, alert_id: str) -> Alert | None:
        try:
            return self._desk.alert(alert_id)
        except NoSuchAlertError:
            return None

    def prompt(self, prompt_id: str) -> Prompt | None:
        try:
            return self._desk.prompt(prompt_id)
        except NoSuchAlertError:
            return None

    def acknowledge(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert | None:
        if (before := self.alert(alert_id)) is None:
            return None
        after = self._desk.acknowledge(alert_id, who, wall, note)
        waited = seconds_between(before.raised_at, wall)
        if after is not before and waited is not None:
            metrics.alert_ack.observe(max(0.0, waited))
        return after

    def resolve(
        self, alert_id: str, who: str, wall: str, note: str = "", outcome: str = ""
    ) -> Alert | None:
        if self.alert(alert_id) is None:
            return None
        return self._desk.resolve(alert_id, who, wall, note, outcome)

    def false_alarm(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert | None:
        if (before := self.alert(alert_id)) is None:
            return None
        after = self._desk.false_alarm(alert_id, who, wall, note)
        if after is not before:
            metrics.alert_false.labels(after.rule).inc()
        return after

    def note(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert | None:
        """`who` and `wall` are for the caller's audit; an alert carries one note."""
        return self._desk.note(alert_id, note) if self.alert(alert_id) else None

    def answer(self, prompt_id: str, answer: Answer) -> Prompt | None:
        if (before := self.prompt(prompt_id)) is None:
            return None
        after = self._desk.answer(prompt_id, answer)
        if after is not before:
            metrics.prompts.labels(after.situation, answer).inc()
        return after
