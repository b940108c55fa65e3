"""What a start is busy with, for people who wait for it."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias


class Step(StrEnum):
    """In the order in which they come. `COMPARING` is fewer bits with 32."""

    DOWNLOADING = "downloading"
    LOADING = "loading"
    COMPARING = "comparing"
    TESTING = "testing"


Tell: TypeAlias = Callable[[Step, int], None]
"""The step that goes on, and how many percent of it are done, 0 where nobody knows. Called from
whichever thread does the work."""


def nobody(step: Step, percent: int) -> None:
    """Where nobody waits."""
