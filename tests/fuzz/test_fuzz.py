"""A short run of the fuzzer; `make fuzz` is the long one."""

import importlib.util
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from streamer import gateways
from streamer.gateways.audiosocket import AudioSocketCodec, Frames, Kind, frame
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
    assert {seed[0] & ~codecs.BEGUN for seed in codecs.seeds()} == set(range(codecs.KINDS))
    assert len(known) + 1 == codecs.KINDS


@pytest.mark.parametrize("begun", [0, codecs.BEGUN])
@pytest.mark.parametrize("number", range(codecs.KINDS))
def test_what_is_no_protocol_error_is_found(monkeypatch, number, begun):
    """The fuzzer would notice."""
    kinds = [type(make(codecs.handshake(path))) for path, make in codecs.CODECS.items()]
    kind = [*kinds, AudioSocketCodec][number]
    said = frame(Kind.UUID, bytes(16)) + frame(Kind.SLIN, bytes(2))
    said = said if kind is AudioSocketCodec else b"t{}"

    def broken(self, message):
        raise KeyError(message)

    monkeypatch.setattr(kind, "receive", broken)
    with pytest.raises(KeyError):
        codecs.connection(bytes([number | begun]) + said)


def test_seeds_are_understood():
    for seed in codecs.seeds():
        codecs.connection(seed)


@pytest.mark.parametrize("begun", [0, codecs.BEGUN])
def test_a_fault_of_audiosocket_s_framing_is_found(monkeypatch, begun):
    def broken(self, header):
        raise struct.error(header)

    monkeypatch.setattr(Frames, "_measure", broken)
    with pytest.raises(struct.error):
        codecs.connection(bytes([len(codecs.PATHS) | begun]) + b"\x01\x00\x10")
