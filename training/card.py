"""The model card: card.md with the measured figures against their targets."""

from pathlib import Path
from typing import Any

from training.speech import HELD_OUT_VOICES

TEMPLATE = Path(__file__).parent / "card.md"

TARGETS = {
    "cer_unseen_sentences": ("zh CER, unseen sentences, known voices", "<= 15 %"),
    "cer_unseen_fixed": ("of these, fixed sentences (the others are from templates)", ""),
    "cer_unseen_voices": ("zh CER, unseen sentences, unseen voices", "<= 30 %"),
    "cer_demo": ("zh CER, demo lines in new renderings", "<= 5 %"),
    "cer_unseen_sentences_itn": ("the same with ITN, known voices", ""),
    "cer_unseen_voices_itn": ("the same with ITN, unseen voices", ""),
    "cer_demo_itn": ("the same with ITN, demo lines", ""),
    "cer_calls": ("zh CER, the rendered demo calls", "<= 5 %"),
    "cer_calls_itn": ("the same with ITN, demo calls", ""),
    "calls_emotion": ("emotion right in the rendered demo calls", ""),
    "angry_recall": ("ANGRY recall", ">= 85 %"),
    "angry_false": ("false ANGRY on neutral", "<= 1 %"),
    "emotion_right": ("emotion right, all four", ""),
    "quiet_right": ("nospeech and empty text on silence, noise, tones", "100 %"),
    "event_BGM": ("music heard as BGM", ">= 80 %"),
    "event_Laughter": ("laughter", ">= 80 %"),
    "event_Cough": ("cough", ">= 80 %"),
    "event_Applause": ("applause", ">= 80 %"),
    "event_Cry": ("crying", ""),
    "event_Sneeze": ("sneeze", ""),
    "event_Breath": ("breath", ""),
    "named_wordless": ("no text on these sounds", ""),
    "language_right": ("language tag right", ""),
    "same_as_generate": ("AutoModel.generate equals our forward", "100 %"),
}


def met(value: float, target: str) -> str:
    """Whether a share reaches a target such as `<= 15 %`."""
    if not target:
        return ""
    bound = float(target.strip("<>= %")) / 100
    reached = value <= bound if target.startswith("<") else value >= bound - 1e-9
    return "yes" if reached else "no"


def table(measured: dict[str, Any]) -> str:
    """The figures against their targets, as Markdown."""
    lines = ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    for key, (name, target) in TARGETS.items():
        if measured.get(key) is not None:
            lines.append(
                f"| {name} | {measured[key]:.1%} | {target} | {met(measured[key], target)} |"
            )
    return "\n".join(lines)


def card(steps: int, measured: dict[str, Any] | None) -> str:
    """MODEL_CARD.md of a model of so many steps, as it was measured."""
    text = TEMPLATE.read_text("utf-8")
    figures = "Not measured yet." if measured is None else table(measured)
    clips = "no" if measured is None else measured["clips"]
    return text.format(voices=len(HELD_OUT_VOICES), figures=figures, steps=steps, clips=clips)
