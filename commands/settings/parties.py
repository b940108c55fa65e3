"""Who is on which stream of a gateway, as settings name them."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

PartyName: TypeAlias = Literal["customer", "agent", "unknown"]


def named_twice(name: str, parties: Sequence[PartyName]) -> list[str]:
    """The fault of the setting `name` whose streams could not be told apart."""
    return [f"{name} names one party twice"] if len(set(parties)) < len(parties) else []
