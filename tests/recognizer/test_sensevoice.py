import io
import logging
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.random_network import FULL, SPM, write_network
from streamer.errors import RecognizerError
from streamer.events import AudioEvent, Emotion
from streamer.recognizer import hearing
from streamer.recognizer.funasr_part import part_of_funasr
from streamer.recognizer.gates import Gates, believed
from streamer.recognizer.hearing import Clip
from streamer.recognizer.loading import build
from streamer.recognizer.sensevoice import SenseVoice
from streamer.recognizer.tags import SPOKEN, Vocabulary
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model

LANGUAGES = ["auto", "zh", "en", "yue", "ja", "ko", "nospeech"]


@pytest.fixture
def quiet_root():
    """funasr's AutoModel sets up the root logger and torch's threads as it likes."""
    root, threads = logging.getLogger(), torch.get_num_threads()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    torch.set_num_threads(threads)


def generate(directory, clips):
    for part in ("frontends.wav_frontend", "tokenizer.sentencepiece_tokenizer"):
        part_of_funasr(f"funasr.{part}")  # each registers itself
    auto_model = part_of_funasr("funasr.auto.auto_model").AutoModel
    with redirect_stdout(io.StringIO()):
        theirs = auto_model(model=str(directory), disable_update=True, device="cpu", ncpu=1)
        return [
            theirs.generate(
                clip.samples, language=clip.language, use_itn=clip.itn, disable_pbar=True
            )[0]["text"]
            for clip in clips
        ]


@pytest.mark.usefixtures("quiet_root")
def test_hears_what_funasr_does(model, directory):
    clips = [
        Clip(murmur(seconds, seed), language, itn)
        for seed, (seconds, language, itn) in enumerate(
            [(0.03, "auto", True), (0.4, "zh", True), (1.0, "en", False), (3.1, "ja", True)]
        )
    ]
    assert [heard.raw for heard in model.hear(clips)] == generate(directory, clips)


@pytest.mark.usefixtures("quiet_root")
@pytest.mark.data
def test_hears_what_funasr_does_at_full_size(tmp_path, data):
    public = data / "sensevoice-small"
    write_network(tmp_path, FULL, public / SPM, public / "am.mvn")
    clips = [Clip(murmur(1.0), "zh"), Clip(murmur(0.5, 1), "auto", itn=False)]
    heard = SenseVoice.load(tmp_path).hear(clips)
    assert [each.raw for each in heard] == generate(tmp_path, clips)


def test_a_language_that_may_not_be_is_never_answered(model):
    """Frame 0 is masked: the likeliest of those that may be, whatever the network prefers."""
    for heard in model.hear([Clip(murmur(0.4 + 0.1 * i, i)) for i in range(6)]):
        others = set(SPOKEN) - {heard.language}
        masked = believed(heard, Gates(languages=frozenset(others)))
        may = {name: heard.languages_p[name] for name in (*others, "nospeech")}
        assert masked.language == max(may, key=may.__getitem__)
        assert masked.languages_p[heard.language] == 0
        assert sum(masked.languages_p.values()) == pytest.approx(1.0, abs=1e-6)
        assert masked.raw == heard.raw


mixes = st.lists(
    st.tuples(
        st.floats(0.0, 2.5), st.sampled_from(LANGUAGES), st.booleans(), st.integers(0, 9)
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mix=mixes)
def test_a_batch_is_heard_as_its_clips_are(model, mix):
    clips = [Clip(murmur(s, seed), language, itn) for s, language, itn, seed in mix]
    for together, clip in zip(model.hear(clips), clips, strict=True):
        alone = model.hear([clip])[0]
        assert (together.text, together.raw, together.tokens) == (
            alone.text,
            alone.raw,
            alone.tokens,
        )
        for group in ("languages_p", "emotion_p", "events_p"):
            ours, theirs = getattr(together, group), getattr(alone, group)
            assert ours.keys() == theirs.keys()
            assert max(abs(ours[label] - theirs[label]) for label in ours) < 1e-3


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mix=mixes)
def test_probabilities_sum_to_one(model, mix):
    for heard in model.hear([Clip(murmur(s, seed), name, itn) for s, name, itn, seed in mix]):
        for group in (heard.languages_p, heard.emotion_p, heard.events_p):
            assert sum(group.values()) == pytest.approx(1.0, abs=1e-5)
        assert heard.emotion_p[heard.emotion] == max(heard.emotion_p.values())
        assert 0.0 <= heard.speech_p <= 1.0 + 1e-6


def answering(model, answers):
    """The network, but with an encoder after which frame `i` says the piece `answers[i]`."""
    size = len(model.vocabulary.pieces)

    def encode(speech, padding):
        said = torch.zeros(*speech.shape[:2], size)
        for frame, piece in enumerate(answers[: speech.shape[1]]):
            said[:, frame, model.vocabulary.pieces.index(piece)] = 5.0
        said[:, len(answers) :, 0] = 5.0
        return said

    network = replace(
        model.network, encode=encode, head=torch.eye(size), head_bias=torch.zeros(size)
    )
    return replace(model, network=network)


def test_tags_are_read_by_frame(model):
    said = ["<|yue|>", "<|ANGRY|>", "<|Laughter|>", "<|withitn|>"]
    heard = answering(model, [*said, "<unk>", "你", "你", "<unk>", "你", "们"]).hear(
        [Clip(murmur(1.0))]
    )[0]
    assert (heard.language, heard.emotion, heard.events) == ("yue", "ANGRY", ("Laughter",))
    assert heard.text == "你你们"
    assert heard.tokens == (("你", 0.06), ("你", 0.24), ("们", 0.3))
    assert heard.raw == "<|yue|><|ANGRY|><|Laughter|><|withitn|>你你们"
    assert heard.language_p == heard.languages_p["yue"] > 0.9


def test_a_blank_at_a_query_frame_shifts_nothing(model):
    """funasr then prints three tags: counted, the event would pass for the emotion."""
    heard = answering(model, ["<|zh|>", "<unk>", "<|Speech|>", "<|withitn|>", "要"]).hear(
        [Clip(murmur(1.0))]
    )[0]
    assert heard.emotion_p[Emotion.ANGRY] == pytest.approx(1 / len(heard.emotion_p))
    assert heard.events == (AudioEvent.SPEECH,)
    assert heard.speech_p > 0.9


def test_frame_1_is_asked_for_emotion_and_frame_2_for_events(model, directory):
    """Against funasr's own network, encoder and head."""
    theirs, known, frontend = build(directory, "cpu", None)
    clip = Clip(murmur(1.0))
    sound = frontend.extract(clip.samples)[None]
    with torch.inference_mode():
        queries = theirs.embed(torch.tensor([[0, 1, 2, 14]]))
        encoded, _ = theirs.encoder(
            torch.cat([queries, sound], 1), torch.tensor([4 + sound.shape[1]])
        )
        logits = theirs.ctc.ctc_lo(encoded[0])
    heard = model.hear([clip])[0]
    for frame, ids, answers in (
        (0, known.languages, heard.languages_p),
        (1, known.emotions, heard.emotion_p),
        (2, known.events, heard.events_p),
    ):
        wanted = logits[frame, list(ids.values())].softmax(-1)
        assert list(answers.values()) == pytest.approx(wanted.tolist(), abs=1e-5)


def test_tags_among_the_words_are_no_words(model):
    tags = ["<|zh|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>"]
    heard = answering(model, [*tags, "你", "<|BGM|>", "们"]).hear([Clip(murmur(1.0))])[0]
    assert heard.text == "你们"
    assert [piece for piece, _ in heard.tokens] == ["你", "们"]


def test_other_likely_events_are_named_too():
    events_p = {AudioEvent.SPEECH: 0.6, AudioEvent.LAUGHTER: 0.35, AudioEvent.MUSIC: 0.05}
    assert hearing._events(events_p) == (AudioEvent.SPEECH, AudioEvent.LAUGHTER)


@pytest.mark.parametrize("count", [0, 1, 399])
def test_less_than_one_frame_is_nothing(model, count):
    heard = model.hear([Clip(np.zeros(count, np.float32)), Clip(murmur(0.5))])
    assert heard[0] == model.nothing()
    assert heard[1] == model.hear([Clip(murmur(0.5))])[0]
    assert (heard[0].text, heard[0].emotion, heard[0].speech_p) == ("", "EMO_UNKNOWN", 0.0)
    assert heard[0].emotion_p[Emotion.UNKNOWN] == 1.0
    assert sum(heard[0].events_p.values()) == sum(heard[0].languages_p.values()) == 1.0


def test_no_clips(model):
    assert model.hear([]) == []


def test_the_order_is_the_callers(model):
    clips = [Clip(murmur(s, i)) for i, s in enumerate((2.0, 0.2, 1.0, 0.0, 0.5))]
    assert [h.raw for h in model.hear(clips)] == [model.hear([c])[0].raw for c in clips]


def test_hearing_twice_is_the_same(model):
    """The encoder scales its input in place: nothing that is kept may be that input."""
    clip = Clip(murmur(1.5))
    before = clip.samples.copy()
    assert model.hear([clip])[0] == model.hear([clip])[0]
    assert (clip.samples == before).all()


def test_an_unknown_language_is_refused(model):
    with pytest.raises(RecognizerError, match="'de'"):
        model.hear([Clip(murmur(0.5), "de")])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(model, value):
    samples = murmur(0.5)
    samples[100] = value
    with pytest.raises(RecognizerError, match="no numbers"):
        model.hear([Clip(samples)])


def test_a_network_that_answers_with_no_numbers_is_not_believed(model):
    """Half precision may overflow: without words, nobody would ever know."""
    broken = answering(model, ["<|zh|>"])
    no_numbers = torch.full_like(broken.network.head_bias, torch.nan)
    broken = replace(broken, network=replace(broken.network, head_bias=no_numbers))
    with pytest.raises(RecognizerError, match="no numbers in fp32"):
        broken.hear([Clip(murmur(0.5))])


@pytest.mark.data
def test_the_public_vocabulary(data):
    """The ids of the published network, as reference and its own code give them."""
    known = Vocabulary.load(data / "sensevoice-small" / SPM)
    assert len(known.pieces) == 25055
    assert known.languages == {
        "zh": 24884, "en": 24885, "yue": 24888, "ja": 24892, "ko": 24896, "nospeech": 24992,
    }  # fmt: skip
    assert [known.emotions[label] for label in Emotion] == list(range(25001, 25010))
    assert {label.value: known.events[label] for label in AudioEvent} == {
        "Speech": 24993, "BGM": 24995, "Laughter": 24997, "Applause": 24999, "Cry": 25010,
        "Sneeze": 25011, "Breath": 25012, "Cough": 25013, "Sing": 25014, "Speech_Noise": 25015,
        "GBG": 25018, "Event_UNK": 25019,
    }  # fmt: skip
    groups = chain(known.languages.values(), known.emotions.values(), known.events.values())
    assert all(known.is_tag(piece) for piece in groups)
    assert not known.is_tag(known.pieces.index("▁the"))
