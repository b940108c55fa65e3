"""A result in the form that FunASR's clients understand, of what is published of a call."""

import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from streamer.events import Party, Seconds

Mode: TypeAlias = Literal["online", "offline", "2pass"]


class Said(Struct, frozen=True):
    """Of a published transcript or draft, what matters here."""

    type: str
    party: Party = Party.UNKNOWN
    utterance: int = 0
    end: Seconds = 0.0
    text: str = ""
    tokens: tuple[tuple[str, Seconds], ...] = ()


class _Sentence(Struct, frozen=True):
    text_seg: str
    punc: str
    start: int
    end: int
    ts_list: list[tuple[int, int]]


class Result(Struct, frozen=True, omit_defaults=True):
    """`timestamp` is JSON within JSON, as it is there. Times in ms of the call's audio."""

    mode: str
    wav_name: str
    text: str
    is_final: bool
    timestamp: str = ""
    stamp_sents: list[_Sentence] = []
    is_end: bool = False
    error: str = ""


def whole(mode: str, name: str, said: Sequence[Said], *, final: bool) -> Result:
    """All of it in one result."""
    timed = [word for each in said for word in _timed(each)]
    times = [span for text, span in timed if not is_punctuation(text)]
    return Result(
        mode,
        name,
        joined([each.text for each in said]),
        final,
        timestamp=msgspec.json.encode(times).decode() if times else "",
        stamp_sents=_sentences(timed),
    )


def joined(texts: Sequence[str]) -> str:
    """A space between words that are written with one."""
    line = ""
    for text in texts:
        apart = line and text and line[-1].isascii() and text[0].isascii()
        line += f" {text}" if apart else text
    return line


def _timed(said: Said) -> list[tuple[str, tuple[int, int]]]:
    """Each word with its time: until the next one begins, the last until the end."""
    words = [(text.strip("▁ "), at) for text, at in said.tokens]
    ends = [*(at for _, at in words[1:]), said.end]
    return [
        (text, (round(at * 1000), round(max(at, end) * 1000)))
        for (text, at), end in zip(words, ends, strict=False)
        if text
    ]


def _sentences(timed: Sequence[tuple[str, tuple[int, int]]]) -> list[_Sentence]:
    sentences: list[_Sentence] = []
    words: list[tuple[str, tuple[int, int]]] = []
    for text, span in [*timed, ("", (0, 0))]:
        if text and not is_punctuation(text):
            words.append((text, span))
        elif words:
            spans = [span for _, span in words]
            segment = " ".join(text for text, _ in words)
            sentences.append(_Sentence(segment, text, spans[0][0], spans[-1][1], spans))
            words = []
    return sentences


def is_punctuation(text: str) -> bool:
    return all(unicodedata.category(character).startswith("P") for character in text)
