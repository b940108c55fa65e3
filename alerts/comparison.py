"""What two playbooks make of the same calls, side by side. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

from alerts.replay import PROMPT, Raised
from streamer.events import Seconds

Change: TypeAlias = Literal["same", "changed", "only_current", "only_new"]
_SAME: Seconds = 0.05
"""Raised within so much of each other, they were raised at the same time."""
_ONE_SILENCE: Seconds = 5.0
"""Prompts within so much of each other are taken to be about one silence."""


class Pair(msgspec.Struct, frozen=True):
    """One alert or prompt of a call, as the current and as the new playbook raise it."""

    call: str
    change: Change
    current: Raised | None
    new: Raised | None

    @property
    def at(self) -> Seconds:
        return min(it.at for it in (self.current, self.new) if it is not None)


def compared(call: str, current: Sequence[Raised], new: Sequence[Raised]) -> list[Pair]:
    """In order of time. Two belong together if they are of one kind, of one rule rather
    than not, and about the same time."""
    alone, left = list(current), list(new)
    pairs: list[Pair] = []
    for belong in (_of_one_rule, _together):
        for one in list(alone):
            if (other := next((each for each in left if belong(one, each)), None)) is not None:
                alone.remove(one)
                left.remove(other)
                pairs.append(Pair(call, _change(one, other), one, other))
    pairs += [Pair(call, "only_current", one, None) for one in alone]
    pairs += [Pair(call, "only_new", None, one) for one in left]
    return sorted(pairs, key=lambda pair: pair.at)


def counts(pairs: Sequence[Pair]) -> dict[str, Any]:
    """How many of each change, and what each playbook raised by kind."""
    kinds = sorted({it.kind for pair in pairs for it in (pair.current, pair.new) if it})
    return {
        **{change: sum(p.change == change for p in pairs) for change in _CHANGES},
        "kinds": {
            kind: {
                "current": sum(p.current is not None and p.current.kind == kind for p in pairs),
                "new": sum(p.new is not None and p.new.kind == kind for p in pairs),
            }
            for kind in kinds
        },
    }


def table(pairs: Sequence[Pair], names: tuple[str, str]) -> Iterator[str]:
    """Lines to read: the calls in which anything is raised, current left and new right."""
    call = ""
    width = max([len(names[0]), *(len(_brief(p.current)) for p in pairs)])
    for pair in pairs:
        if pair.call != call:
            call = pair.call
            yield f"{call}\n    {names[0]:<{width}}   {names[1]}"
        known = pair.current or pair.new
        quote = known.text if known else ""
        left, right = _brief(pair.current), _brief(pair.new)
        yield f"  {_SIGNS[pair.change]} {left:<{width}}   {right:<{width}}  {quote}".rstrip()


_CHANGES: tuple[Change, ...] = ("same", "changed", "only_current", "only_new")
_SIGNS: Mapping[Change, str] = {
    "same": "=",
    "changed": "~",
    "only_current": "-",
    "only_new": "+",
}


def _brief(it: Raised | None) -> str:
    return f"{it.at:7.1f} s  {it.kind} {it.severity or it.rule}" if it else ""


def _together(one: Raised, other: Raised) -> bool:
    slack = _SAME if one.kind != PROMPT else _ONE_SILENCE
    near = one.since <= other.until + slack and other.since <= one.until + slack
    return one.kind == other.kind and near


def _of_one_rule(one: Raised, other: Raised) -> bool:
    return one.rule == other.rule and _together(one, other)


def _change(one: Raised, other: Raised) -> Change:
    what = (one.rule, one.severity, one.text) == (other.rule, other.severity, other.text)
    return "same" if what and abs(one.at - other.at) <= _SAME else "changed"
