"""One JSON object a line on standard error; `call_id` names the call a line is about."""

import json
import logging
import sys
from datetime import UTC, datetime

from alerts.masking import KINDS, mask

# No words are logged, but what a library says of them. Close codes and ports are no secrets.
_HIDDEN = tuple(kind for kind in KINDS if kind != "code")

# Only these `extra` fields are taken over, so that audio, words and keys stay out.
EXTRAS = {
    "call": "call_id",
    "event": "event",
    "gateway": "gateway",
    "address": "address",
    "calls": "calls",
    "kept": "kept",
    "again": "again",
    "lost": "lost",
    "id": "id",
    "status": "status",
    "service": "service",
}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage(), _HIDDEN),
        }
        given = vars(record)
        line |= {shown: given[name] for name, shown in EXTRAS.items() if name in given}
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info), _HIDDEN)
        return json.dumps(line, ensure_ascii=False, default=str)


def start(level: str) -> None:
    """Log from now on at `level`. Libraries stay at WARNING unless DEBUG was asked for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level != "DEBUG":
        for name in ("websockets", "uvicorn", "litestar", "asyncio"):
            logging.getLogger(name).setLevel(logging.WARNING)
