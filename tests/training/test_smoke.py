"""The whole way once, in small: speak, train, see the loss fall, export, load."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from streamer.recognizer.sensevoice import Clip, SenseVoice
from training.clips import clip
from training.corpus import SMOKE, read, read_waves, synthesise
from training.espeak import SpeechError, espeak
from training.export import Made, export
from training.pieces import TAGS, Pieces, train_pieces
from training.recipe import Recipe
from training.speech import units
from training.train import CHECKPOINT, Trainer

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    try:
        espeak()
    except SpeechError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("training")
    synthesise(folder / "train", SMOKE, test=False, workers=1)
    synthesise(folder / "test", SMOKE, test=True, workers=1)
    train_pieces(folder / "tiny.bpe.model")
    return folder


def test_every_hanzi_has_its_time(work):
    for item, feats in read(work / "train"):
        if item.language == "zh":
            assert len(item.spans) == len(units(item.spoken, "zh")) == len(item.plain)
            assert all(0 <= a < b <= len(feats) + 8 for a, b in item.spans)
            assert list(item.spans) == sorted(item.spans)


def test_a_clip_is_made_from_its_number_alone(work):
    (one, x), (two, y) = (clip(7, "zh", test=False) for _ in range(2))
    # espeak carries a fraction of a sample from one call to the next
    assert replace(one, spans=()) == replace(two, spans=())
    assert np.allclose(one.spans, two.spans, atol=1)
    assert abs(len(x) - len(y)) < 160


def test_the_pieces_are_the_models(work):
    pieces = Pieces(work / "tiny.bpe.model")
    assert len({pieces.tag(name[2:-2]) for name in TAGS} - {0}) == len(TAGS)
    assert len(pieces.encode("我要退货，12315。", "zh")) == 11
    ids = pieces.encode("i want a refund", "en")
    assert len(pieces.words(ids)) == 4
    assert pieces.decode(ids).strip() == "i want a refund"


def test_the_loss_falls_and_the_model_loads(work):
    torch.set_num_threads(1)
    recipe = Recipe(steps=16, ranks=1, frames=1500, warmup=4, log_every=4, align_until=9)
    stored, pieces = list(read(work / "train")), Pieces(work / "tiny.bpe.model")
    (work / "run").mkdir()
    trainer = Trainer(0, stored, pieces, recipe, work / "run")
    first, *_, last = trainer.run()
    assert last["align"] < first["align"]
    assert last["ctc"] < first["ctc"]

    again = Trainer(0, stored, pieces, recipe, work / "run")
    assert again.step == 16
    assert torch.equal(again.flat.ema, trainer.flat.ema)

    made = Made(
        work / "run" / CHECKPOINT, work / "tiny.bpe.model", work / "test", work / "none.json"
    )
    export(made, work / "tiny")
    files = list((work / "tiny").iterdir())
    assert sum(path.stat().st_size for path in files) < 12_000_000
    _, samples = next(read_waves(work / "test"))
    (heard,) = SenseVoice.load(work / "tiny").hear([Clip(samples=samples)])
    assert abs(sum(heard.emotion_p.values()) - 1) < 1e-4
