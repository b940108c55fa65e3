from alerts.escalation import Escalation
from alerts.lifecycle import Desk
from tests.alerts.test_lifecycle import WALL, alert


def house(**changes):
    desk = Desk()
    desk.update(alert(severity="critical", **changes))
    return desk, Escalation(desk, after=300.0, most=2)


def told(found):
    return [(a.id, a.rev, a.escalations) for a in found]


def test_nobody_takes_it_so_it_is_said_again_and_then_no_more():
    _, it = house()
    assert it.due(1000.0) == []
    assert it.due(1299.9) == []
    assert told(it.due(1300.0)) == [("a1", 2, 1)]
    assert it.due(1599.9) == []
    assert told(it.due(1600.0)) == [("a1", 3, 2)]
    assert it.due(9999.0) == []


def test_who_took_it_is_left_in_peace():
    desk, it = house()
    it.due(1000.0)
    desk.acknowledge("a1", "林岚", WALL)
    assert it.due(1300.0) == []


def test_time_counts_from_when_it_became_critical_and_anew_after_it_was_less():
    desk = Desk()
    desk.update(alert())
    it = Escalation(desk, 300.0, 2)
    it.due(0.0)
    desk.update(alert(2, severity="critical"))
    assert it.due(299.0) == []
    assert it.due(301.0) == []
    assert told(it.due(599.0)) == [("a1", 3, 1)]


def test_the_rule_s_next_revision_keeps_the_count():
    desk, it = house()
    it.due(0.0)
    it.due(300.0)
    assert desk.update(alert(2, severity="critical", count=9)).escalations == 1


def test_what_is_heard_on_another_server_is_that_one_s_to_say():
    desk = Desk()
    desk.restore(alert(severity="critical"))
    it = Escalation(desk, 300.0, 2)
    it.due(0.0)
    assert it.due(300.0) == []


def test_an_alert_that_has_ended_is_forgotten():
    desk, it = house()
    it.due(0.0)
    desk.update(alert(2, severity="critical", state="resolved"))
    assert it.due(400.0) == []
    assert desk.here == []
