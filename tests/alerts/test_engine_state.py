"""What an engine remembers goes through JSON into another engine, as if nothing had been."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine, EngineState
from alerts.ids import counted
from alerts.lookback import MOST
from alerts.wire import Alert
from streamer.events import Party, Stalled
from tests.alerts.heard import CALL, INFO, PLAYBOOK, closed, draft, quiet, said
from tests.alerts.test_engine import calls

OTHER = msgspec.structs.replace(PLAYBOOK, version="beef", rule=())


def over_json(state):
    return msgspec.json.decode(msgspec.json.encode(state), type=EngineState)


@given(calls(), st.integers(0, 40))
def test_a_call_goes_on_in_another_engine_as_if_nothing_had_been(events, cut):
    new_id = counted()
    one = Engine(INFO, PLAYBOOK, new_id)
    whole = Engine(INFO, PLAYBOOK, counted())
    told = [found for event in events[:cut] for found in one.observe(event)]
    other = Engine(INFO, PLAYBOOK, new_id)
    assert other.restore(over_json(one.state())) == []
    told += [found for event in events[cut:] for found in other.observe(event)]
    assert told == [found for event in events for found in whole.observe(event)]


def test_also_what_was_only_tentative_goes_on():
    new_id = counted()
    one, other = (Engine(INFO, PLAYBOOK, new_id) for _ in range(2))
    [watch] = one.observe(draft(said("你们", angry=0.9, number=1)))
    other.restore(over_json(one.state()))
    [end] = other.observe(said("你们好", number=1))
    assert (end.id, end.rev, end.outcome) == (watch.id, 2, "not_confirmed")


def test_the_state_is_a_copy():
    it = Engine(INFO, PLAYBOOK, counted())
    before = it.state()
    kept = json.dumps(before.parts)
    it.observe(said("我要投诉", angry=0.9))
    assert json.dumps(before.parts) == kept


def test_under_another_playbook_rules_go_on_by_name_and_others_end():
    one, other = Engine(INFO, PLAYBOOK, counted()), Engine(INFO, OTHER, counted())
    for event in (said("我要投诉", angry=0.9), Stalled(CALL, 9.0, 5.0)):
        one.observe(event)
    [removed] = other.restore(over_json(one.state()))
    assert (removed.kind, removed.rev, removed.state) == ("STALLED", 2, "resolved")
    assert removed.outcome == "rule_removed"
    [end] = [a for a in other.observe(closed(20.0)) if isinstance(a, Alert)]
    assert (end.kind, end.id, end.outcome) == ("ANGRY", "id0001", "call_end")


def test_what_is_no_state_is_refused():
    it = Engine(INFO, PLAYBOOK, counted())
    with pytest.raises(msgspec.ValidationError):
        it.restore(EngineState(PLAYBOOK.version, {"anger": {"count": "many"}}))


def test_the_memory_of_a_long_call_is_bounded():
    it = Engine(INFO, PLAYBOOK, counted())
    for n in range(3000):
        party = Party.CUSTOMER if n % 2 else Party.AGENT
        it.observe(said("我要投诉，我要退货", at=n * 0.1, lasted=0.6, angry=0.9, party=party))
        if n == 1500:
            half = len(json.dumps(it.state().parts))
    assert len(it.state().parts["lookback"]["heard"]) == MOST
    assert len(json.dumps(it.state().parts)) < 1.2 * half


def test_what_is_older_than_any_rule_looks_is_forgotten():
    it = Engine(INFO, PLAYBOOK, counted())
    it.observe(said("一"))
    it.observe(quiet(3.0, 10.0))
    it.observe(said("二", at=500.0))
    assert [h["text"] for h in it.state().parts["lookback"]["heard"]] == ["二"]
