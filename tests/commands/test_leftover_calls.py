"""What a crash left open is closed only when its gateway has not come back."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace

from alerts import wire
from alerts.redis_bus import RedisAwayError
from commands.serve import _close_leftover_calls


def started(call):
    return wire.CallStarted(call, "8001", "q", "", "", "", "zh", True, True)


@dataclass
class Bus:
    """Its log, as often as it is read; what is published."""

    logs: list
    published: list = field(default_factory=list)

    @property
    def log(self):
        return self

    async def recent(self):
        if not self.logs:
            raise RedisAwayError("away")
        return [("1-0", message) for message in self.logs.pop(0)]

    def publish(self, message):
        self.published.append((message.call_id, message.reason))


async def closed(bus, *here):
    server = SimpleNamespace(carries=lambda call: call in here)
    stage = SimpleNamespace(server=server)
    assembly = SimpleNamespace(
        settings=SimpleNamespace(listening=SimpleNamespace(grace=0.0)), stage=stage
    )
    async with asyncio.timeout(5):
        await _close_leftover_calls(assembly, bus)
    return bus.published


async def test_a_call_that_came_back_goes_on_and_a_new_one_is_none_of_its_affair():
    before = [started("gone"), started("back"), started("ended")]
    after = [*before, wire.CallEnded("ended", 9.0, "ended"), started("new")]
    assert await closed(Bus([before, after]), "back") == [("gone", "lost")]


async def test_a_redis_that_goes_away_meanwhile_ends_nothing_else():
    assert await closed(Bus([[started("gone")]])) == []
