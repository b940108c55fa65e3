"""Calls without sockets: what decoding, listening and the call's own tasks cost."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bench.ingest.ports import AtOnce, ports
from bench.ingest.tapes import Tape
from streamer import events as ev
from streamer.call import Call, CallSettings
from streamer.connection import runs
from streamer.gateways import GatewaySettings, codecs
from streamer.leg import Leg
from streamer.ports import GatewayCodec, Socket
from streamer.send import FRAME
from streamer.tally import Tally


@dataclass(frozen=True, slots=True)
class Inside:
    """What so many seconds of all calls together took, and how much of them was speech."""

    cpu: ev.Seconds
    calls: ev.Seconds  # of call
    speech: ev.Seconds  # of both parties


class MediaLoop(asyncio.SelectorEventLoop):
    """Its clock is the calls' own: timers fire when they would in life, however fast the audio
    is played."""

    now: ev.Seconds = 1000.0

    def time(self) -> float:
        return self.now


def play(calls: Sequence[Sequence[Tape]]) -> Inside:
    """All at once, in step, as fast as they can be heard."""
    with asyncio.Runner(loop_factory=MediaLoop) as runner:
        return runner.run(_play(calls))


async def _play(tapes: Sequence[Sequence[Tape]]) -> Inside:
    loop, recognizer = cast(MediaLoop, asyncio.get_running_loop()), AtOnce()
    async with asyncio.TaskGroup() as tasks:
        calls = [_Carried(its, f"c{n}", recognizer) for n, its in enumerate(tapes)]
        lives = [tasks.create_task(each.call.run()) for each in calls]
        count = len(tapes[0][0].ticks)
        began = time.process_time()
        for number in range(count):
            loop.now += FRAME
            for each in calls:
                each.receive(number)
            await asyncio.sleep(0)
        took = time.process_time() - began
        for each in calls:
            each.call.close("ended", loop.now)
        await asyncio.wait(lives)
    return Inside(took, sum(its[0].seconds for its in tapes), recognizer.seconds)


class _Carried:
    """One call, and the codecs of its connections."""

    def __init__(self, tapes: Sequence[Tape], name: str, recognizer: AtOnce) -> None:
        self._legs: list[tuple[GatewayCodec, int, list[Sequence[str | bytes]]]] = []
        for tape in tapes:
            codec = codecs(GatewaySettings())[tape.path](tape.handshake(name))
            events = [event for text in tape.begin(name) for event in codec.receive(text)]
            (start,) = (event for event in events if isinstance(event, ev.CallStarted))
            if not self._legs:
                self.call = Call(start.info, ports(recognizer), CallSettings(), Tally())
            nobody = cast(Socket, None)  # it is never written to
            leg = self.call.join(Leg(nobody, codec, 1, 0.0), start)
            self._legs.append((codec, leg, tape.ticks))

    def receive(self, number: int) -> None:
        for codec, leg, ticks in self._legs:
            for message in ticks[number]:
                for run in runs(codec.receive(message)):
                    if isinstance(run, list):
                        self.call.receive(leg, run)
