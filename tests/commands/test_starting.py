"""A start that cannot be ends with a sentence for the operator and status 2."""

import gc
import logging
import os
import socket
import subprocess
import sys

import pytest

from commands.claim import claimed
from run_server import main
from streamer.errors import SettingsError


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("EARWITNESS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def log_as_before():
    """`serve` sets up the root logger for its process, which here is everybody's."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def collecting_as_before():
    yield
    gc.unfreeze()


@pytest.mark.parametrize(
    ("in_the_way", "arguments"),
    [
        ("state", ["serve"]),
        ("state/accounts.json/", ["serve"]),
        ("state/keys.json/", ["serve"]),
        ("state/lock/", ["serve"]),
        ("folder/", ["serve", "--settings", "folder"]),
    ],
)
def test_what_is_in_the_way_is_named(tmp_path, capsys, in_the_way, arguments):
    path = tmp_path / in_the_way
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if in_the_way.endswith("/") else path.touch()
    assert main([*arguments, "--model", "tiny", "--state-dir", "state"]) == 2
    said = capsys.readouterr().err
    assert path.name in said or "state_dir state" in said


def test_a_stream_port_in_use_is_named(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = ["--state-dir", "state", "--web-port", "0", "--stream-port", str(port)]
        # No Redis is needed to see it: calls go on without one.
        redis = ["--redis-url", "redis://127.0.0.1:1/0"]
        assert main(["serve", "--model", "tiny", *given, *redis]) == 2
    assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err
    assert gc.get_freeze_count(), "what is loaded was to be kept before it listens"


def test_a_state_directory_has_one_server(tmp_path):
    second = claimed(tmp_path)
    with claimed(tmp_path), pytest.raises(SettingsError, match="running already"):
        second.__enter__()
    with claimed(tmp_path):
        pass


def test_a_server_that_was_killed_leaves_no_claim(tmp_path):
    holding = (
        "import sys; from pathlib import Path; from commands.claim import claimed\n"
        "with claimed(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    root = os.path.dirname(os.path.abspath(sys.modules["run_server"].__file__))
    with subprocess.Popen(command, cwd=root, **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SettingsError):
            claimed(tmp_path).__enter__()
        holder.kill()
    with claimed(tmp_path):
        pass
