"""The keys of gateways and integrators: a small JSON file that holds their hashes only."""

import contextlib
import fcntl
import hashlib
import logging
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from streamer.errors import SettingsError
from streamer.ports import ANONYMOUS, Quota

log = logging.getLogger(__name__)

Role: TypeAlias = Literal["gateway", "integrator"]


class Key(msgspec.Struct, frozen=True):
    """One key as it is kept. `sha256` is of the key in hexadecimal: a key is 256 random bits,
    for which a slow hash would add nothing."""

    name: str
    role: Role
    sha256: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    max_calls: int = 0
    per_minute: int = 0

    def valid(self, now: datetime) -> bool:
        return not self.fault(now)

    def fault(self, now: datetime) -> str:
        """Why it is good no more; empty while it is."""
        if self.revoked is not None:
            return f"revoked on {self.revoked:%Y-%m-%d}"
        if self.expires is not None and now >= self.expires:
            return f"expired on {self.expires:%Y-%m-%d}"
        return ""


class KeyFile:
    """The keys in one file (mode 0600, replaced atomically), read again when it has changed.

    As a `KeyRing` it is asked about gateways. Once read, a file that has become unreadable or
    has gone changes nothing: a fault in it neither opens the door nor locks everyone out.
    """

    def __init__(self, path: Path) -> None:
        """Raises `SettingsError` if the file is there but is no key file."""
        self._path = path
        self._stamp = self._stat()
        self._keys = self._read() if self._stamp else ()

    def list(self) -> tuple[Key, ...]:
        """Every key ever added, the revoked ones too, oldest first."""
        self._refresh()
        return self._keys

    def add(
        self,
        name: str,
        role: Role = "gateway",
        expires: datetime | None = None,
        quota: Quota | None = None,
    ) -> str:
        """The new key, which cannot be had again. Raises `SettingsError` if a valid key has the
        name, or if an integrator's key is given a quota."""
        now = datetime.now(UTC)
        if not name or name == ANONYMOUS:
            raise SettingsError(f"a key cannot be named {name!r}")
        quota = quota or Quota()
        if quota != Quota() and role != "gateway":
            raise SettingsError("only a gateway's key has quotas")
        with self._locked() as keys:
            if any(key.name == name and key.valid(now) for key in keys):
                raise SettingsError(f"there is a valid key named {name} already")
            secret = f"ew_{secrets.token_urlsafe(32)}"
            new = Key(name, role, digest(secret), now, expires)
            new = msgspec.structs.replace(
                new, max_calls=quota.calls, per_minute=quota.per_minute
            )
            self._write((*keys, new))
        return secret

    def revoke(self, name: str) -> None:
        """Raises `SettingsError` if no valid key has the name."""
        now = datetime.now(UTC)
        with self._locked() as keys:
            if not any(key.name == name and key.valid(now) for key in keys):
                raise SettingsError(f"no valid key is named {name}")
            self._write(
                tuple(
                    msgspec.structs.replace(key, revoked=now)
                    if key.name == name and key.valid(now)
                    else key
                    for key in keys
                )
            )

    def name_of(self, key: str | None) -> str | None:
        return self.holder(key, "gateway") if self._has("gateway") else ANONYMOUS

    def holder(self, key: str | None, role: Role) -> str | None:
        """The name of a valid key of that role. Takes as long for a wrong key as for a right
        one."""
        self._refresh()
        offered, now, found = digest(key or ""), datetime.now(UTC), None
        for each in self._keys:
            same = compare_digest(each.sha256, offered)
            if same and each.role == role and each.valid(now):
                found = each.name
        return found

    def holds(self, name: str, role: Role = "gateway") -> bool:
        """Whether there is a valid key of that name and role."""
        return self._named(name, role) is not None

    def quota(self, name: str) -> Quota:
        key = self._named(name, "gateway")
        return Quota() if key is None else Quota(key.max_calls, key.per_minute)

    def why_not(self, key: str | None) -> str:
        if not key:
            return "no key was shown"
        offered, now = digest(key), datetime.now(UTC)
        found = [each for each in self._keys if compare_digest(each.sha256, offered)]
        if not found:
            return "the key is not known"
        it = found[-1]
        return f"key {it.name}: {it.fault(now) or f'it is an {it.role} key'}"

    def _named(self, name: str, role: Role) -> Key | None:
        self._refresh()
        now = datetime.now(UTC)
        its = (k for k in self._keys if k.name == name and k.role == role and k.valid(now))
        return next(its, None)

    def _has(self, role: Role) -> bool:
        self._refresh()
        return any(key.role == role for key in self._keys)

    def _refresh(self) -> None:
        stamp = self._stat()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        if stamp is None:
            log.error("the key file %s has gone; its keys stay in force", self._path.name)
            return
        try:
            self._keys = self._read()
        except SettingsError as error:
            log.error("%s; the keys read before stay in force", error)

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _read(self) -> tuple[Key, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[Key, ...])
        except (OSError, msgspec.DecodeError) as error:
            raise SettingsError(f"{self._path.name} is no key file: {error}") from error

    def _write(self, keys: tuple[Key, ...]) -> None:
        draft = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(keys), indent=1))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self._keys, self._stamp = keys, self._stat()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[tuple[Key, ...]]:
        """The keys on disk, while no other process changes them."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = self._path.with_name(f"{self._path.name}.lock")
        with open(os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield self._read() if self._stat() else ()


def digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
