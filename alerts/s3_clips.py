"""Voice clips in an S3-compatible store. The only file that imports obstore.

Saving never waits for the store: clips stand in a bounded queue that one task uploads. What
cannot be uploaded is given up, logged and counted.
"""

import asyncio
import logging
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from alerts import metrics
from alerts.clip_names import clip_name
from streamer.errors import SettingsError
from streamer.events import Seconds

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

log = logging.getLogger(__name__)

_WAITING = 64  # clips: of 8 s in two channels, some 30 MB
_PATIENCE: Seconds = 60.0  # for one upload, with its retries
_OPTIONS = {"endpoint", "region"}


class S3Clips:
    """`run` uploads and must be running. Credentials come from the environment, as AWS's own
    tools take them."""

    def __init__(self, url: str, keep_days: float = 30.0) -> None:
        """`url` is s3://bucket/prefix?endpoint=https://host&region=name. Raises SettingsError,
        also where the extra `s3` is not installed."""
        self._store, self._keep = _connect(url), timedelta(days=keep_days)
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._stirred, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()

    async def save(self, call_id: str, start: Seconds, end: Seconds, wav: bytes) -> None:
        """Returns at once. When too many wait, the oldest is given up."""
        if (name := clip_name(call_id, start, end)) is None:
            return
        self._waiting[name] = wav
        self._empty.clear()
        self._stirred.set()
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
            metrics.clips_failed.inc()
            log.error("a voice clip was given up: the store is too slow")

    async def read(self, call_id: str, start: Seconds, end: Seconds) -> bytes | None:
        """The clip saved for just that stretch, or None. Raises OSError where the store cannot
        be asked."""
        name = clip_name(call_id, start, end)
        if name is None:
            return None
        if (waiting := self._waiting.get(name)) is not None:
            return waiting
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._store.get_async(name)
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except OSError:
            raise
        except Exception as fault:
            raise OSError(f"the clip store cannot be read: {type(fault).__name__}") from fault

    async def sweep(self, now: float) -> int:
        """Deletes what is older than `keep_days` at `now` (seconds since the epoch); returns
        how many clips that were. Raises OSError."""
        oldest, deleted = datetime.fromtimestamp(now, UTC) - self._keep, 0
        try:
            async for page in self._store.list():
                old = [str(it["path"]) for it in page if it["last_modified"] < oldest]
                if old:
                    await self._store.delete_async(old)
                    deleted += len(old)
        except OSError:
            raise
        except Exception as fault:
            raise OSError(f"the clip store cannot be swept: {type(fault).__name__}") from fault
        return deleted

    async def run(self) -> None:
        """Uploads until cancelled."""
        while True:
            while not self._waiting:
                self._empty.set()
                self._stirred.clear()
                await self._stirred.wait()
            name, wav = next(iter(self._waiting.items()))
            await self._upload(name, wav)
            if self._waiting.get(name) is wav:
                del self._waiting[name]

    async def drain(self, seconds: Seconds) -> int:
        """Waits until all are uploaded, at most so long; returns how many are left."""
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            log.error("voice clips not uploaded", extra={"kept": len(self._waiting)})
        return len(self._waiting)

    async def _upload(self, name: str, wav: bytes) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._store.put_async(name, wav)
        except Exception as fault:  # the library's own kinds, and the network's
            metrics.clips_failed.inc()
            log.error("a voice clip was not uploaded: %s", type(fault).__name__)


def _connect(url: str) -> "S3Store":
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or options.keys() - _OPTIONS:
        raise SettingsError("clips_url is s3://bucket/prefix?endpoint=https://host&region=name")
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError:
        raise SettingsError(
            "clips_url needs the extra s3: pip install 'earwitness[s3]' (or obstore)"
        ) from None
    plain = options.get("endpoint", "").startswith("http://")
    try:
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config=_config(options),
            client_options={"allow_http": plain, "timeout": "20s", "connect_timeout": "5s"},
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=_PATIENCE)},
        )
    except Exception as fault:
        raise SettingsError(f"clips_url cannot be used: {type(fault).__name__}") from fault


def _config(options: dict[str, str]) -> "S3Config":
    config: S3Config = {"region": options.get("region", "us-east-1")}
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"]
    return config
