"""What the pages of supervisors and agents do under load: `python -m bench.board --json`.

A dashboard process of its own (no model; a real redis-server) is told of made-up calls through
Redis, at the pace at which they would be spoken. Three measurements, each with fresh state:

    latency   from handing an alert or a prompt to the bus until the frame that shows it is
              painted: `--calls` live calls, `--viewers` viewers of the board, of which one is
              a Chromium page and the others are websockets that read; beside them the panel of
              one agent, in Chromium. Both clocks are this machine's. `at_socket` is the part up
              to a websocket's client.
    scrolling `--rows` live calls and the wheel turned over them: tasks over 50 ms after loading
    memory    `--minutes` simulated minutes of `--calls` calls, `--speed` times as fast:
              messages come, and the wall clock in them runs, that much faster, so that what the
              page forgets after minutes it forgets; its own timers (4 drawings a second) do not
              run faster. Heap, nodes and listeners after a garbage collection every 3 minutes.

The last line is one JSON object; `load_before` is the machine's load average at the start.
"""

import argparse
import asyncio
import json
import os
import sys
from typing import Any

from bench.board.pages import chromium, marks, memory, opened, scroll
from bench.board.stand import Probes, Stand, Viewers, play, stand
from bench.board.traffic import PANEL, floor
from bench.live import quantile

SETTLE = 3.0  # seconds after a page shows its rows, before anything counts
LONG = 50


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.board",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="of latency and scrolling")
    parser.add_argument("--rows", type=int, default=500, help="live calls to scroll over")
    parser.add_argument("--minutes", type=float, default=30.0, help="simulated, for memory")
    parser.add_argument("--speed", type=float, default=20.0, help="of the simulated minutes")
    parser.add_argument("--only", choices=["latency", "scrolling", "memory"])
    options = parser.parse_args()
    found = asyncio.run(measure(options))
    if not options.json:
        print(json.dumps(found, indent=1), file=sys.stderr)
    print(json.dumps(found))


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
    for name, part in (("latency", latency), ("scrolling", scrolling), ("memory", flat)):
        if options.only in (None, name):
            found[name] = await part(options)
    return found


async def latency(options: argparse.Namespace) -> dict[str, Any]:
    probes, viewers = Probes(), Viewers()
    async with stand() as it, chromium() as browser, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(play(it, floor(options.calls)))]
        board = await opened(browser, it, "lead")
        panel = await opened(browser, it, "panel", f"/agent/{PANEL}")
        for number in range(options.viewers - 1):
            seen = None if number else probes.arrived
            running.append(tasks.create_task(viewers.watch(it, seen)))
        await asyncio.sleep(SETTLE)
        await probes.send(it, options.seconds)
        painted = (await marks(board))["painted"], (await marks(panel))["painted"]
        _cancel(running)
    return {
        "calls": options.calls,
        "viewers": {"chromium_board": 1, "websocket": options.viewers - 1},
        "chromium_agent_panel": 1,
        "viewer_frames": viewers.frames,
        "viewer_megabytes": round(viewers.megabytes, 1),
        "viewers_cut": viewers.cut,
        "alert_to_popup_ms": lateness(probes, painted[0], "alert"),
        "prompt_to_panel_ms": lateness(probes, painted[1], "prompt"),
        "alert_at_socket_ms": lateness(probes, probes.at_socket, "alert"),
    }


def lateness(probes: Probes, seen: dict[str, float], kind: str) -> dict[str, float | None]:
    """p50, p95 and p99 of probes of that kind, and how many never were `seen` (0: not yet)."""
    wanted = {n: at for n, at in probes.published.items() if f"-{kind}-" in n}
    late = [seen[name] - at for name, at in wanted.items() if seen.get(name)]
    figures = {f"p{percent}": quantile(late, percent) for percent in (50, 95, 99)}
    return {"sent": len(wanted), "missed": len(wanted) - len(late), **figures}


async def scrolling(options: argparse.Namespace) -> dict[str, Any]:
    async with stand() as it, chromium() as browser, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(play(it, floor(options.rows)))]
        board = await opened(browser, it, "lead")
        await asyncio.sleep(SETTLE)
        loaded = await board.evaluate("() => performance.now()")
        running.append(tasks.create_task(scroll(board)))
        await asyncio.sleep(options.seconds)
        found = await marks(board)
        _cancel(running)
    after = [duration for at, duration in found["long"] if at >= loaded]
    loading = [duration for at, duration in found["long"] if at < loaded]
    return {
        "calls": options.rows,
        "seconds": options.seconds,
        "tasks_over_50_ms": len(after),
        "longest_ms": max(after, default=0),
        "longest_while_loading_ms": max(loading, default=0),
        "most_updates_of_a_row_in_a_second": found["rows"],
    }


async def flat(options: argparse.Namespace) -> dict[str, Any]:
    step = min(3.0, options.minutes / 2)
    found: list[dict[str, float]] = []
    async with stand(options.speed) as it, chromium() as browser, asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(play(it, floor(options.calls), options.speed))]
        board = await opened(browser, it, "lead")
        running.append(tasks.create_task(_alerts(it)))
        for number in range(1, round(options.minutes / step) + 1):
            await asyncio.sleep(60 * step / options.speed)
            found.append({"minute": number * step, **await memory(board)})
        _cancel(running)
    later = found[len(found) // 2 :]
    heaps = [each["heap_mb"] for each in later]
    return {
        "calls": options.calls,
        "simulated_minutes": options.minutes,
        "speed": options.speed,
        "samples": found,
        "heap_mb_first_and_last_of_later_half": [heaps[0], heaps[-1]],
        "heap_mb_spread_of_later_half": round(max(heaps) - min(heaps), 2),
    }


async def _alerts(it: Stand) -> None:
    """Popups that come and go meanwhile."""
    await Probes().send(it, float("inf"))


def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    main()
