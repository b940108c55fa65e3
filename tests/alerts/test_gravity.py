"""An alert that somebody has and that becomes graver is news again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.escalation import Escalation
from alerts.gravity import waits
from alerts.lifecycle import Desk
from tests.alerts.test_agreement import Town
from tests.alerts.test_lifecycle import LATER, WALL, alert

SEVERITIES = ("watch", "high", "critical")


def taken(severity="high"):
    it = Desk()
    it.update(alert(severity=severity))
    it.acknowledge("a1", "林岚", WALL)
    return it


def test_what_somebody_has_waits_again_once_it_is_graver():
    it = taken()
    assert not waits(it.alert("a1"))
    risen = it.update(alert(2, severity="critical"))
    assert (risen.state, risen.owner, risen.owned_severity) == ("acknowledged", "林岚", "high")
    assert waits(risen)


def test_it_is_taken_again_by_whoever_comes():
    it = taken()
    it.update(alert(2, severity="critical"))
    again = it.acknowledge("a1", "陈洁", LATER)
    assert (again.owner, again.owned_at, again.owned_severity) == ("陈洁", LATER, "critical")
    assert not waits(again)
    assert it.acknowledge("a1", "林岚", LATER) is again


def test_a_lowered_severity_lowers_the_level_at_which_it_was_taken():
    it = taken("critical")
    assert not waits(it.update(alert(2, severity="watch")))
    assert waits(it.update(alert(3, severity="high")))


def test_one_taken_by_an_older_server_is_taken():
    old = alert(state="acknowledged", owner="林岚", owned_at=WALL, severity="critical")
    assert not waits(old)


@pytest.mark.parametrize("state", ["resolved", "false_alarm"])
def test_one_that_is_over_waits_for_nobody(state):
    assert not waits(alert(state=state, severity="critical", owned_severity="watch"))


def test_a_rise_that_nobody_takes_is_said_again():
    it = taken()
    reminders = Escalation(it, 300, 3)
    assert reminders.due(0) == []
    it.update(alert(2, severity="critical"))
    assert reminders.due(10) == []
    assert [a.escalations for a in reminders.due(310)] == [1]
    it.acknowledge("a1", "陈洁", LATER)
    assert reminders.due(999) == []


deeds = st.sampled_from([*SEVERITIES, "take"])


@given(st.lists(deeds, max_size=25))
def test_no_rise_is_ever_lost(done):
    """It waits exactly where it is graver than at any time since somebody last took it."""
    it, level = taken("watch"), 0
    for rev, deed in enumerate(done, 2):
        known = it.alert("a1")
        if deed == "take":
            it.acknowledge("a1", "陈洁", LATER)
            level = SEVERITIES.index(known.severity)
        else:
            it.update(alert(rev, severity=deed))
            level = min(level, SEVERITIES.index(deed))
        now = it.alert("a1")
        assert waits(now) == (SEVERITIES.index(now.severity) > level)
        assert SEVERITIES.index(now.owned_severity) == level


steps = st.lists(
    st.tuples(st.sampled_from([*SEVERITIES, "take", "note", "follow"]), st.integers(0, 1)),
    max_size=30,
)


@given(steps)
def test_two_servers_agree_on_what_waits(done):
    town = Town()
    for number, (deed, who) in enumerate(done):
        match deed:
            case "follow":
                town.follow(who)
            case "note":
                town.act(who, "note", f"note {number}")
            case "take":
                town.act(who, "acknowledge", f"who {who}", f"{WALL[:-4]}{number:03d}Z")
            case severity:
                town.rule(severity=severity)
    town.settle()
    one, other, board = town.words()
    assert one == other == board
    assert SEVERITIES.index(one.severity) >= ("", *SEVERITIES).index(one.owned_severity) - 1


@given(steps)
def test_a_rise_after_all_have_heard_of_it_waits_on_every_server(done):
    town = Town()
    for deed, who in done:
        if deed == "take":
            town.act(who, "acknowledge", f"who {who}", WALL)
        elif deed in SEVERITIES:
            town.rule(severity=deed)
    town.settle()
    town.rule(severity="watch")
    town.settle()
    town.rule(severity="critical")
    town.settle()
    assert all(waits(replace(word, rev=1)) for word in town.words())
