"""A playbook that is edited while calls go on."""

import logging
import os

import pytest

from alerts import metrics
from alerts.playbook import BUNDLED
from alerts.playbook_file import PlaybookFile, PlaybookState
from streamer.errors import SettingsError

GOOD = BUNDLED.read_text("utf-8")
OTHER = GOOD + "\n# another text is another version\n"
WRONG = GOOD + "\n[nonsense]\nx = 1\n[rubbish]\ny = 2\n"
WALL = "2026-11-22T08:30:11.120Z"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(GOOD, "utf-8")
    return path


def opened(path):
    return PlaybookFile(path, lambda: WALL)


def test_a_file_that_is_wrong_at_the_start_stops_it(path, tmp_path):
    path.write_text(WRONG, "utf-8")
    with pytest.raises(SettingsError, match=r"nonsense is not known here"):
        opened(path)
    with pytest.raises(SettingsError, match=r"nothing\.toml cannot be read"):
        opened(tmp_path / "nothing.toml")


def test_a_change_is_in_force_once_the_file_has_come_to_rest(path):
    file = opened(path)
    before = file.in_force
    assert not file.look()
    path.write_text(OTHER[: len(OTHER) // 2], "utf-8")
    assert not file.look()  # just changed: perhaps still being written
    path.write_text(OTHER, "utf-8")
    assert not file.look()
    assert (file.in_force, file.state) == (before, PlaybookState(before.version))
    assert file.look()
    assert file.state == PlaybookState(file.in_force.version)
    assert file.in_force.version != before.version
    assert not file.look()


def test_one_that_is_put_in_its_place_is_seen_even_with_the_same_time_and_size(path):
    file = opened(path)
    was = path.stat()
    other = path.with_suffix(".new")
    other.write_text(OTHER, "utf-8")
    os.utime(other, ns=(was.st_atime_ns, was.st_mtime_ns))
    other.replace(path)
    assert [file.look(), file.look()] == [False, True]


def test_a_wrong_one_changes_nothing_and_says_so_with_its_first_fault(path, caplog):
    file = opened(path)
    before, wrong = file.in_force, metrics.playbook_reloads.labels("wrong")._value
    counted = wrong.get()
    path.write_text(WRONG, "utf-8")
    with caplog.at_level(logging.ERROR):
        assert [file.look(), file.look(), file.look()] == [False, False, False]
    assert file.in_force is before
    assert file.state.version == before.version
    assert (file.state.faults, file.state.since) == (2, WALL)
    line = WRONG[: WRONG.index("[nonsense]")].count("\n") + 1
    assert file.state.fault.startswith(f"line {line}: nonsense is not known")
    assert "rubbish is not known" in caplog.text
    assert wrong.get() == counted + 1  # once, not at every look


def test_a_fault_that_is_mended_is_forgotten(path):
    file = opened(path)
    path.write_text("[angry", "utf-8")
    file.look(), file.look()
    assert "no TOML" in file.state.fault
    path.write_text(GOOD, "utf-8")
    assert [file.look(), file.look()] == [False, False]  # what is in force is the same
    assert file.state == PlaybookState(file.in_force.version)


def test_a_file_that_has_gone_is_a_fault_too(path):
    file = opened(path)
    path.unlink()
    assert not file.look()
    assert not file.state.fault  # an editor may be putting another one in its place
    assert not file.look()
    assert "cannot be read" in file.state.fault


def test_whoever_asks_has_it_read_at_once(path):
    file = opened(path)
    read = metrics.playbook_reloads.labels("read")._value
    counted = read.get()
    assert not file.reload()
    path.write_text(OTHER, "utf-8")
    assert file.reload()
    assert read.get() == counted + 2
