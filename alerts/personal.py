"""Which numbers are personal, and which of their digits are to be hidden. Pure.

How sure we have to be depends on what the number is said to be for: after "身份证" any long
one is an identity, after "订单号" only one whose check digit fits too.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from alerts.numbers import Number, Places

MaskKind: TypeAlias = Literal["mobile", "landline", "id_card", "bank_card", "code", "email"]


def personal(number: Number, kinds: Sequence[MaskKind]) -> Iterator[Places]:
    """Which of its digits are to be hidden: of cards and identities all but the last four, of
    telephone numbers the middle, of one-time codes everything."""
    for kind in kinds:
        match kind:
            case "id_card":
                yield from _identities(number)
            case "bank_card":
                yield from _cards(number)
            case "mobile":
                yield from _mobiles(number)
            case "landline":
                yield from _landlines(number)
            case "code" if number.purpose == "code" and 4 <= len(number.digits) <= 8:
                yield 0, len(number.digits)


def unfinished(number: Number) -> Places | None:
    """What is to be hidden of a number that breaks off at the end of a sentence, if the next
    one may go on with it: the greater part of a mobile number, of an identity, of a card."""
    digits, count = number.digits, len(number.digits)
    if number.purpose == "order":
        return None
    if 7 <= count <= 10 and _is_mobile(digits):
        return 3, count
    if (14 <= count <= 17 and _born(digits)) or (
        12 <= count <= 14 and re.match("62|[45]", digits)
    ):
        return 0, count
    return None


def is_identity(digits: str, *, checked: bool) -> bool:
    """Region, date of birth, order; `checked` with the check digit of GB 11643 too. The date is
    what tells it from an order number: a check digit alone fits one of eleven of those."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", digits) or not _born(digits):
        return False
    sum_ = sum(int(d) * (1 << 17 - i) for i, d in enumerate(digits[:17]))
    return not checked or digits[17] == "10X98765432"[sum_ % 11]


def is_bank_card(digits: str) -> bool:
    """15 to 19 digits, an issuer's first digit, and Luhn's sum."""
    if not re.fullmatch(r"[34569]\d{14,18}", digits):
        return False
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0


def _identities(number: Number) -> Iterator[Places]:
    digits, count = number.digits, len(number.digits)
    if number.purpose == "id_card" and count >= 8:
        yield 0, count - 4
    strict = number.purpose == "order"
    for first in range(count - 17):
        if is_identity(digits[first : first + 18], checked=strict):
            yield first, first + 14


def _cards(number: Number) -> Iterator[Places]:
    if number.purpose == "bank_card" and len(number.digits) >= 12:
        yield 0, len(number.digits) - 4
    if number.purpose != "order":
        for first, last in number.stretches(15, 19):
            if is_bank_card(number.digits[first:last]):
                yield first, last - 4


def _mobiles(number: Number) -> Iterator[Places]:
    digits, at = number.digits, 0
    if number.purpose == "order" and len(digits) > 11:
        return
    while at + 11 <= len(digits):
        if _is_mobile(digits[at:]) and "X" not in digits[at : at + 11]:
            yield at + 3, at + 7
            at += 10
        at += 1


def _landlines(number: Number) -> Iterator[Places]:
    for first, last in number.stretches(7, 12):
        digits = number.digits[first:last]
        if re.fullmatch(r"0[12]\d{8,9}|0[3-9]\d{9,10}", digits):
            yield first + 4, last - 4
        elif number.purpose == "phone" and re.fullmatch(r"[2-8]\d{6,7}", digits):
            yield first, last - 4


def _is_mobile(digits: str) -> bool:
    return digits[:1] == "1" and digits[1:2] in tuple("3456789")


def _born(digits: str) -> bool:
    """Whether a date of the last hundred and some years stands where an identity has it."""
    return bool(
        re.match(r"[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits)
    )
