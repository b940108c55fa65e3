import math
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.events import CallId, Party, Utterance
from streamer.recognizer.backlog import Backlog, Limits, Request, alike

C, A, U = Party.CUSTOMER, Party.AGENT, Party.UNKNOWN


def request(party=C, seconds=1.0, number=1, draft=False):
    it = Utterance(CallId("c"), number, party, 5.0, 5.0, 5.0 + seconds, 0.0, 16000, b"")
    return Request(it, 0.0, Future(), draft)


def draft(party=C, seconds=1.0):
    return request(party, seconds, draft=True)


def limits(most, seconds, draft_seconds=99.0):
    return Limits(most, seconds, draft_seconds)


def filled(*parties, room=99):
    """Parties, whose utterances wait, or requests."""
    requests = [p if isinstance(p, Request) else request(p) for p in parties]
    backlog = Backlog(room)
    assert [backlog.push(each) for each in requests] == [None] * len(requests)
    return backlog, requests


def test_the_customer_goes_first_and_each_in_order():
    backlog, (a1, c1, u1, a2, c2) = filled(A, C, U, A, C)
    assert backlog.take(limits(4, 99)) == [c1, u1, c2, a1]
    assert backlog.take(limits(4, 99)) == [a2]
    assert backlog.take(limits(4, 99)) == []


def test_a_batch_is_bounded_by_its_padded_length():
    backlog = Backlog(9)
    short, other, long = request(seconds=1.0), request(seconds=1.0), request(seconds=4.0)
    for each in (short, other, long):
        backlog.push(each)
    assert backlog.take(limits(9, 11.9)) == [short, other]
    backlog.put_back([short, other])
    assert backlog.take(limits(9, 12.0)) == [short, other, long]


def test_one_is_taken_however_long():
    backlog = Backlog(9)
    backlog.push(request(seconds=60.0))
    assert len(backlog.take(limits(9, 1.0))) == 1


def test_when_full_the_agents_last_gives_way_to_a_customer():
    backlog, (a1, a2, c1) = filled(A, A, C, room=3)
    new = request(C)
    assert backlog.push(new) is a2
    assert backlog.take(limits(9, 99)) == [c1, new, a1]


@pytest.mark.parametrize(("waiting", "new"), [((C, U), C), ((C, A), A), ((A, A), A)])
def test_when_full_any_other_is_refused(waiting, new):
    backlog, requests = filled(*waiting, room=2)
    refused = request(new)
    assert backlog.push(refused) is refused
    assert set(backlog.drain()) == set(requests)


def test_what_is_put_back_is_next_even_when_full():
    backlog, (c1, c2, c3) = filled(C, C, C, room=3)
    taken = backlog.take(limits(2, 99))
    backlog.push(request(C))
    backlog.push(request(C))
    backlog.put_back(taken)
    assert backlog.take(limits(3, 99)) == [c1, c2, c3]


def test_what_a_thread_died_of_is_heard_alone():
    backlog, (c1, c2, c3) = filled(C, C, C)
    taken = backlog.take(limits(2, 99))
    for each in taken:
        each.again = True
    backlog.put_back(taken)
    assert [backlog.take(limits(9, 99)) for _ in range(3)] == [[c1], [c2], [c3]]


@given(
    st.lists(st.tuples(st.sampled_from(Party), st.floats(0.2, 15.0)), max_size=40),
    st.integers(1, 20),
    st.floats(1.0, 60.0),
)
def test_everything_comes_out_once(parties, most, seconds):
    backlog = Backlog(99)
    requests = [request(*each, number=i) for i, each in enumerate(parties)]
    for each in requests:
        backlog.push(each)
    came = []
    while batch := backlog.take(limits(most, seconds)):
        assert len(batch) <= most
        assert len(batch) == 1 or len(batch) * max(r.seconds for r in batch) <= seconds
        came += batch
    assert came == sorted(requests, key=lambda each: each.utterance.party is A)


def test_drafts_are_heard_when_no_utterance_waits_and_the_customers_first():
    backlog, (d_a, d_c, a1, c1) = filled(draft(A), draft(C), A, C)
    assert backlog.take(limits(9, 99)) == [c1, a1]
    assert backlog.take(limits(9, 99)) == [d_c, d_a]
    assert backlog.take(limits(9, 99)) == []


def test_drafts_have_a_bound_of_their_own():
    backlog, (d1, d2, d3) = filled(draft(), draft(), draft(seconds=15.0))
    assert backlog.take(limits(9, 99.0, 8.0)) == [d1, d2]
    assert backlog.take(limits(9, 99.0, 8.0)) == [d3]


@pytest.mark.parametrize(
    ("waiting", "new", "goes"),
    [
        ((draft(C), draft(A)), A, 1),
        ((draft(C), A), C, 0),
        ((draft(C), A), A, 0),
        ((draft(A), draft(C)), draft(C), 0),
        ((draft(A), draft(A)), C, 1),
    ],
)
def test_when_full_drafts_go_first(waiting, new, goes):
    backlog, requests = filled(*waiting, room=2)
    assert backlog.push(new if isinstance(new, Request) else request(new)) is requests[goes]


@pytest.mark.parametrize("waiting", [(C, C), (A, C), (draft(C), draft(C)), (draft(A), A)])
def test_when_full_the_least_of_all_is_refused(waiting):
    backlog, _ = filled(*waiting, room=2)
    new = draft(A)
    assert backlog.push(new) is new


def lengths(groups):
    return [[round(each.seconds, 6) for each in group] for group in groups]


def test_what_is_about_as_long_is_heard_together():
    batch = [request(seconds=s) for s in (3.0, 8.0, 2.9, 0.5, 7.5)]
    assert lengths(alike(batch, 1.25)) == [[3.0, 2.9], [8.0, 7.5], [0.5]]


def test_the_customer_is_answered_first_whatever_the_length():
    customer, agents = request(C, 8.0), [request(A, s) for s in (1.0, 1.1)]
    assert alike([customer, *agents], 1.25) == [[customer], agents]


def test_padding_that_costs_nothing_makes_one_batch():
    batch = [request(seconds=s) for s in (3.0, 15.0, 0.5)]
    assert alike(batch, math.inf) == [batch]
    assert alike([], 1.25) == []


@given(st.lists(st.floats(0.02, 15.0), max_size=30), st.floats(1.0, 3.0))
def test_groups_hold_everything_once_and_waste_no_more_than_allowed(seconds, padding):
    batch = [request(seconds=s) for s in seconds]
    groups = alike(batch, padding)
    assert sorted(map(id, batch)) == sorted(id(each) for group in groups for each in group)
    for group in groups:
        real = [each.seconds for each in group]
        assert len(group) * max(real) <= padding * sum(real) * (1 + 1e-9)
        assert group == sorted(group, key=batch.index)
    assert [batch.index(group[0]) for group in groups] == sorted(
        batch.index(group[0]) for group in groups
    )


def test_a_withdrawn_request_is_not_claimed():
    withdrawn, answered, waiting = request(), request(), request()
    withdrawn.future.cancel()
    assert answered.claim()
    answered.future.set_result(None)
    assert [each.claim() for each in (withdrawn, withdrawn, answered)] == [False] * 3
    assert waiting.claim()
    assert waiting.claim()
    assert not waiting.future.cancel()
