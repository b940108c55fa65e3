"""Who is the customer, put right while the call goes on."""

import json

import pytest

from streamer import events as ev
from streamer.errors import RefusedError
from streamer.events import PartiesSwapped, Party, Swapped, Utterance
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateway import Gateway, about
from tests.streamer.shell import END, SAID, goodbye, house, settings, start
from tests.streamer.test_session_state import moved


def who(gateway):
    return [utterance.party for utterance in gateway.of(Utterance)]


def test_from_here_on_the_other_one_is_the_customer():
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1)
    it.say(PartiesSwapped())
    it.play(1, CUSTOMER)
    it.play(1)
    it.say(PartiesSwapped())
    it.play(1, CUSTOMER)
    it.play(1)
    assert who(it) == [CUSTOMER, AGENT, CUSTOMER]
    assert [u.speech_end for u in it.of(Utterance)] == about(1.0, 3.0, 5.0)


def test_it_is_told_with_its_time_and_who_did_it():
    it = Gateway()
    it.play(1, CUSTOMER)
    it._hear(it.session.swap("林岚"))
    assert isinstance(it.heard[-2], Utterance)  # what was being said is told of before
    it.play(1)
    it.say(PartiesSwapped())
    assert [(s.swapped, s.by) for s in it.of(Swapped)] == [(True, "林岚"), (False, "")]
    assert [s.at for s in it.of(Swapped)] == about(1.0, 2.0)
    it.say(ev.CallEnded())
    assert it.session.swap("林岚") == []


def test_what_is_being_said_is_let_go_of_under_the_name_it_began_with():
    it = Gateway()
    it.play(1, AGENT)
    it.say(PartiesSwapped())
    assert who(it) == [AGENT]
    it.play(1, AGENT)
    it.play(1)
    assert who(it) == [AGENT, CUSTOMER]


def test_a_silence_after_the_swap_is_the_other_ones():
    it = Gateway()
    it.say(PartiesSwapped())
    it.play(1, CUSTOMER)
    it.play(2)
    assert {silence.last_speaker for silence in it.of(ev.Silence)} == {AGENT}


def test_it_holds_for_the_connection_that_comes_back_and_for_a_second_one():
    it = Gateway(CUSTOMER)
    it.play(1, CUSTOMER, legs={0: (CUSTOMER,)})
    it.say(PartiesSwapped())
    it.leave(0)
    it.wait(2)
    it.join(2, CUSTOMER)
    with pytest.raises(RefusedError, match="party customer of this call is already connected"):
        it.join(3, CUSTOMER)
    it.join(1, AGENT)
    legs = {2: (CUSTOMER,), 1: (AGENT,)}
    it.play(1, CUSTOMER, legs=legs)
    it.play(1, legs=legs)
    it.play(1, AGENT, legs=legs)
    it.play(1, legs=legs)
    assert who(it) == [CUSTOMER, AGENT, CUSTOMER]


def test_a_leg_that_comes_back_goes_on_where_its_own_audio_ended():
    it = Gateway(CUSTOMER)
    it.join(1, AGENT)
    it.say(ev.AudioChunk(CUSTOMER, bytes(16000 * 9)), 0)  # faster than life
    it.say(PartiesSwapped())
    it.leave(0)
    it.leave(1)
    it.join(2, CUSTOMER, AGENT)
    assert it.session.at == 9.0
    it.play(1, CUSTOMER, legs={2: (CUSTOMER, AGENT)})
    it.play(1, legs={2: (CUSTOMER, AGENT)})
    assert [u.speech_end for u in it.of(Utterance)] == about(10.0)


def test_it_holds_on_another_server():
    here = Gateway()
    here.say(PartiesSwapped())
    there = moved(here)
    there.join(7, CUSTOMER, AGENT)
    there.play(1, CUSTOMER, legs={7: (CUSTOMER, AGENT)})
    there.play(1, legs={7: (CUSTOMER, AGENT)})
    assert who(there) == [AGENT]
    assert there.session.swapped


def test_who_is_unknown_stays_unknown():
    it = Gateway(Party.UNKNOWN)
    it.say(PartiesSwapped())
    it.play(1, Party.UNKNOWN, legs={0: (Party.UNKNOWN,)})
    it.play(1, legs={0: (Party.UNKNOWN,)})
    assert who(it) == [Party.UNKNOWN]


async def test_the_server_swaps_a_call_that_goes_on_and_a_reconnect_keeps_it():
    async with house(settings(grace=30.0)) as it:
        async with it.connect() as socket:
            await socket.send(start())
            await socket.send(SAID)
            await it.sinks.until("c1", ev.Transcript)
            assert it.server.swap("c1", "林岚") is True
        async with it.connect() as again:
            await again.send(start())
            await again.send(SAID)
            await it.sinks.until("c1", ev.Transcript, 2)
            await again.send(json.dumps({"event": "swap"}))
            await again.send(SAID)
            await it.sinks.until("c1", ev.Transcript, 3)
            assert it.server.swap("c1", "林岚") is True
            assert it.server.swap("c1", "林岚") is False
            await again.send(END)
            assert await goodbye(again) == (1000, "call over")
        parties = [said.party for said in it.sinks.of("c1", ev.Transcript)]
        assert parties == [CUSTOMER, AGENT, CUSTOMER]
        told = [(swap.swapped, swap.by) for swap in it.sinks.of("c1", Swapped)]
        assert told == [(True, "林岚"), (False, ""), (True, "林岚"), (False, "林岚")]
        for gone in ("c1", "never"):
            with pytest.raises(LookupError):
                it.server.swap(gone, "")
