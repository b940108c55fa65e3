"""Less than a second of speech is no evidence of how somebody feels, whoever asks."""

import pytest

from alerts.engine import Engine
from alerts.ids import counted
from alerts.playbook import BUNDLED, parse
from streamer.events import CallId, CallInfo, Emotion, Party, Utterance
from streamer.recognizer.gates import SHORT_P, Gates
from streamer.recognizer.transcribing import transcript
from tests.recognizer.test_gates import heard

pytestmark = pytest.mark.model

LEAD_IN = Gates().lead_in
PLAYBOOK = parse(BUNDLED.read_text("utf-8"))
CERTAIN = {Emotion.ANGRY: 1.0, Emotion.NEUTRAL: 0.0, Emotion.UNKNOWN: 0.0}
"""As certain as a softmax can be."""


def said(seconds, emotion_p=None, number=1):
    """A transcript of so much speech, angry if nothing else is said."""
    hearing = heard("你们是不是压单啊")
    hearing.emotion_p.update(emotion_p or CERTAIN)
    start = 20.0 * number
    end = start + LEAD_IN + seconds
    it = Utterance(
        CallId("c"), number, Party.CUSTOMER, start, end, end + 0.24, 0.0, 8000, b"", "auto"
    )
    return transcript(it, hearing, Gates())


def alerts(seconds):
    """What the bundled playbook raises on three such utterances of one customer."""
    engine = Engine(CallInfo(CallId("c")), PLAYBOOK, counted())
    told = [it for number in (1, 2, 3) for it in engine.observe(said(seconds, None, number))]
    return sorted({it.kind for it in told})


@pytest.mark.parametrize("seconds", [0.24, 0.5, 0.9, 0.98])
def test_short_and_certainly_angry_counts_as_nothing(seconds):
    it = said(seconds)
    assert it.text == "你们是不是压单啊"
    assert it.emotion is Emotion.UNKNOWN
    assert it.emotion_p[Emotion.ANGRY] <= SHORT_P
    assert sum(it.emotion_p.values()) == pytest.approx(1.0)
    assert "<|ANGRY|>" in it.raw  # what the model itself says
    assert alerts(seconds) == []


def test_the_bundled_playbook_asks_for_more_than_short_speech_may_have():
    assert PLAYBOOK.angry.least_known > SHORT_P


@pytest.mark.parametrize("seconds", [1.0, 1.02, 3.0])
def test_from_one_second_on_it_is_as_it_was_heard(seconds):
    it = said(seconds)
    assert (it.emotion, it.emotion_p) == (Emotion.ANGRY, CERTAIN)
    assert alerts(seconds) == ["ANGRY"]


def test_proportions_stay():
    it = said(0.6, {Emotion.ANGRY: 0.6, Emotion.NEUTRAL: 0.2, Emotion.UNKNOWN: 0.2})
    assert it.emotion_p[Emotion.ANGRY] == pytest.approx(3 * it.emotion_p[Emotion.NEUTRAL])
    assert it.emotion_p[Emotion.UNKNOWN] == pytest.approx(1 - SHORT_P)


def test_what_is_unsure_already_stays():
    unsure = {Emotion.ANGRY: 0.03, Emotion.NEUTRAL: 0.02, Emotion.UNKNOWN: 0.95}
    assert said(0.6, unsure).emotion_p == unsure
