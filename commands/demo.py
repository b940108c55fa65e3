"""The demo calls of `serve --demo`: sent through the real gateway port, round after round."""

import asyncio
import logging
from itertools import count

from streamer.recording import demo
from streamer.send import Manner, SendError, send

log = logging.getLogger(__name__)

CALLS = (1, 2, 3, 4)
STAGGER = 4.0  # seconds between the starts of a round's calls
REST = 30.0  # seconds between rounds, for people to look at what is there


async def play_demo_calls(to: str) -> None:
    """Plays until cancelled. A round that the server refuses is tried again after the rest."""
    for number in count(1):
        async with asyncio.TaskGroup() as tasks:
            for call in CALLS:
                tasks.create_task(_play(call, f"demo-{call}-{number}", to))
                await asyncio.sleep(STAGGER)
        await asyncio.sleep(REST)


async def _play(call: int, call_id: str, to: str) -> None:
    recording = await asyncio.to_thread(demo, call)
    try:
        await send(recording, to, Manner(call_id=call_id, encoding="mulaw"))
    except SendError as error:
        log.warning("demo call %d was not taken: %s", call, error)
