import ast
import json
import logging
from pathlib import Path

from commands.logs import EXTRAS, JsonLines

ROOT = Path(__file__).parents[2]
ROOMS = ("streamer", "alerts", "web_dashboard", "commands")


def test_whatever_a_line_is_given_beside_its_message_is_shown():
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    given = {
        key.value
        for node in nodes
        if isinstance(node, ast.keyword) and node.arg == "extra"
        for key in node.value.keys
    }
    assert given == set(EXTRAS)


def test_a_line_names_its_call_and_takes_over_nothing_that_is_not_listed():
    record = logging.makeLogRecord({"msg": "%d left", "args": (3,), "call": "c1", "pcm": b"x"})
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["call_id"]) == ("3 left", "c1")
    assert "pcm" not in line


def test_a_personal_number_that_got_into_a_message_is_hidden():
    try:
        raise ValueError("no such caller: 13800001234")
    except ValueError as error:
        found = (ValueError, error, error.__traceback__)
    told = {"msg": "closed with code 1006: %s", "args": ("13800001234",), "exc_info": found}
    line = json.loads(JsonLines().format(logging.makeLogRecord(told)))
    assert line["message"] == "closed with code 1006: 138****1234"
    assert "no such caller: 138****1234" in line["exception"]
    assert "13800001234" not in json.dumps(line)
