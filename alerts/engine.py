"""Folds a call's events through the rules: alerts for supervisors, prompts for the agent."""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from alerts.anger import Anger
from alerts.call_rules import CallRules
from alerts.checklist import Ticks
from alerts.dead_air import DeadAir
from alerts.episodes import Episodes
from alerts.floor import Floor
from alerts.heard import Heard, quote
from alerts.lookback import Lookback
from alerts.on_hold import OnHold
from alerts.playbook import Playbook
from alerts.prompts import Prompter
from alerts.rulebook import longest_look
from alerts.scene import Scene
from alerts.wire import Alert, Checklist, Prompt
from streamer.events import (
    CallClosed,
    CallEvent,
    CallInfo,
    Draft,
    Emotion,
    Held,
    Party,
    Seconds,
    Silence,
    Stalled,
    Transcript,
    Unheard,
)

_RULE = "rule:"
CUSTOMER_ONLY = frozenset({Party.CUSTOMER})


class EngineState(msgspec.Struct, frozen=True):
    """All that an engine remembers, as plain values that JSON can hold. `version` is that of
    the playbook it was made under."""

    version: str
    parts: dict[str, Any]


class Part(Protocol):
    """What an engine is made of. `restore` takes what `state` gave, as a value of its type."""

    def state(self) -> msgspec.Struct: ...

    def restore(self, memory: Any, /) -> None: ...  # noqa: ANN401 - each part's own type


class Engine:
    """One per call. `observe` takes the call's events in order and returns what is to be
    published, in order; it reads no clock and no random numbers but `new_id`'s.

    The same episode keeps its id; `rev` counts up. After `CallClosed` nothing is open.
    `felt` are the parties whose emotion may be looked at; without the caller's consent, none.
    """

    def __init__(
        self,
        info: CallInfo,
        playbook: Playbook,
        new_id: Callable[[], str],
        felt: frozenset[Party] = CUSTOMER_ONLY,
    ) -> None:
        self._info, self._version = info, playbook.version
        felt = felt if info.emotion else frozenset()
        self._lookback = Lookback(playbook, longest_look(playbook), felt)
        self._on_hold = OnHold()
        self._floor = Floor(playbook.silence.patience)
        self._prompter = Prompter(info, playbook, new_id, self._floor)
        self._ticks = Ticks(info, playbook.checklist)
        self._anger = Anger(info, playbook, new_id)
        self._dead_air = DeadAir(info, playbook, new_id, self._floor)
        self._rules = CallRules(info, playbook, new_id)

    def observe(self, event: CallEvent) -> list[Alert | Prompt | Checklist]:
        if self._on_hold.hides(event):
            return [self._explained(alert) for alert in self._ignore(event)]
        if isinstance(event, Transcript):
            self._floor.hear(event)
        before, told = self._prompter.count, self._alerts(event)
        prompts = self._prompter.observe(event)
        if self._prompter.count > before and self._prompter.silence:
            told += self._dead_air.prompted(self._prompter.count, self._prompter.silence)
        alerts = [self._explained(alert) for alert in told]
        return [*alerts, *prompts, *self._ticks.observe(event)]

    def _alerts(self, event: CallEvent) -> list[Alert]:
        match event:
            case Transcript():
                return self._hear(event)
            case Draft(so_far):
                return self._glimpse(self._lookback.weigh(so_far))
            case Unheard():
                return self._over(event)
            case CallClosed(at=at):
                return [
                    a for episodes in self._episodes() for a in episodes.end(at, "call_end")
                ]
            case _:
                return self._without_words(event)

    def _without_words(self, event: CallEvent) -> list[Alert]:
        match event:
            case Silence():
                return self._wait(event)
            case Held(at=at, on=True):
                return self._hold(at)
            case Stalled():
                return self._stall(event)
            case _:
                return []

    def _hear(self, said: Transcript) -> list[Alert]:
        heard = self._lookback.hear(said)
        told = self._dead_air.hear(said)
        told += self._anger.hear(heard, self._lookback.now)
        return [*told, *self._rules.look(self._scene(heard, heard.end))]

    def _glimpse(self, so_far: Heard) -> list[Alert]:
        scene = self._scene(so_far, so_far.end)
        return [*self._anger.glimpse(so_far), *self._rules.glimpse(scene)]

    def _ignore(self, event: CallEvent) -> list[Alert]:
        """Said on hold: no more than that time passes."""
        if not isinstance(event, Transcript):
            return []
        self._lookback.idle(event.end)
        now = self._lookback.now
        return [*self._over(event), *self._anger.wait(now), *self._rules.wait(now)]

    def _over(self, event: Transcript | Unheard) -> list[Alert]:
        """A sentence that no rule hears is over all the same."""
        every = (self._anger.drafts, *(rule.drafts for rule in self._rules))
        which = event.party, event.number, event.end
        return [alert for drafts in every for alert in drafts.over(*which)]

    def _wait(self, silence: Silence) -> list[Alert]:
        """Before both parties have been heard it is none to the rules: time passes."""
        told, now = self._dead_air.wait(silence), silence.since + silence.lasted
        self._lookback.idle(now)
        met = self._floor.met
        heard = self._lookback.wait(silence.since, silence.lasted) if met else None
        told += self._anger.wait(self._lookback.now)
        if heard is None:
            return [*told, *self._rules.wait(self._lookback.now)]
        return [*told, *self._rules.look(self._scene(heard, now))]

    def _hold(self, at: Seconds) -> list[Alert]:
        return [*self._dead_air.episodes.end(at, "hold"), *self._note(_moment(at, held=True))]

    def _stall(self, stalled: Stalled) -> list[Alert]:
        if stalled.ended:
            return self._rules.flows(stalled.at)
        return self._note(_moment(stalled.at, stalled=stalled.silent_for))

    def _note(self, moment: Heard) -> list[Alert]:
        return self._rules.look(self._scene(self._lookback.note(moment), moment.end))

    def _scene(self, one: Heard, now: Seconds) -> Scene:
        return Scene(one, self._lookback.heard, now, self._info)

    def _episodes(self) -> list[Episodes]:
        written = [rule.episodes for rule in self._rules]
        return [self._anger.episodes, self._dead_air.episodes, *written]

    def _explained(self, alert: Alert) -> Alert:
        """With the sentences around the quote, and how the customer felt of late."""
        quoted = {evidence.end for evidence in alert.evidence}
        at = max(quoted, default=alert.at)
        around = [one for one in self._lookback.neighbours(at) if one.end not in quoted]
        emotion = Emotion.SAD if alert.kind == "SAD" else Emotion.ANGRY
        return msgspec.structs.replace(
            alert,
            context=tuple(quote(one) for one in around),
            curve=self._lookback.curve(emotion),
        )

    # ---- over a restart, or under a new playbook ----

    def state(self) -> EngineState:
        """What it remembers; changing it afterwards changes nothing here."""
        parts = {name: msgspec.to_builtins(p.state()) for name, p in self._parts().items()}
        return EngineState(self._version, parts)

    def restore(self, state: EngineState) -> list[Alert]:
        """Goes on from `state`, in place of a call's beginning. Rules are known by their names:
        of those that this playbook has no more, the open alerts' ends are given back, to be
        published. Raises `msgspec.ValidationError` for what no engine's `state` has given."""
        parts, ended = self._parts(), []
        for name, memory in state.parts.items():
            if part := parts.get(name):
                part.restore(msgspec.convert(memory, type(part.state())))
            elif name.startswith(_RULE):
                left = msgspec.convert(memory["life"]["open"], Alert | None)
                ended += [_removed(left)] if left else []
        return ended

    def _parts(self) -> dict[str, Part]:
        fixed: dict[str, Part] = {
            "on_hold": self._on_hold,
            "lookback": self._lookback,
            "floor": self._floor,
            "checklist": self._ticks,
            "anger": self._anger,
            "dead_air": self._dead_air,
            "prompter": self._prompter,
        }
        return fixed | {_RULE + name: rule for name, rule in self._rules.by_name.items()}


def _removed(alert: Alert) -> Alert:
    return msgspec.structs.replace(
        alert, rev=alert.rev + 1, state="resolved", outcome="rule_removed"
    )


def _moment(at: Seconds, *, stalled: Seconds = 0.0, held: bool = False) -> Heard:
    return Heard(0, Party.UNKNOWN, at, at, stalled=stalled, held=held)
