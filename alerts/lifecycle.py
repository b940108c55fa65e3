"""The life of alerts and prompts: what the rules say and what people do, in one place.

    active --acknowledge--> acknowledged --resolve, or the rule--> resolved --+
       |                         |                                           |
       +---------resolve---------+---------------false alarm-----------------+--> false_alarm

One that someone has and that becomes graver waits again, and is taken again: see `waits`.
Every change is a new revision. What changes nothing gives back the very same value, so that
whoever publishes can tell by `is`.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from alerts.agreement import agreed
from alerts.gravity import lower, waits
from alerts.shelf import RUNNING, Shelf
from alerts.untaken import Untaken
from alerts.wire import Alert, AlertState, Prompt, PromptState
from streamer.errors import EarwitnessError

Act: TypeAlias = Literal["resolve", "false_alarm"]
Answer: TypeAlias = Literal["accepted", "dismissed", "not_useful"]

TRANSITIONS: dict[tuple[AlertState, Act], AlertState] = {
    ("active", "resolve"): "resolved",
    ("active", "false_alarm"): "false_alarm",
    ("acknowledged", "resolve"): "resolved",
    ("acknowledged", "false_alarm"): "false_alarm",
    # Known only afterwards, often: it still counts against the rule's precision.
    ("resolved", "false_alarm"): "false_alarm",
}
_OPEN: frozenset[PromptState] = frozenset({"shown", "replaced", "expired"})


class NoSuchAlertError(EarwitnessError, LookupError):
    """There is no alert (or prompt) of that id, or it ended long ago: a 404."""


class Desk:
    """The latest revision of every live alert and prompt, and of the last `keep` ended ones.

    Without I/O; `wall` is handed in. What a person has closed stays closed: the running
    episode's further revisions are swallowed until the rule raises a new one.

    Every server has a desk of its own; `name` tells them apart. They agree through the log: see
    `learn`.
    """

    def __init__(self, keep: int = 2000, name: str = "") -> None:
        self._name = name
        self._here: set[str] = set()  # live alerts that rules raised on this server
        self.untaken = Untaken()
        self._alerts: Shelf[Alert] = Shelf(keep)
        self._prompts: Shelf[Prompt] = Shelf(keep)

    # ---- what the rules say ----

    def update(self, alert: Alert) -> Alert | None:
        """The revision to publish for the engine's `alert`; None where a person closed it."""
        known = self._alerts.get(alert.id)
        self._here.add(alert.id)
        if known is None:
            return self._revise(alert)
        if known.state not in RUNNING:
            return None
        return self._revise(
            alert,
            rev=known.rev + 1,
            state=known.state if alert.state == "active" else alert.state,
            owner=known.owner,
            owned_at=known.owned_at,
            owned_severity=lower(known.owned_severity, alert.severity),
            note=known.note,
            raised_at=known.raised_at,
            escalations=known.escalations,
        )

    def escalate(self, alert_id: str) -> Alert:
        """Nobody took it for too long: it is said once more. Raises NoSuchAlertError."""
        known = self.alert(alert_id)
        return self._revise(known, rev=known.rev + 1, escalations=known.escalations + 1)

    def show(self, prompt: Prompt) -> Prompt | None:
        """The prompt to publish; None where the agent has answered it already."""
        known = self._prompts.get(prompt.id)
        if known is not None and known.state != "shown":
            return None
        return self._prompts.put(prompt)

    # ---- what other servers' desks say ----

    def learn(self, word: Alert | Prompt) -> Alert | None:
        """What the log has of an alert or prompt. Returns the revision to publish where this
        desk had something new to say as well; else the later word simply counts."""
        if isinstance(word, Prompt):
            self._learn_answer(word)
            return None
        known = self._alerts.get(word.id)
        if known is None:
            self._alerts.put(word)
            return None
        if self._name and word.desk == self._name:
            return None
        both = agreed(known, word)
        if both is known or both is word or known.desk != self._name:
            self._alerts.put(both)
            return None
        return self._revise(both)

    def restore(self, word: Alert | Prompt) -> None:
        """The latest revision of one that is not known here: another server's, or from before a
        restart. What is known already is left alone."""
        if isinstance(word, Prompt):
            self._prompts.get(word.id) or self._prompts.put(word)
        elif self._alerts.get(word.id) is None:
            self._alerts.put(word)

    def take_over(self, alerts: Iterable[Alert]) -> None:
        """These are of a call that was heard on another server, and goes on here."""
        for alert in alerts:
            self.learn(alert)
            self._here.add(alert.id)

    def let_go(self, call_id: str) -> None:
        """The call goes on elsewhere."""
        self._here -= {alert.id for alert in self.of(call_id)}

    # ---- what people do; each raises NoSuchAlertError ----

    def acknowledge(self, alert_id: str, who: str, wall: str, note: str = "") -> Alert:
        """`who` takes it, at `wall`. The first one has it; a second one changes nothing, unless
        it has become graver since it was taken."""
        known = self.alert(alert_id)
        if not waits(known):
            return known
        return self._revise(
            known,
            rev=known.rev + 1,
            state="acknowledged",
            owner=who,
            owned_at=wall,
            owned_severity=known.severity,
            note=note or known.note,
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

    @property
    def here(self) -> list[Alert]:
        """The live alerts whose calls are heard on this server."""
        live = [alert for alert in self._alerts.live if alert.id in self._here]
        self._here = {alert.id for alert in live}
        return live

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

    def of(self, call_id: str) -> list[Alert]:
        """The live alerts of a call."""
        return [alert for alert in self._alerts.live if alert.call_id == call_id]

    def _act(self, known: Alert, act: Act, **changes: str) -> Alert:
        state = TRANSITIONS.get((known.state, act))
        if state is None:
            return known
        return self._revise(known, rev=known.rev + 1, state=state, **changes)

    def _revise(self, alert: Alert, **changes: object) -> Alert:
        return self._alerts.put(msgspec.structs.replace(alert, desk=self._name, **changes))

    def _learn_answer(self, word: Prompt) -> None:
        known = self._prompts.get(word.id)
        if word.state not in _OPEN and (known is None or known.state in _OPEN):
            self._prompts.put(word)


def _owned(known: Alert, who: str, wall: str, note: str) -> dict[str, str]:
    return {
        "owner": known.owner or who,
        "owned_at": known.owned_at or wall,
        "owned_severity": known.owned_severity or known.severity,
        "note": note or known.note,
    }
