"""From a checkpoint to a model directory as funasr loads it, with a clip for a self-test.

Everything is written beside its place first and renamed into it, the weights last.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile
import torch
import yaml  # type: ignore[import-untyped]
from torch import Tensor

from streamer.recognizer.sensevoice import Clip, SenseVoice
from training.card import card
from training.clips import Item
from training.corpus import read_waves
from training.network import build
from training.sounds import RATE, Samples

TOKENIZER = "zh_en_yue_tiny_spectok.bpe.model"
SELFTEST_SECONDS = (1.2, 2.0)
FRONTEND = {
    "fs": RATE,
    "window": "hamming",
    "n_mels": 80,
    "frame_length": 25,
    "frame_shift": 10,
    "lfr_m": 7,
    "lfr_n": 6,
    "dither": 0.0,
    "cmvn_file": None,
}
CONFIGURATION = {
    "framework": "pytorch",
    "task": "auto-speech-recognition",
    "model": {"type": "funasr"},
    "pipeline": {"type": "funasr-pipeline"},
    "model_name_in_hub": {"ms": "", "hf": ""},
    "file_path_metas": {
        "init_param": "model.pt",
        "config": "config.yaml",
        "tokenizer_conf": {"bpemodel": TOKENIZER},
        "frontend_conf": {"cmvn_file": "am.mvn"},
    },
}


@dataclass(frozen=True, slots=True)
class Made:
    """What an export is made from: files of the work folder."""

    checkpoint: Path
    pieces: Path
    test: Path
    figures: Path


def weights(saved: dict[str, Any]) -> dict[str, Tensor]:
    """The averaged weights by name, as float16."""
    model = build(saved["conf"], saved["vocab"])
    torch.nn.utils.vector_to_parameters(saved["ema"], model.parameters())
    return {name: p.detach().half() for name, p in model.state_dict().items()}


def config(conf: dict[str, Any]) -> str:
    """config.yaml"""
    content = {
        "encoder": "SenseVoiceEncoderSmall",
        "encoder_conf": conf,
        "model": "SenseVoiceSmall",
        "model_conf": {"length_normalized_loss": True, "sos": 1, "eos": 2, "ignore_id": -1},
        "tokenizer": "SentencepiecesTokenizer",
        "tokenizer_conf": {"bpemodel": None, "unk_symbol": "<unk>", "split_with_space": True},
        "frontend": "WavFrontend",
        "frontend_conf": FRONTEND,
    }
    return str(yaml.safe_dump(content, sort_keys=False))


def statistics(mean: Tensor, scale: Tensor) -> str:
    """am.mvn in Kaldi's form: add minus the mean, multiply by the inverse deviation."""

    def row(values: Tensor) -> str:
        return "<LearnRateCoef> 0 [ " + " ".join(f"{v:.7g}" for v in values.tolist()) + " ]"

    size = len(mean)
    return (
        f"<Nnet> \n<Splice> {size} {size}\n[ 0 ]\n<AddShift> {size} {size} \n{row(-mean)}\n"
        f"<Rescale> {size} {size}\n{row(scale)}\n</Nnet> \n"
    )


def export(made: Made, out: Path) -> None:
    """Write the model directory `out`; its card tells the figures, if there are any."""
    saved = torch.load(made.checkpoint, weights_only=True)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        new = Path(scratch)
        (new / TOKENIZER).write_bytes(made.pieces.read_bytes())
        (new / "am.mvn").write_text(statistics(saved["mean"], saved["scale"]), "utf-8")
        (new / "config.yaml").write_text(config(saved["conf"]), "utf-8")
        (new / "configuration.json").write_text(
            json.dumps(CONFIGURATION, indent=2) + "\n", "utf-8"
        )
        torch.save(weights(saved), new / "model.pt")
        selftest(new, made.test)
        measured = (
            json.loads(made.figures.read_text("utf-8")) if made.figures.exists() else None
        )
        (new / "MODEL_CARD.md").write_text(card(saved["step"], measured), "utf-8")
        for path in sorted(new.iterdir(), key=lambda p: p.suffix == ".pt"):
            os.replace(path, out / path.name)


def selftest(model: Path, test: Path) -> None:
    """Write a short neutral clip and what this model hears in it."""
    ear = SenseVoice.load(model)
    _, samples = _neutral(ear, test)
    path = model / "selftest.wav"
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    samples, _ = soundfile.read(path, dtype="float32")
    heard = ear.hear([Clip(samples=samples)])[0]
    told = {
        "text": heard.text,
        "language": heard.language,
        "emotion": str(heard.emotion),
        "event": str(heard.events[0]),
    }
    content = json.dumps(told, ensure_ascii=False, indent=2)
    (model / "selftest.json").write_text(content + "\n", "utf-8")


def _neutral(ear: SenseVoice, test: Path) -> tuple[Item, Samples]:
    """A neutral Mandarin test clip of a known voice, if possible one that is heard rightly."""
    shortest, longest = SELFTEST_SECONDS
    found = [
        (item, samples)
        for item, samples in read_waves(test)
        if (item.emotion, item.language) == ("NEUTRAL", "zh")
        and not item.group.startswith("wide")
        and shortest <= len(samples) / RATE <= longest
    ]
    if not found:
        raise SystemExit("no test clip is short and neutral: synthesise the test side first")
    for item, samples in found:
        heard = ear.hear([Clip(samples=samples, language="auto", itn=False)])[0]
        if heard.text == item.plain and heard.emotion == "NEUTRAL" and len(item.plain) > 4:
            return item, samples
    return found[0]
