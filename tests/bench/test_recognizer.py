"""The benchmark of the recognizer runs and adds up. Nothing here is timed."""

import json
import subprocess
import sys

import pytest

from bench.recognizer import contest, gpu
from bench.recognizer.__main__ import _arguments
from bench.recognizer.contest import QUICK, Plan
from bench.recognizer.contestants import batches
from bench.recognizer.load import arrivals
from bench.recognizer.network import onnx_missing
from bench.recognizer.process import ROOT
from bench.recognizer.report import BEGIN, END, written_into
from bench.recognizer.sounds import LONGEST, SHORTEST, lengths, speechlike
from streamer.events import Party

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


def test_it_runs(work, tmp_path):
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    command = [sys.executable, "-m", "bench.recognizer", "--json", "--quick"]
    run = subprocess.run(
        [*command, f"--work={work}", f"--markdown={document}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    everybody = {"ours fp32", "funasr"}
    if onnx_missing():
        assert "pip install" in found["not_measured"]["onnxruntime"]
    else:
        everybody |= {"onnxruntime fp32", "onnxruntime int8"}
        assert found["contestants"]["onnxruntime fp32"]["text_similarity"] > 0.99
    assert everybody <= found["contestants"].keys()
    assert found["throughput_ratio_best_peer"] > 0
    assert found["latency_ratio_best_peer"] > 0
    assert found["contestants"]["funasr"]["same_text"] == 1.0
    assert found["loop_lag_ms_p99"].keys() == {
        name for name in found["contestants"] if name.startswith("ours")
    }
    assert (found["gpu"] is None) == bool(found["gpu_reason"])
    text = document.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "| ours fp32 |" in text
    assert "old" not in text


def test_the_gpu_section_runs_wherever_it_is_pointed(work):
    contest.made(None, work, random_weights=True)
    found = gpu.measure(["ours fp32"], work, QUICK, [0], device="cpu")
    assert found["contestants"]["funasr"]["times_as_fast_as_generate"] == 1.0
    assert found["contestants"]["ours fp32"]["latency_32_of_3s_ms_p50"] > 0
    assert found["calls"]["ours fp32"][0]["calls"] == 1


def test_what_is_not_said_is_the_whole_plan(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["bench.recognizer"])
    assert Plan(rounds=_arguments().rounds) == Plan()


def test_a_document_without_marks_is_left_alone(tmp_path):
    document = tmp_path / "other.md"
    document.write_text("text")
    with pytest.raises(ValueError, match="lacks the marks"):
        written_into(document, "new")
    assert document.read_text() == "text"


def test_lengths_are_those_documented():
    drawn = lengths(500)
    assert drawn == lengths(500)
    assert min(drawn) >= SHORTEST
    assert max(drawn) <= LONGEST
    assert 2.3 < sorted(drawn)[250] < 3.2
    assert len(speechlike(1.5, 3)) == 24_000
    assert 0.2 < abs(speechlike(1.5, 3)).max() <= 0.25


def test_calls_come_as_they_do_in_life():
    coming = arrivals(10, 60.0)
    assert [each.at for each in coming] == sorted(each.at for each in coming)
    assert all(0 <= each.at < 60 for each in coming)
    assert {each.party for each in coming} == {Party.CUSTOMER, Party.AGENT}
    spoken = sum(each.seconds for each in coming) / (2 * 10 * 60)
    assert 0.35 < spoken < 0.6


def test_batches_waste_little():
    clips = [bytes(n) for n in (5, 1, 3, 2, 4)]
    assert batches(clips, 2) == [[1, 3], [2, 4], [0]]


def test_ratios_are_taken_within_rounds():
    # The neighbours were loud in the second round: for both.
    assert contest.paired([20, 2, 20], [10, 1, 10]) == 2.0


def test_percentiles():
    assert contest.milliseconds([0.003, 0.001, 0.002], 50) == 2.0
    assert contest.milliseconds([0.001] * 99 + [1.0], 99) == 1.0
    assert contest.milliseconds([0.001] * 98 + [1.0] * 2, 99) == 1000.0


def test_agreement():
    assert contest.agreement(["一二", "三"], ["一二", "四"])["same_text"] == 0.5
