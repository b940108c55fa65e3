"""A call that goes on in another process goes on as it would have in its own."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.events import (
    CallResumed,
    Held,
    HoldEnded,
    HoldStarted,
    Silence,
    Unheard,
    Utterance,
)
from streamer.session import CallSession
from streamer.session_state import SessionState
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, started
from tests.streamer.gateway import GROWING, SETTINGS, Gateway

RUNS = st.lists(
    st.tuples(st.sets(st.sampled_from([CUSTOMER, AGENT])), st.integers(1, 160)), max_size=6
)


def moved(gateway, after=0.0, *, told=True):
    """The same call on another server, `after` seconds later. `told`: the sink knows the words
    of all that was said."""
    for said in gateway.of(Utterance) if told else ():
        gateway.session.clear(said.number, [])
    packed = msgspec.msgpack.encode(gateway.session.state(gateway.clock))
    state = msgspec.msgpack.decode(packed, type=SessionState)
    ago = {f: getattr(state, f) + after for f in ("opened_ago", "heard_ago")}
    other = Gateway.__new__(Gateway)
    other.__dict__ |= {**gateway.__dict__, "heard": [], "_waiting": []}
    other.session = CallSession(loud_is_speech, SETTINGS)
    other.clock = gateway.clock + after
    info = started(CUSTOMER, AGENT).info
    first, *said = other.session.resume(info, replace(state, **ago), other.clock)
    assert isinstance(first, CallResumed)
    other.heard += said
    return other


def timeless(events):
    """But for PCM, and the clock's rounding."""
    return [
        (type(e).__name__, getattr(e, "number", 0), round(getattr(e, "start", 0.0), 6),
         round(getattr(e, "since", 0.0), 6), round(getattr(e, "lasted", 0.0), 6),
         getattr(e, "ended", None), round(getattr(e, "mark_clock", 0.0), 3))
        for e in events
    ]  # fmt: skip


@given(RUNS, st.floats(0, 20), RUNS)
def test_after_a_gap_both_go_on_alike(before, gap, after):
    here = Gateway()
    for loud, frames in before:
        here.play(frames / 50, *loud)
    here.leave(0)
    there = moved(here, gap)
    here.heard.clear()
    here.wait(gap)
    for gateway in (here, there):
        gateway.join(7, CUSTOMER, AGENT)
        for loud, frames in after:
            gateway.play(frames / 50, *loud, legs={7: (CUSTOMER, AGENT)})
        gateway.heard += gateway.session.close("ended", gateway.clock)
    assert timeless(there.heard) == timeless(here.heard)
    assert there.session.at == pytest.approx(here.session.at)


def test_a_crash_ends_the_silence_that_was_being_told():
    here = Gateway()
    here.play(1.0, CUSTOMER)
    here.play(3.0)
    assert here.of(Silence)[-1].lasted == 2.0
    there = moved(here)
    assert [(s.lasted, s.ended) for s in there.of(Silence)] == [(3.0, True)]


def test_who_was_speaking_in_the_crash_is_the_last_speaker():
    here = Gateway()
    here.play(1.0, AGENT)
    here.play(1.0)
    here.play(1.0, CUSTOMER)
    there = moved(here, after=3.0)
    there.join(1, CUSTOMER, AGENT)
    there.play(2.5, legs={1: (CUSTOMER, AGENT)})
    marks = [s for s in there.of(Silence) if not s.ended]
    assert {s.last_speaker for s in marks} == {CUSTOMER}
    assert [s.lasted for s in marks] == [1.2, 2.0]


def test_numbers_go_on_and_hold_is_still_hold():
    here = Gateway()
    here.play(1.0, CUSTOMER)
    here.play(1.0)
    here.say(HoldStarted())
    there = moved(here)
    there.join(1, CUSTOMER, AGENT)
    there.say(HoldStarted(), 1)
    assert not there.of(Held)
    there.say(HoldEnded(), 1)
    there.play(1.0, CUSTOMER, legs={1: (CUSTOMER, AGENT)})
    there.play(1.0, legs={1: (CUSTOMER, AGENT)})
    assert [u.number for u in there.of(Utterance)] == [2]


def test_a_refused_consent_stays_refused():
    here = Gateway(record=False, emotion=False)
    there = moved(here)
    assert (there.session.info.record, there.session.info.emotion) == (False, False)
    there.join(1, CUSTOMER, AGENT)
    assert not there.session.info.record


def test_there_is_no_audio_and_nothing_personal_in_it():
    here = Gateway(customer="13800001234")
    here.play(5.0, CUSTOMER)
    packed = msgspec.msgpack.encode(here.session.state(here.clock))
    assert b"13800001234" not in packed
    assert len(packed) < 1000


def test_what_was_said_and_is_not_known_is_told_to_be_lost():
    """One utterance waits for the model, one is still being said: both have their numbers."""
    here = Gateway(settings=GROWING)
    here.play(1.0, CUSTOMER)
    here.play(1.0)
    here.play(4.0, AGENT)
    there = moved(here, told=False)
    lost = [(u.number, u.party, u.reason) for u in there.of(Unheard)]
    assert lost == [(1, CUSTOMER, "lost"), (2, AGENT, "lost")]
    first, second = there.of(Unheard)
    assert first.end == pytest.approx(1.0, abs=0.5)
    assert (second.start, second.end) == pytest.approx((2.0, 6.0), abs=0.5)
    there.join(1, CUSTOMER, AGENT)
    there.play(1.0, CUSTOMER, legs={1: (CUSTOMER, AGENT)})
    there.play(1.0, legs={1: (CUSTOMER, AGENT)})
    assert [u.number for u in there.of(Utterance)] == [3]
    # Told once, and owed no more.
    assert not moved(there).of(Unheard)


def test_a_closed_call_goes_on_should_its_last_words_be_lost():
    here = Gateway()
    here.play(1.0, CUSTOMER)
    here.heard += here.session.close("ended", here.clock)
    there = moved(here, told=False)
    assert [u.number for u in there.of(Unheard)] == [1]
    there.join(1, CUSTOMER, AGENT)
    assert not there.session.closed
