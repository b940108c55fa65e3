from dataclasses import dataclass

import pytest

from alerts.clips import ClipStore
from alerts.escalation import Escalation
from alerts.lifecycle import Desk
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from streamer.events import CallOpened, CallResumed
from tests.alerts.heard import CALL, INFO, PLAYBOOK
from tests.alerts.test_lifecycle import WALL, alert
from tests.alerts.test_sink import FakeLine


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


@dataclass
class House:
    """What one server makes of the call: nothing of it reaches Redis here."""

    name: str
    folder: object
    now: float

    def __post_init__(self):
        self.desk, self.line = Desk(name=self.name), FakeLine()
        bus, clips = RedisBus("redis://127.0.0.1:1"), ClipStore(self.folder)
        self.sink = sink_factory(lambda: PLAYBOOK, self.desk, bus, clips, {}, lambda: self.now)(
            self.line
        )
        self.escalation = Escalation(self.desk, after=300.0, most=2)

    def due(self, now):
        self.now = now
        return told(self.escalation.due(now))


@pytest.fixture
async def moved(tmp_path):
    """The call on one server, with an alert that has waited for 200 s; and a function that
    goes on with it on another one, whose clock is another and shows 5,000 s."""
    one = House("one", tmp_path, 1000.0)
    await one.sink(CallOpened(INFO))
    one.desk.update(alert(severity="critical", call_id=CALL))
    assert one.due(1000.0) == []

    async def move(memory, ago=10.0, learned=None):
        two = House("two", tmp_path, 5000.0)
        if learned:
            two.desk.learn(learned)
        await two.sink(CallResumed(INFO, 60.0, memory, ago))
        return two

    assert one.due(1200.0) == []
    return one, move


async def test_a_call_that_moves_takes_along_for_how_long_its_alerts_have_waited(moved):
    one, move = moved
    two = await move(one.line.recall())
    assert two.due(5089.0) == []
    assert two.due(5090.0) == [("a1", 2, 1)]
    assert two.due(5389.0) == []
    assert two.due(5390.0) == [("a1", 3, 2)]


async def test_what_was_said_once_more_after_the_state_was_kept_is_not_said_at_once_again(
    moved,
):
    one, move = moved
    memory = one.line.recall()
    assert one.due(1300.0) == [("a1", 2, 1)]
    two = await move(memory, 100.0, learned=one.desk.alert("a1"))
    assert two.due(5199.0) == []
    assert two.due(5200.0) == [("a1", 3, 2)]
