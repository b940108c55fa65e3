"""Noise, coughs and music beside a silence; and how others' silence timers died."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streamer.events import (
    AudioChunk,
    CallEnded,
    HoldEnded,
    HoldStarted,
    Silence,
    Stalled,
    Utterance,
)
from streamer.session import CallSession
from streamer.sounds import DOUBT, Verdict
from tests.streamer.fakes import AGENT, CUSTOMER, loud_is_speech, quiet, speech, started
from tests.streamer.gateway import SETTINGS, Gateway

MARKS = SETTINGS.silence_marks


def noisy(party=AGENT, delay=0.3, verdict=Verdict.NOTHING):
    """A call on which nothing of `party` ever holds words."""
    it = Gateway()
    it.recognize = lambda said: verdict if said.party is party else Verdict.SPOKEN
    it.delay = delay
    return it


# ---- five bugs of a much used framework's idle timer ----


def test_noise_that_the_detector_takes_for_speech_does_not_leave_the_timer_dead():
    """It cancelled the timer, which was never armed again."""
    it = noisy()
    it.play(1, CUSTOMER)
    it.play(1.5)
    it.play(0.3, AGENT)
    it.play(0.72)
    assert it.silences == [(1.0, 1.2, False)]
    it.play(0.06)  # it is known 0.45 + 0.3 s after the noise: at once
    assert it.silences[1:] == [(1.0, 2.0, False)]
    it.play(7.4)
    assert len(it.silences) == 2
    it.play(0.04)
    assert it.silences[2:] == [(1.0, 10.0, False)]


def test_noise_again_and_again_never_restarts_the_timer():
    """Every burst set the timer back: it never ran out."""
    it = noisy()
    it.play(1, CUSTOMER)
    for _ in range(12):
        it.play(0.6)
        it.play(0.3, AGENT)
        it.play(0.3)
    assert it.silences == [(1.0, mark, False) for mark in MARKS]


def test_the_timer_does_not_run_out_right_after_a_long_speech():
    """It was armed when the speech began, and fired as soon as it was over."""
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(0.5)
    it.play(40, AGENT)
    it.play(1.18)
    assert it.silences == []
    it.play(0.02)
    assert it.silences == [(41.5, 1.2, False)]


@pytest.mark.parametrize("reason", ["ended", "lost", "shutdown"])
def test_the_timer_stops_with_the_call(reason):
    """It fired after the call had gone."""
    it = noisy(delay=60.0)
    it.play(1, CUSTOMER)
    it.play(1.5)
    it.play(0.3, AGENT)
    it.play(0.5)
    if reason == "ended":
        it.say(CallEnded())
    elif reason == "lost":
        it.leave(0)
        it.wait(30)
    else:
        it.heard += it.session.close(reason, it.clock)
    assert it.session.closed
    before = list(it.heard)
    it.wait(600)  # the recognizer's last words among them
    assert it.heard == before
    assert it.session.deadline is None


def test_the_timer_does_not_run_while_a_voice_is_still_heard():
    """It fired while the audio of the answer was still playing: paced audio lasts longer than
    it takes to come in."""
    it = Gateway()
    it.play(1, CUSTOMER)
    it.play(1)
    it.say(AudioChunk(AGENT, speech(30)))  # all at once
    it.say(AudioChunk(CUSTOMER, quiet(3)))
    it.wait(4.9)
    assert it.of(Stalled) == []
    assert it.silences == []


# ---- the recognizer's word ----


@pytest.mark.parametrize("delay", [0.0, 0.3, 1.0, 2.0, 8.0])
def test_however_late_it_is_known_each_mark_of_the_silence_is_said_once(delay):
    it = noisy(delay=delay)
    it.play(1, CUSTOMER)
    it.play(1.5)
    it.play(0.3, AGENT)
    it.play(20)
    ours = [silence for silence in it.silences if silence[0] == 1.0 and not silence[2]]
    assert ours == [(1.0, mark, False) for mark in MARKS]


def test_a_late_verdict_on_words_changes_nothing():
    it = Gateway()
    it.delay = 5.0
    it.play(1, CUSTOMER)
    it.play(1.5)
    it.play(0.4, AGENT)
    it.play(9)
    assert it.silences == [
        (1.0, 1.2, False),
        (1.0, 1.5, True),
        (2.9, 1.2, False),
        (2.9, 2.0, False),
    ]


def test_noise_after_which_nothing_is_sent_goes_by_the_clock():
    it = noisy()
    it.play(1, CUSTOMER)
    it.play(0.9)
    it.play(0.3, AGENT)
    it.wait(1.0)  # let go of after 0.6 s, known after 0.9
    assert it.silences == [(1.0, 1.2, False), (1.0, 2.0, False)]


def test_nothing_is_said_while_music_is_heard_and_for_a_while_after_it():
    it = noisy(verdict=Verdict.MUSIC)
    it.play(1, CUSTOMER)
    it.play(0.5)
    it.play(20, AGENT)
    it.play(4.9)
    assert it.silences == []
    it.play(0.2)
    assert it.silences == [(1.0, mark, False) for mark in MARKS]


# ---- properties ----

steps = st.lists(
    st.tuples(st.sampled_from(["", "c", "a", "ca", "n", "hold", "stall"]), st.integers(1, 70)),
    max_size=12,
)


class Ward(Gateway):
    """Checks at every moment what must never happen."""

    def __init__(self, delay):
        super().__init__()
        self.delay, self.loud, self.held = delay, (), False
        self.noise = []  # (start, end) in media time
        self.recognize = self._judge_by_truth

    def _judge_by_truth(self, said):
        within = any(
            start - 0.4 <= said.start and said.speech_end <= end + 0.1
            for start, end in self.noise
            if said.party is AGENT
        )
        return Verdict.NOTHING if within else Verdict.SPOKEN

    def _hear(self, events):
        for event in events:
            if isinstance(event, Silence) and not event.ended:
                assert not self.held, "on hold"
                assert not self.stalled, "without a stream"
                assert not self.believed, "while somebody speaks"
        super()._hear(events)

    @property
    def stalled(self):
        return bool(self.of(Stalled)) and not self.of(Stalled)[-1].ended

    @property
    def believed(self):
        """Somebody has been loud for long enough to be believed, and still is."""
        return self.loud and self.lasted >= 0.3

    def run(self, what, frames):
        if what == "hold":
            self.say(HoldEnded() if self.held else HoldStarted())
            self.held = not self.held
        elif what == "stall":
            self.loud = ()
            self.wait(frames / 10)
        else:
            self.loud = tuple({"c": CUSTOMER, "a": AGENT, "n": AGENT}[who] for who in what)
            start = self.session.at
            for n in range(frames):
                self.lasted = n / 50
                self.play(0.02, *self.loud)
            if what == "n":
                self.noise.append((start, self.session.at))
            self.loud = ()


@settings(max_examples=60)
@example([("c", 12), ("", 1), ("n", 29), ("stall", 6)], 0.0)
@given(steps, st.sampled_from([0.0, 0.3, 2.0, 6.0]))
def test_no_mark_is_said_twice_nor_during_speech_hold_or_a_stall(steps, delay):
    it = Ward(delay)
    for what, frames in steps:
        it.run(what, frames)
    it.play(DOUBT + 9)
    marks = [(s.since, s.lasted) for s in it.of(Silence) if not s.ended]
    assert len(set(marks)) == len(marks)
    ends = [s.since for s in it.of(Silence) if s.ended]
    if delay < 1.0:  # in time: no silence was thought to be over that was not
        assert len(set(ends)) == len(ends)
    assert set(ends) <= {since for since, _ in marks}


BLOCK = 25  # frames between which the recognizer is heard


def silences_of(talk, cuts):
    """Of audio cut at will, the recognizer's word coming every half second of it."""
    session, said, clock = CallSession(loud_is_speech, SETTINGS), [], 0.0
    said += session.join(0, started(CUSTOMER, AGENT), clock)
    frames = [loud for loud, count in talk for _ in range(count)]
    frames += [""] * (-len(frames) % BLOCK)
    for first in range(0, len(frames), BLOCK):
        block, unheard = frames[first : first + BLOCK], []
        for start, end in zip([0, *cuts], [*cuts, BLOCK], strict=True):
            for party, who in ((CUSTOMER, "c"), (AGENT, "an")):
                pcm = b"".join(
                    (speech if set(who) & set(loud) else quiet)(0.02)
                    for loud in block[start:end]
                )
                clock += 0.01
                heard = session.receive(0, AudioChunk(party, pcm), clock)
                said += heard
                unheard += [event for event in heard if isinstance(event, Utterance)]
        for utterance in unheard:
            noise = utterance.party is AGENT
            verdict = Verdict.NOTHING if noise else Verdict.SPOKEN
            said += session.judge(utterance.number, verdict, clock)
    return [
        (s.since, s.lasted, s.last_speaker, s.ended) for s in said if isinstance(s, Silence)
    ]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["", "c", "n", "cn"]), st.integers(1, 80)), max_size=8),
    st.sets(st.integers(1, BLOCK - 1), max_size=6),
)
def test_marks_do_not_depend_on_how_the_network_cut_the_audio(talk, cuts):
    assert silences_of(talk, sorted(cuts)) == silences_of(talk, [])
