import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.events import CallId, Party, Utterance
from streamer.recognizer.backlog import Backlog, Request

C, A, U = Party.CUSTOMER, Party.AGENT, Party.UNKNOWN


def request(party=C, seconds=1.0, number=1):
    return Request(
        Utterance(CallId("c"), number, party, 5.0, 5.0, 5.0 + seconds, 0.0, 16000, b""), 0.0
    )


def filled(*parties, room=99):
    backlog, requests = Backlog(room), [request(party) for party in parties]
    assert [backlog.push(each) for each in requests] == [None] * len(requests)
    return backlog, requests


def test_the_customer_goes_first_and_each_in_order():
    backlog, (a1, c1, u1, a2, c2) = filled(A, C, U, A, C)
    assert backlog.take(4, 99) == [c1, u1, c2, a1]
    assert backlog.take(4, 99) == [a2]
    assert backlog.take(4, 99) == []


def test_a_batch_is_bounded_by_its_padded_length():
    backlog = Backlog(9)
    short, other, long = request(seconds=1.0), request(seconds=1.0), request(seconds=4.0)
    for each in (short, other, long):
        backlog.push(each)
    assert backlog.take(9, 11.9) == [short, other]
    backlog.put_back([short, other])
    assert backlog.take(9, 12.0) == [short, other, long]


def test_one_is_taken_however_long():
    backlog = Backlog(9)
    backlog.push(request(seconds=60.0))
    assert len(backlog.take(9, 1.0)) == 1


def test_when_full_the_agents_last_gives_way_to_a_customer():
    backlog, (a1, a2, c1) = filled(A, A, C, room=3)
    new = request(C)
    assert backlog.push(new) is a2
    assert backlog.take(9, 99) == [c1, new, a1]


@pytest.mark.parametrize(("waiting", "new"), [((C, U), C), ((C, A), A), ((A, A), A)])
def test_when_full_any_other_is_refused(waiting, new):
    backlog, requests = filled(*waiting, room=2)
    refused = request(new)
    assert backlog.push(refused) is refused
    assert set(backlog.drain()) == set(requests)


def test_what_is_put_back_is_next_even_when_full():
    backlog, (c1, c2, c3) = filled(C, C, C, room=3)
    taken = backlog.take(2, 99)
    backlog.push(request(C))
    backlog.push(request(C))
    backlog.put_back(taken)
    assert backlog.take(3, 99) == [c1, c2, c3]


def test_what_a_thread_died_of_is_heard_alone():
    backlog, (c1, c2, c3) = filled(C, C, C)
    taken = backlog.take(2, 99)
    for each in taken:
        each.again = True
    backlog.put_back(taken)
    assert [backlog.take(9, 99) for _ in range(3)] == [[c1], [c2], [c3]]


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
    while batch := backlog.take(most, seconds):
        assert len(batch) <= most
        assert len(batch) == 1 or len(batch) * max(r.seconds for r in batch) <= seconds
        came += batch
    assert came == [*filter(_urgent, requests), *(r for r in requests if not r.urgent)]


def _urgent(each):
    return each.urgent


def test_a_withdrawn_request_is_not_claimed():
    withdrawn, answered, waiting = request(), request(), request()
    withdrawn.future.cancel()
    assert answered.claim()
    answered.future.set_result(None)
    assert [each.claim() for each in (withdrawn, withdrawn, answered)] == [False] * 3
    assert waiting.claim()
    assert waiting.claim()
    assert not waiting.future.cancel()
