"""Prompts: somebody has spoken, nobody answers -> something for the agent to say.

One at a time on a call. A prompt stays while the agent reads it aloud: it expires with the end
of the next sentence, not with the first sound of it.
"""

from collections.abc import Callable, Iterable

import msgspec

from alerts.floor import Floor, has_words
from alerts.phrases import says
from alerts.playbook import Playbook
from alerts.prompt_settings import PromptText, Turn
from alerts.rules import SLACK
from alerts.wire import Prompt, Words
from streamer.events import (
    CallClosed,
    CallEvent,
    CallInfo,
    Held,
    Seconds,
    Silence,
    Transcript,
    Unheard,
)


def choose(
    texts: Iterable[PromptText], turn: Turn, customer: str, agent: str
) -> PromptText | None:
    """The first text for that turn which fits the customer's and the agent's last words. The
    playbook guarantees one after the customer's; None where it has none for this turn."""
    for text in texts:
        fits = text.always or says(customer, text.customer) or says(agent, text.agent)
        if text.after == turn and fits:
            return text
    return None


class Memory(msgspec.Struct):
    """What the prompter remembers of a call, as plain values."""

    shown: Prompt | None = None
    silence: Silence | None = None
    answered: Seconds = -1.0
    count: int = 0


class Prompter:
    """One per call. `observe` returns the prompts to publish: one shown, before it the one it
    replaces; or the one that expired. Whoever owns the `floor` has told it the event before."""

    def __init__(
        self, info: CallInfo, playbook: Playbook, new_id: Callable[[], str], floor: Floor
    ) -> None:
        self._info, self._new_id, self._floor = info, new_id, floor
        self._limits, self._texts = playbook.silence, playbook.prompt
        self._shown: Prompt | None = None
        self.silence: Silence | None = None  # the one that goes on, by its latest mark
        self._answered: Seconds = -1.0  # `since` of the silence last prompted for
        self.count = 0  # silences prompted for so far

    def state(self) -> Memory:
        return Memory(self._shown, self.silence, self._answered, self.count)

    def restore(self, memory: Memory) -> None:
        self._shown, self.silence = memory.shown, memory.silence
        self._answered, self.count = memory.answered, memory.count

    def observe(self, event: CallEvent) -> list[Prompt]:
        match event:
            case Transcript():
                return self._hear(event) if has_words(event) else []
            case Unheard(start=start):
                return self._spoken(start)
            case Silence():
                return self._wait(event)
            case Held(on=True) | CallClosed():
                self.silence = None
                return self._drop("expired")
        return []

    def _hear(self, said: Transcript) -> list[Prompt]:
        silence = self.silence
        if silence is not None and said.end <= silence.since + SLACK:
            return self._reconsider(silence)
        return self._spoken(said.start)

    def _spoken(self, start: Seconds) -> list[Prompt]:
        """Words from before the silence, recognized late, answer nothing. All others do: where
        the stream had stopped, a prompt may lie ahead of the audio that comes then."""
        if self.silence is not None and start > self.silence.since:
            self.silence = None
        if self._shown is None or start < self._answered - SLACK:
            return []
        return self._drop("expired")

    def _wait(self, silence: Silence) -> list[Prompt]:
        if silence.ended:
            if self.silence is not None and self.silence.since == silence.since:
                self.silence = None
            return []
        self.silence = silence
        return self._consider(silence)

    def _consider(self, silence: Silence) -> list[Prompt]:
        """A silence older than the one last prompted for is that one, known better by now."""
        new = silence.since > self._answered and self.count < self._limits.most_prompts
        text = self._due(silence) if new else None
        if text is None:
            return []
        self._answered = silence.since
        self.count += 1
        return self._show(silence, text)

    def _due(self, silence: Silence) -> PromptText | None:
        """What to prompt for by now, if anything."""
        turn = self._floor.turn(silence) if self._floor.met else None
        if turn is None or silence.lasted < self._limits.prompt_after(turn) - SLACK:
            return None
        customer, agent = self._floor.customer, self._floor.agent
        return choose(
            self._texts, turn, customer.text if customer else "", agent.text if agent else ""
        )

    def _reconsider(self, silence: Silence) -> list[Prompt]:
        """The words before the silence came after its mark: they may ask for another prompt, or
        for the first one, or for none."""
        if silence.since != self._answered:
            return self._consider(silence)
        if self._shown is None:
            return []
        text = self._due(silence)
        if text is None:
            self._answered, self.count = -1.0, self.count - 1
            return self._drop("expired")
        same = (text.situation, text.because) == (self._shown.situation, self._shown.because)
        return [] if same else self._show(silence, text)

    def _show(self, silence: Silence, text: PromptText) -> list[Prompt]:
        replaced, about = self._drop("replaced"), self._floor.customer
        self._shown = Prompt(
            id=self._new_id(),
            call_id=self._info.call,
            agent_id=self._info.agent_id,
            situation=text.situation,
            because=text.because,
            title=_timed(text.title, silence.lasted),
            say=text.say,
            about=about.number if about else 0,
            quote=about.text if about else "",
            state="shown",
            at=silence.since + silence.lasted,
        )
        return [*replaced, self._shown]

    def _drop(self, state: str) -> list[Prompt]:
        shown, self._shown = self._shown, None
        return [msgspec.structs.replace(shown, state=state)] if shown else []


def _timed(title: Words, seconds: Seconds) -> Words:
    return Words(
        title.zh.replace("{seconds}", f"{seconds:g}"),
        title.en.replace("{seconds}", f"{seconds:g}"),
    )
