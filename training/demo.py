"""streamer/demo/calls.toml rendered to two-channel 8 kHz mu-law files with their true times."""

import json
import random
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from training.channel import TELEPHONE_RATE, decibels, mulaw
from training.music import music
from training.phrases import DEMO, Phrase, language_of
from training.sounds import RATE, Samples, comfort, unit
from training.speech import speak
from training.vocal import laughter

PARTIES = ("customer", "agent")  # left, right
LEVEL = {"customer": -21.0, "agent": -19.0}  # dBFS of the voiced stretch
LINE_NOISE = -58.0  # dBFS: audible silence, below any voice detector
CLOSING = 1.0  # seconds after the last line
SPEED = {"NEUTRAL": 178, "ANGRY": 225, "SAD": 128, "HAPPY": 176}  # espeak's words per minute
SPEECH_EDGES = (0.01, 0.05)  # silence that `speak` leaves before and after
SOUNDS = {"music": music, "laughter": laughter}


def render(call: dict[str, Any]) -> tuple[Samples, list[dict[str, Any]]]:
    """Samples (n, 2) at 16 kHz and the lines with their start and end in seconds."""
    rng = random.Random(call["number"] * 101)
    placed, lines, at = [], [], 0.0
    for line in call["line"]:
        x = (
            _sound(line, rng)
            if "sound" in line
            else _speech(line, call[f"{line['party']}_voice"], rng)
        )
        begin = at + line["gap"]
        lead, tail = (0.0, 0.0) if "sound" in line else SPEECH_EDGES
        at = begin + len(x) / RATE - lead - tail
        placed.append((line["party"], int((begin - lead) * RATE), x))
        lines.append(truth(line, begin, at))
    out = np.zeros((int((at + CLOSING) * RATE), 2), np.float32)
    g = np.random.default_rng(call["number"])
    for channel in (0, 1):
        out[:, channel] = unit(comfort(len(out), g)) * decibels(LINE_NOISE)
    for party, start, x in placed:
        out[start : start + len(x), PARTIES.index(party)] += x[: len(out) - start]
    return out, lines


def truth(line: dict[str, Any], start: float, end: float) -> dict[str, Any]:
    """One line of the ground truth."""
    times = {"party": line["party"], "start": round(start, 3), "end": round(end, 3)}
    if "sound" in line:
        return {**times, "text": "", "sound": line["sound"]}
    return {
        **times,
        "text": line["text"],
        "written": line.get("written", line["text"]),
        "emotion": line["emotion"],
        "language": language_of(line["text"]),
    }


def _speech(line: dict[str, Any], voice: str, rng: random.Random) -> Samples:
    phrase = Phrase(language_of(line["text"]), line["text"], line.get("written", line["text"]))
    said = speak(phrase, voice, line["emotion"], rng, SPEED[line["emotion"]])
    loud = 4.0 if line["emotion"] == "ANGRY" else 0.0
    return said.samples * decibels(LEVEL[line["party"]] + loud)


def _sound(line: dict[str, Any], rng: random.Random) -> Samples:
    g = np.random.default_rng(rng.randrange(1 << 30))
    x = SOUNDS[line["sound"]](int(line["seconds"] * RATE), g)
    fade = np.minimum(1, np.minimum(np.arange(len(x)), np.arange(len(x))[::-1]) / (0.1 * RATE))
    return unit(x * fade) * decibels(LEVEL[line["party"]] - 3)


def render_all(folder: Path) -> list[str]:
    """Write N.wav and N.json of every call; returns one line of report for each."""
    report = []
    for call in tomllib.loads(DEMO.read_text("utf-8"))["call"]:
        wide, lines = render(call)
        narrow = np.stack([soxr.resample(wide[:, c], RATE, TELEPHONE_RATE) for c in (0, 1)], 1)
        path = folder / f"{call['number']}.wav"
        soundfile.write(path, mulaw(np.clip(narrow, -1, 1)), TELEPHONE_RATE, subtype="ULAW")
        text = ",\n ".join(json.dumps(line, ensure_ascii=False) for line in lines)
        path.with_suffix(".json").write_text(f"[{text}]\n", "utf-8")
        report.append(f"{path.name}: {len(narrow) / TELEPHONE_RATE:.1f} s, {len(lines)} lines")
    return report
