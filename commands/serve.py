"""Start the server: calls in, alerts out, pages for people. This is what runs by default.

The composition root: parts -> one TaskGroup; SIGTERM or Ctrl-C drains and ends it.
"""

import argparse
import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import TypeVar

from msgspec.structs import replace
from prometheus_client import REGISTRY

from alerts.call_traces import TraceFolder
from alerts.clips import Clips
from alerts.embedded import EmbeddedRedis
from alerts.redis_bus import RedisBus
from alerts.s3_clips import S3Clips
from commands import logs
from commands.assembly import Assembly
from commands.assembly.pages import pages
from commands.assembly.stream import listen_anew, stream
from commands.banner import banner
from commands.claim import claimed
from commands.collecting import keep_for_good
from commands.demo import play_demo_calls
from commands.keeping import consumer, expire_now_and_then, keeping_now
from commands.rereading import Followed, follow
from commands.settings.network import Network
from commands.sources import add_flags, read
from streamer import metrics
from streamer.errors import EarwitnessError, SettingsError
from streamer.recognizer.hub import How, open_model
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.precision import Precision
from streamer.recognizer.progress import Step
from streamer.recognizer.sensevoice import SenseVoice
from streamer.recognizer.worker import RecognizerWorker
from streamer.server import Server
from web_dashboard.serve import Dashboard
from web_dashboard.view import ModelStatus

log = logging.getLogger(__name__)

T = TypeVar("T")

DRAIN_WITHIN = 10.0  # seconds that calls have to be heard to their end when we are told to stop
DELIVER_WITHIN = 5.0  # seconds that Redis has to take what was published then
SWEEP_EVERY = 3600.0  # seconds between looks for expired clips


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--demo", action="store_true", help="play the four demo calls, round after round"
    )
    add_flags(parser)


def run(arguments: argparse.Namespace) -> int:
    """Serves until SIGTERM or SIGINT. Raises `EarwitnessError` if it cannot start."""
    settings = read(arguments)
    logs.start(settings.network.log_level)
    assembly = Assembly.of(settings)
    with claimed(assembly.state):
        try:
            asyncio.run(_serve(assembly, demo=arguments.demo))
        except ExceptionGroup as group:
            # A fault of ours that no task was meant to survive says more than its group.
            ours, others = group.split(EarwitnessError)
            if ours is None or others is not None:
                raise
            raise _first(ours) from None
    return 0


async def _serve(assembly: Assembly, *, demo: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        redis = assembly.redis()
        if redis is not None:
            stack.push_async_callback(redis.stop)
        url = await redis.start() if redis else assembly.settings.storage.redis_url
        bus = assembly.bus(url)
        stack.push_async_callback(bus.close)
        stack.callback(assembly.notifier.close)
        stack.callback(assembly.archive.close)
        dashboard = Dashboard(pages(assembly, bus))
        async with asyncio.TaskGroup() as tasks:
            background = [
                tasks.create_task(work, name=name)
                for name, work in _background(assembly, bus, redis).items()
            ]
            tasks.create_task(dashboard.run(), name="dashboard")
            await _hear_calls(assembly, bus, dashboard, stop, demo=demo)
            await bus.drain(DELIVER_WITHIN)
            if isinstance(assembly.clips, S3Clips):
                await assembly.clips.drain(DELIVER_WITHIN)
            dashboard.stop()
            for task in background:
                task.cancel()


def _background(
    assembly: Assembly, bus: RedisBus, redis: EmbeddedRedis | None
) -> dict[str, Coroutine[None, None, None]]:
    """What runs beside the calls until they are over, by name."""
    reading = consumer(assembly.archive, bus, assembly.state)
    found = {
        "redis": bus.run(),
        "clips": _sweep(assembly.clips, "voice clips"),
        "reminders": assembly.reminders(bus).run(),
        "lost calls": assembly.lost_calls(bus).run(),
        "files": follow(_files(assembly)),
        "archive": reading.run(),
        "expiry": expire_now_and_then(
            assembly.archive, reading.opened, lambda: keeping_now(assembly.settings)
        ),
    }
    if assembly.traces is not None:
        found["traces"] = _sweep(assembly.traces, "traces of calls")
    if isinstance(assembly.clips, S3Clips):
        found["uploads"] = assembly.clips.run()
    if redis is not None:
        found["redis-server"] = redis.run()
    return found


def _files(assembly: Assembly) -> list[Followed]:
    rules, shown = assembly.playbook, assembly.certificate
    files = [Followed(rules.look, rules.reload, lambda: listen_anew(assembly))]
    return [*files, Followed(shown.look, shown.reload)] if shown else files


async def _hear_calls(
    assembly: Assembly, bus: RedisBus, dashboard: Dashboard, stop: asyncio.Event, *, demo: bool
) -> None:
    """Loads the model, then takes calls until `stop`. The pages are up all the while."""
    model = await _unless(stop, _load(assembly))
    if model is None:
        return
    worker = RecognizerWorker(model, assembly.worker, Metrics(REGISTRY))
    async with worker, asyncio.TaskGroup() as tasks:
        server = assembly.stage.server = stream(assembly, worker, bus)
        metrics.register(assembly.tally, REGISTRY)
        keep_for_good()
        await _listen(server, tasks, assembly.settings.network)
        assembly.stage.port = server.port
        address = _address(assembly, server)
        print(banner(assembly, dashboard.url, address), flush=True)
        playing = tasks.create_task(play_demo_calls(address)) if demo else None
        await stop.wait()
        if playing:
            playing.cancel()
        assembly.stage.draining = True
        await server.drain(DRAIN_WITHIN)


async def _listen(server: Server, tasks: asyncio.TaskGroup, it: Network) -> None:
    try:
        await server.start(tasks)
    except OSError as error:
        where = f"{it.stream_host}:{it.stream_port}"
        raise SettingsError(f"stream: cannot listen on {where}: {error.strerror}") from error


async def _load(assembly: Assembly) -> SenseVoice:
    it, stage = assembly.settings.recognition, assembly.stage
    cache = assembly.state / "models"
    how = How(it.device, Precision(it.precision), it.cuda_graphs)

    def tell(step: Step, percent: int) -> None:
        stage.model = replace(stage.model, step=step.value, percent=percent)

    try:
        model = await _in_daemon_thread(lambda: open_model(it.model, cache, how, tell))
    except EarwitnessError as error:
        stage.model = ModelStatus(
            it.model, "failed", stage.model.demonstration, detail=str(error)
        )
        raise
    stage.model = ModelStatus(it.model, "ready", stage.model.demonstration)
    return model


async def _unless(stop: asyncio.Event, wanted: Coroutine[None, None, T]) -> T | None:
    """What `wanted` gives, or None if `stop` comes first."""
    task, stopped = asyncio.ensure_future(wanted), asyncio.ensure_future(stop.wait())
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        return task.result()
    task.cancel()
    return None


async def _in_daemon_thread(work: Callable[[], T]) -> T:
    """A download of minutes must not keep the process from stopping: no executor joins this."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="model", daemon=True).start()
    return await asyncio.shield(asyncio.wrap_future(future))


async def _sweep(kept: Clips | TraceFolder, what: str) -> None:
    while True:
        try:
            if deleted := await kept.sweep(time.time()):
                log.info("deleted %d expired %s", deleted, what)
        except OSError:  # what cannot be deleted must not end the calls
            log.exception("expired %s could not be deleted", what)
        await asyncio.sleep(SWEEP_EVERY)


def _address(assembly: Assembly, server: Server) -> str:
    it = assembly.settings.network
    scheme = "wss" if it.tls_cert else "ws"
    host = it.stream_host
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{server.port}/raw"


def _first(group: ExceptionGroup[EarwitnessError]) -> EarwitnessError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error
