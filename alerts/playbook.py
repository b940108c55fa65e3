"""The playbook: thresholds, phrases and prompt texts, as the business wrote them.

Parsing is pure; whoever reads the file hands its text in. Every fault is listed at once.
"""

import contextlib
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.expressions.parser import parse as parse_expression
from alerts.expressions.tree import Tag, nodes
from alerts.faults import convert, key_lines
from alerts.settings import (
    Angry,
    Lists,
    Name,
    Phrase,
    Rule,
    Span,
    Storm,
    TalkOver,
    angry_faults,
    rule_faults,
)
from alerts.wire import Words
from streamer.errors import SettingsError
from streamer.events import Seconds

BUNDLED = Path(__file__).with_name("playbook.toml")
"""The playbook that travels with the project."""


class Silences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when on silence is marked, prompted and alerted. See playbook.toml."""

    rule: Name
    tag: Span
    prompt: Span
    alert: Span
    cooldown: Annotated[float, Meta(ge=0, le=3600)]
    critical: Span | None = None


class PromptText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to tell the agent in one situation. Without phrases it fits always."""

    situation: Name
    because: Words
    title: Words
    say: tuple[Phrase, ...]
    customer: tuple[Phrase, ...] = ()
    agent: tuple[Phrase, ...] = ()


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """A whole playbook. `version` names its exact text; alerts carry it."""

    angry: Angry
    silence: Silences
    prompt: tuple[PromptText, ...]
    talkover: TalkOver
    storm: Storm
    words: dict[Name, tuple[Phrase, ...]]
    rule: tuple[Rule, ...]
    version: str = ""

    @property
    def lists(self) -> Lists:
        """The phrases that expressions name as words:NAME."""
        return {**self.words, "risk": self.angry.risk.phrases}

    @property
    def enabled(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rule if rule.enabled)


def parse(text: str) -> Playbook:
    """The playbook in `text`. Raises `SettingsError` that lists every fault with its line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(f"The playbook is no TOML: {fault}") from fault
    faults: dict[str, str] = {}
    if data.pop("version", None) is not None:
        faults["version"] = "is made from the text and cannot be set"
    whole = convert(data, Playbook, "", faults)
    faults |= _contradictions(data)
    if faults or whole is None:
        raise SettingsError(_listed(faults, key_lines(text)))
    version = hashlib.sha256(text.encode()).hexdigest()[:4]
    return msgspec.structs.replace(whole, version=version)


def silence_marks(playbook: Playbook) -> tuple[Seconds, ...]:
    """Every length of silence that a rule, a prompt or the [SILENCE] tag waits for, rising."""
    silence = playbook.silence
    asked = {mark for rule in playbook.enabled for mark in _silences(rule)}
    marks = asked | {
        silence.tag,
        silence.prompt,
        silence.alert,
        silence.critical or silence.alert,
    }
    return tuple(sorted(marks))


def _silences(rule: Rule) -> Iterator[Seconds]:
    for text in (rule.when, rule.critical):
        for node in nodes(parse_expression(text)) if text else ():
            if isinstance(node, Tag) and node.name == "SILENCE" and node.value:
                yield node.value


def _contradictions(data: dict[str, object]) -> dict[str, str]:
    """Values that are each in range but not together; of the sections that are whole."""
    faults: dict[str, str] = {}
    for section, check in _CHECKS.items():
        with contextlib.suppress(msgspec.ValidationError):  # listed already
            faults.update(check(data.get(section)))
    with contextlib.suppress(msgspec.ValidationError):
        faults.update(_rule_faults(data))
    return faults


def _angry_faults(section: object) -> Iterator[tuple[str, str]]:
    yield from angry_faults(msgspec.convert(section, Angry))


def _rule_faults(data: dict[str, object]) -> Iterator[tuple[str, str]]:
    lists = msgspec.convert(data.get("words"), dict[str, tuple[Phrase, ...]])
    rules = msgspec.convert(data.get("rule"), tuple[Rule, ...])
    angry = msgspec.convert(data.get("angry"), Angry)
    if "risk" in lists:
        yield "words.risk", "is the list of angry.risk"
    taken = [angry.rule, msgspec.convert(data.get("silence"), Silences).rule]
    for index, rule in enumerate(rules):
        if rule.rule in taken:
            yield f"rule[{index}].rule", "is the name of the rule for anger or silence"
    yield from rule_faults(rules, {**lists, "risk": angry.risk.phrases})


def _silence_faults(section: object) -> Iterator[tuple[str, str]]:
    silence = msgspec.convert(section, Silences)
    if silence.prompt >= silence.alert:
        yield "silence.prompt", "must be lower than silence.alert"
    if silence.cooldown > silence.alert:
        yield (
            "silence.cooldown",
            "must not be above silence.alert: the next silence is swallowed",
        )
    if silence.critical is not None and silence.critical <= silence.alert:
        yield "silence.critical", "must be above silence.alert"


def _prompt_faults(section: object) -> Iterator[tuple[str, str]]:
    prompts = msgspec.convert(section, tuple[PromptText, ...])
    if not prompts or prompts[-1].customer or prompts[-1].agent:
        yield "prompt", "the last one must have no condition, so that one always fits"
    for index, prompt in enumerate(prompts):
        if not prompt.say:
            yield f"prompt[{index}].say", "must hold at least one sentence"
        if index < len(prompts) - 1 and not (prompt.customer or prompt.agent):
            yield f"prompt[{index}]", "has no condition, so none after it is ever shown"


_CHECKS = {"angry": _angry_faults, "silence": _silence_faults, "prompt": _prompt_faults}


def _listed(faults: dict[str, str], lines: dict[str, int]) -> str:
    def line(path: str) -> int:
        while path and path not in lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return lines.get(path, 0)

    rows = sorted((line(path), path, fault) for path, fault in faults.items())
    listed = (f"  line {n}: {path} {f}" if n else f"  {path} {f}" for n, path, f in rows)
    return "\n".join([f"The playbook has {len(rows)} fault(s):", *listed])
