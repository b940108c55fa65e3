"""A long rant shows before it ends; what is heard of it so far changes nothing in the end."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine
from alerts.ids import counted
from alerts.wire import Alert
from streamer.events import Draft, Party, Unheard
from tests.alerts.heard import CALL, INFO, PLAYBOOK, closed, said

BY_HAND = msgspec.structs.replace(PLAYBOOK, rule=())
WATCH_ENDS = ("active", "resolved")


def alerts(events, info=INFO):
    it = Engine(info, BY_HAND, counted())
    return [a for e in events for a in it.observe(e) if isinstance(a, Alert)]


def brief(found):
    return [(a.id, a.rev, a.severity, a.state, a.count, a.at) for a in found]


def so_far(number, at, lasted, angry=0.9, text="你们到底"):
    return Draft(said(text, at=at, lasted=lasted, angry=angry, number=number))


def test_a_rant_shows_as_watch_while_it_goes_on_and_the_final_raises_it():
    events = [so_far(1, 0.0, 2.0), so_far(1, 0.0, 4.0), said("我要投诉", angry=0.9, lasted=6.0)]
    found = alerts(events)
    assert brief(found) == [
        ("id0001", 1, "watch", "active", 1, 2.0),
        ("id0001", 2, "watch", "active", 1, 4.0),
        ("id0001", 3, "critical", "active", 1, 6.0),
    ]
    assert found[0].why.zh == "客户正在说的这句听起来生气（已 2 秒）"
    assert [len(a.evidence) for a in found] == [1, 1, 1]


def test_the_peak_is_that_of_finals():
    found = alerts([so_far(1, 0.0, 4.0, angry=0.99), said("我要投诉", angry=0.6, number=1)])
    assert [a.score for a in found] == [0.99, 0.6]


@pytest.mark.parametrize(
    "final",
    [
        said("好的", angry=0.1, lasted=6.0),
        said("怎么这样", angry=0.9, lasted=3.0),  # angry, but one is not enough
        said("怎么这样", unknown=1.0, lasted=6.0),
        Unheard(CALL, 1, Party.CUSTOMER, 0.0, 6.0, "shed"),
    ],
)
def test_what_the_final_does_not_bear_out_is_over(final):
    found = alerts([so_far(1, 0.0, 2.0), final])
    assert [(a.severity, a.state, a.outcome) for a in found] == [
        ("watch", "active", ""),
        ("watch", "resolved", "not_confirmed"),
    ]


def test_a_draft_never_counts_beside_its_final():
    calm = so_far(2, 5.0, 1.0, angry=0.0)
    events = [so_far(1, 0.0, 2.0), said(angry=0.9, number=1), calm, said(at=5.0, number=2)]
    assert [a.severity for a in alerts(events)] == ["watch", "watch"]
    twice = [said(angry=0.9, number=1), so_far(2, 5.0, 3.0), so_far(2, 5.0, 4.0)]
    assert [a.severity for a in alerts(twice)] == ["watch", "watch"]


def test_a_draft_after_its_final_says_nothing():
    assert alerts([said(number=1), so_far(1, 0.0, 2.0)]) == []


@pytest.mark.parametrize(
    "draft",
    [
        so_far(1, 0.0, 2.0, angry=0.2),
        so_far(1, 0.0, 0.6),  # too short to weigh
        Draft(said("我要投诉", angry=0.9, party=Party.AGENT)),
    ],
)
def test_not_every_draft_is_worth_watching(draft):
    assert alerts([draft]) == []


def test_a_risk_phrase_in_a_draft_is_no_more_than_watch():
    [found] = alerts([so_far(1, 0.0, 4.0, text="我要投诉12315")])
    assert found.severity == "watch"


def test_drafts_do_not_touch_a_running_episode():
    rant = [said(at=5.0 * i, angry=0.9, number=i) for i in (1, 2)]
    assert len(alerts([*rant, so_far(3, 20.0, 4.0)])) == 1


def test_watching_rests_too_but_what_is_found_for_good_is_raised():
    events = [so_far(1, 0.0, 2.0), said(number=1), so_far(2, 9.0, 2.0)]
    events += [said("我要投诉", at=9.0, angry=0.9, number=2)]
    assert [(a.id, a.severity, a.state) for a in alerts(events)] == [
        ("id0001", "watch", "active"),
        ("id0001", "watch", "resolved"),
        ("id0002", "critical", "active"),
    ]


def test_without_consent_no_draft_is_looked_at():
    assert alerts([so_far(1, 0.0, 4.0)], replace(INFO, emotion=False)) == []


def test_the_call_s_end_ends_what_was_only_watched():
    *_, last = alerts([so_far(1, 0.0, 4.0), closed(9.0)])
    assert (last.severity, last.state, last.outcome) == ("watch", "resolved", "call_end")


shares = st.floats(0, 1)
sentences = st.tuples(
    st.sampled_from(["嗯", "我要投诉", "不投诉", "怎么还不发货？"]),
    shares,
    st.floats(0.3, 9),
    st.sampled_from([Party.CUSTOMER, Party.CUSTOMER, Party.AGENT]),
    st.booleans(),
)


@st.composite
def calls(draw):
    """(events with drafts, the same without)."""
    at, events = 0.0, []
    for number, each in enumerate(draw(st.lists(sentences, max_size=25)), 1):
        text, angry, lasted, party, heard = each
        final = said(text, at=at, lasted=lasted, angry=angry, party=party, number=number)
        cuts = sorted(draw(st.lists(st.floats(0.1, lasted), max_size=4)))
        for cut in cuts:
            guess = said(
                text, at=at, lasted=cut, angry=draw(shares), party=party, number=number
            )
            events.append(Draft(guess))
        events.append(final if heard else Unheard(CALL, number, party, at, final.end, "shed"))
        at = final.end + draw(st.sampled_from([0.3, 12.0, 40.0]))
    events.append(closed(at))
    return events, [e for e in events if not isinstance(e, Draft)]


def in_the_end(found):
    """All that is more than watched, but for identity."""
    firm = [a for a in found if a.severity != "watch"]
    return [
        (a.severity, a.state, a.outcome, a.count, a.since, a.at, a.score, a.evidence, a.why)
        for a in firm
    ]


@given(calls())
def test_drafts_change_nothing_of_what_the_finals_alone_end_in(both):
    drafted, finals = both
    assert in_the_end(alerts(drafted)) == in_the_end(alerts(finals))


@given(calls())
def test_with_drafts_too_there_is_one_alert_at_a_time_and_none_is_left(both):
    running = None
    for alert in alerts(both[0]):
        if running is None:
            assert alert.rev == 1
        else:
            assert (alert.id, alert.rev) == (running.id, running.rev + 1)
        running = None if alert.state == "resolved" else alert
    assert running is None
