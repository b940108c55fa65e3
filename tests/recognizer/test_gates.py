import numpy as np
import pytest

from streamer.errors import SettingsError
from streamer.events import AudioEvent, CallId, Emotion, Party, Utterance
from streamer.recognizer.gates import Closed, Gates, believed, doubted, loudness
from streamer.recognizer.hearing import Hearing
from streamer.recognizer.transcribing import prepared, transcript

pytestmark = pytest.mark.model  # the recognizer's values come with torch


def heard(text, speech_p=0.95, languages=None, event=AudioEvent.MUSIC):
    languages = languages or {"zh": 0.9, "en": 0.06, "yue": 0.02, "ja": 0.01, "nospeech": 0.01}
    return Hearing(
        text=text,
        language=max(languages, key=languages.__getitem__),
        languages_p=languages,
        emotion=Emotion.ANGRY,
        emotion_p={Emotion.ANGRY: 0.8, Emotion.NEUTRAL: 0.15, Emotion.UNKNOWN: 0.05},
        events=(AudioEvent.SPEECH if speech_p > 0.5 else event,),
        events_p={AudioEvent.SPEECH: speech_p, event: 1 - speech_p},
        tokens=tuple((character, 0.06 * i) for i, character in enumerate(text)),
        raw=f"<|zh|><|ANGRY|><|Speech|><|withitn|>{text}",
    )


def assert_nothing(it):
    assert (it.text, it.tokens, it.emotion) == ("", (), Emotion.UNKNOWN)
    assert it.emotion_p == {Emotion.ANGRY: 0.0, Emotion.NEUTRAL: 0.0, Emotion.UNKNOWN: 1.0}
    assert it.raw


def test_speech_is_believed_as_it_is():
    said = heard("你们是不是压单啊")
    it = believed(said, Gates())
    assert (it.text, it.emotion, it.emotion_p) == (said.text, said.emotion, said.emotion_p)
    assert (it.language, it.events, it.tokens) == ("zh", said.events, said.tokens)


def test_nospeech_has_no_words_and_no_emotion():
    assert_nothing(believed(heard("你好吗", languages={"zh": 0.4, "nospeech": 0.6}), Gates()))


def test_music_has_no_words_and_no_emotion():
    it = believed(heard("你好吗", speech_p=0.19), Gates())
    assert_nothing(it)
    assert it.events == (AudioEvent.MUSIC,)
    assert believed(heard("你好吗", speech_p=0.2), Gates()).text == "你好吗"


@pytest.mark.parametrize("text", ["", "。", " ，。", "...", "?!"])
def test_punctuation_alone_is_nothing(text):
    assert_nothing(believed(heard(text), Gates()))


@pytest.mark.parametrize("text", ["The.", "Yeah.", "Oh", "嗯。", "嗯", "Okay."])
def test_one_word_of_noise_is_nothing(text):
    assert_nothing(believed(heard(text, speech_p=0.5), Gates()))


@pytest.mark.parametrize("text", ["Yeah. Yeah.", "嗯嗯嗯。", "Oh, okay.", "嗯，yeah"])
def test_nor_are_several_of_them(text):
    assert_nothing(believed(heard(text, speech_p=0.5), Gates()))
    assert believed(heard(text, speech_p=0.9), Gates()).text == text


@pytest.mark.parametrize(
    "text", ["ご視聴ありがとうございました", "시청해 주셔서 감사합니다", "谢谢かな"]
)
def test_a_script_of_no_allowed_language_needs_evidence(text):
    assert_nothing(believed(heard(text, speech_p=0.5), Gates()))
    assert believed(heard(text, speech_p=0.9), Gates()).text == text
    allowed = Gates(languages=frozenset({"zh", "ja", "ko"}))
    assert believed(heard(text, speech_p=0.5), allowed).text == text


@pytest.mark.parametrize(
    ("said", "gate"),
    [
        (heard("你好吗", languages={"zh": 0.4, "nospeech": 0.6}), Closed.NO_SPEECH),
        (heard("你好吗", speech_p=0.1), Closed.UNLIKELY),
        (heard("。"), Closed.WORDLESS),
        (heard("The.", speech_p=0.5), Closed.FILLER),
        (heard("ありがとう", speech_p=0.5), Closed.FOREIGN),
        (heard("你好吗"), None),
    ],
)
def test_which_gate_closes(said, gate):
    assert doubted(said, Gates()) is gate


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (Gates(min_speech_p=0.5), heard("你好吗", speech_p=0.49)),
        (Gates(filler_speech_p=0.95), heard("The.", speech_p=0.94)),
    ],
)
def test_how_much_evidence_is_enough_is_a_setting(gates, said):
    assert doubted(said, Gates()) is None
    assert doubted(said, gates)


@pytest.mark.parametrize("text", ["The.", "Yeah.", "嗯。"])
def test_one_word_of_speech_is_heard(text):
    assert believed(heard(text, speech_p=0.9), Gates()).text == text


@pytest.mark.parametrize("text", ["不要", "The size is wrong.", "嗯好的"])
def test_other_words_need_less(text):
    assert believed(heard(text, speech_p=0.4), Gates()).text == text


def test_a_language_that_may_not_be_is_passed_over():
    it = believed(heard("方便", languages={"ja": 0.7, "zh": 0.2, "en": 0.1}), Gates())
    assert (it.language, it.text) == ("zh", "方便")
    assert it.language_p == pytest.approx(2 / 3)
    assert it.languages_p["ja"] == 0.0
    assert sum(it.languages_p.values()) == pytest.approx(1.0)


def test_speech_that_is_certainly_in_another_language_keeps_its_words():
    it = believed(heard("方便", languages={"zh": 0.0, "ja": 1.0, "nospeech": 0.0}), Gates())
    assert (it.language, it.text) == ("zh", "方便")


def test_which_languages_may_be_is_a_setting():
    gates = Gates(languages=frozenset({"ja"}))
    assert believed(heard("方便", languages={"ja": 0.3, "zh": 0.7}), gates).language == "ja"


@pytest.mark.parametrize("languages", [{"zh", "klingon"}, {"nospeech"}, set()])
def test_languages_that_are_none(languages):
    with pytest.raises(SettingsError, match="languages"):
        Gates(languages=frozenset(languages))


def tone(dbfs, seconds=1.0):
    t = np.arange(int(16000 * seconds)) / 16000
    return (10 ** (dbfs / 20) * np.sqrt(2) * np.sin(2 * np.pi * 400 * t)).astype(np.float32)


@pytest.mark.parametrize("dbfs", [-70, -60.5, -30, -3.1])
def test_loudness(dbfs):
    assert loudness(tone(dbfs)) == pytest.approx(dbfs, abs=0.05)
    pause = np.zeros(160_000, np.float32)
    assert loudness(np.concatenate([pause, tone(dbfs), pause])) == pytest.approx(dbfs, abs=0.05)


def test_loudness_of_little():
    assert loudness(np.zeros(0, np.float32)) == loudness(np.zeros(99, np.float32)) == -120.0
    assert loudness(tone(-20, 0.05)) == pytest.approx(-20, abs=0.05)


def utterance(samples, language="auto", rate=16000):
    pcm = np.round(samples * 32767).astype("<i2").tobytes()
    start = 10.0
    end = start + len(samples) / rate
    return Utterance(
        CallId("c1"), 7, Party.CUSTOMER, start, end - 0.2, end, 55.5, rate, pcm, language
    )


def noise(dbfs, seconds=1.0):
    rng = np.random.default_rng(1)
    return (10 ** (dbfs / 20) * rng.standard_normal(int(16000 * seconds))).astype(np.float32)


def test_quiet_is_not_given_to_the_model():
    assert prepared(utterance(noise(-62)), Gates(), itn=True) is Closed.QUIET
    assert prepared(utterance(noise(-58)), Gates(), itn=True).samples.any()
    assert prepared(utterance(noise(-62)), Gates(min_dbfs=-65.0), itn=True).samples.any()
    assert prepared(utterance(np.zeros(0)), Gates(), itn=True) is Closed.QUIET


def test_a_dial_tone_is_not_given_to_the_model():
    assert prepared(utterance(tone(-20)), Gates(), itn=True) is Closed.TONES


def test_a_clip_is_at_the_models_rate():
    sound = noise(-20)
    clip = prepared(utterance(sound[::2], rate=8000), Gates(), itn=False)
    assert (len(clip.samples), clip.samples.dtype, clip.itn) == (16000, np.float32, False)
    assert loudness(clip.samples) == pytest.approx(-20, abs=1)


@pytest.mark.parametrize(
    ("named", "hint"), [("zh", "zh"), ("auto", "auto"), ("de", "auto"), ("ja", "auto")]
)
def test_a_language_is_a_hint_where_it_may_be(named, hint):
    assert prepared(utterance(noise(-20), named), Gates(), itn=True).language == hint


def test_a_transcript_is_in_the_calls_time():
    it = transcript(utterance(noise(-20, 2.0)), heard("你好"), Gates())
    assert (it.call, it.number, it.party) == ("c1", 7, Party.CUSTOMER)
    assert (it.start, it.end, it.speech_end_clock) == (10.0, 11.8, 55.5)
    assert it.tokens == (("你", 10.0), ("好", 10.06))
    assert (it.text, it.emotion) == ("你好", Emotion.ANGRY)
    assert it.language_p == pytest.approx(0.9 / 0.99)  # among the languages that may be
