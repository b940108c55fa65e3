"""What a sentence can be found by: one token for each of its words, labels and facts.

Chinese has no spaces: each character and each pair of neighbours is a token, so that words of
any length are found by their pairs, and what holds the pairs in other places is sorted out by
looking at the text. Labels and facts begin with a private character, which no text holds.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2s
from typing import Any, Final

from alerts.sounding import plain

LABEL: Final = "\ue000"
FACT: Final = "\ue001"
SHORTEST_SILENCE: Final = 1.2
"""Seconds: what is written as [SILENCE]."""

_CJK = "\u3400-\u9fff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W{_CJK}_]+")


def searched(text: str) -> str:
    """`text` as it is kept for searches and looked at by them."""
    return " ".join(plain(text).split())


def words(said: str) -> Iterator[str]:
    """The tokens of `said`, which is plain."""
    for run in _RUN.findall(said):
        if run[0] < "\u3400" or run[0] > "\u9fff":
            yield run
        else:
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def sought(said: str) -> list[str]:
    """The fewest tokens that a sentence must have to hold `said`, which is plain."""
    found: list[str] = []
    for run in _RUN.findall(said):
        pairs = [token for token in words(run) if len(token) > 1]
        found += pairs or [run]
    return list(dict.fromkeys(found))


def label(name: str) -> str:
    """An emotion, an audio event or SILENCE."""
    return LABEL + re.sub(r"\W|_", "", name).casefold()


def fact(name: str, value: str) -> str:
    """Such as the agent. Ids hold all kinds of characters, which no tokenizer shall split."""
    return FACT + blake2s(f"{name}\0{value}".encode(), digest_size=8).hexdigest()


def tokens(sentence: Mapping[str, Any], call: Mapping[str, Any]) -> list[str]:
    """Of a row of `sentences` and the row of its call, each token once."""
    labels = [sentence["emotion"], *sentence["events"]]
    if sentence["silence_after"] >= SHORTEST_SILENCE:
        labels.append("SILENCE")
    facts = [
        fact("party", sentence["party"]),
        fact("lang", sentence["language"]),
        fact("agent", call["agent_id"]),
        fact("queue", call["queue"]),
    ]
    return list(dict.fromkeys([*words(sentence["plain"]), *map(label, labels), *facts]))
