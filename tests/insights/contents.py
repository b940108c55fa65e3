"""Everything an archive holds, in a form that can be compared."""

from typing import Any

from sqlalchemy import select, text

from insights.archive import Archive
from insights.tables import metadata

_OWN = {"id", "call"}  # numbers that the database gives


def contents(archive: Archive) -> dict[str, list[dict[str, Any]]]:
    """By table, without the numbers that the database gives, in an order of its own."""
    found: dict[str, list[dict[str, Any]]] = {}
    with archive.reading() as connection:
        for name, table in metadata.tables.items():
            if name == "archive":
                continue
            own = _OWN - {"id"} if name in ("alerts", "prompts") else _OWN
            rows = connection.execute(select(table)).mappings()
            kept = [{k: v for k, v in row.items() if k not in own} for row in rows]
            found[name] = sorted(kept, key=repr)
        words = connection.execute(text("SELECT words FROM sentence_words")).scalars()
        tokens = [w.split() if isinstance(w, str) else w for w in words]
        found["words"] = sorted(({"words": sorted(t)} for t in tokens), key=repr)
    return found
