"""docs/operating.md names every setting, as it is. EARWITNESS_GOLDEN=write writes the table."""

import os
import re
from pathlib import Path

from commands.settings.layers import descriptions

DOCUMENT = Path(__file__).parents[2] / "docs" / "operating.md"
TABLE = re.compile(r"\| setting \| default \| is \|\n\|---\|---\|---\|\n(?:\|.*\n)*")


def shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple() | list():
            text = ",".join(map(str, value))
        case dict():
            text = ",".join(f"{k}={v}" for k, v in value.items())
        case float():
            text = f"{value:g}"
        case _:
            text = str(value)
    return text


def table() -> str:
    rows = [
        f"| `{name}` | {f'`{shown(default)}`' if shown(default) else ''} | {told} |"
        for name, told, default in descriptions()
    ]
    return "\n".join(["| setting | default | is |", "|---|---|---|", *rows]) + "\n"


def test_every_setting_is_in_the_table_with_its_default():
    text = DOCUMENT.read_text("utf-8")
    if os.environ.get("EARWITNESS_GOLDEN") == "write":
        DOCUMENT.write_text(TABLE.sub(lambda _: table(), text), "utf-8")
        text = DOCUMENT.read_text("utf-8")
    assert TABLE.findall(text) == [table()], "run this test with EARWITNESS_GOLDEN=write"
