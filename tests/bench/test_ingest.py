"""What the figures of `bench.ingest` mean, on a second of audio."""

import asyncio

import pytest

from bench.ingest import inside, loopback
from bench.ingest.tapes import NAMED, tapes
from streamer.wires import PATHS

every = pytest.mark.parametrize("path", PATHS)


@every
def test_all_of_every_call_is_heard_over_real_sockets(path):
    calls = tapes(path, 3, 1.0)
    its = calls if path in NAMED else calls[:2]  # the third has the tapes of the first
    found = asyncio.run(loopback.play(its, 3, speed=5.0))
    assert found.calls == 3.0
    assert found.lost == 0
    assert found.heard == pytest.approx(6.0, abs=0.5)  # the last frames may be under way
    assert 0 < found.cpu < 30
    assert len(found.lags) > 5
    assert len(found.idle) > 5


@every
def test_inside_hears_the_speech_and_resamples_it(path):
    found = inside.play(tapes(path, 5, 8.0))
    assert found.calls == 40.0
    assert 0.1 < found.speech / found.calls / 2 < 0.9
    assert found.cpu > 0


def test_no_two_calls_say_the_same_at_the_same_time():
    firsts = [call[0].ticks[100:150] for call in tapes("/raw", 12, 3.0)]
    assert all(a != b for n, a in enumerate(firsts) for b in firsts[:n])
