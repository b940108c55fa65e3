"""A dashboard process without ears: the server's own pages, feed, bus, archive and Redis,
furnished as `serve` furnishes them, without a model. Its calls are published by others.

    python -m bench.board.house DIRECTORY SPEED

prints one line of JSON once it answers, and serves until SIGTERM. With a SPEED above 1 the wall
clock that it tells viewers runs that much faster from 2026-01-01 on.
"""

import asyncio
import dataclasses
import json
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from alerts.wall import utc_now
from bench.board.traffic import PANEL
from bench.server import free_port
from commands.assembly import Assembly
from commands.assembly.pages import pages
from commands.keeping import consumer
from commands.settings import Settings
from commands.settings.network import Network
from commands.settings.storage import Storage
from web_dashboard.serve import Dashboard
from web_dashboard.view import ModelStatus

EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
_PREFIX = "ew:"


def wall_at(speed: float, began: float) -> Callable[[], str]:
    """The clock of messages: the real one at speed 1, else a faster one since `began`, which is
    a reading of the system's clock, so that two processes agree."""
    if speed == 1:
        return utc_now

    def wall() -> str:
        moment = EPOCH + timedelta(seconds=speed * (time.time() - began))
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"

    return wall


def main() -> None:
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))


async def serve(state: Path, speed: float) -> None:
    stop, began = asyncio.Event(), time.time()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    network = Network(state_dir=str(state), web_port=free_port(), stream_port=free_port())
    storage = Storage(redis_port=free_port(), redis_prefix=_PREFIX)
    assembly = Assembly.of(Settings(network=network, storage=storage))
    assembly.stage.model = ModelStatus("none", "ready")
    async with AsyncExitStack() as stack:
        redis = assembly.redis()
        if redis is None:
            raise AssertionError("no redis_url was set")
        stack.push_async_callback(redis.stop)
        bus = assembly.bus(await redis.start())
        stack.push_async_callback(bus.close)
        stack.callback(assembly.archive.close)
        parts = dataclasses.replace(pages(assembly, bus), wall=wall_at(speed, began))
        dashboard = Dashboard(parts)
        archive = consumer(assembly.archive, bus, state)
        async with asyncio.TaskGroup() as tasks:
            background = [tasks.create_task(each.run()) for each in (bus, archive)]
            tasks.create_task(dashboard.run())
            await dashboard.started.wait()
            people = {
                "lead": assembly.accounts.add("lead", role="supervisor"),
                "panel": assembly.accounts.add("panel", role="agent", agent_id=PANEL),
            }
            told = {"web": dashboard.url, "redis": redis.url, "people": people, "began": began}
            print(json.dumps(told), flush=True)
            await stop.wait()
            dashboard.stop()
            for task in background:
                task.cancel()


if __name__ == "__main__":
    main()
