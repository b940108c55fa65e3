"""Which phrases a sentence really says: not the negated ones, not parts of other words."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from alerts.settings import Risk
from alerts.sounding import plain, sounds


def says(text: str, phrases: tuple[str, ...]) -> str:
    """The first of `phrases` that the text holds, or nothing."""
    said = plain(text)
    if not may_say(phrases)(said):
        return ""  # nearly always
    return next((phrase for phrase in phrases if _places(said, phrase)), "")


def risks(text: str, risk: Risk) -> tuple[str, ...]:
    """The risk phrases said in earnest, in the playbook's order."""
    return meant(plain(text), risk.phrases, risk)


def meant(said: str, phrases: tuple[str, ...], risk: Risk) -> tuple[str, ...]:
    """Those of `phrases` that `said`, which is plain, says in earnest. `risk` knows what takes
    a phrase back. A phrase that ends in ~ may also be one that sounds like it; it is given
    back without the ~."""
    if not may_say(phrases)(said):
        return ()  # nearly always
    found = [p for p in phrases if _places(said, p)]
    for other in risk.not_in:
        said = said.replace(_word(other), "\0" * len(_word(other)))
    return tuple(p.removesuffix("~") for p in found if _in_earnest(p, said, risk))


def holds(said: str, phrase: str) -> bool:
    """Whether `said`, which is plain, holds the phrase, in whatever sense."""
    return bool(_places(said, phrase))


def _in_earnest(phrase: str, said: str, risk: Risk) -> bool:
    return any(not _negated(said[:place], risk) for place in _places(said, phrase))


def _places(said: str, phrase: str) -> list[int]:
    """Where it begins, wherever it does."""
    if phrase.endswith("~"):
        wanted = _sound(phrase)
        heard = sounds(said)
    else:
        wanted, heard = _word(phrase), said
    if wanted not in heard:  # nearly always so, and quickly seen
        return []
    return list(_all_places(heard, phrase))


def _all_places(heard: str, phrase: str) -> Iterator[int]:
    return (found.start() for found in _pattern(phrase).finditer(heard))


@lru_cache(maxsize=256)
def may_say(phrases: tuple[str, ...]) -> Callable[[str], object]:
    """Asks plain text whether it may hold any of them, in whatever sense: one look for all."""
    written = _alternatives(_word(p) for p in phrases if not p.endswith("~"))
    alike = _alternatives(_sound(p) for p in phrases if p.endswith("~"))
    if alike is None:
        return written or bool
    if written is None:
        return lambda said: alike(sounds(said))
    return lambda said: written(said) or alike(sounds(said))


def _alternatives(words: Iterable[str]) -> Callable[[str], object] | None:
    found = "|".join(map(re.escape, words))
    return re.compile(found).search if found else None


def _negated(before: str, risk: Risk) -> bool:
    before = before.rstrip()
    if any(_ends(before, word) for word in risk.not_negations):
        return False
    return any(_ends(before, word) for word in risk.negations)


def _ends(text: str, word: str) -> bool:
    if not text.endswith(_word(word)):
        return False
    whole_word = not word.isascii() or len(text) == len(word)
    return whole_word or not text[-len(word) - 1].isalnum()


@lru_cache(maxsize=4096)
def _word(word: str) -> str:
    """A word of the playbook, of which there are few: worked out once."""
    return plain(word)


@lru_cache(maxsize=4096)
def _sound(phrase: str) -> str:
    return sounds(_word(phrase.removesuffix("~")))


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    """ASCII phrases as whole words ("sue" is not in "issue"), and their plural or past."""
    if phrase.endswith("~"):
        return re.compile(re.escape(_sound(phrase)))
    escaped = re.escape(_word(phrase))
    if phrase.isascii() and phrase[-1].isalpha():
        return re.compile(rf"(?<![a-z]){escaped}(?:s|ed|ing)?(?![a-z])")
    if phrase.isdigit():
        return re.compile(rf"(?<!\d){escaped}(?!\d)")
    return re.compile(escaped)
