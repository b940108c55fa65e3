"""A model directory in funasr's format with seeded random weights, of any size: right about
shape, cost and speed, and wrong about everything else. For benchmarks and tests."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from omegaconf import OmegaConf

from streamer.events import AudioEvent, Emotion
from streamer.recognizer.funasr_part import part_of_funasr

LANGUAGES = ("zh", "en", "yue", "ja", "ko", "nospeech")
TAGS = [f"<|{name}|>" for name in (*LANGUAGES, *Emotion, *AudioEvent, "withitn", "woitn")]
HANZI = "你们是不压单啊这件衣服尺码根本对我要退货，。？！零一二三四五六七八九十"
ENGLISH = [
    "I want to return this item",
    "where is my order",
    "the size is wrong",
    "please send it back to the shop",
    "I have been waiting for nineteen days",
]
SPM = "chn_jpn_yue_eng_ko_spectok.bpe.model"
SMALL = {
    "output_size": 64,
    "attention_heads": 4,
    "linear_units": 128,
    "num_blocks": 3,
    "tp_blocks": 2,
}
FULL = {
    "output_size": 512,
    "attention_heads": 4,
    "linear_units": 2048,
    "num_blocks": 50,
    "tp_blocks": 20,
}
ENCODER = {
    "input_layer": "pe",
    "normalize_before": True,
    "kernel_size": 11,
    "sanm_shfit": 0,
    "selfattention_layer_type": "sanm",
}
FRONTEND = {
    "fs": 16000,
    "window": "hamming",
    "n_mels": 80,
    "frame_length": 25,
    "frame_shift": 10,
    "lfr_m": 7,
    "lfr_n": 6,
}


def train_tokenizer(directory: Path) -> Path:
    corpus = directory / "corpus.txt"
    corpus.write_text("\n".join([*ENGLISH * 3, *HANZI * 3]), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(directory / "spm"), model_type="bpe",
        vocab_size=len(set(HANZI)) + len(TAGS) + 70, character_coverage=1.0,
        user_defined_symbols=TAGS, unk_id=0, bos_id=1, eos_id=2, pad_id=-1,
        add_dummy_prefix=False, remove_extra_whitespaces=False,
        normalization_rule_name="identity", minloglevel=2,
    )  # fmt: skip
    corpus.unlink()
    return (directory / "spm.model").rename(directory / SPM)


def write_network(
    directory: Path,
    encoder_conf: Mapping[str, int],
    tokenizer: Path | None = None,
    cmvn: Path | None = None,
) -> Path:
    """Fill `directory` with a whole model; `tokenizer` and `cmvn` are copied, else made. The
    same arguments give the same weights."""
    directory.mkdir(parents=True, exist_ok=True)
    if tokenizer is None:
        tokenizer = train_tokenizer(directory)
    else:
        shutil.copyfile(tokenizer, directory / SPM)
    conf = _config(encoder_conf)
    OmegaConf.save(OmegaConf.create(conf), directory / "config.yaml")
    (directory / "configuration.json").write_text(
        json.dumps(_configuration()), encoding="utf-8"
    )
    if cmvn is None:
        (directory / "am.mvn").write_text(_statistics(), encoding="utf-8")
    else:
        shutil.copyfile(cmvn, directory / "am.mvn")
    _save_random_weights(directory, conf, tokenizer)
    return directory


def of_directory(source: Path, directory: Path, *, random_weights: bool) -> Path:
    """Fill `directory` with the model of `source`: its config, tokenizer and statistics, and
    its weights or, where it may lack them, seeded random ones of the size that its config asks
    for. Dither is off, so that whoever hears a clip hears the same."""
    directory.mkdir(parents=True, exist_ok=True)
    metas = json.loads((source / "configuration.json").read_text("utf-8"))["file_path_metas"]
    tokenizer = metas["tokenizer_conf"]["bpemodel"]
    for name in (tokenizer, metas["frontend_conf"]["cmvn_file"], "configuration.json"):
        shutil.copyfile(source / name, directory / name)
    conf: Any = OmegaConf.load(source / metas["config"])
    conf.frontend_conf.dither = 0.0
    OmegaConf.save(conf, directory / metas["config"])
    if random_weights:
        _save_random_weights(directory, conf, directory / tokenizer)
    else:
        os.symlink((source / metas["init_param"]).absolute(), directory / metas["init_param"])
    return directory


def funasr_network(conf: Any, tokenizer: Path) -> Any:  # noqa: ANN401 - funasr carries no types
    """The network that `conf` describes, as funasr builds it, with funasr's initial weights."""
    network_class = part_of_funasr("funasr.models.sense_voice.model").SenseVoiceSmall
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(tokenizer)).get_piece_size()
    return network_class(
        encoder=conf["encoder"],
        encoder_conf=dict(conf["encoder_conf"]),
        input_size=560,
        vocab_size=pieces,
        **conf["model_conf"],
    )


def _config(encoder_conf: Mapping[str, int]) -> dict[str, Any]:
    return {
        "encoder": "SenseVoiceEncoderSmall",
        "encoder_conf": {**encoder_conf, **ENCODER},
        "model": "SenseVoiceSmall",
        "model_conf": {"length_normalized_loss": True, "sos": 1, "eos": 2, "ignore_id": -1},
        "tokenizer": "SentencepiecesTokenizer",
        "tokenizer_conf": {"bpemodel": None, "unk_symbol": "<unk>", "split_with_space": True},
        "frontend": "WavFrontend",
        "frontend_conf": FRONTEND | {"dither": 0.0, "cmvn_file": None},
    }


def _configuration() -> dict[str, Any]:
    return {
        "framework": "pytorch",
        "task": "auto-speech-recognition",
        "model": {"type": "funasr"},
        "pipeline": {"type": "funasr-pipeline"},
        "model_name_in_hub": {"ms": "", "hf": ""},
        "file_path_metas": {
            "init_param": "model.pt",
            "config": "config.yaml",
            "tokenizer_conf": {"bpemodel": SPM},
            "frontend_conf": {"cmvn_file": "am.mvn"},
        },
    }


def _statistics() -> str:
    shift, scale = (" ".join([value] * 560) for value in ("-12.5", "0.22"))
    return (
        "<Nnet>\n<Splice> 560 560\n[ 0 ]\n"
        f"<AddShift> 560 560\n<LearnRateCoef> 0 [ {shift} ]\n"
        f"<Rescale> 560 560\n<LearnRateCoef> 0 [ {scale} ]\n</Nnet>\n"
    )


def _save_random_weights(directory: Path, conf: Any, tokenizer: Path) -> None:  # noqa: ANN401
    torch.manual_seed(7)
    network = funasr_network(conf, tokenizer)
    with torch.no_grad():
        # Larger than the initial ones, or every frame would say the same: the logits' standard
        # deviation is then 3.4, and that of `tiny`, which is trained, 3.1.
        network.ctc.ctc_lo.weight.normal_(0, 0.15)
        network.embed.weight.normal_(0, 0.5)
    torch.save(network.state_dict(), directory / "unfinished.pt")
    os.replace(directory / "unfinished.pt", directory / "model.pt")
