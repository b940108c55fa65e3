"""What a playbook's sections may hold: the rules' settings, and what does not fit together."""

from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from alerts.expressions.parser import parse
from alerts.expressions.steady import draft_faults
from alerts.expressions.tree import ExpressionError, Node, WordList, hears, nodes
from alerts.wire import RANK, Kind, Severity, Words

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Span: TypeAlias = Annotated[float, Meta(gt=0, le=3600)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=100)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Phrase: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Lists: TypeAlias = Mapping[str, tuple[Phrase, ...]]


class Risk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that make anger urgent, and what takes them back. See playbook.toml."""

    phrases: tuple[Phrase, ...]
    negations: tuple[Phrase, ...] = ()
    not_negations: tuple[Phrase, ...] = ()
    not_in: tuple[Phrase, ...] = ()


class Angry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a customer counts as angry. See playbook.toml."""

    rule: Name
    enter: Share
    exit: Share
    enough: Count
    of_last: Count
    within: Span = 30.0
    enough_seconds: Span = 8.0
    full_after: Span
    shortest: Annotated[float, Meta(ge=0, le=10)]
    least_known: Share
    critical_count: Count
    cooldown: Annotated[float, Meta(ge=0, le=3600)]
    risk: Risk


class TalkOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When two people speak over each other. See playbook.toml."""

    least: Span = 2.0
    characters: Count = 4
    backchannels: tuple[Phrase, ...] = ()


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule written as an expression (`alerts.expressions`). See playbook.toml."""

    rule: Name
    kind: Kind
    severity: Severity
    when: Annotated[str, Meta(min_length=1)]
    because: Words
    high: str = ""
    critical: str = ""
    drafts: bool = False
    cooldown: Annotated[float, Meta(ge=0, le=3600)] = 60.0
    hold: Annotated[float, Meta(ge=0, le=600)] = 30.0
    enabled: bool = True

    @property
    def graver(self) -> dict[Severity, str]:
        """What is worse than its `severity`, and by which expression; the worst first."""
        by: dict[Severity, str] = {"critical": self.critical, "high": self.high}
        return {severity: text for severity, text in by.items() if text}

    @property
    def expressions(self) -> tuple[str, ...]:
        return self.when, *self.graver.values()


class Storm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many alerts are too many to look at one by one. See playbook.toml."""

    of_one_call: Count = 4
    of_all_calls: Count = 20
    within: Span = 60.0


def angry_faults(angry: Angry) -> Iterator[tuple[str, str]]:
    if angry.exit >= angry.enter:
        yield "angry.exit", "must be lower than angry.enter"
    if angry.enough > angry.of_last:
        yield "angry.enough", "must not be above angry.of_last"
    if angry.enter == 0:
        yield "angry.enter", "must be above 0, or every sentence is angry"
    if angry.shortest > angry.full_after:
        yield "angry.shortest", "must not be above angry.full_after"


def rule_faults(rules: tuple[Rule, ...], lists: Lists) -> Iterator[tuple[str, str]]:
    """(path, fault) of each that is wrong. `lists` may be named as words:NAME, also "risk"."""
    names: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.rule in names:
            yield f"rule[{index}].rule", "is the name of another rule above"
        names.add(rule.rule)
        if rule.kind == "STORM":
            yield f"rule[{index}].kind", "is for the summaries of other rules' alerts"
        if rule.kind == "HELP":
            yield f"rule[{index}].kind", "is for agents who ask for a supervisor"
        for key, fault in _one_rule_faults(rule, lists):
            yield f"rule[{index}].{key}", fault


def _one_rule_faults(rule: Rule, lists: Lists) -> Iterator[tuple[str, str]]:
    for severity in rule.graver:
        if RANK[severity] <= RANK[rule.severity]:
            yield severity, f'is no graver than severity = "{rule.severity}"'
        yield from ((severity, f) for f in _expression_faults(rule.graver[severity], lists))
    wrong = list(_expression_faults(rule.when, lists))
    if rule.drafts and not wrong:
        wrong += draft_faults(parse(rule.when))
    yield from (("when", fault) for fault in wrong)


def _expression_faults(text: str, lists: Lists) -> Iterator[str]:
    try:
        found: Node = parse(text)
    except ExpressionError as fault:
        yield str(fault)
        return
    if not hears(found):
        yield "asks for nothing that can be heard: it would hold all the time"
    for node in nodes(found):
        if isinstance(node, WordList) and node.name not in lists:
            yield f"words:{node.name} is not known; known are {', '.join(sorted(lists))}"
