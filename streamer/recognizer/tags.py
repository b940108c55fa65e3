"""SenseVoice's vocabulary: pieces, and the ids of the tags it answers with.

Ids differ between the public model (25055 pieces) and any smaller one, and funasr's own tables
hold the public model's numbers only: here every id is asked of the tokenizer and checked.
"""

from dataclasses import dataclass
from pathlib import Path

import sentencepiece

from streamer.errors import ModelError
from streamer.events import AudioEvent, Emotion

NO_SPEECH = "nospeech"
LANGUAGE_ROWS = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12, NO_SPEECH: 13}
"""Rows of the query embedding that tell the network which language to expect."""
SPOKEN = ("zh", "en", "yue", "ja", "ko")
EMOTION_ROW, EVENT_ROW = 1, 2
WITH_ITN_ROW, WITHOUT_ITN_ROW = 14, 15
BLANK = 0

_REQUIRED = (
    "zh",
    NO_SPEECH,
    Emotion.ANGRY,
    Emotion.NEUTRAL,
    Emotion.UNKNOWN,
    AudioEvent.SPEECH,
)


def _tag(name: str) -> str:
    return f"<|{name}|>"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces in the order of their ids, and which ids answer which question.

    Each of `languages`, `emotions` and `events` maps a label to its id; a label the model does
    not know is absent.
    """

    pieces: tuple[str, ...]
    languages: dict[str, int]
    emotions: dict[Emotion, int]
    events: dict[AudioEvent, int]
    processor: sentencepiece.SentencePieceProcessor

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Raises `ModelError` where the file is no SentencePiece model or lacks a tag."""
        try:
            processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (OSError, RuntimeError) as error:
            raise ModelError(f"{path} is not a SentencePiece model: {error}") from error
        pieces = tuple(processor.id_to_piece(i) for i in range(processor.get_piece_size()))
        ids = {piece: i for i, piece in enumerate(pieces)}
        missing = [_tag(name) for name in _REQUIRED if _tag(name) not in ids]
        if missing:
            raise ModelError(
                f"{path} is no SenseVoice vocabulary: it lacks {', '.join(missing)}"
            )
        languages = [name for name in LANGUAGE_ROWS if _tag(name) in ids]
        return cls(
            pieces=pieces,
            languages={name: ids[_tag(name)] for name in languages},
            emotions={label: ids[_tag(label)] for label in Emotion if _tag(label) in ids},
            events={label: ids[_tag(label)] for label in AudioEvent if _tag(label) in ids},
            processor=processor,
        )

    def text(self, ids: list[int]) -> str:
        """The words, with no tag among them and no space around them."""
        return str(self.processor.decode([i for i in ids if not self.is_tag(i)])).strip()

    def tagged(self, ids: list[int]) -> str:
        """Everything, tags included, as funasr prints it."""
        return str(self.processor.decode(ids))

    def is_tag(self, piece: int) -> bool:
        return self.pieces[piece].startswith("<|") and self.pieces[piece].endswith("|>")
