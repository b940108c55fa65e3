"""Our worker under load, in its contestant's process: the loop's lag, and calls at once.

`busy` keeps more requests waiting than a batch holds, and times a 10 ms timer meanwhile.
`calls_at_once` lets the utterances of two-channel calls come as they do in life: whoever speaks
stops, is heard, and speaks again after a random pause, independent of all others.
"""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.recognizer.sounds import SEED, lengths, speechlike
from streamer.events import CallId, Party, Seconds, Utterance
from streamer.recognizer.sensevoice import SenseVoice
from streamer.recognizer.worker import RecognizerWorker, WorkerSettings

TICK: Seconds = 0.01
MEAN_PAUSE: Seconds = 3.5
"""Between two utterances of one party; with the lengths of `sounds` a party speaks about 45 %
of the time, so that both together fill the line."""
_RATE = 8000  # as calls come


@dataclass(frozen=True, slots=True)
class Arrival:
    """One utterance is over `at` seconds from the start, and to be heard."""

    at: Seconds
    seconds: Seconds
    party: Party


def arrivals(calls: int, seconds: Seconds, seed: int = SEED) -> list[Arrival]:
    """What `calls` two-channel calls say within `seconds`, in order of time."""
    rng = np.random.default_rng(seed)
    said = []
    drawn = itertools.cycle(lengths(997, seed))
    for _, party in itertools.product(range(calls), (Party.CUSTOMER, Party.AGENT)):
        at = -float(rng.uniform(0, MEAN_PAUSE))
        while (
            at := at + float(rng.exponential(MEAN_PAUSE)) + (length := next(drawn))
        ) < seconds:
            if at >= 0:
                said.append(Arrival(at, length, party))
    return sorted(said, key=lambda arrival: arrival.at)


def utterance(number: int, seconds: Seconds, party: Party = Party.CUSTOMER) -> Utterance:
    samples = speechlike(seconds, number % 16)[:: 16000 // _RATE]
    pcm = (samples * 32767).astype("<i2").tobytes()
    return Utterance(
        CallId("bench"), number, party, 0.0, seconds, seconds, 0.0, _RATE, pcm, "auto"
    )


async def busy(model: SenseVoice, threads: int, batch: int, seconds: Seconds) -> list[Seconds]:
    """How late each tick of the event loop was, in seconds."""
    loop = asyncio.get_running_loop()
    pool = [utterance(i, s) for i, s in enumerate(lengths(16))]
    late: list[Seconds] = []

    async def talk(each: Utterance) -> None:
        while loop.time() < until:
            await worker.transcribe(each)

    async with RecognizerWorker(model, WorkerSettings(threads, batch)) as worker:
        until = loop.time() + seconds
        async with asyncio.TaskGroup() as tasks:
            for each in itertools.islice(itertools.cycle(pool), 2 * batch + 2):
                tasks.create_task(talk(each))
            while (due := loop.time() + TICK) < until:
                await asyncio.sleep(TICK)
                late.append(loop.time() - due)
    return late


async def calls_at_once(
    model: SenseVoice, threads: int, batch: int, coming: Sequence[Arrival]
) -> list[Seconds]:
    """From the end of each utterance to its transcript, in seconds. The quiet that tells the
    end of an utterance is not in it."""
    loop = asyncio.get_running_loop()
    made = [utterance(i, each.seconds, each.party) for i, each in enumerate(coming)]
    took: list[Seconds] = []

    async def hear(each: Utterance, due: Seconds) -> None:
        await worker.transcribe(each)
        took.append(loop.time() - due)

    async with RecognizerWorker(model, WorkerSettings(threads, batch)) as worker:
        began = loop.time()
        async with asyncio.TaskGroup() as tasks:
            for arrival, each in zip(coming, made, strict=True):
                await asyncio.sleep(max(0.0, began + arrival.at - loop.time()))
                tasks.create_task(hear(each, began + arrival.at))
    return took
