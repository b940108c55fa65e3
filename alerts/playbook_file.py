"""The playbook as a file that the business edits while calls go on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from alerts import metrics
from alerts.playbook import Playbook, parse
from alerts.wall import utc_now
from streamer.errors import SettingsError

log = logging.getLogger(__name__)

Stamp: TypeAlias = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class PlaybookState:
    """`version` is in force. `fault` is the first of `faults` in a newer text, since `since`
    (wall time); empty where the file is what is in force."""

    version: str = ""
    fault: str = ""
    faults: int = 0
    since: str = ""


class PlaybookFile:
    """Raises `SettingsError` at the start for a file that is wrong; later a wrong one changes
    nothing but `state`. What calls are given is theirs: they keep it to their end."""

    def __init__(self, path: Path, wall: Callable[[], str] = utc_now) -> None:
        self._path, self._wall = path, wall
        self._read = self._seen = self._stamp()
        self.in_force: Playbook = parse(self._text())
        self.state = PlaybookState(self.in_force.version)

    def look(self) -> bool:
        """Has it changed? Then it is read again, once it has stayed as it is from one look to
        the next: editors write in pieces. True where another playbook is in force now."""
        before, self._seen = self._seen, self._stamp()
        if self._seen == self._read or self._seen != before:
            return False
        return self.reload()

    def reload(self) -> bool:
        """Reads it, changed or not. True where another playbook is in force now."""
        self._read = self._seen = self._stamp()
        try:
            found = parse(self._text())
        except SettingsError as error:
            self._refuse(str(error))
            return False
        metrics.playbook_reloads.labels("read").inc()
        changed = found.version != self.in_force.version
        if changed or self.state.fault:
            log.info("playbook %s is in force for new calls", found.version)
        self.in_force, self.state = found, PlaybookState(found.version)
        return changed

    def _refuse(self, fault: str) -> None:
        metrics.playbook_reloads.labels("wrong").inc()
        version = self.in_force.version
        log.error("the playbook is wrong, version %s stays in force: %s", version, fault)
        whole, *each = fault.splitlines()
        first, since = (each or [whole])[0].strip(), self.state.since or self._wall()
        self.state = PlaybookState(version, first, max(1, len(each)), since)

    def _stamp(self) -> Stamp:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _text(self) -> str:
        try:
            return self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"playbook {self._path} cannot be read: {error}") from error
