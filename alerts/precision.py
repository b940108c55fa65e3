"""How often each rule is right, measured by what people say of its alerts. Pure."""

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Literal, TypeAlias

from alerts.wire import Alert, Message

Verdict: TypeAlias = Literal["", "right", "false"]


@dataclass(frozen=True, slots=True)
class RulePrecision:
    """`judged` alerts were taken, resolved by hand or called false by somebody. `precision` is
    the share of these that was not called false; None as long as there are none."""

    rule: str
    alerts: int
    judged: int
    false_alarms: int
    precision: float | None


class Precision:
    """Told of everything in the log, from every server; keeps the last `keep` alerts."""

    def __init__(self, keep: int = 20_000) -> None:
        self._keep = keep
        self._known: OrderedDict[str, tuple[int, str, Verdict]] = OrderedDict()
        self._count: Counter[tuple[str, Verdict]] = Counter()

    def hear(self, message: Message) -> RulePrecision | None:
        """What is now known of the message's rule; None where that is as before."""
        if not isinstance(message, Alert):
            return None
        before = self._known.get(message.id)
        if before is not None and before[0] >= message.rev:
            return None
        after = message.rev, message.rule, _verdict(message)
        self._known[message.id] = after
        if before is not None:
            self._count[before[1:]] -= 1
        self._count[after[1:]] += 1
        if len(self._known) > self._keep:
            _, gone = self._known.popitem(last=False)
            self._count[gone[1:]] -= 1
        return None if before is not None and before[1:] == after[1:] else self.of(message.rule)

    def of(self, rule: str) -> RulePrecision:
        false, right = self._count[rule, "false"], self._count[rule, "right"]
        judged = false + right
        precision = right / judged if judged else None
        return RulePrecision(rule, judged + self._count[rule, ""], judged, false, precision)

    def all(self) -> list[RulePrecision]:
        """Of every rule that has raised an alert, by name."""
        rules = sorted({rule for (rule, _), count in self._count.items() if count})
        return [self.of(rule) for rule in rules]


def _verdict(alert: Alert) -> Verdict:
    if alert.state == "false_alarm":
        return "false"
    return "right" if alert.owner else ""
