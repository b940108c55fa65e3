"""How grave an alert is, beside how grave it was when somebody took it. Pure."""

from typing import Literal, TypeAlias

from alerts.wire import RANK, Alert, Severity

Owned: TypeAlias = Severity | Literal[""]


def waits(alert: Alert) -> bool:
    """Whether somebody should take it: nobody has, or it has become graver since. One that was
    taken before that was kept (an older version's) is taken for good."""
    if alert.state == "active":
        return True
    risen = _rank(alert.severity) > _rank(alert.owned_severity)
    return alert.state == "acknowledged" and bool(alert.owned_severity) and risen


def lower(one: Owned, other: Owned) -> Owned:
    """The less grave of the two."""
    return min(one, other, key=_rank)


def graver(one: Owned, other: Owned) -> Owned:
    return max(one, other, key=_rank)


def _rank(severity: Owned) -> int:
    return RANK[severity] if severity else -1
