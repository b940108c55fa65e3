"""What the playbook says of silence, prompts and the checklist; what does not fit together."""

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from alerts.settings import Name, Phrase, Span
from alerts.wire import Words
from streamer.events import Seconds

Turn: TypeAlias = Literal["customer", "agent", "promise"]
"""What a silence comes after: words of the customer, words of the agent, or a promise of the
agent's to look something up."""


class Patience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the agent says before looking something up, and how long that may take."""

    phrases: tuple[Phrase, ...]
    acknowledgements: tuple[Phrase, ...]
    prompt: Span
    alert: Span


class Silences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when on silence is marked, prompted and alerted. See playbook.toml."""

    rule: Name
    tag: Span
    prompt: Span
    alert: Span
    cooldown: Annotated[float, Meta(ge=0, le=3600)]
    critical: Span | None = None
    thinking: Span = 5.0
    most_prompts: Annotated[int, Meta(ge=0, le=100)] = 6
    often: Annotated[int, Meta(ge=1, le=100)] | None = 3
    often_hold: Span = 60.0
    patience: Patience | None = None

    def prompt_after(self, turn: Turn) -> Seconds:
        """How long a silence after that lasts until the agent is prompted."""
        if turn == "agent":
            return self.thinking
        return self.patience.prompt if turn == "promise" and self.patience else self.prompt

    def alert_after(self, turn: Turn) -> Seconds:
        """How long it lasts until the supervisor is told."""
        return self.patience.alert if turn == "promise" and self.patience else self.alert

    @property
    def marks(self) -> set[Seconds]:
        """Every length of silence that means something."""
        marks = {self.tag, self.prompt, self.thinking, self.alert}
        late = {self.alert}
        if self.patience:
            marks |= {self.patience.prompt, self.patience.alert}
            late.add(self.patience.alert)
        if self.critical is not None:
            marks |= {limit + self.critical - self.alert for limit in late}
        return marks


class PromptText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to tell the agent in one situation. Without phrases it fits always."""

    situation: Name
    because: Words
    title: Words
    say: tuple[Phrase, ...]
    after: Turn = "customer"
    customer: tuple[Phrase, ...] = ()
    agent: tuple[Phrase, ...] = ()

    @property
    def always(self) -> bool:
        return not (self.customer or self.agent)


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the agent should say in a call, done once one of the phrases was said."""

    id: Name
    label: Words
    phrases: tuple[Phrase, ...]


def silence_faults(silence: Silences) -> Iterator[tuple[str, str]]:
    if silence.prompt >= silence.alert:
        yield "silence.prompt", "must be lower than silence.alert"
    if silence.thinking >= silence.alert:
        yield "silence.thinking", "must be lower than silence.alert"
    if silence.cooldown > silence.alert:
        yield (
            "silence.cooldown",
            "must not be above silence.alert: the next silence is swallowed",
        )
    if silence.critical is not None and silence.critical <= silence.alert:
        yield "silence.critical", "must be above silence.alert"
    if silence.often is not None and 0 < silence.most_prompts < silence.often:
        yield "silence.often", "must not be above silence.most_prompts: it is never reached"
    if silence.patience:
        yield from _patience_faults(silence, silence.patience)


def _patience_faults(silence: Silences, patience: Patience) -> Iterator[tuple[str, str]]:
    if not patience.phrases:
        yield "silence.patience.phrases", "must hold at least one phrase"
    if patience.prompt <= silence.prompt:
        yield "silence.patience.prompt", "must be above silence.prompt"
    if patience.prompt >= patience.alert:
        yield "silence.patience.prompt", "must be lower than silence.patience.alert"
    if patience.alert <= silence.alert:
        yield "silence.patience.alert", "must be above silence.alert"


def prompt_faults(prompts: tuple[PromptText, ...]) -> Iterator[tuple[str, str]]:
    last = {prompt.after: index for index, prompt in enumerate(prompts)}
    if "customer" not in last:
        yield "prompt", "the last one must have no condition, so that one always fits"
    for index, prompt in enumerate(prompts):
        if not prompt.say:
            yield f"prompt[{index}].say", "must hold at least one sentence"
        if index == last[prompt.after] and not prompt.always:
            yield (
                f"prompt[{index}]",
                f'is the last one after = "{prompt.after}" and must have no condition, so that'
                " one always fits",
            )
        if index < last[prompt.after] and prompt.always:
            yield f"prompt[{index}]", "has no condition, so none after it is ever shown"


def checklist_faults(items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    names: set[str] = set()
    for index, item in enumerate(items):
        if item.id in names:
            yield f"checklist[{index}].id", "is the id of another item above"
        names.add(item.id)
        if not item.phrases:
            yield f"checklist[{index}].phrases", "must hold at least one phrase"
