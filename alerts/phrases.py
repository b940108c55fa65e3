"""Which phrases a sentence really says: not the negated ones, not parts of other words."""

import re
from collections.abc import Iterable
from functools import lru_cache

from alerts.playbook import Risk

_CJK = "\u3400-\u9fff"
_GAP = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")


def plain(text: str) -> str:
    """The text as phrases are looked for in it: small letters, no spaces around characters."""
    return _GAP.sub("", text.casefold())


def says(text: str, phrases: Iterable[str]) -> str:
    """The first of `phrases` that the text holds, or nothing."""
    said = plain(text)
    return next((phrase for phrase in phrases if _pattern(phrase).search(said)), "")


def risks(text: str, risk: Risk) -> tuple[str, ...]:
    """The risk phrases said in earnest, in the playbook's order."""
    said = plain(text)
    for other in risk.not_in:
        said = said.replace(_word(other), "\0" * len(_word(other)))
    return tuple(phrase for phrase in risk.phrases if _meant(phrase, said, risk))


def _meant(phrase: str, said: str, risk: Risk) -> bool:
    return any(not _negated(said[: m.start()], risk) for m in _pattern(phrase).finditer(said))


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
def _pattern(phrase: str) -> re.Pattern[str]:
    """ASCII phrases as whole words ("sue" is not in "issue"), and their plural or past."""
    escaped = re.escape(plain(phrase))
    if phrase.isascii() and phrase[-1].isalpha():
        return re.compile(rf"(?<![a-z]){escaped}(?:s|ed|ing)?(?![a-z])")
    if phrase.isdigit():
        return re.compile(rf"(?<!\d){escaped}(?!\d)")
    return re.compile(escaped)
