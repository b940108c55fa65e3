"""A telephony port in a process of its own, which says what it has cost whenever it is asked.

python -m bench.ingest.listening    # prints its port; a line in: a line of figures out
"""

import asyncio
import json
import sys
import time
from collections import deque

from bench.ingest.ports import AtOnce, Keys, ports
from streamer.call import CallSettings
from streamer.server import Server, ServerSettings
from streamer.tally import Tally

LAG_EVERY = 0.01


async def main() -> None:
    recognizer, tally, lags = AtOnce(), Tally(), deque[float](maxlen=100_000)
    settings = ServerSettings(port=0, calls=CallSettings(max_calls=100_000))
    server = Server(settings, ports(recognizer), Keys(), tally)
    async with asyncio.TaskGroup() as tasks:
        await server.start(tasks)
        measuring = tasks.create_task(_measure(lags))
        print(server.port, flush=True)
        asked = await _lines()
        while await asked.readline():
            said = {
                "cpu": time.process_time(),
                "audio": tally.audio_seconds,
                "speech": recognizer.seconds,
                "lost": sum(tally.lost.values()) + tally.shed + sum(tally.rejected.values()),
                "lags": sorted(lags),
                "rss_mb": _memory_mb(),
            }
            lags.clear()
            print(json.dumps(said), flush=True)
        await server.drain(2.0)
        measuring.cancel()


async def _measure(lags: deque[float]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + LAG_EVERY
        await asyncio.sleep(LAG_EVERY)
        lags.append(clock() - due)


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    return reader


def _memory_mb() -> float:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    asyncio.run(main())
