"""A way to Redis, however it is deployed. The only file that imports redis."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError

from alerts.redis_address import RedisAddress
from streamer.errors import EarwitnessError, SettingsError

Client: TypeAlias = Redis | RedisCluster

PATIENCE = 5.0  # seconds to connect, and for any answer that is not waited for on purpose


class RedisAwayError(EarwitnessError, OSError):
    """Redis cannot be asked now: try again later, show what is known as stale."""


class RedisLink:
    """Connects when it is first asked, and again after a break. No retries of its own: a break
    must be seen, it may mean that Redis forgot something."""

    def __init__(self, address: RedisAddress) -> None:
        """Raises SettingsError for options that are unknown."""
        self._sentinel: Sentinel | None = None
        try:
            self._client = self._connect(address)
        except (ValueError, TypeError, RedisError, RedisClusterException) as fault:
            raise SettingsError(f"redis_url is no Redis URL: {fault}") from fault

    async def ask(self, *command: str | int | bytes) -> Any:  # noqa: ANN401 - whatever Redis answers
        """Its answer, within `PATIENCE` seconds beyond what a BLOCK says. Raises
        RedisAwayError."""
        block = int(command[command.index("BLOCK") + 1]) if "BLOCK" in command else 0
        try:
            async with asyncio.timeout(block / 1000 + PATIENCE):
                return await self._client.execute_command(*command)
        except (RedisError, RedisClusterException, OSError) as fault:
            raise RedisAwayError(f"Redis cannot be asked: {fault}") from fault

    async def run(
        self, script: str, keys: Sequence[str], arguments: Sequence[str | int | bytes]
    ) -> Any:  # noqa: ANN401
        """What the Lua `script` returns. Redis keeps it compiled. Raises RedisAwayError."""
        return await self.ask("EVAL", script, len(keys), *keys, *arguments)

    async def close(self) -> None:
        await self._client.aclose()
        if self._sentinel is not None:
            await self._sentinel.aclose()

    def _connect(self, address: RedisAddress) -> Client:
        options: dict[str, Any] = {
            "socket_timeout": None,  # `ask` has its own
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            "protocol": 2,
        }
        if address.kind == "server":
            client = Redis.from_url(address.plain, **options)
        else:
            options = {**_options(address.plain), **options}
            if address.kind == "cluster":
                nodes = [ClusterNode(host, port) for host, port in address.nodes]
                return RedisCluster(startup_nodes=nodes, **options)
            client = self._watched(address, options)
        # Opens nothing, but sees unknown options.
        client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
        return client

    def _watched(self, address: RedisAddress, options: dict[str, Any]) -> Redis:
        asking = {"protocol": 2, "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        asking["retry"] = options["retry"]
        for name in ("username", "password"):
            asking[name] = options.pop(f"sentinel_{name}", None)
        asking |= {name: value for name, value in options.items() if name.startswith("ssl")}
        self._sentinel = Sentinel(address.nodes, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
        master: Redis = self._sentinel.master_for(address.service, **options)
        return master


def _options(plain: str) -> dict[str, Any]:
    """What the URL says beyond where: user, password, database, TLS."""
    options: dict[str, Any] = dict(parse_url(plain))
    for where in ("host", "port"):
        options.pop(where, None)
    if options.pop("connection_class", None) is SSLConnection:
        options["ssl"] = True
    return options
