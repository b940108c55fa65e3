"""An agent asks for a supervisor: an alert that no rule raised. Pure."""

from dataclasses import dataclass

from msgspec.structs import replace

from alerts.wire import Alert, Words
from streamer.events import Party

RULE = "agent-help"

_WHY = Words("坐席按了“请主管帮忙”。", "The agent pressed “Ask the supervisor”.")


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose call it is."""

    call_id: str
    agent_id: str
    agent_name: str
    queue: str


def asked(alert_id: str, who: Asker, at: float, wall: str) -> Alert:
    """Its first revision. `at` is the time of the call, `wall` that of the wall clock."""
    return Alert(
        id=alert_id,
        rev=1,
        call_id=who.call_id,
        kind="HELP",
        rule=RULE,
        rule_version="",
        severity="high",
        state="active",
        party=Party.AGENT,
        at=at,
        since=at,
        text="",
        count=1,
        score=1.0,
        evidence=(),
        why=_WHY,
        agent_id=who.agent_id,
        agent_name=who.agent_name,
        queue=who.queue,
        raised_at=wall,
    )


def over(alert: Alert, outcome: str) -> Alert:
    """The same, no longer wanted."""
    return replace(alert, state="resolved", outcome=outcome)
