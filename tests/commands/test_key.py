import argparse
import json

import pytest

from commands import key
from streamer.adapters.keys import KeyFile
from streamer.ports import Quota


@pytest.fixture
def command(tmp_path, capsys):
    (tmp_path / "its.toml").write_text(f'state_dir = "{tmp_path}"\n')

    def run(*words):
        parser = argparse.ArgumentParser()
        key.add_arguments(parser)
        key.run(parser.parse_args(["--settings", str(tmp_path / "its.toml"), *words]))
        return capsys.readouterr().out.strip()

    return run


def test_a_key_has_its_quotas_and_is_listed_with_them(command, tmp_path):
    secret = command("add", "pbx", "--expires", "2099-01-31", "--max-calls", "30",
                     "--per-minute", "600")  # fmt: skip
    command("add", "crm", "--role", "integrator")
    command("add", "late", "--expires", "2020-01-31T12:00:00+08:00")
    command("add", "old")
    command("revoke", "old")
    ring = KeyFile(tmp_path / "keys.json")
    assert ring.name_of(secret) == "pbx"
    assert ring.quota("pbx") == Quota(calls=30, per_minute=600)
    assert ring.quota("crm") == ring.quota("nobody") == Quota()
    lines = [line.split("\t") for line in command("list").splitlines()]
    assert lines[0] == [
        "pbx",
        "gateway",
        "until 2099-01-31",
        "calls 30",
        "a minute 600",
        "valid",
    ]
    assert lines[1] == ["crm", "integrator", "until -", "calls -", "a minute -", "valid"]
    assert [line[-1] for line in lines[2:]] == [
        "expired on 2020-01-31", f"revoked on {today(tmp_path)}",
    ]  # fmt: skip
    assert secret not in command("list")


def today(folder):
    return json.loads((folder / "keys.json").read_text())[-1]["revoked"][:10]


@pytest.mark.parametrize(
    "words",
    [["--expires", "tomorrow"], ["--max-calls", "-1"], ["--per-minute", "many"],
     ["--days", "3", "--expires", "2099-01-01"]],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(command, words):
    with pytest.raises(SystemExit):
        command("add", "pbx", *words)


def test_only_gateways_have_quotas(command):
    with pytest.raises(Exception, match="only a gateway's key has quotas"):
        command("add", "crm", "--role", "integrator", "--max-calls", "3")
