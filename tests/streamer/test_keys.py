import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from streamer.adapters.keys import KeyFile
from streamer.errors import SettingsError
from streamer.ports import Quota


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "keys.json"


def touch(path):
    """A later mtime, whatever the file system's resolution."""
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000_000))


def test_without_keys_every_gateway_is_anonymous(path):
    assert KeyFile(path).name_of(None) == "anonymous"
    assert KeyFile(path).name_of("whatever") == "anonymous"


def test_with_a_key_only_its_holder_comes_in(path):
    ring = KeyFile(path)
    key = ring.add("pbx-1")
    assert ring.name_of(key) == "pbx-1"
    for wrong in (None, "", "x", key[:-1], key + "x", "\ud800"):
        assert ring.name_of(wrong) is None


def test_a_key_is_kept_as_a_hash_in_a_private_file(path):
    key = KeyFile(path).add("pbx-1")
    assert key not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())[0]["name"] == "pbx-1"
    assert sorted(p.name for p in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


def test_a_revoked_key_does_not_open_the_door_for_everyone(path):
    ring = KeyFile(path)
    key = ring.add("pbx-1")
    ring.revoke("pbx-1")
    assert ring.name_of(key) is None
    assert ring.name_of(None) is None
    assert ring.list()[0].revoked is not None


def test_a_name_may_be_used_again_once_revoked(path):
    ring = KeyFile(path)
    old = ring.add("pbx-1")
    with pytest.raises(SettingsError, match="already"):
        ring.add("pbx-1")
    ring.revoke("pbx-1")
    new = ring.add("pbx-1")
    assert (ring.name_of(old), ring.name_of(new)) == (None, "pbx-1")


def test_a_key_expires(path):
    now = datetime.now(UTC)
    ring = KeyFile(path)
    over = ring.add("over", expires=now - timedelta(seconds=1))
    later = ring.add("later", expires=now + timedelta(hours=1))
    assert (ring.name_of(over), ring.name_of(later)) == (None, "later")


def test_an_integrators_key_opens_no_call(path):
    ring = KeyFile(path)
    crm = ring.add("crm", "integrator")
    assert ring.name_of(crm) == "anonymous"  # no gateway key yet: loopback only
    ring.add("pbx-1")
    assert ring.name_of(crm) is None
    assert ring.holder(crm, "integrator") == "crm"


def test_what_another_process_adds_and_revokes_counts_at_once(path):
    server, command = KeyFile(path), KeyFile(path)
    key = command.add("pbx-1")
    assert server.name_of(key) == "pbx-1"
    command.revoke("pbx-1")
    touch(path)
    assert server.name_of(key) is None


def test_two_commands_do_not_overwrite_each_other(path):
    one, two = KeyFile(path), KeyFile(path)
    one.add("a")
    two.add("b")
    assert [key.name for key in one.list()] == ["a", "b"]


def test_a_file_that_breaks_or_goes_changes_nothing(path):
    ring = KeyFile(path)
    key = ring.add("pbx-1")
    path.write_text("[{")
    assert (ring.name_of(key), ring.name_of("x")) == ("pbx-1", None)
    path.unlink()
    assert (ring.name_of(key), ring.name_of("x")) == ("pbx-1", None)


@pytest.mark.parametrize("content", ["", "[{", "{}", '[{"name": "a"}]', "\x00"])
def test_a_start_with_a_broken_file_stops(path, content):
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"keys\.json"):
        KeyFile(path)


@pytest.mark.parametrize("name", ["", "anonymous"])
def test_some_names_say_nothing(path, name):
    with pytest.raises(SettingsError):
        KeyFile(path).add(name)


def test_what_is_not_there_cannot_be_revoked(path):
    with pytest.raises(SettingsError, match="nobody"):
        KeyFile(path).revoke("nobody")


def test_why_a_key_is_not_admitted_is_known_without_any_part_of_it(path):
    now, ring = datetime.now(UTC), KeyFile(path)
    over = ring.add("over", expires=now - timedelta(seconds=1))
    gone = ring.add("gone")
    ring.revoke("gone")
    crm = ring.add("crm", "integrator")
    assert ring.why_not(over) == f"key over: expired on {now:%Y-%m-%d}"
    assert ring.why_not(gone) == f"key gone: revoked on {now:%Y-%m-%d}"
    assert ring.why_not(crm) == "key crm: it is an integrator key"
    assert ring.why_not("guess") == "the key is not known"
    assert ring.why_not(None) == ring.why_not("") == "no key was shown"


def test_a_name_is_held_while_its_key_is_valid(path):
    ring = KeyFile(path)
    ring.add("pbx")
    ring.add("crm", "integrator")
    assert ring.holds("pbx")
    assert not ring.holds("crm")
    assert ring.holds("crm", "integrator")
    ring.revoke("pbx")
    assert not ring.holds("pbx")


def test_a_file_from_before_there_were_quotas_is_read(path):
    path.parent.mkdir()
    old = {"name": "pbx", "role": "gateway", "sha256": "0", "created": "2026-01-01T00:00:00Z"}
    path.write_text(json.dumps([old]))
    assert KeyFile(path).quota("pbx") == Quota()
