"""Who may sign in: one small file, readable by its owner only."""

import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from streamer.errors import SettingsError
from web_dashboard.account import EVERY_TEAM, Account, Role

log = logging.getLogger(__name__)


class _File(msgspec.Struct, frozen=True):
    v: int
    accounts: tuple[Account, ...]


class Accounts:
    """The accounts of one file, read again whenever it has changed: whom the `user` command
    adds or disables is in or out at once. Changes are written through, atomically.
    """

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        """Raises `SettingsError` if the file is there but is not ours."""
        self._path, self._hasher = path, hasher or PasswordHasher()
        self._stamp = _stamp(path)
        self._known: dict[str, Account] = {a.name: a for a in _read(path)}
        # Checked in place of an unknown account's, so that both answers take the same time.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    def ensure_first(self) -> list[tuple[str, str]]:
        """Where there is no file yet, makes one with an administrator, a supervisor and one
        agent. Gives their names and passwords, to be shown once: nothing else knows the
        passwords."""
        if self._path.exists():
            return []
        first = [(name, secrets.token_urlsafe(12)) for name in ("admin", "supervisor", "agent")]
        (chief, secret), (boss, another), (agent, third) = first
        self._known = {
            chief: Account(chief, "管理员", "admin", self._hasher.hash(secret)),
            boss: Account(boss, "主管", "supervisor", self._hasher.hash(another)),
            agent: Account(agent, "客服 8001", "agent", self._hasher.hash(third), "8001"),
        }
        self._write()
        return first

    def get(self, name: str) -> Account | None:
        """The account, unless it is disabled."""
        self._refresh()
        account = self._known.get(name)
        return None if account is None or account.disabled else account

    def list(self) -> tuple[Account, ...]:
        return tuple(self._known.values())

    def add(
        self,
        name: str,
        role: Role,
        *,
        shown: str = "",
        agent_id: str = "",
        teams: tuple[str, ...] = (),
    ) -> str:
        """A new account's generated password. `teams` none: whoever has teams has every one.
        Raises `SettingsError` if the name is taken or unfit, or if the agent_id or the teams do
        not fit the role."""
        if not is_name(name):
            raise SettingsError("an account's name is 1 to 64 printable characters")
        self._refresh()
        if name in self._known:
            raise SettingsError(f"there is an account named {name} already")
        if (role == "agent") != bool(agent_id):
            raise SettingsError("an agent has an agent id, and no one else has")
        if teams and role not in ("supervisor", "quality"):
            raise SettingsError("supervisors and quality have teams, and no one else has")
        password = secrets.token_urlsafe(12)
        hashed = self._hasher.hash(password)
        account = Account(name, shown or name, role, hashed, agent_id)
        self._known[name] = msgspec.structs.replace(account, teams=teams or (EVERY_TEAM,))
        self._write()
        return password

    def disable(self, name: str) -> None:
        """Raises `SettingsError` if there is no such account."""
        self._change(name, disabled=True)

    def new_password(self, name: str) -> str:
        """A new generated password, which ends the sessions begun with the old one; a disabled
        account is enabled by it. Raises `SettingsError` if there is no such account."""
        password = secrets.token_urlsafe(12)
        self._change(name, password=self._hasher.hash(password), disabled=False)
        return password

    def _change(self, name: str, **changes: object) -> None:
        self._refresh()
        if name not in self._known:
            raise SettingsError(f"there is no account named {name}")
        self._known[name] = msgspec.structs.replace(self._known[name], **changes)
        self._write()

    def verify(self, name: str, password: str) -> Account | None:
        """The account if the password is its own. Takes a tenth of a second of one core, the
        same for unknown names: to be called in a thread."""
        account = self.get(name)
        try:
            self._hasher.verify(account.password if account else self._nobody, password)
        except VerificationError:
            return None
        return account

    def _refresh(self) -> None:
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._known = {account.name: account for account in _read(self._path)}
        except SettingsError:
            log.exception("the accounts stay as they were")

    def _write(self) -> None:
        content = msgspec.json.format(msgspec.json.encode(_File(1, self.list())))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(self._path.name + ".new")
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        self._stamp = _stamp(self._path)


def is_name(name: str) -> bool:
    return name.isprintable() and 1 <= len(name) <= 64 and name == name.strip()


def _stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does; a replaced file is another inode. One system call."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def _read(path: Path) -> Iterable[Account]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as fault:
        raise SettingsError(f"{path} cannot be read: {fault.strerror}") from fault
    try:
        return msgspec.json.decode(content, type=_File).accounts
    except msgspec.DecodeError as fault:
        raise SettingsError(f"{path} is not a file of accounts: {fault}") from fault
