"""What the pages are told of the load."""

from types import SimpleNamespace

from alerts.wall import seconds_between, utc_now
from commands.assembly.stage import Stage
from streamer.tally import Load
from web_dashboard.view import ModelStatus


def loaded(overloaded_for: float) -> SimpleNamespace:
    busy = Load(9, 10, 9, 2.0, 0.0, 0.0, 0.0, 1, overloaded_for > 0, overloaded_for)
    return SimpleNamespace(load=lambda: busy)


def test_since_when_it_is_overloaded_is_said_alike_as_long_as_it_lasts():
    stage = Stage(ModelStatus("tiny", "ready"))
    assert stage.load(10).since == ""
    stage.server = loaded(90.0)
    since = stage.load(10).since
    assert 85 < seconds_between(since, utc_now()) < 95
    stage.server = loaded(95.0)
    assert stage.load(10).since == since
    stage.server = loaded(0.0)
    assert stage.load(10).since == ""
    stage.server = loaded(10.0)
    assert stage.load(10).since > since
