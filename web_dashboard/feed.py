"""What the screens show, folded from the log without I/O: tell it what was published, in the
order of the log; it knows the live calls, the alerts and the prompts as of the latest entry.

Time is the log's own: an entry's id is `<milliseconds>-<sequence>`.
"""

from dataclasses import dataclass

import msgspec

from alerts.wire import (
    Alert,
    CallEnded,
    CallStarted,
    Checklist,
    Draft,
    Message,
    Prompt,
    Whisper,
    encode,
)
from web_dashboard.call_row import CallRow
from web_dashboard.privacy import shown
from web_dashboard.shelf import Shelf
from web_dashboard.sight import EVERYTHING, Sight
from web_dashboard.staying import (
    Limits,
    alert_stays,
    call_stays,
    message_stays,
    prompt_stays,
)
from web_dashboard.view import CallState

_SWEEP_EVERY = 10_000
_ANSWERED = ("accepted", "dismissed", "not_useful")


def entry_time(entry: str) -> tuple[int, int]:
    """(milliseconds, sequence) of a log id: their order. Raises `ValueError`."""
    milliseconds, _, sequence = entry.partition("-")
    return int(milliseconds), int(sequence or 0)


@dataclass(frozen=True, slots=True)
class Folded:
    """A message as it may be shown, and its JSON, encoded once for all viewers."""

    entry: str
    message: Message
    raw: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Picture:
    """What one viewer may see as of the log entry `last`."""

    last: str
    calls: tuple[CallState, ...]
    alerts: tuple[Alert, ...]
    prompts: tuple[Prompt, ...]
    messages: tuple[Whisper, ...]


class Board:
    """The state of the screens. Takes messages in any order, raises for none, is bounded."""

    def __init__(self, limits: Limits | None = None, *, agent_emotion: bool = False) -> None:
        limits = limits or Limits()
        self._agent_emotion = agent_emotion
        self._calls = Shelf(limits.calls, call_stays)
        self._alerts = Shelf(limits.alerts, alert_stays)
        self._prompts = Shelf(limits.prompts, prompt_stays)
        self._messages = Shelf(limits.messages, message_stays)
        self._sweep_at = 0
        self.last = "0-0"

    def apply(self, entry: str, message: Message) -> Folded | None:
        """The message as viewers may see it. None if they may not, if its entry is not newer
        than the last (an entry read twice changes nothing), or if a later word is known."""
        if entry_time(entry) <= entry_time(self.last):
            return None
        self.last = entry
        fit = shown(message, agent_emotion=self._agent_emotion)
        if fit is None:
            return None
        folded = Folded(entry, fit, msgspec.Raw(encode(fit)))
        now = entry_time(entry)[0]
        self._sweep(now)
        if not self._is_news(folded):
            return None
        self._fold(folded, now)
        return folded

    def rewind(self, entry: str) -> None:
        """Of what was applied the log still has up to `entry`: what came after it is lost and
        may be told again. Such a message is known by its content and changes nothing."""
        self.last, self._sweep_at = entry, 0

    def picture(self, sight: Sight = EVERYTHING) -> Picture:
        """What that sight takes in."""
        calls, alerts, prompts = tuple(self._calls), tuple(self._alerts), tuple(self._prompts)
        messages = tuple(self._messages)
        if sight != EVERYTHING:
            calls = tuple(c for c in calls if self.within(sight, c.call_id))
            alerts = tuple(a for a in alerts if self.visible(a, sight))
            prompts = tuple(p for p in prompts if self.visible(p, sight))
            messages = tuple(m for m in messages if self.visible(m, sight))
        return Picture(
            self.last, tuple(call.state() for call in calls), alerts, prompts, messages
        )

    def visible(self, message: Message, sight: Sight) -> bool:
        """Whether a message that `apply` has returned may be seen."""
        match message:
            case Alert():
                # It outlives its call on the board, and says itself whose it is. Agents see
                # that their call for help was heard, and who comes.
                meant = sight.alerts or message.kind == "HELP"
                return meant and sight.takes_in(message.agent_id, message.queue)
            case Prompt() | Whisper():
                call = self._calls.get(message.call_id)
                return sight.takes_in(message.agent_id, call.queue if call else "")
            case _:
                return self.within(sight, message.call_id)

    def within(self, sight: Sight, call_id: str) -> bool:
        """Whether the call may be seen. One that is not known may be by those only who see
        every call."""
        call = self._calls.get(call_id)
        if call is None:
            return sight.whole
        return sight.takes_in(call.agent_id, call.queue)

    def call(self, call_id: str) -> CallState | None:
        call = self._calls.get(call_id)
        return call.state() if call else None

    def events(self, call_id: str, *, alerts: bool = True) -> tuple[msgspec.Raw, ...]:
        """The call's latest messages, oldest first, with the alerts among them or without."""
        call = self._calls.get(call_id)
        return call.events(alerts=alerts) if call else ()

    def provisional(self, draft: Draft) -> Draft | None:
        """A draft as viewers may see it: None once its sentence is known, or its call over."""
        call = self._calls.get(draft.call_id)
        if call is None or call.ended or call.has_heard(draft):
            return None
        fit = shown(draft, agent_emotion=self._agent_emotion)
        return fit if isinstance(fit, Draft) else None

    def alert(self, alert_id: str) -> Alert | None:
        return self._alerts.get(alert_id)

    def prompt(self, prompt_id: str) -> Prompt | None:
        return self._prompts.get(prompt_id)

    def message(self, message_id: str) -> Whisper | None:
        return self._messages.get(message_id)

    def _is_news(self, folded: Folded) -> bool:
        message = folded.message
        call = self._calls.get(message.call_id)
        if call is not None and call.knows(folded.raw):
            return False
        match message:
            case Alert():
                known = self._alerts.get(message.id)
                return known is None or known.rev < message.rev
            case Prompt():
                # What the agent answered stands, whatever becomes of the prompt afterwards.
                earlier = self._prompts.get(message.id)
                return earlier is None or earlier.state not in (*_ANSWERED, message.state)
            case Whisper():
                told = self._messages.get(message.id)
                return told is None or (message.seen and not told.seen)
            case _:
                return True

    def _fold(self, folded: Folded, now: int) -> None:
        match folded.message:
            case Alert() as alert:
                self._alerts.put(alert.id, alert, now)
            case Prompt() as prompt:
                self._prompts.put(prompt.id, prompt, now)
            case Whisper() as whisper:
                self._messages.put(whisper.id, whisper, now)
        self._fold_call(folded, now)

    def _sweep(self, now: int) -> None:
        if now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_EVERY
            for shelf in (self._calls, self._alerts, self._prompts, self._messages):
                shelf.sweep(now)

    def _fold_call(self, folded: Folded, now: int) -> None:
        message = folded.message
        call = self._calls.get(message.call_id)
        if isinstance(message, CallStarted) and (call is None or call.ended):
            call = CallRow(message.call_id)
        elif call is None:
            if isinstance(message, Alert | Prompt | Checklist | Whisper | CallEnded):
                return  # words about a call that has left do not bring it back
            call = CallRow(message.call_id)
        elif call.ended:
            call.apply(message, folded.raw)  # and it still leaves 10 minutes after its end
            return
        call.apply(message, folded.raw)
        self._calls.put(message.call_id, call, now)
