"""A whole call as JSON lines: what the sink was told, and what it published."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from streamer import events as ev

FOLDER = Path(__file__).parent
KINDS = {kind.__name__: kind for kind in ev.CallEvent.__args__}


def load(name: str) -> Iterator[ev.CallEvent]:
    for line in (FOLDER / f"{name}.in.jsonl").read_text("utf-8").splitlines():
        fields = json.loads(line)
        yield msgspec.convert(fields, KINDS[fields.pop("type")])


def expected(name: str) -> list[dict]:
    lines = (FOLDER / f"{name}.out.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def keep(name: str, which: str, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / f"{name}.{which}.jsonl").write_text(text, "utf-8")


def row(event: ev.CallEvent) -> dict:
    """The event with its type, its numbers to four digits; without what nobody is told."""
    if isinstance(event, ev.Transcript):
        event = replace(
            event,
            language_p=round(event.language_p, 4),
            emotion_p={label: round(p, 4) for label, p in event.emotion_p.items()},
            events_p={label: round(p, 4) for label, p in event.events_p.items()},
            tokens=tuple((piece, round(at, 2)) for piece, at in event.tokens),
        )
    fields = json.loads(
        msgspec.json.encode(event), parse_float=lambda text: round(float(text), 4)
    )
    fields.pop("languages_p", None)  # for the next utterance, not for the sink
    return {"type": type(event).__name__} | fields
