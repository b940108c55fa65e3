import threading

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from streamer.errors import RecognizerError
from streamer.events import CallId, Party, Utterance
from streamer.recognizer.gates import Closed, Gates
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.preparation import Listening, Preparation
from tests.recognizer.conftest import murmur, plain_frontend

pytestmark = pytest.mark.model

PCM = (murmur(2.0) * 32767).astype("<i2").tobytes()
WAIT = 20  # seconds until a test is said to hang


class Frontend:
    """A real one that says when it computes, how many frames, and that can be held."""

    def __init__(self):
        self._real, self.computed = plain_frontend(), []
        self.go, self.busy = threading.Event(), threading.Semaphore(0)
        self.go.set()

    def log_mel(self, samples, first=0):
        self.busy.release()
        self.go.wait(WAIT)
        mel = self._real.log_mel(samples, first)
        self.computed.append(len(mel))
        return mel

    def finished(self, mel):
        return self._real.finished(mel)

    def extract(self, samples):
        return self._real.extract(samples)


def said(number, seconds, party=Party.CUSTOMER, pcm=PCM):
    pcm = pcm[: round(seconds * 16000) * 2]
    end = 1.0 + seconds
    return Utterance(CallId("c"), number, party, 1.0, end, end, 0.0, 16000, pcm)


@pytest.fixture
def frontend():
    return Frontend()


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def preparation(frontend, registry):
    it = Preparation(Listening(frontend, Gates(), itn=True, growing=3), Metrics(registry))
    yield it
    frontend.go.set()
    it.close()


def held(preparation, frontend):
    """The thread is busy with an utterance of its own until `go` is set."""
    frontend.go.clear()
    ready = preparation.prepare(said(99, 0.1), draft=False)
    assert frontend.busy.acquire(timeout=WAIT)
    return ready


def released(frontend, *ready):
    """What was computed meanwhile, as counts of frames."""
    frontend.go.set()
    for each in ready:
        each.result(WAIT)
    return frontend.computed[1:]


def finished(preparation):
    """Everything that waited has been computed."""
    preparation._thread.submit(int).result(WAIT)


def frames(seconds):
    return round(seconds * 100) - 2


def test_a_clip_is_what_the_frontend_makes_of_the_whole(preparation, frontend):
    for seconds in (0.3, 0.6, 0.9):
        preparation.grow(said(1, seconds))
    clip = preparation.prepare(said(1, 1.2), draft=False).result(WAIT)
    assert len(clip.samples) == 19200
    expected = frontend.extract(clip.samples)
    assert clip.features.shape == expected.shape
    assert (clip.features - expected).abs().max() < 1e-3
    assert (clip.language, clip.itn) == ("auto", True)


def test_what_grew_is_not_computed_again_neither_for_drafts_nor_at_the_end(
    preparation, frontend
):
    preparation.grow(said(1, 1.0))
    assert frontend.busy.acquire(timeout=WAIT)
    preparation.prepare(said(1, 1.0), draft=True).result(WAIT)
    preparation.prepare(said(1, 1.2), draft=False).result(WAIT)
    assert frontend.computed == [frames(1.0), 0, 20]
    preparation.prepare(said(1, 1.2), draft=False).result(WAIT)
    assert frontend.computed[3:] == [frames(1.2)], "it is forgotten once it is over"


def test_who_waits_goes_first_and_utterances_before_drafts(preparation, frontend):
    first = held(preparation, frontend)
    preparation.grow(said(1, 0.3))
    draft = preparation.prepare(said(2, 0.4), draft=True)
    final = preparation.prepare(said(3, 0.5), draft=False)
    assert released(frontend, first, final, draft)[:2] == [frames(0.5), frames(0.4)]


def test_the_newest_growth_replaces_what_waits_of_it(preparation, frontend):
    first = held(preparation, frontend)
    for seconds in (0.3, 0.6, 0.9):
        preparation.grow(said(1, seconds))
    frontend.go.set()
    first.result(WAIT)
    finished(preparation)
    assert frontend.computed[1:] == [frames(0.9)]


def test_the_end_leaves_nothing_of_it_to_grow(preparation, frontend):
    first = held(preparation, frontend)
    preparation.grow(said(1, 0.9))
    final = preparation.prepare(said(1, 1.0), draft=False)
    released(frontend, first, final)
    finished(preparation)
    assert frontend.computed[1:] == [frames(1.0)]


def test_when_too_many_grow_the_rest_is_computed_later(preparation, frontend):
    first = held(preparation, frontend)
    for number in (1, 2, 3, 4):
        preparation.grow(said(number, 0.3))
    late = preparation.prepare(said(4, 0.5), draft=False)
    computed = released(frontend, first, late)
    assert computed[0] == frames(0.5)
    finished(preparation)
    assert frontend.computed[2:] == [frames(0.3)] * 3


def test_quiet_is_nothing_to_hear(preparation):
    nothing = said(1, 1.0, pcm=bytes(32000))
    assert preparation.prepare(nothing, draft=False).result(WAIT) is Closed.QUIET


def test_what_cannot_be_read_fails_alone(preparation, registry):
    odd = said(1, 1.0, pcm=b"odd")
    preparation.grow(odd)
    failed = preparation.prepare(odd, draft=False)
    with pytest.raises(RecognizerError, match="cannot be read"):
        failed.result(WAIT)
    assert preparation.prepare(said(2, 1.0), draft=False).result(WAIT)


def test_growth_that_fails_is_counted_and_costs_nothing(
    preparation, frontend, registry, caplog
):
    preparation.grow(said(1, 1.0, pcm=b"odd"))
    clip = preparation.prepare(said(2, 1.0), draft=False).result(WAIT)
    finished(preparation)
    assert np.array_equal(clip.features, frontend.extract(clip.samples))
    errors = "earwitness_recognizer_errors_total"
    assert registry.get_sample_value(errors, {"reason": "growth"}) == 1
    assert "computed early" in caplog.text


class Wave(BaseException):
    """Not an `Exception`."""


def test_whatever_happens_whoever_waits_is_answered(preparation, frontend, monkeypatch):
    def drowned(mel):
        raise Wave

    monkeypatch.setattr(frontend, "finished", drowned)
    with pytest.raises(RecognizerError, match="Wave"):
        preparation.prepare(said(1, 1.0), draft=False).result(WAIT)
