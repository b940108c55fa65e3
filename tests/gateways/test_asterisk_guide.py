"""What docs/gateways/asterisk.md tells people to type is what the tests run."""

from pathlib import Path

from tests.gateways.asterisk.pbx import HERE, filled

GUIDE = Path(__file__).parents[2] / "docs/gateways/asterisk.md"
SAID = {
    "stream": "ws://127.0.0.1:9090",
    "key": "KEY",
    "web": "http://127.0.0.1:8080",
    "integrator": "KEY",
    "audiosocket": "9092",
}


def test_every_line_to_type_is_one_that_was_run():
    config = [HERE / f"config/{name}.conf" for name in ("extensions", "websocket_client")]
    run = {line for file in config for line in filled(file, SAID).splitlines()}
    typed = [line[4:] for line in GUIDE.read_text("utf-8").splitlines() if line[:4] == "    "]
    typed = [line for line in typed if not line.startswith(("POST", "DELETE"))]
    assert len(typed) > 25
    assert [line for line in typed if line not in run] == []
