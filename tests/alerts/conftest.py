from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from tests.redis_server import RedisServer, redis_or_skip

# How long an example takes says more about the machine's other work than about ours.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
async def redis_server(tmp_path) -> AsyncIterator[RedisServer]:
    redis_or_skip()
    server = RedisServer(tmp_path)
    await server.start()
    yield server
    server.kill()


@pytest.fixture
async def forgetful_redis(tmp_path) -> AsyncIterator[RedisServer]:
    """One without persistence: killed, it has forgotten everything."""
    redis_or_skip()
    server = RedisServer(tmp_path, persistent=False)
    await server.start()
    yield server
    server.kill()
