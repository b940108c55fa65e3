"""Codec, segmenters and session together: bytes in, utterances and silences out."""

import json
import wave
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.adapters.webrtc import WebRtcDetector
from streamer.endpointing import Endpointing
from streamer.events import CallStarted, Party, Silence, Speaking, Utterance
from streamer.gateways.raw import RawCodec
from streamer.pcm import interleave
from streamer.session import CallSession, SessionSettings
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, quiet, speech

RATE = 8000
CALLS = Path(__file__).parents[3] / "shared" / "data" / "calls"
START = json.dumps(
    {"v": 1, "call_id": "c", "sample_rate": RATE, "channels": ["customer", "agent"]}
)
QUICK = SessionSettings(Endpointing(hangover=0.0, longest=2.0), voice_seconds=1.0)

talk = st.lists(
    st.tuples(st.sampled_from(["", "c", "a", "ca"]), st.integers(1, 80)), max_size=8
)


def conversation(talk):
    """(who speaks, frames) as interleaved PCM."""
    voices = [
        b"".join((speech if who in loud else quiet)(n / 50, RATE) for loud, n in talk)
        for who in "ca"
    ]
    return interleave(voices) if talk else b""


def listen(messages, detector=loud_is_speech, settings=QUICK, pace=None):
    """What a session says of these messages, each of which comes in when its audio ends, or
    `pace` seconds after the one before."""
    codec, session = RawCodec(), CallSession(detector, settings)
    said, now = [], 0.0
    for message in [START, *messages, '{"event":"end"}']:
        if isinstance(message, bytes):
            now += len(message) / (4 * RATE) if pace is None else pace
        for event in codec.receive(message):
            if isinstance(event, CallStarted):
                said += session.join(0, event, now)
            else:
                said += session.receive(0, event, now)
    return said


def of(kind, said):
    """Without the clock, which depends on how the audio was cut."""
    clock = {Utterance: "speech_end_clock", Silence: "mark_clock"}[kind]
    return [replace(event, **{clock: 0.0}) for event in said if isinstance(event, kind)]


def pieces(audio, size):
    return [audio[i : i + size * 4] for i in range(0, len(audio), size * 4)]


@settings(max_examples=25)
@given(talk, st.integers(40, 2000), st.sampled_from([None, 0.0, 0.02, 3.0, -1.0]))
def test_neither_the_cut_nor_the_pace_of_the_audio_matters(talk, size, pace):
    audio = conversation(talk)
    whole, cut = listen(pieces(audio, 60_000)), listen(pieces(audio, size), pace=pace)
    assert of(Silence, cut) == of(Silence, whole)
    for party in Party:
        assert _words(cut, party) == _words(whole, party)


def _words(said, party):
    """Numbers go by the order in which two parties finish, which the cut may change."""
    return [replace(u, number=0) for u in of(Utterance, said) if u.party is party]


@settings(max_examples=25)
@given(talk)
def test_utterances_of_each_party_are_ordered_disjoint_and_bounded(talk):
    said = listen(pieces(conversation(talk), 160))
    utterances = of(Utterance, said)
    # Numbered as they are first told of, told when they are over.
    assert sorted(u.number for u in utterances) == list(range(1, len(utterances) + 1))
    for party in Party:
        theirs = [u for u in utterances if u.party is party]
        assert all(a.end <= b.start and a.number < b.number for a, b in pairwise(theirs))
        assert all(u.end - u.start <= 2.0 + 1e-9 for u in theirs)


@settings(max_examples=25)
@given(talk)
def test_what_is_heard_of_growing_comes_before_its_utterance_and_begins_it(talk):
    said = listen(pieces(conversation(talk), 160))
    order = {u.number: at for at, u in enumerate(said) if isinstance(u, Utterance)}
    for at, event in enumerate(said):
        if isinstance(event, Speaking):
            so_far, over = event.so_far, said[order[event.so_far.number]]
            assert at < order[so_far.number]
            assert (so_far.party, so_far.start) == (over.party, over.start)
            shorter, longer = sorted((so_far.pcm, over.pcm), key=len)
            assert longer.startswith(shorter)


@settings(max_examples=25)
@given(talk)
def test_silences_are_those_in_which_nobody_speaks(talk):
    """The marks of each silence in order, then its end; and nobody speaks within it."""
    said = listen(pieces(conversation(talk), 160))
    silences = of(Silence, said)
    for since in dict.fromkeys(s.since for s in silences):
        *marks, last = [s for s in silences if s.since == since]
        assert [m.lasted for m in marks] == [1.2, 2.0, 10.0][: len(marks)]
        assert [s.ended for s in (*marks, last)] == [False] * len(marks) + [True]
        for u in of(Utterance, said):
            # An utterance speaks from its lead-in on, at the latest.
            began = min(u.start + 0.3, u.speech_end)
            assert u.speech_end <= since + 1e-6 or began >= since + last.lasted - 0.3 - 1e-6


@settings(max_examples=25)
@given(talk, st.lists(st.tuples(st.sampled_from(["hold", "unhold"]), st.integers(0, 20))))
def test_nothing_on_hold_is_a_silence(talk, holds):
    messages = pieces(conversation(talk), 800)
    for event, place in holds:
        messages.insert(place, json.dumps({"event": event}))
    on_hold = []
    for event in listen(messages):
        if isinstance(event, Silence):
            assert not on_hold or event.ended
        on_hold = (
            [event] if getattr(event, "on", False) else [] if hasattr(event, "on") else on_hold
        )


# ---- a real call ----


def _leg(party):
    path = CALLS / f"repairs-{party}.wav"
    if not path.exists():
        pytest.skip(f"needs the recording {path.name} of ../shared/data/calls")
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        return file.readframes(file.getnframes())


def _speech_offline(pcm):
    """Frames of one whole recording in which somebody speaks, written apart from the code."""
    detector, frame = WebRtcDetector(RATE), RATE // 50 * 2
    count = len(pcm) // frame
    flags = np.array(
        [detector.is_speech(pcm[i * frame : (i + 1) * frame]) for i in range(count)]
    )
    crowds = np.convolve(flags, np.ones(5), "full")[:count] >= 3  # windows that end here
    near = np.convolve(crowds[::-1], np.ones(5), "full")[:count][::-1] > 0
    frames = np.flatnonzero(flags & near)
    talking = np.zeros(count, bool)
    for run in np.split(frames, np.flatnonzero(np.diff(frames) > 23) + 1):
        if len(run) >= 12:
            talking[run[0] : run[-1] + 1 - 6] = True  # 6 frames of hang-over
    return talking


def _silences_offline(legs, shortest):
    talking = np.logical_or(*(_speech_offline(pcm) for pcm in legs))
    frames = np.append(
        np.flatnonzero(talking), len(talking)
    )  # the call's end ends the last one
    gaps = [((a + 1) / 50, b / 50) for a, b in pairwise(frames)]
    return [(start, end) for start, end in gaps if end - start >= shortest - 1e-9]


@pytest.mark.data
@pytest.mark.parametrize(("mark", "at_least"), [(2.0, 1), (1.2, 4), (0.6, 15)])
def test_the_silences_of_a_real_call_are_those_of_an_offline_pass(mark, at_least):
    legs = [_leg("customer"), _leg("agent")]
    messages = pieces(interleave(legs), 160)
    said = of(Silence, listen(messages, WebRtcDetector, SessionSettings(silence_marks=(mark,))))
    live = [(s.since, s.since + s.lasted) for s in said if s.ended]
    offline = _silences_offline(legs, mark)
    assert len(offline) >= at_least, "the recording has that many"
    assert len(live) == len(offline)
    for heard, expected in zip(live, offline, strict=True):
        assert heard == pytest.approx(expected, abs=0.1)


@pytest.mark.data
def test_a_real_call_loses_no_speech():
    legs = {CUSTOMER: _leg("customer"), AGENT: _leg("agent")}
    said = listen(
        pieces(interleave(list(legs.values())), 160), WebRtcDetector, SessionSettings()
    )
    for party, pcm in legs.items():
        talking = _speech_offline(pcm)
        heard = np.zeros(len(talking), bool)
        for u in (u for u in said if isinstance(u, Utterance) and u.party is party):
            heard[round(u.start * 50) : round(u.end * 50)] = True
            first = round(u.start * RATE) * 2
            assert pcm[first : first + len(u.pcm)] == u.pcm
        assert (talking & ~heard).sum() <= 0.002 * talking.sum()
