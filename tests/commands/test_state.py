import pytest

import run_server
from streamer.adapters.keys import KeyFile


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """A folder without settings of its own, and the settings of a server somewhere else."""
    monkeypatch.chdir(tmp_path)
    state = tmp_path / "elsewhere"
    settings = tmp_path / "earwitness-1.toml"
    settings.write_text(f'state_dir = "{state}"\n', "utf-8")
    return state, settings


def test_accounts_and_keys_are_those_of_the_server_whose_settings_are_named(
    installation, capsys
):
    state, settings = installation
    assert run_server.main(["key", "--settings", str(settings), "add", "pbx-1"]) == 0
    secret = capsys.readouterr().out.strip()
    assert KeyFile(state / "keys.json").name_of(secret) == "pbx-1"
    assert run_server.main(["user", "--settings", str(settings), "add", "linlan"]) == 0
    capsys.readouterr()
    assert run_server.main(["user", "--settings", str(settings), "list"]) == 0
    assert capsys.readouterr().out.startswith("linlan\tsupervisor")
    assert not (installation[1].parent / "var").exists()


def test_a_key_for_no_day_at_all_is_never_valid(installation, capsys):
    state, settings = installation
    assert run_server.main(["key", "--settings", str(settings), "add", "x", "--days", "0"]) == 0
    capsys.readouterr()
    assert KeyFile(state / "keys.json").list()[0].expires is not None
