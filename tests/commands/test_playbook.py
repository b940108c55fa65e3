"""`playbook check` and `playbook try`, as they are run."""

import json
import os
import shutil
from pathlib import Path

import pytest
import soundfile

from alerts import wire
from alerts.news import news
from alerts.playbook import BUNDLED
from alerts.traces import read
from run_server import main
from streamer.recording import demo

GOLDEN = Path(__file__).parents[1] / "golden"
TEXT = BUNDLED.read_text("utf-8")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("EARWITNESS_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def calls(tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    for which in ("in", "out"):
        shutil.copy(GOLDEN / f"demo-3.{which}.jsonl", folder)
    return folder


@pytest.fixture
def later(tmp_path):
    """A playbook that prompts a second later."""
    path = tmp_path / "later.toml"
    path.write_text(TEXT.replace("prompt = 2.0", "prompt = 3.0", 1), "utf-8")
    return path


def tried(capsys, *arguments):
    status = main(["playbook", "try", *map(str, arguments)])
    return status, capsys.readouterr()


def test_check_says_that_there_is_no_fault_or_lists_them(tmp_path, capsys):
    assert main(["playbook", "check", str(BUNDLED)]) == 0
    assert "no fault. Version" in capsys.readouterr().out
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(TEXT + "\n[nonsense]\nx = 1\n", "utf-8")
    assert main(["playbook", "check", str(wrong)]) == 2
    assert f"line {TEXT.count(chr(10)) + 2}: nonsense is not known" in capsys.readouterr().err
    assert main(["playbook", "check", "nowhere.toml"]) == 2
    assert "nowhere.toml cannot be read" in capsys.readouterr().err


def test_the_same_rules_raise_the_same(calls, capsys):
    status, said = tried(capsys, BUNDLED, "--calls", calls)
    assert status == 0
    assert "demo-3\n" in said.out
    assert "1 call(s)" in said.out
    assert "changed 0, only current 0, only new 0" in said.out


def test_what_changes_is_shown_side_by_side(calls, later, capsys):
    status, said = tried(capsys, later, "--calls", calls)
    assert status == 1
    line = next(row for row in said.out.splitlines() if row.startswith("  ~"))
    current, new = (float(text.split()[-1]) for text in line.split(" s  PROMPT")[:2])
    assert new == pytest.approx(current + 1.0)
    status, said = tried(capsys, BUNDLED, "--calls", calls, "--playbook", later)
    assert status == 1  # the other way round


def test_json_is_one_object(calls, later, capsys):
    status, said = tried(capsys, later, "--calls", calls, "--json")
    found = json.loads(said.out)
    assert status == 1
    assert found["calls"] == 1
    assert found["current"] != found["new"]
    changed = [pair for pair in found["pairs"] if pair["change"] == "changed"]
    assert len(changed) == found["changed"] > 0
    assert {pair["current"]["kind"] for pair in changed} == {"PROMPT"}


def test_an_export_of_the_log_is_tried_like_the_trace_itself(calls, later, capsys):
    _, trace = tried(capsys, later, "--calls", calls, "--json")
    path = calls / "demo-3.in.jsonl"
    [events] = read(path.read_text("utf-8"), "x").values()
    info = events[0].info
    path.write_bytes(b"\n".join(wire.encode(news(event, info, "")) for event in events))
    _, export = tried(capsys, later, "--calls", calls, "--json")
    assert json.loads(export.out) == json.loads(trace.out)


@pytest.mark.model
def test_a_recording_is_heard_by_the_configured_model(tmp_path, later, capsys):
    (tmp_path / "sound").mkdir()
    recording = demo(3)
    samples = recording.samples[: 26 * recording.sample_rate]
    soundfile.write(tmp_path / "sound" / "three.wav", samples, recording.sample_rate)
    status, said = tried(
        capsys, later, "--calls", tmp_path / "sound", "--model", "tiny", "--json"
    )
    found = json.loads(said.out)
    assert status == 1
    assert found["seconds"] == pytest.approx(26.0, abs=0.1)
    assert found["kinds"]["PROMPT"] == {"current": 1, "new": 1}
    assert "1 of 1: three.wav" in said.err


@pytest.mark.parametrize("broken", ["empty", "line", "wav", "playbook", "model"])
def test_what_cannot_be_tried_is_said_with_status_2(tmp_path, capsys, broken):
    folder, playbook, model = tmp_path / "calls", BUNDLED, "tiny"
    folder.mkdir()
    match broken:
        case "line":
            (folder / "x.jsonl").write_text("{", "utf-8")
        case "wav":
            (folder / "x.wav").write_bytes(b"no sound")
        case "playbook":
            playbook = tmp_path / "nowhere.toml"
        case "model":
            model = "nowhere/nothing/at/all"
            soundfile.write(folder / "x.wav", demo(1).samples[:8000], 8000)
    status, said = tried(capsys, playbook, "--calls", folder, "--model", model)
    assert status == 2
    told = {"empty": "holds no calls", "line": "x.jsonl, line 1", "wav": "x.wav",
            "playbook": "nowhere.toml", "model": "nowhere/nothing"}  # fmt: skip
    assert told[broken] in said.err
