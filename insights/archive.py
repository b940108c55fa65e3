"""The archive: one database that holds what was heard, for as long as it may be kept.

SQLite in a file by default, PostgreSQL by URL. Everything here blocks: threads call it.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)

from alerts import wire
from insights import tables
from insights.index import index_of
from insights.writing import Writer
from streamer.errors import EarwitnessError, SettingsError

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6561727769746E65  # PostgreSQL's advisory lock of that number
_PATIENCE = 30.0  # seconds that a writer waits for another one in SQLite


class ArchiveAwayError(EarwitnessError, OSError):
    """The database cannot be asked now: try again later, nothing is lost meanwhile."""


class UnfitError(EarwitnessError, ValueError):
    """The database takes no such value: told again, it would refuse it again."""


class Archive:
    """`url` is SQLAlchemy's (`sqlite:///var/archive.db`, `postgresql+psycopg://...`).

    Raises `SettingsError` for a URL that is none, or whose database has no driver here. Opens
    nothing before `open`."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(_url(url))
        self.index = index_of(self._engine.dialect.name)

    def open(self) -> str:
        """Makes the tables, or brings them up to date. Returns the archive's name, under which
        it reads the log. Raises `ArchiveAwayError`."""
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":  # one server after the other
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
            migrations = Config()
            migrations.set_main_option("script_location", str(_MIGRATIONS))
            migrations.attributes["connection"] = connection
            command.upgrade(migrations, "head")
            return _name(connection)

    def take(self, messages: Sequence[wire.Message]) -> None:
        """Writes them all or none. Raises `ArchiveAwayError`, or `UnfitError` for a message
        that no database of this kind can hold."""
        with self.writing() as connection:
            writer = Writer(connection, self.index)
            writer.write(messages)
            writer.finish()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction. Raises `ArchiveAwayError` for whatever the database says."""
        engine = self._engine.execution_options(writing=True)
        with _asked(), engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Raises `ArchiveAwayError` for whatever the database says."""
        with _asked(), self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError) as fault:
        raise UnfitError(type(fault).__name__) from fault
    except SQLAlchemyError as fault:
        # Its text may quote what is written: what people say does not go to the log.
        cause = getattr(fault, "orig", None)
        what = f"{type(fault).__name__}: {cause}" if cause else type(fault).__name__
        raise ArchiveAwayError(f"the archive cannot be asked: {what}") from fault


def _name(connection: Connection) -> str:
    known = connection.scalar(select(tables.archive.c.name))
    if known is None:
        known = secrets.token_hex(8)
        connection.execute(insert(tables.archive).values(name=known))
    return str(known)


def _url(text: str) -> URL:
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError) as fault:
        raise SettingsError(f"archive_url is no database's URL: {fault}") from fault
    if url.get_backend_name() == "postgresql" and "+" not in url.drivername:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsError(
            f"archive_url: sqlite and postgresql are known, not {url.get_backend_name()}"
        )
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return create_engine(url, pool_pre_ping=True)
        except ImportError as fault:
            raise SettingsError(
                "archive_url: PostgreSQL needs its driver: pip install 'earwitness[postgresql]'"
            ) from fault
    if url.database and url.database != ":memory:":
        _made(Path(url.database))
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _made(file: Path) -> None:
    """For nobody else to read. Raises `SettingsError`."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as fault:
        raise SettingsError(f"archive_url: {file} cannot be used: {fault.strerror}") from fault


def _tune(connection: Any, _: object) -> None:  # noqa: ANN401 - sqlite3's
    """Readers beside a writer; what is committed stays, whatever the machine does."""
    connection.isolation_level = None  # SQLAlchemy says BEGIN, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
