"""Buckets and their stages, with a capture that records nothing and runs again: what a GPU's
graph does, on the CPU. The capture itself is tested where there is a GPU (test_gpu.py)."""

from dataclasses import replace

import pytest
import torch

from streamer.errors import ModelError
from streamer.recognizer.graphs import Graphs, bucket
from streamer.recognizer.hearing import Clip
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model


def again(run):
    """Like a graph, it answers into the same memory every time."""
    best, asked = run()

    def replay():
        for kept, fresh in zip((best, asked), run(), strict=True):
            kept.copy_(fresh)
        return best, asked

    return replay


@pytest.fixture
def graphs(model):
    return Graphs(model.network, again)


def test_the_smallest_bucket_that_holds_it():
    assert bucket(1, 54) == (1, 64)
    assert bucket(3, 65) == (4, 128)
    assert bucket(32, 512) == (32, 512)
    assert bucket(33, 64) is None
    assert bucket(1, 513) is None


def test_in_a_bucket_the_same_is_heard(model, graphs, monkeypatch):
    # Pinned memory is for a GPU.
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda self: self)
    clips = [
        Clip(murmur(s, i), name)
        for i, (s, name) in enumerate([(3.0, "zh"), (0.4, "auto"), (1.7, "en")])
    ]
    other = [Clip(murmur(5.0, 7)), Clip(murmur(0.2, 8))]
    graphed = replace(model, graphs=graphs)
    first, second = graphed.hear(clips), graphed.hear(other)
    assert set(graphs.stages) == {(4, 64), (2, 128)}
    for got, wanted in zip(
        (*first, *second), (*model.hear(clips), *model.hear(other)), strict=True
    ):
        assert (got.raw, got.tokens) == (wanted.raw, wanted.tokens)
        assert got.emotion_p == pytest.approx(wanted.emotion_p, abs=1e-5)


def test_what_a_longer_clip_left_behind_is_never_heard(model, graphs):
    def said(frames):
        speech = model.frontend.extract(murmur(frames, 3))[None]
        lengths = torch.tensor([4 + speech.shape[1]])
        with torch.inference_mode():
            return graphs(speech, torch.tensor([[0, 1, 2, 14]]), lengths)

    before = said(1.0)
    said(3.4)
    after = said(1.0)
    assert torch.equal(before[0], after[0])
    assert torch.equal(before[1], after[1])


def test_an_answer_is_the_callers_to_keep(model, graphs):
    speech = [model.frontend.extract(murmur(1.0, seed))[None] for seed in (0, 1)]
    rows, lengths = torch.tensor([[0, 1, 2, 14]]), torch.tensor([4 + speech[0].shape[1]])
    with torch.inference_mode():
        first = graphs(speech[0], rows, lengths)[1]
        kept = first.clone()
        graphs(speech[1], rows, lengths)
    assert torch.equal(first, kept)


def test_what_fits_no_bucket_is_left_to_others(model, graphs):
    long = torch.zeros(1, 600, 560)
    assert graphs(long, torch.tensor([[0, 1, 2, 14]]), torch.tensor([604])) is None
    assert not graphs.stages


def test_all_buckets_can_be_warmed(graphs):
    graphs.warm(batches=(1, 2), frames=(64, 128))
    assert set(graphs.stages) == {(1, 64), (2, 64), (1, 128), (2, 128)}


def test_graphs_need_a_gpu(model):
    with pytest.raises(ModelError, match="need a GPU"):
        model.graphed()
