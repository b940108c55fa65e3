"""Identities of alerts and prompts: ULIDs, which sort by the time they were made."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int, randomness: int) -> str:
    """26 characters of Crockford's base 32: 48 bits of time, 80 of randomness."""
    number = (milliseconds & (1 << 48) - 1) << 80 | randomness & (1 << 80) - 1
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def new_ulid() -> str:
    return ulid(int(datetime.now(UTC).timestamp() * 1000), secrets.randbits(80))


def counted(prefix: str = "id") -> Callable[[], str]:
    """Ids that count up, for replays and tests that must come out the same every time."""
    numbers = iter(range(1, 1 << 62))
    return lambda: f"{prefix}{next(numbers):04d}"
