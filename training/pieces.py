"""The SentencePiece model: id 0 is <unk> and the CTC blank; every tag and Hanzi is one piece.

No dummy prefix and no whitespace folding, as in the public model: otherwise funasr's timestamps
are off by one.
"""

import random
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto

from training import phrases

LANGUAGES = ("zh", "en", "yue", "ja", "ko", "nospeech")
EMOTIONS = (
    "HAPPY",
    "SAD",
    "ANGRY",
    "NEUTRAL",
    "FEARFUL",
    "DISGUSTED",
    "SURPRISED",
    "OTHER",
    "EMO_UNKNOWN",
)
EVENTS = (
    "Speech",
    "BGM",
    "Laughter",
    "Applause",
    "Cry",
    "Cough",
    "Sneeze",
    "Breath",
    "Event_UNK",
)
TEXTNORMS = ("withitn", "woitn")
TAGS = [f"<|{name}|>" for name in (*LANGUAGES, *EMOTIONS, *EVENTS, *TEXTNORMS)]
ENGLISH_PIECES = 300
BLANK = 0
SPACE = "\u2581"


def train_pieces(path: Path) -> None:
    """Write the model to `path`; the English pieces come from training sentences only."""
    rng = random.Random(3)
    lines = []
    for _ in range(2500):
        phrase, _ = phrases.sample("en", False, rng)
        lines += [phrase.written, phrase.label(False), phrase.label(False)]
    hanzi = phrases.hanzi()
    text = path.with_suffix(".txt")
    text.write_text("\n".join(lines + hanzi * 3), "utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(path.with_suffix("")),
        model_type="bpe",
        vocab_size=len(hanzi) + len(TAGS) + ENGLISH_PIECES,
        character_coverage=1.0,
        user_defined_symbols=TAGS,
        split_digits=True,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        normalization_rule_name="identity",
        minloglevel=2,
    )
    text.unlink()
    path.with_suffix(".vocab").unlink(missing_ok=True)
    _plain_normaliser(path)


def _plain_normaliser(path: Path) -> None:
    model = proto.ModelProto()  # type: ignore[attr-defined] # made at run time
    model.ParseFromString(path.read_bytes())
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    path.write_bytes(model.SerializeToString())


class Pieces:
    """Text and tags to ids and back."""

    def __init__(self, path: Path) -> None:
        self._model = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def __len__(self) -> int:
        return int(self._model.get_piece_size())

    def tag(self, name: str) -> int:
        return int(self._model.piece_to_id(f"<|{name}|>"))

    @cached_property
    def names(self) -> dict[int, str]:
        return {self.tag(name[2:-2]): name[2:-2] for name in TAGS}

    def encode(self, text: str, language: str) -> list[int]:
        ids = list(self._model.encode((" " if language == "en" else "") + text))
        lone = self._model.piece_to_id(SPACE)
        return ids[1:] if ids and ids[0] == lone and language != "en" else ids

    def words(self, ids: Sequence[int]) -> list[list[int]]:
        """English pieces grouped into words."""
        out: list[list[int]] = []
        for i in ids:
            if self._model.id_to_piece(i).startswith(SPACE) or not out:
                out.append([])
            out[-1].append(i)
        return out

    def decode(self, ids: Sequence[int]) -> str:
        return str(self._model.decode(list(ids)))
