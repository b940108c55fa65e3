import stat

import pytest

from streamer.errors import SettingsError
from tests.web.scenes import QUICK
from web_dashboard.accounts import Accounts


def accounts(tmp_path):
    return Accounts(tmp_path / "var" / "accounts.json", QUICK)


def test_the_first_start_makes_a_supervisor_and_an_agent(tmp_path):
    it = accounts(tmp_path)
    first = dict(it.ensure_first())
    assert set(first) == {"admin", "supervisor", "agent"}
    assert it.verify("admin", first["admin"]).role == "admin"
    assert it.verify("supervisor", first["supervisor"]).role == "supervisor"
    agent = it.verify("agent", first["agent"])
    assert (agent.role, agent.agent_id) == ("agent", "8001")


def test_a_second_start_makes_nothing_and_knows_them(tmp_path):
    first = dict(accounts(tmp_path).ensure_first())
    again = accounts(tmp_path)
    assert again.ensure_first() == []
    assert again.verify("agent", first["agent"])


def test_the_file_is_its_owners_and_holds_no_password(tmp_path):
    it = accounts(tmp_path)
    first = it.ensure_first()
    path = tmp_path / "var" / "accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(password in path.read_text() for _, password in first)
    assert [p.name for p in path.parent.iterdir()] == ["accounts.json"]


def test_wrong_unknown_and_disabled_are_all_refused(tmp_path):
    it = accounts(tmp_path)
    password = it.add("lin", "agent", agent_id="8001", shown="林岚")
    assert it.verify("lin", password).shown == "林岚"
    assert it.verify("lin", password + "x") is None
    assert it.verify("nobody", password) is None
    it.disable("lin")
    assert it.verify("lin", password) is None
    assert accounts(tmp_path).get("lin") is None
    assert [a.name for a in it.list()] == ["lin"]


@pytest.mark.parametrize(
    ("name", "role", "agent_id"),
    [
        ("", "supervisor", ""),
        (" lin", "supervisor", ""),
        ("a\nb", "supervisor", ""),
        ("x" * 65, "supervisor", ""),
        ("taken", "supervisor", ""),
        ("lin", "agent", ""),
        ("boss", "supervisor", "8001"),
    ],
)
def test_what_does_not_fit_is_a_settings_error(tmp_path, name, role, agent_id):
    it = accounts(tmp_path)
    it.add("taken", "supervisor")
    with pytest.raises(SettingsError):
        it.add(name, role, agent_id=agent_id)


def test_a_new_password_replaces_the_old_one_and_enables(tmp_path):
    it = accounts(tmp_path)
    old = it.add("lin", "supervisor")
    it.disable("lin")
    new = it.new_password("lin")
    assert it.verify("lin", new)
    assert it.verify("lin", old) is None


def test_changing_nobody_is_a_settings_error(tmp_path):
    for change in (accounts(tmp_path).disable, accounts(tmp_path).new_password):
        with pytest.raises(SettingsError, match="no account named x"):
            change("x")


def test_what_the_user_command_changes_counts_at_once(tmp_path):
    running, command = accounts(tmp_path), accounts(tmp_path)
    password = command.add("lin", "agent", agent_id="8001")
    assert running.verify("lin", password)
    command.disable("lin")
    assert running.get("lin") is None


def test_a_file_broken_by_hand_locks_nobody_out(tmp_path, caplog):
    it = accounts(tmp_path)
    it.add("boss", "supervisor")
    (tmp_path / "var" / "accounts.json").write_text("{")
    assert it.get("boss")
    assert "the accounts stay as they were" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", '{"v":1}', "{"])
def test_a_file_that_is_not_ours_stops_the_start(tmp_path, content):
    path = tmp_path / "accounts.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match="not a file of accounts"):
        Accounts(path, QUICK)


def test_a_hash_is_never_in_a_log(tmp_path):
    it = accounts(tmp_path)
    it.ensure_first()
    assert "argon2" not in repr(it.list())
