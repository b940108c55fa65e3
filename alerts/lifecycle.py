"""The life of alerts and prompts: what the rules say and what people do, in one place.

    active --acknowledge--> acknowledged --resolve, or the rule--> resolved --+
       |                         |                                           |
       +---------resolve---------+---------------false alarm-----------------+--> false_alarm

Every change is a new revision. What changes nothing gives back the very same value, so that
whoever publishes can tell by `is`.
"""

from collections import OrderedDict
from typing import Generic, Literal, TypeAlias, TypeVar

import msgspec

from alerts.wire import Alert, AlertState, Prompt, PromptState
from streamer.errors import EarwitnessError

Act: TypeAlias = Literal["acknowledge", "resolve", "false_alarm"]
Answer: TypeAlias = Literal["accepted", "dismissed", "not_useful"]

TRANSITIONS: dict[tuple[AlertState, Act], AlertState] = {
    ("active", "acknowledge"): "acknowledged",
    ("active", "resolve"): "resolved",
    ("active", "false_alarm"): "false_alarm",
    ("acknowledged", "resolve"): "resolved",
    ("acknowledged", "false_alarm"): "false_alarm",
    # Known only afterwards, often: it still counts against the rule's precision.
    ("resolved", "false_alarm"): "false_alarm",
}
_RUNNING: frozenset[AlertState] = frozenset({"active", "acknowledged"})
_OPEN: frozenset[PromptState] = frozenset({"shown", "replaced", "expired"})

T = TypeVar("T", Alert, Prompt)


class NoSuchAlertError(EarwitnessError, LookupError):
    """There is no alert (or prompt) of that id, or it ended long ago: a 404."""


class Desk:
    """The latest revision of every live alert and prompt, and of the last `keep` ended ones.

    Without I/O; `wall` is handed in. What a person has closed stays closed: the running
    episode's further revisions are swallowed until the rule raises a new one.
    """

    def __init__(self, keep: int = 2000) -> None:
        self._alerts: _Shelf[Alert] = _Shelf(keep)
        self._prompts: _Shelf[Prompt] = _Shelf(keep)

    # ---- what the rules say ----

    def update(self, alert: Alert) -> Alert | None:
        """The revision to publish for the engine's `alert`; None where a person closed it."""
        known = self._alerts.get(alert.id)
        if known is None:
            return self._alerts.put(alert)
        if known.state not in _RUNNING:
            return None
        return self._revise(
            alert,
            rev=known.rev + 1,
            state=known.state if alert.state == "active" else alert.state,
            owner=known.owner,
            owned_at=known.owned_at,
            note=known.note,
            raised_at=known.raised_at,
        )

    def show(self, prompt: Prompt) -> Prompt | None:
        """The prompt to publish; None where the agent has answered it already."""
        known = self._prompts.get(prompt.id)
        if known is not None and known.state != "shown":
            return None
        return self._prompts.put(prompt)

    # ---- what people do; each raises NoSuchAlertError ----

    def acknowledge(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert:
        """`who` takes it, at `wall`. The first one has it; a second one changes nothing."""
        known = self.alert(alert_id)
        if (known.state, "acknowledge") not in TRANSITIONS:
            return known
        return self._act(
            known, "acknowledge", owner=who, owned_at=wall, note=note or known.note
        )

    def resolve(
        self, alert_id: str, who: str, wall: str, note: str = "", outcome: str = ""
    ) -> Alert:
        """`who` says that it is dealt with, and how."""
        known = self.alert(alert_id)
        return self._act(known, "resolve", outcome=outcome, **_owned(known, who, wall, note))

    def false_alarm(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert:
        """`who` says that the rule was wrong, also after it has ended."""
        known = self.alert(alert_id)
        return self._act(known, "false_alarm", **_owned(known, who, wall, note))

    def note(self, alert_id: str, note: str) -> Alert:
        """Writes a note beside it, in any state; the last one counts."""
        known = self.alert(alert_id)
        return (
            known if note == known.note else self._revise(known, rev=known.rev + 1, note=note)
        )

    def answer(self, prompt_id: str, answer: Answer) -> Prompt:
        """The agent's answer; the first one counts, also on one that has just expired."""
        known = self.prompt(prompt_id)
        if known.state not in _OPEN:
            return known
        return self._prompts.put(msgspec.structs.replace(known, state=answer))

    # ---- what there is ----

    def alert(self, alert_id: str) -> Alert:
        """Its latest revision. Raises NoSuchAlertError."""
        if (known := self._alerts.get(alert_id)) is None:
            raise NoSuchAlertError(f"There is no alert {alert_id!r}.")
        return known

    def prompt(self, prompt_id: str) -> Prompt:
        """Its latest state. Raises NoSuchAlertError."""
        if (known := self._prompts.get(prompt_id)) is None:
            raise NoSuchAlertError(f"There is no prompt {prompt_id!r}.")
        return known

    def _act(self, known: Alert, act: Act, **changes: str) -> Alert:
        state = TRANSITIONS.get((known.state, act))
        if state is None:
            return known
        return self._revise(known, rev=known.rev + 1, state=state, **changes)

    def _revise(self, alert: Alert, **changes: object) -> Alert:
        return self._alerts.put(msgspec.structs.replace(alert, **changes))


class _Shelf(Generic[T]):
    """The live ones, all of them, and the `keep` that ended last."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._live: dict[str, T] = {}
        self._ended: OrderedDict[str, T] = OrderedDict()

    def get(self, key: str) -> T | None:
        return self._live.get(key) or self._ended.get(key)

    def put(self, value: T) -> T:
        self._live.pop(value.id, None)
        if _live(value):
            self._live[value.id] = value
            return value
        self._ended[value.id] = value
        if len(self._ended) > self._keep:
            self._ended.popitem(last=False)
        return value


def _live(value: Alert | Prompt) -> bool:
    return value.state in _RUNNING or value.state == "shown"


def _owned(known: Alert, who: str, wall: str, note: str) -> dict[str, str]:
    return {
        "owner": known.owner or who,
        "owned_at": known.owned_at or wall,
        "note": note or known.note,
    }
