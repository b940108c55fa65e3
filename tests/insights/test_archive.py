import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from insights.archive import Archive, ArchiveAwayError
from insights.tables import metadata
from streamer.errors import SettingsError
from tests.insights import published as p


def ours(thing, name, kind, reflected, _) -> bool:
    """The index is made by its own statement, in each database its own."""
    return kind != "table" or not reflected or name in metadata.tables


def test_the_migrations_make_what_the_tables_say(archive):
    with archive.writing() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_it_keeps_its_name_and_its_rows_over_a_restart(url):
    first = Archive(url)
    name = first.open()
    first.take(p.call())
    first.close()
    second = Archive(url)
    assert second.open() == name
    second.take(p.call())
    second.close()


def test_one_that_is_away_says_so_and_quotes_nothing(tmp_path):
    archive = Archive("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(ArchiveAwayError, match="cannot be asked"):
        archive.open()
    file = tmp_path / "archive.db"
    file.write_text("this is no database, whatever its name says: " * 99)
    with pytest.raises(ArchiveAwayError):
        Archive(f"sqlite:///{file}").open()


@pytest.mark.parametrize("url", ["nonsense", "mysql://x@y/z", "foo://bar", ""])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(SettingsError, match="archive_url"):
        Archive(url)


def test_the_file_is_for_nobody_else(tmp_path):
    archive = Archive(f"sqlite:///{tmp_path}/deep/archive.db")
    archive.open()
    archive.close()
    assert (tmp_path / "deep" / "archive.db").stat().st_mode & 0o077 == 0
