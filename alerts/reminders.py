"""Says critical alerts again that nobody takes: on the board, and to other systems."""

import asyncio
from collections.abc import Callable

from alerts import metrics
from alerts.escalation import Escalation
from alerts.notice import Notice, notice
from alerts.wire import Message
from streamer.events import Seconds

LOOK_EVERY: Seconds = 1.0


class Reminders:
    """`board` is the URL under which people reach the board, or empty."""

    def __init__(
        self,
        escalation: Escalation,
        publish: Callable[[Message], Message],
        notify: Callable[[Notice], None],
        board: str = "",
    ) -> None:
        self._escalation, self._publish, self._notify = escalation, publish, notify
        self._board = board

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self.look(asyncio.get_running_loop().time())
            await asyncio.sleep(LOOK_EVERY)

    def look(self, now: Seconds) -> None:
        for alert in self._escalation.due(now):
            self._publish(alert)
            self._notify(notice(alert, self._escalation.waited(alert), self._board))
            metrics.escalated.labels(alert.rule).inc()
