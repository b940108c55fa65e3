"""Prompts: the customer has spoken, nobody answers -> something for the agent to say.

One at a time on a call. A prompt stays while the agent reads it aloud: it expires with the end
of the next sentence, not with the first sound of it.
"""

from collections.abc import Callable

import msgspec

from alerts.phrases import says
from alerts.playbook import Playbook, PromptText
from alerts.rules import SLACK, wants_prompt
from alerts.wire import Prompt, Words
from streamer.events import (
    CallClosed,
    CallEvent,
    CallInfo,
    Held,
    Party,
    Seconds,
    Silence,
    Transcript,
    Unheard,
)


def choose(texts: tuple[PromptText, ...], customer: str, agent: str) -> PromptText:
    """The first text that fits the customer's and the agent's last words. The playbook
    guarantees that the last one always does."""
    for text in texts[:-1]:
        if says(customer, text.customer) or says(agent, text.agent):
            return text
    return texts[-1]


class Memory(msgspec.Struct):
    """What the prompter remembers of a call, as plain values."""

    last: dict[Party, Transcript]
    shown: Prompt | None
    silence: Silence | None
    answered: Seconds


class Prompter:
    """One per call. `observe` returns the prompts to publish: one shown, before it the one it
    replaces; or the one that expired."""

    def __init__(self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str]) -> None:
        self._info, self._playbook, self._new_id = info, playbook, new_id
        self._last: dict[Party, Transcript] = {}
        self._shown: Prompt | None = None
        self._silence: Silence | None = None  # the one that `_shown` answers
        self._answered: Seconds = -1.0  # `since` of the silence last prompted for

    def observe(self, event: CallEvent) -> list[Prompt]:
        match event:
            case Transcript():
                return self._hear(event)
            case Unheard(start=start):
                return self._spoken(start)
            case Silence():
                return self._wait(event)
            case Held(on=True) | CallClosed():
                return self._drop("expired")
        return []

    def state(self) -> Memory:
        return Memory(self._last.copy(), self._shown, self._silence, self._answered)

    def restore(self, memory: Memory) -> None:
        self._last, self._shown = memory.last.copy(), memory.shown
        self._silence, self._answered = memory.silence, memory.answered

    def _hear(self, said: Transcript) -> list[Prompt]:
        last = self._last.get(said.party)
        if last is None or said.end >= last.end:
            self._last[said.party] = said
        if self._silence is not None and said.end <= self._silence.since + SLACK:
            return self._reconsider(self._silence)
        return self._spoken(said.start)

    def _spoken(self, start: Seconds) -> list[Prompt]:
        """Words from before the prompt, recognized late, answer nothing."""
        if self._shown is None or start < self._shown.at - SLACK:
            return []
        return self._drop("expired")

    def _wait(self, silence: Silence) -> list[Prompt]:
        new = silence.since != self._answered
        if not new or not wants_prompt(silence, self._playbook.silence):
            return []
        self._answered = silence.since
        return self._show(silence)

    def _reconsider(self, silence: Silence) -> list[Prompt]:
        """The customer's last words came after the prompt: they may ask for another one."""
        text = self._text()
        if self._shown is None or text.because == self._shown.because:
            return []
        return self._show(silence)

    def _text(self) -> PromptText:
        customer, agent = self._last.get(Party.CUSTOMER), self._last.get(Party.AGENT)
        return choose(
            self._playbook.prompt,
            customer.text if customer else "",
            agent.text if agent else "",
        )

    def _show(self, silence: Silence) -> list[Prompt]:
        replaced = self._drop("replaced")
        text, about = self._text(), self._last.get(Party.CUSTOMER)
        self._silence = silence
        self._shown = Prompt(
            id=self._new_id(),
            call_id=self._info.call,
            agent_id=self._info.agent_id,
            situation=text.situation,
            because=text.because,
            title=_timed(text.title, self._playbook.silence.prompt),
            say=text.say,
            about=about.number if about else 0,
            state="shown",
            at=silence.since + silence.lasted,
        )
        return [*replaced, self._shown]

    def _drop(self, state: str) -> list[Prompt]:
        shown, self._shown, self._silence = self._shown, None, None
        return [msgspec.structs.replace(shown, state=state)] if shown else []


def _timed(title: Words, seconds: Seconds) -> Words:
    return Words(
        title.zh.replace("{seconds}", f"{seconds:g}"),
        title.en.replace("{seconds}", f"{seconds:g}"),
    )
