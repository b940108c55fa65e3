"""Folds a call's events through the rules: alerts for supervisors, prompts for the agent."""

from collections.abc import Callable

from alerts.anger import Anger
from alerts.dead_air import DeadAir
from alerts.playbook import Playbook
from alerts.prompts import Prompter
from alerts.wire import Alert, Prompt
from streamer.events import CallClosed, CallEvent, CallInfo, Held, Silence, Transcript


class Engine:
    """One per call. `observe` takes the call's events in order and returns what is to be
    published, in order; it reads no clock and no random numbers but `new_id`'s.

    The same episode keeps its id; `rev` counts up. After `CallClosed` nothing is open.
    """

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self._prompter = Prompter(info, playbook, new_id)
        self._anger = Anger(info, playbook, new_id)
        self._dead_air = DeadAir(info, playbook, new_id)

    def observe(self, event: CallEvent) -> list[Alert | Prompt]:
        alerts: list[Alert] = []
        match event:
            case Transcript():
                alerts += self._anger.hear(event)
                self._dead_air.hear(event)
            case Silence():
                alerts += self._dead_air.wait(event)
            case Held(at=at, on=True):
                alerts += self._dead_air.episodes.end(at, "hold")
            case CallClosed(at=at):
                alerts += self._anger.episodes.end(at, "call_end")
                alerts += self._dead_air.episodes.end(at, "call_end")
        return [*alerts, *self._prompter.observe(event)]
