"""What is said in the bundled demo calls, and which alerts and prompts that must lead to."""

import json
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

from streamer.events import Seconds

# The kinds of alert that each demo call must raise, each once, by its script.
ALERTS = {1: ("ANGRY",), 2: (), 3: ("SILENCE",), 4: ("ANGRY",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, or a sound (`text` empty). Times: seconds from the recording's start."""

    party: str
    start: Seconds
    end: Seconds
    text: str
    written: str  # as inverse text normalisation writes it
    emotion: str


def lines(number: int) -> list[Line]:
    """Everything that is heard in demo call `number`, in order of time."""
    rows: list[dict[str, Any]] = json.loads(
        files("streamer").joinpath(f"demo/{number}.json").read_text("utf-8")
    )
    heard = [
        Line(
            row["party"],
            row["start"],
            row["end"],
            row["text"],
            row.get("written", ""),
            row.get("emotion", ""),
        )
        for row in rows
    ]
    return sorted(heard, key=lambda line: line.start)


def customer_silences(number: int, at_least: Seconds) -> list[Line]:
    """The customer's lines after which nothing is heard for `at_least` seconds."""
    heard = lines(number)
    return [
        line
        for line, after in pairwise(heard)
        if line.party == "customer" and line.text and after.start - line.end >= at_least
    ]
