import pytest

from alerts import metrics
from alerts.following import Following
from alerts.lifecycle import Desk
from alerts.precision import Precision, RulePrecision
from tests.alerts.test_lifecycle import alert, prompt


def test_false_alarms_count_against_the_rule_that_raised_them():
    it = Precision()
    it.hear(alert(id="a"))
    it.hear(alert(id="b", rule="dead-air"))
    assert it.all() == [
        RulePrecision("angry-customer", 1, 0, 0, None),
        RulePrecision("dead-air", 1, 0, 0, None),
    ]
    it.hear(alert(2, id="a", state="acknowledged", owner="林岚"))
    it.hear(alert(id="c"))
    it.hear(alert(2, id="c", state="resolved", outcome="hysteresis"))
    it.hear(alert(id="d"))
    assert it.hear(alert(2, id="d", state="false_alarm", owner="林岚")) == RulePrecision(
        "angry-customer", 3, 2, 1, 0.5
    )


def test_what_is_heard_twice_or_late_counts_once():
    it = Precision()
    taken = alert(2, state="acknowledged", owner="林岚")
    assert it.hear(taken).judged == 1
    assert it.hear(taken) is None
    assert it.hear(alert(1)) is None
    assert it.hear(alert(3, state="resolved", owner="林岚")) is None
    assert it.hear(alert(4, state="false_alarm", owner="林岚")).false_alarms == 1
    assert it.hear(prompt()) is None


def test_only_the_latest_are_kept():
    it = Precision(keep=2)
    for name in ("a", "b", "c"):
        it.hear(alert(id=name, state="false_alarm", rule=name))
    assert [r.rule for r in it.all()] == ["b", "c"]


def test_prometheus_sees_it():
    following = Following(Desk(), Precision(), lambda message: message)
    for name, state in (("a", "false_alarm"), ("b", "acknowledged")):
        following.hear(alert(id=name, state=state, owner="林岚", rule="seen"))
    assert metrics.rule_alerts.labels("seen")._value.get() == 2
    assert metrics.rule_judged.labels("seen")._value.get() == 2
    assert metrics.rule_false.labels("seen")._value.get() == 1
    assert metrics.rule_precision.labels("seen")._value.get() == pytest.approx(0.5)
