from alerts import wire
from alerts.leftover import leftover
from streamer.events import Party
from tests.alerts.test_lifecycle import alert, prompt


def started(call):
    return wire.CallStarted(call, "8001", "q", "", "", "", "zh", True, True)


def test_what_was_open_ends_and_what_had_ended_stays():
    silence = wire.Silence("c", 40.0, 2.0, Party.AGENT, False, 42.0, "8001")
    log = [
        started("done"),
        wire.CallEnded("done", 9.0, "ended"),
        wire.CallEnded("began before the log", 9.0, "ended"),
        started("c"),
        alert(),
        alert(2, id="a2"),
        alert(3, id="a2", state="resolved"),
        prompt(),
        silence,
    ]
    ended, expired, call = leftover(log)
    assert (ended.id, ended.rev, ended.state, ended.outcome) == (
        "a1",
        2,
        "resolved",
        "call_end",
    )
    assert (expired.id, expired.state) == ("p1", "expired")
    assert call == wire.CallEnded("c", 42.0, "lost", "8001")
    assert leftover([*log, ended, expired, call]) == []


def test_an_empty_log_has_nothing_left_over():
    assert leftover([]) == []
