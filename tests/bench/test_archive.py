import json
import sys

from bench.archive import __main__ as bench
from bench.archive.generator import calls


def test_the_same_seed_gives_the_same_calls():
    assert list(calls(3)) == list(calls(3))
    assert list(calls(3)) != list(calls(3, seed=2))


def test_it_prints_what_was_measured(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "--json", "--calls", "30", "--rounds", "1"])
    bench.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["calls"] == 30
    assert result["messages"] > 30 * 30
    assert set(result["search_ms"]) == set(bench.QUESTIONS)
    assert result["search_ms"]["货"]["found"] != "0"
    assert any("sentence_words" in line for line in result["search_ms"]["货"]["plan"])
