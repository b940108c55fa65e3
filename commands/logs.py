"""One JSON object a line on standard error. `extra={"call_id": ...}` names the call."""

import json
import logging
import sys
from datetime import UTC, datetime

EXTRAS = ("call_id", "agent_id", "reason", "path", "key")


class JsonLines(logging.Formatter):
    """Only the fields named in `EXTRAS` are taken over, so that audio and words stay out."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: vars(record)[name] for name in EXTRAS if name in vars(record)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def start(level: str) -> None:
    """Log from now on at `level`. Libraries stay at WARNING unless DEBUG was asked for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level != "DEBUG":
        for name in ("websockets", "uvicorn", "litestar", "asyncio"):
            logging.getLogger(name).setLevel(logging.WARNING)
