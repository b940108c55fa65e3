"""How much the board keeps, and how long, in milliseconds of the log's time. Pure."""

from dataclasses import dataclass

from alerts.wire import Alert, Prompt, Whisper
from web_dashboard.call_row import CallRow

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the board keeps at most."""

    calls: int = 1000
    alerts: int = 500
    prompts: int = 500
    messages: int = 500


def call_stays(call: CallRow) -> int:
    # A call whose server died never ends; and nothing may be said through a long hold.
    return 10 * MINUTE if call.ended else 120 * MINUTE


def alert_stays(alert: Alert) -> int | None:
    return 30 * MINUTE if alert.state in ("resolved", "false_alarm") else None


def prompt_stays(prompt: Prompt) -> int:
    return 120 * MINUTE if prompt.state == "shown" else 10 * MINUTE


def message_stays(message: Whisper) -> int:
    return 10 * MINUTE if message.seen else 120 * MINUTE
