"""One table of what the exported model can do on what was never trained.

Clips are heard through the server's own recognizer, and every answer is compared with that of
`AutoModel.generate`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm  # type: ignore[import-untyped]

from streamer.recognizer.sensevoice import Clip, SenseVoice
from training import calls
from training.card import TARGETS, met
from training.clips import NAMED, NO_EVENT, NO_SPEECH, SPEECH, Item
from training.corpus import read_waves
from training.phrases import PUNCTUATION
from training.sounds import Samples

BATCH = 8
CER_GROUPS = {
    "unseen_sentences": "zh",
    "unseen_voices": "wide",
    "demo": "demo",
    "calls": calls.GROUP,
}
UNSEEN = ("zh", "wide", "en", "yue")


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip and what was made of it, without and with inverse text normalisation."""

    item: Item
    text: str
    itn_text: str
    language: str
    emotion: str
    event: str
    same: bool | None

    @property
    def wordless(self) -> bool:
        return not self.text and not self.itn_text


def distance(a: Sequence[str], b: Sequence[str]) -> int:
    """Levenshtein."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def bare(text: str) -> str:
    return re.sub(r"\s", "", PUNCTUATION.sub("", text))


def error_rate(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Character errors of (said, heard) per character said."""
    errors = total = 0
    for said, heard in pairs:
        errors += distance(bare(said), bare(heard))
        total += len(bare(said))
    return errors / total if total else None


def share(hits: Iterable[bool]) -> float | None:
    marks = list(hits)
    return sum(marks) / len(marks) if marks else None


def hear(model: Path, test: Path, limit: int, generate: bool) -> list[Heard]:
    """Every test clip through the server's recognizer and, if asked, through AutoModel."""
    ear = SenseVoice.load(model)
    theirs = Generator(model) if generate else None
    clips = [*calls.lines(), *read_waves(test)][:limit]
    out = []
    for i in tqdm(range(0, len(clips), BATCH), desc="evaluate", unit="batch"):
        part = clips[i : i + BATCH]
        plain = ear.hear([Clip(samples=x, language="auto", itn=False) for _, x in part])
        itn = ear.hear([Clip(samples=x, language="auto", itn=True) for _, x in part])
        for (item, x), one, two in zip(part, plain, itn, strict=True):
            same = theirs.raw(x) == one.raw if theirs else None
            event = str(one.events[0]) if one.events else NO_EVENT
            out.append(
                Heard(item, one.text, two.text, one.language, str(one.emotion), event, same)
            )
    return out


class Generator:
    """funasr's own way through the model."""

    def __init__(self, model: Path) -> None:
        from funasr import AutoModel  # noqa: PLC0415 - takes seconds

        self._model: Any = AutoModel(
            model=str(model), disable_update=True, disable_pbar=True, device="cpu"
        )

    def raw(self, samples: Samples) -> str:
        answer = self._model.generate(input=[samples], language="auto", use_itn=False, fs=16000)
        return str(answer[0]["text"])


def figures(heard: Sequence[Heard]) -> dict[str, float | int | None]:
    """The measures of the card, as shares between 0 and 1."""
    groups: dict[str, list[Heard]] = defaultdict(list)
    for h in heard:
        groups[h.item.group.split("-")[0]].append(h)
    return {
        "clips": len(heard),
        **transcripts(groups),
        **emotions([h for name in UNSEEN for h in groups[name]], groups[calls.GROUP]),
        **sounds(groups["quiet"], groups["named"]),
        "language_right": share(h.language == h.item.language for h in heard),
        "same_as_generate": share(h.same for h in heard if h.same is not None),
    }


def transcripts(groups: Mapping[str, Sequence[Heard]]) -> dict[str, float | None]:
    """Character error rates of Mandarin, without and with inverse text normalisation."""
    out = {}
    for key, group in CER_GROUPS.items():
        zh = [h for h in groups[group] if h.item.language == "zh"]
        out[f"cer_{key}"] = error_rate((h.item.plain, h.text) for h in zh)
        out[f"cer_{key}_itn"] = error_rate((h.item.written, h.itn_text) for h in zh)
    fixed = [h for h in groups["zh"] if h.item.group.endswith("-fixed")]
    out["cer_unseen_fixed"] = error_rate((h.item.plain, h.text) for h in fixed)
    return out


def emotions(unseen: Sequence[Heard], called: Sequence[Heard]) -> dict[str, float | None]:
    """Emotion tags on unseen sentences, and in the rendered demo calls."""
    angry, neutral = (
        [h.emotion == "ANGRY" for h in unseen if h.item.emotion == e]
        for e in ("ANGRY", "NEUTRAL")
    )
    spoken = [h for h in called if h.item.event == SPEECH]
    return {
        "angry_recall": share(angry),
        "angry_false": share(neutral),
        "emotion_right": share(h.emotion == h.item.emotion for h in unseen),
        "calls_emotion": share(h.emotion == h.item.emotion for h in spoken),
    }


def sounds(quiet: Sequence[Heard], named: Sequence[Heard]) -> dict[str, float | None]:
    """That nothing is heard where nobody speaks, and the events."""
    out = {
        "quiet_right": share(h.language == NO_SPEECH and h.wordless for h in quiet),
        "named_wordless": share(h.wordless for h in named),
    }
    for event in dict.fromkeys(event for event, _ in NAMED.values()):
        out[f"event_{event}"] = share(h.event == event for h in named if h.item.event == event)
    return out


def report(measured: Mapping[str, float | int | None]) -> str:
    """The table for a terminal."""
    lines = [f"{measured['clips']} clips"]
    for key, value in measured.items():
        if key == "clips" or value is None:
            continue
        name, target = TARGETS.get(key, (key.replace("_", " "), ""))
        lines.append(f"{name:62} {value:7.1%}  {target:8} {met(value, target)}")
    return "\n".join(lines)
