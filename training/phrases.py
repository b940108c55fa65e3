"""The closed domain: sentences and templates, expanded to what is said and what is written.

Nothing is trained on a held-out sentence: sentences and template expansions (digits apart) are
divided by a hash of their text, so that the division does not depend on any order.
"""

import random
import re
import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from training.spoken import digits_en, digits_zh, number_en, number_zh

HERE = Path(__file__).parent
DEMO = HERE.parent / "streamer" / "demo" / "calls.toml"
HELD_OUT_PERCENT = 15
CHOICE = re.compile(r"\{([^{}]*)\}")
SLOT = re.compile(r"<(D\d+|N\d+-\d+|=\d+)>")
PUNCTUATION = re.compile(r"[，。？！,.?!]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`spoken` has punctuation and digits as words; `written` has Arabic digits."""

    language: str
    spoken: str
    written: str

    def label(self, itn: bool) -> str:
        """The transcript to learn: as written, or as said without punctuation and capitals."""
        return self.written if itn else plain(self.spoken, self.language)


def plain(text: str, language: str) -> str:
    gap = " " if language == "en" else ""
    return re.sub(r"\s+", " ", PUNCTUATION.sub(gap, text)).strip().lower()


def expand(template: str, language: str, rng: random.Random) -> Phrase:
    """Fill alternatives and slots, see phrases.toml."""
    while found := CHOICE.search(template):
        choice = rng.choice(found.group(1).split("|"))
        template = template[: found.start()] + choice + template[found.end() :]
    spoken, written, at = "", "", 0
    for slot in SLOT.finditer(template):
        said, shown = _fill(slot.group(1), language, rng)
        spoken += template[at : slot.start()] + said
        written += template[at : slot.start()] + shown
        at = slot.end()
    return Phrase(language, spoken + template[at:], written + template[at:])


def _fill(slot: str, language: str, rng: random.Random) -> tuple[str, str]:
    english = language == "en"
    if slot[0] == "N":
        low, high = map(int, slot[1:].split("-"))
        n = rng.randint(low, high)
        if n >= 100 and rng.random() < 0.7:
            n = n // 10 * 10
        said = number_en(n) if english else "两" if n == 2 else number_zh(n)
        return said, str(n)
    shown = slot[1:] if slot[0] == "=" else "".join(rng.choices("0123456789", k=int(slot[1:])))
    return (digits_en if english else digits_zh)(shown), shown


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((HERE / "phrases.toml").read_text("utf-8"))


@cache
def demo_lines() -> tuple[tuple[Phrase, str], ...]:
    """Every spoken line of the demo calls with its emotion."""
    lines = [
        line for call in tomllib.loads(DEMO.read_text("utf-8"))["call"] for line in call["line"]
    ]
    return tuple(
        (Phrase(language_of(x["text"]), x["text"], x.get("written", x["text"])), x["emotion"])
        for x in lines
        if "text" in x
    )


def language_of(text: str) -> str:
    return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"


def held_out(written: str) -> bool:
    """Whether a sentence is kept for testing (about 15 %); demo lines never are."""
    bare = re.sub(r"\d+", "#", PUNCTUATION.sub("", written))
    return bare not in _demo_texts() and zlib.crc32(bare.encode()) % 100 < HELD_OUT_PERCENT


@cache
def _demo_texts() -> frozenset[str]:
    return frozenset(
        re.sub(r"\d+", "#", PUNCTUATION.sub("", p.written)) for p, _ in demo_lines()
    )


def clauses(phrase: Phrase) -> list[Phrase]:
    """The parts between commas, where spoken and written have the same ones."""
    spoken, written = (
        phrase.spoken.rstrip("。？！").split("，"),
        phrase.written.rstrip("。？！").split("，"),
    )
    return [Phrase(phrase.language, s, w) for s, w in zip(spoken, written, strict=True) if s]


def sentences(language: str) -> list[str]:
    return list(_tables()[language]["sentences"])


def templates(language: str) -> list[str]:
    return list(_tables()[language]["templates"])


def sample(language: str, test: bool, rng: random.Random) -> tuple[Phrase, str]:
    """One phrase of the training or the test side, and its kind: fixed, template or joined."""
    while True:
        kind, phrase = _draw(language, test, rng)
        if held_out(phrase.written) == test:
            return phrase, kind


def _draw(language: str, test: bool, rng: random.Random) -> tuple[str, Phrase]:
    roll = rng.random()
    if not templates(language) or roll < 0.35:
        return "fixed", expand(rng.choice(sentences(language)), language, rng)
    phrase = expand(rng.choice(templates(language)), language, rng)
    if test or language != "zh" or roll < 0.75:
        return "template", phrase
    return "joined", _join(phrase, rng)


def _join(phrase: Phrase, rng: random.Random) -> Phrase:
    """One to three clauses of unrelated training sentences: contexts nobody wrote down."""
    parts = []
    for _ in range(rng.randint(1, 3)):
        other = phrase
        while held_out(other.written) or other is phrase:
            pool = sentences("zh") if rng.random() < 0.5 else templates("zh")
            other = expand(rng.choice(pool), "zh", rng)
        parts.append(rng.choice(clauses(other)))
    end = rng.choice("。？！")
    spoken, written = (
        "，".join(x) + end for x in ([p.spoken for p in parts], [p.written for p in parts])
    )
    return Phrase("zh", spoken, written)


def hanzi() -> list[str]:
    """Every character the model can write apart from English pieces."""
    found = set("，。？！零一二两三四五六七八九十百千幺0123456789")
    for language in ("zh", "yue"):
        for text in (
            *sentences(language),
            *templates(language),
            *(p.spoken for p, _ in demo_lines()),
        ):
            found |= {c for c in text if ord(c) > 0x2E80}
    return sorted(found)
