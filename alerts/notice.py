"""What is written to people who do not look at the board: Chinese first, then English. Pure.

The alert has been masked; nothing else of the call goes out.
"""

from dataclasses import dataclass

from alerts.wire import Alert
from streamer.events import Seconds

_LONGEST = 200  # characters of what was said


@dataclass(frozen=True, slots=True)
class Notice:
    title: str
    body: str


def notice(alert: Alert, waited: Seconds, board: str) -> Notice:
    """Of an alert that nobody has taken for `waited` seconds. `board` is its URL, or empty."""
    agent = alert.agent_name or alert.agent_id or "—"
    said = alert.text if len(alert.text) <= _LONGEST else alert.text[: _LONGEST - 1] + "…"
    minutes = f"{waited / 60:.3g}"
    lines = [
        f"坐席 {agent}" + (f"，队列 {alert.queue}" if alert.queue else ""),
        f"原因：{alert.why.zh}",
        f"原话：“{said}”" if said else "",
        f"Nobody has taken this {alert.kind} alert for {minutes} min (agent {agent}).",
        f"Why: {alert.why.en}",
        board,
    ]
    title = f"【严重】{alert.kind} 预警 {minutes} 分钟无人处理（第 {alert.escalations} 次提醒）"
    return Notice(title, "\n".join(line for line in lines if line))
