"""Where nobody speaks a call has no words and no anger; where somebody speaks softly it has."""

import numpy as np
import pytest
import soundfile
from prometheus_client import CollectorRegistry

from bench.truth import lines
from streamer.adapters.webrtc import WebRtcDetector
from streamer.endpointing import Endpointing, Spoken
from streamer.events import MODEL_RATE, AudioEvent, CallId, Emotion, Party, Utterance
from streamer.pcm import to_model_rate
from streamer.recognizer.gates import Closed, Gates, silenced
from streamer.recognizer.hearing import Hearing
from streamer.recognizer.hub import TINY_DIRECTORY
from streamer.recognizer.metrics import Metrics
from streamer.recognizer.sensevoice import SenseVoice
from streamer.recognizer.tones import is_tones
from streamer.recognizer.worker import RecognizerWorker, WorkerSettings
from streamer.recording import demo
from streamer.segmenter import Segmenter
from tests.recognizer.conftest import plain_frontend
from tests.recognizer.noises import NOBODY_SPEAKS, RATE, hold_music, noise, tones

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def tiny():
    return SenseVoice.load(TINY_DIRECTORY)


class Gullible:
    """Takes everything for an angry "The."; how sure it is of speech is what it is given."""

    frontend = plain_frontend()

    def __init__(self, speech_p=0.95):
        self.asked = 0
        self._answer = Hearing(
            text="The.",
            language="en",
            languages_p={"en": 0.9, "zh": 0.1, "nospeech": 0.0},
            emotion=Emotion.ANGRY,
            emotion_p={Emotion.ANGRY: 0.9, Emotion.NEUTRAL: 0.1, Emotion.UNKNOWN: 0.0},
            events=(AudioEvent.SPEECH,),
            events_p={AudioEvent.SPEECH: speech_p, AudioEvent.MUSIC: 1 - speech_p},
            tokens=(("The", 0.3),),
            raw="<|en|><|ANGRY|><|Speech|><|withitn|>The.",
        )

    def hear(self, clips):
        self.asked += len(clips)
        return [self._answer] * len(clips)

    def nothing(self):
        emotion_p = {Emotion.ANGRY: 0.0, Emotion.NEUTRAL: 0.0, Emotion.UNKNOWN: 1.0}
        return Hearing(
            "", "nospeech", {"nospeech": 1.0}, Emotion.UNKNOWN, emotion_p, (), {}, (), ""
        )


def cut(samples, rate=RATE):
    """What the segmenter makes of one party's audio, as in a call."""
    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    segmenter = Segmenter(WebRtcDetector(rate), rate, Endpointing())
    said = [*segmenter.push(pcm), *segmenter.flush()]
    return [
        Utterance(
            CallId("c"),
            number,
            Party.CUSTOMER,
            it.start,
            it.speech_end,
            it.end,
            0.0,
            rate,
            it.pcm,
        )
        for number, it in enumerate((each for each in said if isinstance(each, Spoken)), 1)
    ]


async def heard(model, utterances, registry=None):
    settings = WorkerSettings(threads=1)
    async with RecognizerWorker(model, settings, Metrics(registry)) as worker:
        return [await worker.transcribe(each) for each in utterances]


def assert_nothing(transcripts):
    for it in transcripts:
        assert (it.text, it.tokens, it.emotion) == ("", (), Emotion.UNKNOWN)
        assert it.emotion_p[Emotion.UNKNOWN] == 1.0


@pytest.mark.parametrize("name", NOBODY_SPEAKS)
async def test_where_nobody_speaks_nothing_is_heard(tiny, name):
    assert_nothing(await heard(tiny, cut(NOBODY_SPEAKS[name])))


TONES = [name for name in NOBODY_SPEAKS if any(k in name for k in ("tone", "ringback", "busy"))]
TONES += [name for name in NOBODY_SPEAKS if "key" in name or "congestion" in name]
SILENCES = ["digital silence", "one step of noise"]


@pytest.mark.parametrize("name", [*TONES, *SILENCES])
async def test_tones_and_silence_do_not_depend_on_the_model(name):
    """Nor on webrtcvad, which takes most tones for speech."""
    model, registry = Gullible(), CollectorRegistry()
    samples = NOBODY_SPEAKS[name]
    pcm = (samples * 32767).clip(-32768, 32767).astype("<i2").tobytes()
    end = len(samples) / RATE
    whole = Utterance(CallId("c"), 1, Party.CUSTOMER, 0.0, end, end, 0.0, RATE, pcm)
    assert_nothing(await heard(model, [whole, *cut(samples)], registry))
    assert model.asked == 0
    gate = Closed.QUIET if name in SILENCES else Closed.TONES
    assert registry.get_sample_value("earwitness_gated_total", {"gate": gate}) >= 1


@pytest.mark.parametrize("seed", range(3))
async def test_hold_music_is_nothing_to_whoever_doubts_that_it_is_speech(seed):
    registry = CollectorRegistry()
    music = cut(hold_music(seed))
    assert music
    assert_nothing(await heard(Gullible(speech_p=0.5), music, registry))
    assert registry.get_sample_value("earwitness_gated_total", {"gate": "filler"}) == len(music)


async def test_what_is_believed_is_not_counted():
    registry = CollectorRegistry()
    it = (await heard(Gullible(), cut(hold_music(1)), registry))[0]
    assert (it.text, it.emotion) == ("The.", Emotion.ANGRY)
    counted = [
        s for family in registry.collect() for s in family.samples if "gated_total" in s.name
    ]
    assert counted == []


# ---- false rejects ----


def customer_line(number, text):
    """The samples of one line of a demo call, at 8 kHz."""
    line = next(each for each in lines(number) if each.text == text)
    recording = demo(number)
    side = recording.parties.index(Party(line.party))
    first, last = (
        round(at * recording.sample_rate) for at in (line.start - 0.3, line.end + 0.3)
    )
    return recording.samples[max(0, first) : last, side] / 32768


SPOKEN = [(line, number) for number in (1, 2, 3, 4) for line in lines(number) if line.text]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_no_gate_closes_before_a_line_of_the_demo_calls(number):
    for line in (line for line, n in SPOKEN if n == number):
        samples = customer_line(number, line.text)
        for softer in (0, -20):
            pcm = (samples * 10 ** (softer / 20) * 32767).astype("<i2").tobytes()
            assert silenced(to_model_rate(pcm, 8000), Gates()) is None, line.text


@pytest.mark.parametrize("dbfs", [-20, -32])
async def test_soft_speech_is_heard(tiny, dbfs):
    samples = customer_line(
        1, next(x.text for x, n in SPOKEN if n == 1 and x.party == "customer")
    )
    loud = samples / np.abs(samples).max() * 10 ** (dbfs / 20)
    words = [it.text for it in await heard(tiny, cut(np.concatenate([loud, np.zeros(8000)])))]
    assert any(len(text) > 3 for text in words), words


def hummed(hertz, seconds=0.6, dbfs=-34):
    """A soft, lazy "嗯": few harmonics, and a pitch that sinks as a voice's does."""
    t = np.arange(int(seconds * MODEL_RATE)) / MODEL_RATE
    phase = 2 * np.pi * np.cumsum(hertz * (1 - 0.08 * t / seconds)) / MODEL_RATE
    voice = sum(np.sin(h * phase) / h**2 for h in (1, 2, 3)) * np.hanning(len(t))
    return (10 ** (dbfs / 20) * voice).astype(np.float32)


@pytest.mark.parametrize("hertz", [110, 180, 240, 320, 400])
def test_a_hum_is_no_tone(hertz):
    assert silenced(hummed(hertz), Gates()) is None


@pytest.mark.data
def test_no_recorded_speech_is_a_tone(data):
    cuts = [
        each
        for path in sorted((data / "calls").glob("*.wav"))
        for samples, rate in [soundfile.read(path, dtype="float32")]
        for each in cut(samples if samples.ndim == 1 else samples[:, 0], rate)
    ]
    assert len(cuts) > 60
    assert not any(is_tones(to_model_rate(it.pcm, it.sample_rate)) for it in cuts)


@pytest.mark.parametrize("seconds", [0.0, 0.05])
def test_too_little_is_no_tone(seconds):
    assert not is_tones(np.zeros(int(seconds * MODEL_RATE), np.float32))


@pytest.mark.parametrize("dbfs", [-30, -16, -6])
@pytest.mark.parametrize("hertz", [(350, 440), (425,), (450,), (440, 480), (480, 620), (1100,)])
def test_every_tone_is_one(hertz, dbfs):
    sound = tones(hertz, 1.0, 0.0, dbfs, seconds=1.5).clip(-1, 1)
    pcm = (sound * 32767).astype("<i2").tobytes()
    assert is_tones(to_model_rate(pcm, RATE))


def test_speech_over_a_tone_is_speech():
    voice = np.concatenate(
        [hummed(180, dbfs=-14), noise(0.3, 1, -20)[:2400].astype(np.float32)]
    )
    t = np.arange(len(voice)) / MODEL_RATE
    both = voice + (0.05 * np.sin(2 * np.pi * 450 * t)).astype(np.float32)
    assert silenced(both, Gates()) is None
