"""The playbook: thresholds, phrases and prompt texts, as the business wrote them.

Parsing is pure; whoever reads the file hands its text in. Every fault is listed at once.
"""

import contextlib
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from alerts.expressions.parser import parse as parse_expression
from alerts.expressions.tree import Tag, nodes
from alerts.faults import convert
from alerts.prompt_settings import (
    Item,
    PromptText,
    Silences,
    checklist_faults,
    prompt_faults,
    silence_faults,
)
from alerts.settings import (
    Angry,
    Lists,
    Name,
    Phrase,
    Rule,
    Storm,
    TalkOver,
    angry_faults,
    rule_faults,
)
from alerts.toml_lines import key_lines
from streamer.errors import SettingsError
from streamer.events import Seconds

BUNDLED = Path(__file__).with_name("playbook.toml")
"""The playbook that travels with the project."""


class Playbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """A whole playbook. `version` names its exact text; alerts carry it. What came later than
    the first playbooks has a default, so that theirs still serve."""

    angry: Angry
    silence: Silences
    prompt: tuple[PromptText, ...]
    talkover: TalkOver = TalkOver()
    storm: Storm = Storm()
    words: dict[Name, tuple[Phrase, ...]] = {}
    rule: tuple[Rule, ...] = ()
    checklist: tuple[Item, ...] = ()
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
    asked = {mark for rule in playbook.enabled for mark in _silences(rule)}
    return tuple(sorted(asked | playbook.silence.marks))


def _silences(rule: Rule) -> Iterator[Seconds]:
    for text in rule.expressions:
        for node in nodes(parse_expression(text)):
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
    lists = msgspec.convert(data.get("words", {}), dict[str, tuple[Phrase, ...]])
    rules = msgspec.convert(data.get("rule", []), tuple[Rule, ...])
    angry = msgspec.convert(data.get("angry"), Angry)
    if "risk" in lists:
        yield "words.risk", "is the list of angry.risk"
    taken = [angry.rule, msgspec.convert(data.get("silence"), Silences).rule]
    for index, rule in enumerate(rules):
        if rule.rule in taken:
            yield f"rule[{index}].rule", "is the name of the rule for anger or silence"
    yield from rule_faults(rules, {**lists, "risk": angry.risk.phrases})


def _silence_faults(section: object) -> Iterator[tuple[str, str]]:
    yield from silence_faults(msgspec.convert(section, Silences))


def _prompt_faults(section: object) -> Iterator[tuple[str, str]]:
    yield from prompt_faults(msgspec.convert(section, tuple[PromptText, ...]))


def _checklist_faults(section: object) -> Iterator[tuple[str, str]]:
    yield from checklist_faults(msgspec.convert(section or [], tuple[Item, ...]))


_CHECKS = {
    "angry": _angry_faults,
    "silence": _silence_faults,
    "prompt": _prompt_faults,
    "checklist": _checklist_faults,
}


def _listed(faults: dict[str, str], lines: dict[str, int]) -> str:
    def line(path: str) -> int:
        while path and path not in lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return lines.get(path, 0)

    rows = sorted((line(path), path, fault) for path, fault in faults.items())
    listed = (f"  line {n}: {path} {f}" if n else f"  {path} {f}" for n, path, f in rows)
    return "\n".join([f"The playbook has {len(rows)} fault(s):", *listed])
