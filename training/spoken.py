"""Numbers as they are said, in Mandarin and in English."""

DIGITS = "零一二三四五六七八九"
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
UNITS = ((1000, "千"), (100, "百"), (10, "十"))


def digits_zh(digits: str) -> str:
    """Read digit by digit as on the telephone, where 1 is 幺."""
    return "".join("幺" if d == "1" else DIGITS[int(d)] for d in digits)


def digits_en(digits: str) -> str:
    """Read digit by digit."""
    return " ".join(ONES[int(d)] for d in digits)


def number_zh(n: int) -> str:
    """As a number, for 0 <= n < 10,000."""
    if n < 20:
        return DIGITS[n] if n < 10 else "十" + (DIGITS[n % 10] if n % 10 else "")
    unit, word = next((u, w) for u, w in UNITS if n >= u)
    head, rest = divmod(n, unit)
    return DIGITS[head] + word + _rest_zh(rest, unit)


def _rest_zh(rest: int, unit: int) -> str:
    if rest == 0:
        return ""
    gap = "零" if rest < unit // 10 else ""
    one = "一" if 10 <= rest < 20 else ""
    return gap + one + number_zh(rest)


def number_en(n: int) -> str:
    """As a number, for 0 <= n < 1,000."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (" " + ONES[n % 10] if n % 10 else "")
    return ONES[n // 100] + " hundred" + (" and " + number_en(n % 100) if n % 100 else "")
