"""Numbers as they are written and spoken: where they stand, and what they are for. Pure.

A number is a run of digits: 138, １３８, 一三八, 幺三八, "one three eight", with blanks,
dashes, points and commas between them, a spoken 点 or 杠 too. What was said before it
("您的订单号是", "验证码") tells what it is for.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Purpose: TypeAlias = Literal["id_card", "bank_card", "phone", "code", "order", ""]
Places: TypeAlias = tuple[int, int]
"""From one place to before another."""

_HAN = dict(zip("零〇洞一幺二两三四五六七拐八九勾", "0001122345677899", strict=True))
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT = rf"(?:[\d{''.join(_HAN)}]|\b(?:{'|'.join(_ENGLISH)}|oh)\b)"
_BETWEEN = r"[\s\-.,，、·▁点杠]{0,2}"
_UNIT = re.compile(rf"{_DIGIT}|[Xx叉]", re.IGNORECASE)
RUN = re.compile(
    rf"{_DIGIT}(?:{_BETWEEN}{_DIGIT})*(?:{_BETWEEN}[Xx叉](?![A-Za-z]))?", re.IGNORECASE
)

_SAID_BEFORE = 16
_SAID_AFTER = 8
_PURPOSES: dict[Purpose, str] = {
    "id_card": r"身份证|证件|护照|\bid (?:card|number)|identity card|passport",
    "bank_card": r"银行卡|储蓄卡|信用卡|借记卡|卡号|账号|账户|(?:bank|credit|debit) card"
    r"|card number",
    "phone": r"手机|电话|联系方式|\bphone\b|\bmobile\b|\bcall me\b",
    "code": r"验证码|校验码|动态码|动态密码|短信码|密码"
    r"|\bcode\b|\bpasscode\b|\bpassword\b|\botp\b",
    "order": r"订单|单号|运单|流水号|发票|\border\b|\btracking\b|\binvoice\b",
}
KEYWORD = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _PURPOSES.items()), re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Number:
    """One run: where each of its digits stands, the digits as ASCII (the last may be X), where
    its groups begin, and what it is said to be for."""

    places: tuple[Places, ...]
    digits: str
    groups: tuple[int, ...]
    purpose: Purpose

    def stretches(self, least: int, most: int) -> Iterator[Places]:
        """Every stretch of whole groups with so many digits, the longest first from each."""
        borders = [*self.groups, len(self.digits)]
        for i, first in enumerate(borders[:-1]):
            end = bisect_right(borders, first + most)
            for last in reversed(borders[i + 1 : end]):
                if last - first < least:
                    break
                yield first, last


def numbers(text: str) -> Iterator[Number]:
    for run in RUN.finditer(text):
        places = tuple(m.span() for m in _UNIT.finditer(text, *run.span()))
        groups = [0]
        groups += [i for i in range(1, len(places)) if places[i][0] > places[i - 1][1]]
        digits = "".join(_ascii(text[slice(*place)]) for place in places)
        yield Number(places, digits, tuple(groups), _purpose(text, run))


def _ascii(unit: str) -> str:
    if unit in "Xx叉":
        return "X"
    if unit in _HAN:
        return _HAN[unit]
    if unit.isalpha():
        return str(_ENGLISH.index(unit.lower())) if unit.lower() != "oh" else "0"
    return str(unicodedata.digit(unit))


def _purpose(text: str, run: re.Match[str]) -> Purpose:
    """By the last word for it before the number; a code may also be named after it."""
    before = list(KEYWORD.finditer(text, max(0, run.start() - _SAID_BEFORE), run.start()))
    if before:
        return _named(before[-1])
    after = KEYWORD.search(text, run.end(), run.end() + _SAID_AFTER)
    return "code" if after and _named(after) == "code" else ""


def _named(word: re.Match[str]) -> Purpose:
    return next(name for name in _PURPOSES if word.lastgroup == name)
