"""The certificate that both ports show. New files are taken over while calls go on."""

import logging
import shutil
import ssl
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from prometheus_client import Counter

from streamer.errors import SettingsError

log = logging.getLogger(__name__)

_reloads = Counter(
    "earwitness_tls_reloads", "TLS certificates read again, by outcome", ["outcome"]
)

Stamp: TypeAlias = tuple[tuple[int, int, int], ...]


class Certificate:
    """Connections that are open keep what they were opened with; new ones see the new files.
    Files that are wrong change nothing, and are told of once."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Raises `SettingsError` for files that hold no certificate and its key."""
        self._chain, self._key = chain, key
        self._contexts: list[ssl.SSLContext] = []
        self._taken = self._seen = self._stamp()
        self._load([_context()])

    def context(self) -> ssl.SSLContext:
        """One more server's, kept up to date by `reload`."""
        context = _context()
        self._load([context])
        self._contexts.append(context)
        return context

    def look(self) -> bool:
        """Takes the files over if they have changed and stayed as they are since the look
        before: whoever replaces two files does it one after the other."""
        before, self._seen = self._seen, self._stamp()
        return self._seen == before != self._taken and self.reload()

    def reload(self) -> bool:
        """Takes the files over, whether or not they have changed."""
        self._taken = self._seen = self._stamp()
        try:
            self._load(self._contexts)
        except SettingsError as error:
            _reloads.labels("wrong").inc()
            log.error("%s; the certificate read before stays in force", error)
            return False
        _reloads.labels("read").inc()
        log.info("the TLS certificate was read again")
        return True

    def _load(self, contexts: list[ssl.SSLContext]) -> None:
        """All or none: they are tried on a copy that does not change meanwhile."""
        try:
            with TemporaryDirectory() as folder:
                copies = Path(folder, "chain.pem"), Path(folder, "key.pem")
                for source, copy in zip((self._chain, self._key), copies, strict=True):
                    shutil.copyfile(source, copy)
                for context in (_context(), *contexts):
                    context.load_cert_chain(*copies, password=_no_password)
        except (OSError, ValueError) as error:
            raise SettingsError(f"tls_cert and tls_key cannot be used: {error}") from error

    def _stamp(self) -> Stamp:
        return tuple(_stamp(path) for path in (self._chain, self._key))


def _context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def _no_password() -> str:
    """OpenSSL would ask for it at the terminal."""
    raise ValueError("the key is encrypted, and nobody is there to be asked for its password")


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_ino, found.st_size
