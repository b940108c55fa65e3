"""What this server does with the log that every server writes: its desk learns what other desks
say, the rules' precision and the prompts' usefulness are counted."""

from collections.abc import Callable

from alerts import help as help_alerts
from alerts import metrics
from alerts.lifecycle import Desk
from alerts.precision import Precision
from alerts.usefulness import Usefulness
from alerts.wire import Alert, CallEnded, Message, Prompt


class Following:
    """`hear` each message of the log, in order; one heard twice changes nothing."""

    def __init__(
        self, desk: Desk, precision: Precision, publish: Callable[[Message], Message]
    ) -> None:
        self._desk, self._precision, self._publish = desk, precision, publish
        self._usefulness = Usefulness()

    def hear(self, message: Message) -> None:
        if isinstance(message, Alert | Prompt):
            revision = self._desk.learn(message)
            if revision is not None:
                self._publish(revision)
        if isinstance(message, CallEnded):
            self._call_ended(message.call_id)
        if (measured := self._precision.hear(message)) is not None:
            rule = measured.rule
            metrics.rule_alerts.labels(rule).set(measured.alerts)
            metrics.rule_judged.labels(rule).set(measured.judged)
            metrics.rule_false.labels(rule).set(measured.false_alarms)
            if measured.precision is not None:
                metrics.rule_precision.labels(rule).set(measured.precision)
        if situation := self._usefulness.hear(message):
            share = self._usefulness.of(situation)
            if share is not None:
                metrics.prompt_usefulness.labels(situation).set(share)

    def _call_ended(self, call_id: str) -> None:
        """What rules raised they end themselves; nobody else ends what an agent asked."""
        for alert in self._desk.here:
            if alert.call_id == call_id and alert.kind == "HELP":
                revision = self._desk.update(help_alerts.over(alert, "call_end"))
                if revision is not None:
                    self._publish(revision)
