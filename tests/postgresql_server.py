"""A real PostgreSQL for tests, in a directory of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.redis_server import free_port


def _binaries() -> Path | None:
    """Debian keeps them out of the PATH, by version."""
    if found := shutil.which("postgres"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return versions[-1].parent if versions else None


BINARIES = _binaries()


@contextmanager
def postgresql_or_skip() -> Iterator[str]:
    """Yields the URL of an empty database."""
    if BINARIES is None:
        pytest.skip("no PostgreSQL (apt install postgresql)")
    # It refuses to run as root; Debian's package brings a user of its own.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="earwitness-pg") as directory:
        if user:
            shutil.chown(directory, "postgres")
        data, port = f"{directory}/data", free_port()

        def run(binary: str, *options: str) -> None:
            command = [*user, str(BINARIES / binary), *options]
            subprocess.run(command, check=True, capture_output=True, cwd=directory)

        run("initdb", "-D", data, "-A", "trust", "-U", "earwitness", "-E", "UTF8", "-N")
        settings = f"-p {port} -h 127.0.0.1 -k {directory} -F"
        run("pg_ctl", "-D", data, "-o", settings, "-w", "-l", f"{directory}/log", "start")
        try:
            yield f"postgresql://earwitness@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
