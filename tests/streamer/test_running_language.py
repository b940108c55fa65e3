from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import events as ev
from streamer.running_language import RunningLanguage
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.shell import transcript

SURE = {"zh": 0.97, "en": 0.01, "yue": 0.01, "nospeech": 0.01}
UNSURE = {"zh": 0.5, "en": 0.05, "yue": 0.45, "nospeech": 0.0}
ENGLISH = {"zh": 0.01, "en": 0.97, "yue": 0.01, "nospeech": 0.01}


def said(seconds=1.0, party=CUSTOMER, language="auto"):
    end = 5.0 + seconds
    return ev.Utterance(ev.CallId("c"), 1, party, 5.0, end, end + 0.3, 0.0, 8000, b"", language)


def heard(running, *answers, asked=None, text="好的"):
    for languages_p in answers:
        it = asked or said(4.0)
        running.heard(it, replace(transcript(it), text=text, languages_p=languages_p))
    return running


def hint(running, *how, **more):
    return running.hinted(said(*how, **more)).language


def test_a_short_utterance_is_heard_in_the_language_of_the_call():
    running = heard(RunningLanguage(), SURE)
    assert (hint(running, 1.9), hint(running, 2.0)) == ("zh", "auto")


def test_before_anything_was_heard_there_is_no_language():
    assert hint(RunningLanguage()) == "auto"


def test_each_party_has_its_own():
    running = heard(RunningLanguage(), SURE)
    assert hint(running, party=AGENT) == "auto"
    heard(running, ENGLISH, asked=said(4.0, AGENT))
    assert (hint(running), hint(running, party=AGENT)) == ("zh", "en")


def test_what_the_gateway_names_stands():
    running = heard(RunningLanguage(), SURE)
    assert hint(running, language="en") == "en"
    assert hint(running, language="fr") == "fr"


def test_it_has_to_be_clear():
    running = heard(RunningLanguage(), UNSURE)
    assert hint(running) == "auto"
    heard(running, *[UNSURE] * 20)
    assert hint(running) == "auto", "a doubt repeated is no certainty"
    heard(running, SURE)
    assert hint(running) == "zh"


def test_what_was_heard_with_a_hint_says_nothing():
    running = heard(RunningLanguage(), ENGLISH, asked=said(language="en"))
    assert hint(running) == "auto"


def test_noise_is_in_no_language():
    assert hint(heard(RunningLanguage(), SURE, text="")) == "auto"
    assert hint(heard(RunningLanguage(), {"zh": 0.0, "en": 0.0, "nospeech": 1.0})) == "auto"
    assert hint(heard(RunningLanguage(), {})) == "auto"


def test_two_long_utterances_in_another_language_change_it():
    running = heard(RunningLanguage(), *[SURE] * 30)
    assert hint(heard(running, ENGLISH)) != "en"
    assert hint(heard(running, ENGLISH)) == "en"


@given(
    st.lists(
        st.fixed_dictionaries({name: st.floats(0.0, 1.0) for name in ("zh", "en", "nospeech")})
    )
)
def test_whatever_was_heard_the_hint_is_a_language_that_was(answers):
    running = heard(RunningLanguage(), *answers)
    assert hint(running) in ("auto", "zh", "en")


@pytest.mark.parametrize("seconds", [0.3, 1.0])
def test_a_hint_changes_nothing_else(seconds):
    running, utterance = heard(RunningLanguage(), SURE), said(seconds)
    assert replace(running.hinted(utterance), language="auto") == utterance
