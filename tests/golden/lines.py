"""What gateways send in the golden calls that are sound: demo calls, cut and laid anew."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from streamer.recording import demo

RATE = 8000
FRAME = RATE // 50
FRAME_SECONDS = 0.02
BOTH = ("customer", "agent")
HOLD, UNHOLD, END = ('{"event":"%s"}' % name for name in ("hold", "unhold", "end"))  # noqa: UP031


@dataclass(frozen=True)
class Step:
    """At `at` seconds `leg` sends a message, or drops its connection (None)."""

    at: float
    leg: int
    message: str | bytes | None = field(repr=False)


class Gateway:
    """Live: a frame is sent when its audio ends."""

    def __init__(self, call: str, fields: dict[str, str]) -> None:
        self.steps: list[Step] = []
        self._call, self._fields, self._at = call, fields, 0.0

    def join(self, leg: int = 1, channels: tuple[str, ...] = BOTH) -> None:
        first = {"v": 1, "call_id": self._call, "sample_rate": RATE, "channels": channels}
        self.send(json.dumps({**self._fields, **first}), leg)

    def send(self, message: str | bytes | None, leg: int = 1) -> None:
        self.steps.append(Step(self._at, leg, message))

    def play(self, samples: np.ndarray, legs: dict[int, slice] | None = None) -> None:
        """Samples (time, parties); each of `legs` carries those of the parties."""
        for first in range(0, len(samples), FRAME):
            self._at = round(self._at + FRAME_SECONDS, 6)
            for leg, parties in (legs or {1: slice(None)}).items():
                self.send(samples[first : first + FRAME, parties].tobytes(), leg)

    def wait(self, seconds: float) -> None:
        self._at = round(self._at + seconds, 6)


def part(number: int, start: float, end: float) -> np.ndarray:
    """Of a demo call, both parties."""
    return demo(number).samples[round(start * RATE) : round(end * RATE)].copy()


def quiet(seconds: float) -> np.ndarray:
    return np.zeros((round(seconds * RATE), 2), np.int16)


def music(seconds: float, side: int) -> np.ndarray:
    """A slow sequence of chords, as loud as speech, on one side."""
    found = quiet(seconds)
    at = np.arange(len(found)) / RATE
    chords = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
    for index in range(int(seconds) + 1):
        inside = (at >= index) & (at < index + 1)
        swell = 0.6 + 0.4 * np.sin(np.pi * (at[inside] - index))
        tones = (np.sin(2 * np.pi * pitch * at[inside]) for pitch in chords[index % 4])
        found[inside, side] = 1500 * swell * sum(tones)
    return found


def hold() -> Iterator[Step]:
    """The agent looks it up: 20 s of music on hold, silence is no silence."""
    it = Gateway("hold", demo(4).fields)
    it.join()
    it.play(part(4, 0.0, 21.0))
    it.send(HOLD)
    it.play(music(20.0, 1))
    it.send(UNHOLD)
    it.play(part(4, 29.0, 38.2))
    it.send(END)
    return iter(it.steps)


def music_call() -> Iterator[Step]:
    """No hold is signalled: the customer waits with the radio on."""
    it = Gateway("music", demo(3).fields)
    it.join()
    it.play(part(3, 0.0, 20.0))
    it.play(quiet(1.0))
    it.play(music(14.0, 0))
    it.play(part(3, 41.2, 51.2))
    it.send(END)
    return iter(it.steps)


def cross_talk() -> Iterator[Step]:
    """They speak over each other, twice."""
    it = Gateway("cross-talk", demo(1).fields)
    it.join()
    it.play(part(1, 0.0, 17.5))
    it.play(quiet(0.5))
    for customer, agent in (((17.8, 21.6), (47.6, 52.9)), ((25.7, 28.8), (31.5, 37.3))):
        over = part(1, *agent)
        words = part(1, *customer)
        over[: len(words), 0] = words[:, 0]
        it.play(over)
        it.play(quiet(0.8))
    it.send(END)
    return iter(it.steps)


def stalled() -> Iterator[Step]:
    """The gateway sends nothing for 9 s after the agent's words, then goes on."""
    it = Gateway("stalled-stream", demo(3).fields)
    it.join()
    it.play(part(3, 0.0, 13.7))
    it.wait(9.0)
    it.play(part(3, 13.7, 31.0))
    it.send(END)
    return iter(it.steps)


def reconnect() -> Iterator[Step]:
    """The connection drops between two angry sentences and is back after 6 s."""
    it = Gateway("reconnect", demo(1).fields)
    it.join()
    it.play(part(1, 0.0, 25.6))
    it.send(None)
    it.wait(6.0)
    it.join(2)
    it.play(part(1, 25.6, 44.2), {2: slice(None)})
    it.send(END, 2)
    return iter(it.steps)


def two_sockets() -> Iterator[Step]:
    """One connection a party: the same call as demo 1, as far as it goes."""
    it = Gateway("two-sockets", demo(1).fields)
    it.join(1, ("customer",))
    it.join(2, ("agent",))
    it.play(part(1, 0.0, 47.8), {1: slice(0, 1), 2: slice(1, 2)})
    it.send(END, 1)
    return iter(it.steps)


def demo_call(number: int) -> Iterator[Step]:
    recording = demo(number)
    it = Gateway(f"demo-{number}", recording.fields)
    it.join()
    it.play(recording.samples)
    it.send(END)
    return iter(it.steps)


CALLS: dict[str, Callable[[], Iterator[Step]]] = {
    **{f"demo-{number}": lambda number=number: demo_call(number) for number in (1, 2, 3, 4)},
    "hold": hold,
    "music": music_call,
    "cross-talk": cross_talk,
    "stalled-stream": stalled,
    "reconnect": reconnect,
    "two-sockets": two_sockets,
}
