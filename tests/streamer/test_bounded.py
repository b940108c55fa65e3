import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from streamer import events as ev
from streamer.bounded import ShedQueue
from streamer.events import Party
from streamer.recognition_queue import Waiting, least_needed
from streamer.sink_queue import least_missed
from tests.alerts.heard import said

INFO = ev.CallInfo(ev.CallId("c"))
OPENED, CLOSED = ev.CallOpened(INFO), ev.CallClosed(INFO.call, 1.0, "ended")
SILENCE = ev.Silence(INFO.call, 1.0, 2.0, Party.CUSTOMER, 0.0)
STALLED = ev.Stalled(INFO.call, 1.0, 5.0)
HELD = ev.Held(INFO.call, 1.0, on=True)
DRAFT = ev.Draft(said("你们是不是"))
UNHEARD = ev.Unheard(INFO.call, 1, Party.CUSTOMER, 0.0, 1.0, "shed")


def waiting(number, party):
    said = ev.Utterance(INFO.call, number, party, 0.0, 1.0, 1.0, 0.0, 8000, b"")
    return Waiting(said, 0.0)


async def drained(queue):
    queue.finish()
    items = []
    while (item := await queue.next()) is not None:
        items.append(item)
    return items


async def test_the_oldest_is_shed_unless_somebody_says_otherwise():
    queue = ShedQueue(2)
    assert [queue.push(n) for n in range(4)] == [None, None, 0, 1]
    assert await drained(queue) == [2, 3]


async def test_a_finished_queue_hands_everything_back():
    queue = ShedQueue(2)
    queue.push("a")
    queue.finish()
    assert queue.push("b") == "b"
    assert await drained(queue) == ["a"]


async def test_cancelling_the_consumer_loses_nothing():
    queue = ShedQueue(2)
    consumer = asyncio.create_task(queue.next())
    await asyncio.sleep(0)
    queue.push("a")
    consumer.cancel()
    await asyncio.gather(consumer, return_exceptions=True)
    assert await drained(queue) == ["a"]


@settings(deadline=None)  # an event loop each, on a machine that may be busy
@given(st.lists(st.sampled_from(list(Party)), min_size=1, max_size=40), st.integers(1, 8))
def test_a_customer_is_shed_only_when_nobody_else_waits(parties, limit):
    async def check():
        queue, left = ShedQueue(limit, least_needed), []
        for number, party in enumerate(parties):
            left.append(waiting(number, party))
            shed = queue.push(left[-1])
            assert (shed is None) == (len(left) <= limit)
            if shed is not None:
                agents = [each for each in left if each.utterance.party is Party.AGENT]
                assert shed == (agents or left)[0]
                left.remove(shed)
        assert await drained(queue) == left

    asyncio.run(check())


def test_of_the_news_a_mark_is_missed_least_and_the_ends_are_never_dropped():
    assert least_missed([OPENED, UNHEARD, STALLED, SILENCE, CLOSED]) == 3
    assert least_missed([OPENED, HELD, STALLED, CLOSED]) == 2
    assert least_missed([OPENED, UNHEARD, HELD, CLOSED]) == 1


def test_of_the_news_a_draft_goes_before_anything_else():
    assert least_missed([OPENED, SILENCE, UNHEARD, DRAFT, CLOSED]) == 3
