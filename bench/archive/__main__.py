"""How fast the archive is written and searched: `python -m bench.archive --json`.

Fills an empty database with made-up calls (`bench.archive.generator`) through the same code as
the server, then asks it what people ask. The last line is one JSON object:

    calls, messages                 what was written
    messages_per_second             by one thread, in batches of 1000 as the log is read
    bytes_per_call                  SQLite only: of the file
    search_ms                       by question: median and worst of `--rounds`, how many were
                                    `found`, and how the database looks it up (`plan`)
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import Any, Final

from alerts import wire
from bench.archive.generator import calls
from insights.archive import Archive
from insights.search import Search, find, page_of

QUESTIONS: Final = (
    "[ANGRY] AND 退货",
    "([SAD] OR [SILENCE]>5s) 退款 NOT 运费",
    "退货的运费",
    "货",
    "[ANGRY]",
    "agent:8042 [ANGRY]",
    "从来没有人说过",
)
BATCH: Final = 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.archive", description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--url", default="", help="an empty database; empty: SQLite in a folder"
    )
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(options.url or f"sqlite:///{directory}/archive.db")
        archive.open()
        result = fill(archive, options.calls)
        if not options.url:
            size = sum(file.stat().st_size for file in Path(directory).iterdir())
            result["bytes_per_call"] = round(size / options.calls)
        result["search_ms"] = {q: asked(archive, q, options.rounds) for q in QUESTIONS}
        archive.close()
    print(json.dumps(result, ensure_ascii=False))


def fill(archive: Archive, count: int) -> dict[str, Any]:
    began, written = time.perf_counter(), 0
    batch: list[wire.Message] = []
    for message in chain.from_iterable(calls(count)):
        batch.append(message)
        if len(batch) == BATCH:
            archive.take(batch)
            written += len(batch)
            batch.clear()
            if written % 100_000 == 0:
                print(f"{written} messages", file=sys.stderr)
    archive.take(batch)
    written += len(batch)
    rate = written / (time.perf_counter() - began)
    return {"calls": count, "messages": written, "messages_per_second": round(rate)}


def asked(archive: Archive, question: str, rounds: int) -> dict[str, Any]:
    times: list[float] = []
    with archive.reading() as connection:
        for _ in range(rounds):
            began = time.perf_counter()
            found = find(connection, archive.index, Search(question))
            times.append(1000 * (time.perf_counter() - began))
        page = page_of(archive.index, Search(question)).compile(connection)
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.exec_driver_sql(f"{explain} {page}", _values(page)).all()
    return {
        "median": round(statistics.median(times)),
        "worst": round(max(times)),
        "found": f"{found.total}{'+' * found.more}",
        "plan": [str(row[-1]) for row in plan],
    }


def _values(page: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's
    return tuple(page.params[name] for name in page.positiontup or ()) or page.params


if __name__ == "__main__":
    main()
