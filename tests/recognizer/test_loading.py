import hashlib
import json
import logging
import shutil
import wave

import numpy as np
import pytest
import sentencepiece
import torch

from bench.random_network import SPM
from streamer.errors import ModelError
from streamer.recognizer import hub, selftest
from streamer.recognizer.hearing import Clip
from streamer.recognizer.loading import Fingerprint
from streamer.recognizer.precision import Precision
from streamer.recognizer.progress import Step
from streamer.recognizer.sensevoice import SenseVoice
from tests.recognizer.conftest import murmur

pytestmark = pytest.mark.model


@pytest.fixture
def copy(directory, tmp_path):
    return shutil.copytree(directory, tmp_path / "copy")


@pytest.mark.parametrize(
    "name", ["configuration.json", "config.yaml", "model.pt", "am.mvn", SPM]
)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        SenseVoice.load(copy)


@pytest.mark.parametrize("name", ["configuration.json", "config.yaml", "model.pt", SPM])
@pytest.mark.parametrize("content", [b"", b"\x00\xff nonsense", b"[1, 2]"])
def test_a_damaged_file_is_named(copy, name, content):
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=name):
        SenseVoice.load(copy)


def rewrite(path, change):
    weights = torch.load(path, weights_only=True)
    change(weights)
    torch.save(weights, path)


def test_missing_weights_are_an_error(copy):
    rewrite(copy / "model.pt", lambda weights: weights.pop("ctc.ctc_lo.weight"))
    with pytest.raises(ModelError, match=r"ctc\.ctc_lo\.weight is missing"):
        SenseVoice.load(copy)


def test_weights_of_another_shape_are_an_error(copy):
    def halve(weights):
        weights["embed.weight"] = weights["embed.weight"][:8]

    rewrite(copy / "model.pt", halve)
    with pytest.raises(ModelError, match=r"embed\.weight is \(8, 560\) instead of \(16, 560\)"):
        SenseVoice.load(copy)


def test_weights_that_the_network_has_no_place_for_are_an_error(copy):
    rewrite(copy / "model.pt", lambda weights: weights.update(extra=torch.zeros(1)))
    with pytest.raises(ModelError, match="extra is unknown"):
        SenseVoice.load(copy)


def test_many_faults_are_counted(copy):
    rewrite(copy / "model.pt", lambda weights: weights.clear())
    with pytest.raises(ModelError, match=r"and \d+ more"):
        SenseVoice.load(copy)


def test_half_precision_and_a_trainers_checkpoint_are_read(copy, model):
    weights = torch.load(copy / "model.pt", weights_only=True)
    halved = {f"module.{name}": tensor.half() for name, tensor in weights.items()}
    torch.save({"state_dict": halved, "epoch": 3}, copy / "model.pt")
    loaded = SenseVoice.load(copy)
    assert {loaded.network.head.dtype, loaded.network.queries.dtype} == {torch.float32}
    clip = Clip(murmur(0.5))
    ours, theirs = loaded.hear([clip])[0], model.hear([clip])[0]
    assert ours.emotion_p == pytest.approx(theirs.emotion_p, abs=0.05)


def test_weights_are_data_and_run_nothing(copy, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "written"), "w"))

    torch.save({"embed.weight": Evil()}, copy / "model.pt")
    with pytest.raises(ModelError, match="holds no weights"):
        SenseVoice.load(copy)
    assert not (tmp_path / "written").exists()


def test_the_fingerprint_of_the_weights(copy):
    weights = copy / "model.pt"
    right = Fingerprint(
        weights.stat().st_size, hashlib.sha256(weights.read_bytes()).hexdigest()
    )
    SenseVoice.load(copy, weights=right)
    with pytest.raises(ModelError, match="bytes instead of 5"):
        SenseVoice.load(copy, weights=Fingerprint(5, right.sha256))
    with pytest.raises(ModelError, match="sha256"):
        SenseVoice.load(copy, weights=Fingerprint(right.size, "0" * 64))


def test_a_vocabulary_without_tags_is_refused(copy):
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["one two three", "four five"]),
        model_prefix=str(copy / "plain"),
        vocab_size=30,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (copy / "plain.model").replace(copy / SPM)
    with pytest.raises(ModelError, match=r"lacks <\|zh\|>"):
        SenseVoice.load(copy)


def test_another_network_is_refused(copy):
    config = (copy / "config.yaml").read_text()
    (copy / "config.yaml").write_text(config.replace("model: SenseVoiceSmall", "model: Other"))
    with pytest.raises(ModelError, match="Other"):
        SenseVoice.load(copy)


def test_a_network_that_funasr_cannot_build_is_refused(copy):
    config = (copy / "config.yaml").read_text()
    (copy / "config.yaml").write_text(config.replace("SenseVoiceEncoderSmall", "Unknown"))
    with pytest.raises(ModelError, match="no network"):
        SenseVoice.load(copy)


def test_no_gpu_where_one_was_asked_for(directory, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ModelError, match="no GPU"):
        SenseVoice.load(directory, "cuda:0")


def test_no_such_device(directory):
    with pytest.raises(ModelError, match="abacus"):
        SenseVoice.load(directory, "abacus")


def test_loading_leaves_logging_and_output_alone(directory, capfd):
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    SenseVoice.load(directory)
    assert (root.level, root.handlers) == before
    assert capfd.readouterr().out == ""


# ---- where models come from ----


def test_a_directory_is_itself(tmp_path):
    assert hub.resolve(str(tmp_path), tmp_path / "cache") == tmp_path


def test_tiny_is_the_bundled_one(tmp_path):
    assert hub.resolve("tiny", tmp_path) == hub.TINY_DIRECTORY


def test_a_model_in_the_cache_is_not_downloaded(directory, tmp_path):
    held = shutil.copytree(directory, tmp_path / "iic" / "SenseVoiceSmall")
    assert hub.resolve("iic/SenseVoiceSmall", tmp_path) == held


@pytest.fixture
def no_hub(monkeypatch, unused_tcp_port, tmp_path):
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.setenv("MODELSCOPE_CACHE", str(tmp_path / "theirs"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_hub")
def test_without_the_hub_the_three_ways_are_named(tmp_path):
    with pytest.raises(ModelError) as caught:
        hub.open_model("iic/SenseVoiceSmall", tmp_path)
    text = str(caught.value)
    for way in ("www.modelscope.cn", "--model DIRECTORY", "--model tiny"):
        assert way in text


@pytest.mark.usefixtures("no_hub")
def test_those_who_wait_are_told_what_for(tmp_path):
    told = []

    def tell(step, percent):
        told.append((step, percent))

    hub.open_model("tiny", tmp_path, hub.How(precision=Precision.BF16), tell)
    assert told == [(Step.LOADING, 0), (Step.COMPARING, 0), (Step.TESTING, 0)]
    told.clear()
    with pytest.raises(ModelError):
        hub.open_model("iic/SenseVoiceSmall", tmp_path, tell=tell)
    assert told == [(Step.DOWNLOADING, 0)]


def test_a_download_tells_each_percent_of_a_large_file_once(caplog):
    caplog.set_level("INFO")
    told = []
    large = hub._Progress(lambda *what: told.append(what), "model.pt", 936_291_369)
    small = hub._Progress(lambda *what: told.append(what), "am.mvn", 11_203)
    for _ in range(1000):
        large.update(936_292)
        small.update(12)
    assert told == [(Step.DOWNLOADING, percent) for percent in range(1, 101)]
    assert caplog.text.count("model.pt: ") == 10


@pytest.mark.usefixtures("no_hub")
def test_half_a_model_in_the_cache_is_none(directory, tmp_path):
    held = shutil.copytree(directory, tmp_path / "iic" / "SenseVoiceSmall")
    (held / "am.mvn").unlink()
    with pytest.raises(ModelError, match="cannot be downloaded"):
        hub.resolve("iic/SenseVoiceSmall", tmp_path)


@pytest.mark.parametrize("name", ["nonsense", "./not/there", "/not/there", "a/b/c"])
def test_names_that_are_none(tmp_path, name):
    with pytest.raises(ModelError, match="neither"):
        hub.resolve(name, tmp_path)


def test_the_public_weights_are_checked(directory, tmp_path):
    shutil.copytree(directory, tmp_path / "iic" / "SenseVoiceSmall")
    with pytest.raises(ModelError, match="936291369"):
        hub.open_model("iic/SenseVoiceSmall", tmp_path)


def test_weights_tuned_since_can_be_vouched_for(directory, tmp_path):
    held = shutil.copytree(directory, tmp_path / "iic" / "SenseVoiceSmall")
    weights = (held / "model.pt").read_bytes()
    tuned = Fingerprint(len(weights), hashlib.sha256(weights).hexdigest())
    assert (
        hub.open_model("iic/SenseVoiceSmall", tmp_path, hub.How(published=tuned)).hear([]) == []
    )


# ---- the self-test ----


@pytest.fixture
def tested(copy, model):
    """A copy with a self-test that it passes."""
    samples = (murmur(1.0) * 32767).astype("<i2")
    with wave.open(str(copy / "selftest.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    heard = model.hear([Clip(samples.astype(np.float32) / 32768)])[0]
    known = {
        "text": heard.text,
        "language": heard.language,
        "emotion": heard.emotion,
        "event": heard.events[0],
    }
    (copy / "selftest.json").write_text(json.dumps(known))
    return copy


def test_a_model_that_passes(tested, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        hub.open_model(str(tested), tmp_path)
    assert "self-test passed" in caplog.messages


@pytest.mark.parametrize("name", ["text", "language", "emotion", "event"])
def test_a_model_that_hears_something_else(tested, model, name):
    known = json.loads((tested / "selftest.json").read_text())
    (tested / "selftest.json").write_text(json.dumps(known | {name: "else"}))
    with pytest.raises(ModelError, match=f"{name} .* instead of 'else'"):
        selftest.run(model, tested)


def test_a_model_without_a_self_test_says_so(directory, model, caplog):
    selftest.run(model, directory)
    assert "no self-test" in caplog.text


@pytest.mark.parametrize("name", ["selftest.json", "selftest.wav"])
def test_a_self_test_that_is_none(tested, model, name):
    (tested / name).write_text("nonsense")
    with pytest.raises(ModelError, match=name):
        selftest.run(model, tested)
