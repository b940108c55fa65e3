"""One call's drafts, between its session, the model and its sink, without sockets."""

import asyncio

import pytest

from streamer import events as ev
from streamer.errors import RecognizerError, ShedError
from streamer.events import Party
from tests.streamer.shell import eventually
from tests.streamer.test_call import room

CUSTOMER, AGENT = Party.CUSTOMER, Party.AGENT


def numbers(it, kind):
    return [getattr(e, "so_far", e).number for e in it.sinks.of("c1", kind)]


async def test_speech_going_on_is_told_as_a_draft_of_its_utterance():
    async with room() as it:
        it.say(CUSTOMER, seconds=2, pause=0)
        (draft,) = await it.sinks.until("c1", ev.Draft)
        assert draft.so_far.text == "customer 1"
        assert (draft.so_far.start, draft.so_far.end) == (0.0, pytest.approx(1.5))
        it.say(CUSTOMER, seconds=0)
        (heard,) = await it.sinks.until("c1", ev.Transcript)
        assert (heard.number, heard.start) == (1, 0.0)
        assert it.tally.drafts == {"heard": 1}


async def test_the_recognizer_is_given_everything_that_grows():
    async with room() as it:
        it.say(CUSTOMER, seconds=2)
        assert [round(so_far.end, 1) for so_far in it.recognizer.grown] == [
            0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1,
        ]  # fmt: skip


async def test_a_draft_that_waits_gives_way_to_a_newer_one():
    async with room() as it:
        it.recognizer.drafting.clear()
        it.say(CUSTOMER, seconds=2, pause=0)
        await eventually(lambda: it.recognizer.drafted)
        it.say(CUSTOMER, seconds=3, pause=0)  # two more drafts
        for _ in range(9):
            await asyncio.sleep(0)
        assert len(it.recognizer.drafted) == 1, "one at a time"
        it.recognizer.drafting.set()
        await it.sinks.until("c1", ev.Draft, 2)
        ends = [round(so_far.end, 1) for so_far in it.recognizer.drafted]
        assert ends == [1.5, 4.5]
        assert it.tally.drafts == {"heard": 2, "shed": 1}


async def test_each_party_has_its_own_draft():
    async with room() as it:
        it.recognizer.drafting.clear()
        it.say_both(seconds=2)
        await eventually(lambda: len(it.recognizer.drafted) == 2)
        it.recognizer.drafting.set()
        assert sorted(d.so_far.party for d in await it.sinks.until("c1", ev.Draft, 2)) == [
            AGENT,
            CUSTOMER,
        ]


async def test_an_utterance_does_not_wait_for_its_draft_nor_the_draft_come_after_it():
    async with room() as it:
        it.recognizer.drafting.clear()
        it.say(CUSTOMER, seconds=2, pause=0)  # a draft that is heard
        await eventually(lambda: it.recognizer.drafted)
        it.say(CUSTOMER, seconds=2, pause=0)  # and one that waits
        it.say(CUSTOMER, seconds=0)
        await it.sinks.until("c1", ev.Transcript)
        it.recognizer.drafting.set()
        it.say(CUSTOMER, seconds=2, pause=0)
        await it.sinks.until("c1", ev.Draft)
        assert numbers(it, ev.Draft) == [2]
        assert it.tally.drafts == {"overtaken": 2, "heard": 1}


async def test_an_answer_that_comes_with_the_end_of_speech_is_not_told():
    async with room() as it:
        it.recognizer.drafting.clear()
        it.say(CUSTOMER, seconds=2, pause=0)
        await eventually(lambda: it.recognizer.drafted)
        it.recognizer.drafting.set()
        it.say(CUSTOMER, seconds=0)
        await it.sinks.until("c1", ev.Transcript)
        assert it.tally.drafts == {"overtaken": 1}
        assert numbers(it, ev.Draft) == []


async def test_a_draft_overtaken_before_it_began_leaves_room_for_the_next():
    async with room() as it:
        it.say(CUSTOMER, seconds=2)
        it.say(CUSTOMER, seconds=2, pause=0)
        await it.sinks.until("c1", ev.Draft)
        assert numbers(it, ev.Draft) == [2]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(RecognizerError("no"), "failed"), (ValueError("a bug"), "failed"), (ShedError(), "shed")],
)
async def test_a_draft_that_fails_is_counted_and_no_more(error, outcome):
    async with room() as it:
        it.recognizer.bad_draft = error
        it.say(CUSTOMER, seconds=2, pause=0)
        await eventually(lambda: it.tally.drafts[outcome] == 1)
        it.recognizer.bad_draft = None
        it.say(CUSTOMER, seconds=2, pause=0)
        await it.sinks.until("c1", ev.Draft)
        it.say(CUSTOMER)
        await it.sinks.until("c1", ev.Transcript)
        assert not it.sinks.of("c1", ev.Unheard)


async def test_a_draft_that_takes_too_long_is_out_of_date():
    async with room(draft_within=0.02) as it:
        it.recognizer.drafting.clear()
        it.say(CUSTOMER, seconds=2, pause=0)
        await eventually(lambda: it.tally.drafts["shed"] == 1)
        assert not it.sinks.of("c1", ev.Draft)


async def test_the_end_of_a_call_does_not_wait_for_drafts():
    async with room() as it:
        it.recognizer.drafting.clear()
        it.say(CUSTOMER, seconds=2, pause=0)
        await eventually(lambda: it.recognizer.drafted)
        it.end()
        await it.sinks.until("c1", ev.CallClosed)
        assert numbers(it, ev.Transcript) == [1]
        assert isinstance(it.sinks.told["c1"][-1], ev.CallClosed)


async def test_a_short_answer_is_heard_in_the_language_of_what_was_said_before():
    async with room() as it:
        it.recognizer.languages_p = {"zh": 0.02, "yue": 0.98}
        it.say(CUSTOMER, seconds=3)
        await it.sinks.until("c1", ev.Transcript)
        it.say(CUSTOMER)
        await it.sinks.until("c1", ev.Transcript, 2)
        it.say(CUSTOMER, seconds=4)
        await it.sinks.until("c1", ev.Transcript, 3)
        assert [asked.language for asked in it.recognizer.asked] == ["auto", "yue", "auto"]


async def test_an_answer_to_a_hint_does_not_change_the_language():
    async with room() as it:
        it.recognizer.languages_p = {"zh": 0.02, "yue": 0.98}
        it.say(CUSTOMER, seconds=3)
        await it.sinks.until("c1", ev.Transcript)
        it.recognizer.languages_p = {"zh": 0.98, "yue": 0.02}
        for count in range(2, 6):
            it.say(CUSTOMER)
            await it.sinks.until("c1", ev.Transcript, count)
        assert [asked.language for asked in it.recognizer.asked[1:]] == ["yue"] * 4


async def test_what_the_model_has_no_room_for_is_told_as_shed():
    async with room() as it:
        it.recognizer.transcribe = full
        it.say(CUSTOMER)
        (unheard,) = await it.sinks.until("c1", ev.Unheard)
        assert unheard.reason == "shed"
        assert it.tally.shed == 1


async def full(utterance):
    raise ShedError("too many")
