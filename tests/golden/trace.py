"""A whole call as JSON lines: what the sink was told, and what it published."""

import json
from collections.abc import Iterator
from pathlib import Path

from alerts.traces import event_of
from streamer import events as ev

FOLDER = Path(__file__).parent


def load(name: str) -> Iterator[ev.CallEvent]:
    for line in (FOLDER / f"{name}.in.jsonl").read_text("utf-8").splitlines():
        yield event_of(json.loads(line))


def expected(name: str) -> list[dict]:
    lines = (FOLDER / f"{name}.out.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def keep(name: str, which: str, rows: list[dict]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / f"{name}.{which}.jsonl").write_text(text, "utf-8")
