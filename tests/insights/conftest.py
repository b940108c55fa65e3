from collections.abc import Iterator

import pytest
from hypothesis import settings

from insights.archive import Archive
from tests.postgresql_server import postgresql_or_skip

# How long an example takes says more about the machine's other work than about ours.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_or_skip() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> Iterator[str]:
    """Of an empty database, in each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/archive.db"
        return
    server = request.getfixturevalue("postgresql")
    archive = Archive(server)
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    archive.close()
    yield server


@pytest.fixture
def archive(url) -> Iterator[Archive]:
    found = Archive(url)
    found.open()
    yield found
    found.close()
