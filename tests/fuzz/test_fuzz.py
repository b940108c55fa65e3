"""A short run of the fuzzer; `make fuzz` is the long one."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from streamer import gateways
from tests.fuzz import codecs
from tests.streamer.gateways.protocols import PROTOCOLS

ROOT = Path(__file__).parents[2]
RUNS = 20_000


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris here")
def test_whatever_the_fuzzer_finds_to_say_is_understood_or_a_protocol_error(tmp_path):
    options = (f"-runs={RUNS}", "-seed=7", "-max_len=4096", "-timeout=20")
    asked = [sys.executable, "-m", "tests.fuzz", str(tmp_path / "corpus"), *options]
    asked.append(f"-artifact_prefix={tmp_path}/")
    ran = subprocess.run(
        asked, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert f"Done {RUNS}" in ran.stderr
    assert len(list((tmp_path / "corpus").iterdir())) > len(list(codecs.seeds()))


def test_every_codec_is_fuzzed():
    known = gateways.codecs(gateways.GatewaySettings())
    assert set(codecs.PATHS) == set(known) == {protocol.path for protocol in PROTOCOLS}
    assert {seed[0] & ~codecs.BEGUN for seed in codecs.seeds()} == set(range(len(known)))


@pytest.mark.parametrize("begun", [0, codecs.BEGUN])
@pytest.mark.parametrize("number", range(len(codecs.PATHS)))
def test_what_is_no_protocol_error_is_found(monkeypatch, number, begun):
    """The fuzzer would notice."""
    kind = type(codecs.CODECS[codecs.PATHS[number]](codecs.handshake(codecs.PATHS[number])))

    def broken(self, message):
        raise KeyError(message)

    monkeypatch.setattr(kind, "receive", broken)
    with pytest.raises(KeyError):
        codecs.connection(bytes([number | begun]) + b"t{}")


def test_seeds_are_understood():
    for seed in codecs.seeds():
        codecs.connection(seed)
