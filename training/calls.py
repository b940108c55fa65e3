"""The lines of the rendered demo calls as test clips, cut as the server cuts them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import soundfile
import soxr

from training.channel import TELEPHONE_RATE
from training.clips import NAMED, NO_EMOTION, NO_SPEECH, SPEECH, Item
from training.demo import PARTIES
from training.phrases import DEMO, Phrase
from training.sounds import RATE, Samples

LEAD_IN, TAIL = 0.3, 0.45  # seconds kept around speech
GROUP = "calls"


def called(line: dict[str, Any], number: int) -> Item:
    """The labels of a line of N.json."""
    if "sound" in line:
        return Item(number, f"{GROUP}-sound", NO_SPEECH, NO_EMOTION, NAMED[line["sound"]][0])
    phrase = Phrase(line["language"], line["text"], line["written"])
    return Item(
        number=number,
        group=GROUP,
        language=line["language"],
        emotion=line["emotion"],
        event=SPEECH,
        spoken=phrase.spoken,
        plain=phrase.label(itn=False),
        written=phrase.written,
    )


def lines(folder: Path = DEMO.parent) -> Iterator[tuple[Item, Samples]]:
    """Every line of every call, at 16 kHz."""
    for path in sorted(folder.glob("[0-9].json")):
        sound, _ = soundfile.read(path.with_suffix(".wav"), dtype="float32")
        for number, line in enumerate(json.loads(path.read_text("utf-8"))):
            first = int(max(0.0, line["start"] - LEAD_IN) * TELEPHONE_RATE)
            last = int((line["end"] + TAIL) * TELEPHONE_RATE)
            narrow = sound[first:last, PARTIES.index(line["party"])]
            yield called(line, number), soxr.resample(narrow, TELEPHONE_RATE, RATE)
