"""Fewer bits have to hear what 32 bits hear, or they stay off."""

import pytest

from bench.random_network import FULL, SPM, write_network
from streamer.errors import ModelError
from streamer.recognizer import agreement, hub
from streamer.recognizer.hearing import Answer, Clip
from streamer.recognizer.precision import Precision
from streamer.recognizer.sensevoice import SenseVoice
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model


def answer(model, *, text="你", angry=0.5):
    known = model.vocabulary
    labels = [0, 0, 0, 0, known.pieces.index(text), *[0] * 95]
    places = len(known.languages) + len(known.emotions) + len(known.events)
    asked = [0.0] * places
    asked[len(known.languages) + list(known.emotions).index("ANGRY")] = angry
    return Answer(labels, asked)


def test_agreement_is_counted_by_text_by_frame_and_by_anger(model):
    exact = [answer(model), None, answer(model)]
    found = agreement.compared(
        model.vocabulary, exact, [answer(model, text="们"), None, answer(model, angry=0.53)]
    )
    assert (found.clips, found.texts, found.frames) == (2, 1, 199 / 200)
    assert found.dp_angry == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("found", "good"),
    [
        (agreement.Agreement(9, 0, 0.99, 0.02), True),
        (agreement.Agreement(9, 1, 1.0, 0.0), False),
        (agreement.Agreement(9, 0, 0.989, 0.0), False),
        (agreement.Agreement(9, 0, 1.0, 0.021), False),
    ],
)
def test_any_of_the_three_is_enough_to_disagree(found, good):
    assert found.good is good
    if not good:
        with pytest.raises(ModelError, match=r"bf16 does not agree .*--precision fp32"):
            agreement.check(found, "bf16")


@pytest.mark.parametrize("precision", [Precision.BF16, Precision.INT8])
def test_tiny_hears_the_same_in_fewer_bits(precision, tmp_path, caplog):
    caplog.set_level("INFO")
    model = hub.open_model("tiny", tmp_path, hub.How(precision=precision))
    assert model.precision is precision
    assert f"{precision}: 0 of " in caplog.text


def test_a_model_that_hears_otherwise_stays_off(directory, tmp_path, monkeypatch):
    at = SenseVoice.at

    def deaf(model, precision):
        low = at(model, precision)
        low.network.head.zero_()
        return low

    monkeypatch.setattr(SenseVoice, "at", deaf)
    with pytest.raises(ModelError, match="bf16 does not agree with 32 bits on these weights"):
        hub.open_model(str(directory), tmp_path, hub.How(precision=Precision.BF16))


@pytest.fixture(scope="module")
def full(tmp_path_factory, data):
    public = data / "sensevoice-small"
    return write_network(
        tmp_path_factory.mktemp("full") / "net", FULL, public / SPM, public / "am.mvn"
    )


@pytest.mark.data
def test_at_full_size_bfloat16_agrees_and_8_bits_do_not(full):
    """Random weights are the hardest: no piece is far ahead of the next. 8 bits stay off for
    them; for trained weights the start finds out."""
    clips = [Clip(murmur(1.0 + i * 0.37 % 3, i)) for i in range(24)]
    found = {}
    for precision in (Precision.BF16, Precision.INT8):
        model = SenseVoice.as_built(full)
        exact = model.answers(clips)
        low = model.at(precision).answers(clips)
        found[precision] = agreement.compared(model.vocabulary, exact, low)
    assert found[Precision.BF16].frames >= agreement.LEAST_FRAMES
    assert found[Precision.BF16].dp_angry <= agreement.MOST_DP
    assert found[Precision.INT8].frames < agreement.LEAST_FRAMES
