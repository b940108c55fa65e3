"""What a floor of agents publishes, second by second: the archive's made-up calls, one after
the other on each line, at the pace at which they would be spoken."""

import heapq
from collections.abc import Iterator
from random import Random
from typing import Final

from alerts import wire
from alerts.wire import Evidence, Words
from bench.archive.generator import calls
from streamer.events import Emotion, Party

PANEL: Final = "9001"
"""The agent whose panel is looked at; takes no call of the floor."""
PANEL_CALL: Final = "panel-call"

_BETWEEN = 2.0  # seconds between two calls of a line
_CALLS = 1000  # of a line, and then it is quiet: more than a day
_WHY = Words("最近 3 句都听起来生气（共 14 秒）。", "3 sentences in a row sound angry (14 s).")


def floor(lines: int, seed: int = 1) -> Iterator[tuple[float, wire.Message]]:
    """(due, message) in order of time, in seconds: `lines` calls at once, which began up to two
    minutes before 0. There are no alerts among them: those are probes."""
    every = (_line(Random(f"{seed}-{n}"), 10_000 * seed + n) for n in range(lines))
    return heapq.merge(*every, key=lambda each: each[0])


def _line(random: Random, seed: int) -> Iterator[tuple[float, wire.Message]]:
    began = -random.uniform(0, 120)
    for said in calls(_CALLS, seed):
        at = 0.0
        for message in said:
            at = max(at, message.at)
            if not isinstance(message, wire.Alert):
                yield began + at, message
        began += at + _BETWEEN


def panel_call(wall: str) -> wire.CallStarted:
    return wire.CallStarted(
        PANEL_CALL, PANEL, "after-sales", "138****0000", "95588", "20241105", "auto",
        record=True, emotion=True, wall=wall,
    )  # fmt: skip


def alert(name: str, *, over: bool = False) -> wire.Alert:
    """Of an angry customer of the panel's call."""
    quote = Evidence(84.9, 87.4, Party.CUSTOMER, "你们是不是压单啊", Emotion.ANGRY, 0.91)
    return wire.Alert(
        name, 2 if over else 1, PANEL_CALL, "ANGRY", "angry-customer", "3f2a", "high",
        "resolved" if over else "active", Party.CUSTOMER, 87.4, 71.2, quote.text, 3, 0.91,
        (quote,), _WHY, PANEL,
    )  # fmt: skip


def prompt(name: str, *, over: bool = False) -> wire.Prompt:
    """Its title says its name: that is what is looked for on the panel."""
    return wire.Prompt(
        name, PANEL_CALL, PANEL, "silence_after_complaint",
        Words("抱怨后没有答复", "no answer yet"), Words(name, name), ("我马上帮您查。",), 1,
        "replaced" if over else "shown", 5.0,
    )  # fmt: skip
