"""Ours, funasr's `AutoModel.generate`, and ONNX Runtime on funasr's own export.

Each is given samples and answers with the tagged strings, so that everybody's time holds
features, network and decoding. Each imports what it needs only when it is made: a contestant
lives in a process of its own, and another's libraries must not count as its memory.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.recognizer.sounds import Samples
from streamer.events import Emotion

GRAPHS = " as graphs"
ONNX = {"fp32": "model.onnx", "int8": "model_quant.onnx"}


class Contestant(Protocol):
    def hear(self, clips: Sequence[Samples], batch: int) -> list[str]:
        """The tagged strings in the order of `clips`, heard `batch` at a time."""
        ...


def make(name: str, directory: Path, threads: int, device: str) -> Contestant:
    """`ours PRECISION`, the same `as graphs`, `funasr`, or `onnxruntime PRECISION`, warm."""
    who, _, precision = name.removesuffix(GRAPHS).partition(" ")
    makers: dict[str, Callable[[], Contestant]] = {
        "ours": lambda: Ours(
            directory, threads, device, precision, graphs=name.endswith(GRAPHS)
        ),
        "funasr": lambda: Funasr(directory, threads, device),
        "onnxruntime": lambda: OnnxRuntime(directory, threads, precision),
    }
    return makers[who]()


def precisions(device: str) -> tuple[str, ...]:
    """What `SenseVoice.load` offers on `device`, fp32 first."""
    from streamer.recognizer.precision import ON_CPU, ON_GPU  # noqa: PLC0415 - torch is slow

    return tuple(map(str, ON_CPU if device == "cpu" else ON_GPU))


class Ours:
    def __init__(
        self, directory: Path, threads: int, device: str, precision: str, *, graphs: bool
    ) -> None:
        import torch  # noqa: PLC0415 - see above

        from streamer.recognizer.hearing import Clip  # noqa: PLC0415
        from streamer.recognizer.precision import Precision  # noqa: PLC0415
        from streamer.recognizer.sensevoice import SenseVoice  # noqa: PLC0415

        torch.set_num_threads(threads)
        how = Precision(precision)
        model = SenseVoice.load(directory, device, precision=how)
        self.model = model.graphed() if graphs else model
        self._clip = Clip

    def hear(self, clips: Sequence[Samples], batch: int) -> list[str]:
        texts = [""] * len(clips)
        for group in batches(clips, batch):
            heard = self.model.hear([self._clip(clips[i]) for i in group])
            for i, each in zip(group, heard, strict=True):
                texts[i] = each.raw
        return texts

    def said(self, clips: Sequence[Samples]) -> dict[str, list[Any]]:
        """The likeliest piece of each frame, and P(ANGRY), clip by clip."""
        known = self.model.vocabulary
        place = len(known.languages) + list(known.emotions).index(Emotion.ANGRY)
        answers = [self.model.answers([self._clip(clip)])[0] for clip in clips]
        told = [answer for answer in answers if answer is not None]
        return {"labels": [a.labels for a in told], "angry": [a.asked[place] for a in told]}


class Funasr:
    def __init__(self, directory: Path, threads: int, device: str) -> None:
        from funasr import AutoModel  # noqa: PLC0415 - see above

        self._model = AutoModel(
            model=str(directory), disable_update=True, disable_pbar=True,
            device=device, ncpu=threads, log_level="ERROR",
        )  # fmt: skip

    def hear(self, clips: Sequence[Samples], batch: int) -> list[str]:
        texts = [""] * len(clips)
        order = [i for group in batches(clips, batch) for i in group]
        heard = self._model.generate(
            [clips[i] for i in order], batch_size=batch, language="auto", use_itn=True,
            disable_pbar=True,
        )  # fmt: skip
        for i, each in zip(order, heard, strict=True):
            texts[i] = each["text"]
        return texts


class OnnxRuntime:
    """What sherpa-onnx does: features, the exported network, a greedy search. The features are
    ours, which are faster than its own."""

    def __init__(self, directory: Path, threads: int, precision: str) -> None:
        import onnxruntime  # noqa: PLC0415 - see above
        import torch  # noqa: PLC0415

        from streamer.recognizer.features import Frontend  # noqa: PLC0415
        from streamer.recognizer.loading import Files  # noqa: PLC0415
        from streamer.recognizer.tags import Vocabulary  # noqa: PLC0415

        torch.set_num_threads(threads)
        files = Files.of(directory)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self._session = onnxruntime.InferenceSession(
            str(directory / ONNX[precision]), options, providers=["CPUExecutionProvider"]
        )
        self._frontend = Frontend.load(_frontend_conf(files.config), files.cmvn)
        self._vocabulary = Vocabulary.load(files.tokenizer)

    def hear(self, clips: Sequence[Samples], batch: int) -> list[str]:
        texts = [""] * len(clips)
        for group in batches(clips, batch):
            for i, text in zip(group, self._answer([clips[i] for i in group]), strict=True):
                texts[i] = text
        return texts

    def _answer(self, clips: Sequence[Samples]) -> Iterator[str]:
        import torch  # noqa: PLC0415

        features = [self._frontend.extract(clip) for clip in clips]
        lengths = np.array([len(frames) for frames in features], np.int32)
        speech = torch.nn.utils.rnn.pad_sequence(features, batch_first=True).numpy()
        row = np.ones(len(clips), np.int32)
        logits, counts = self._session.run(
            None,
            {
                "speech": speech,
                "speech_lengths": lengths,
                "language": 0 * row,
                "textnorm": 14 * row,
            },
        )
        best = torch.from_numpy(logits).argmax(-1)  # quicker than numpy's
        for labels, count in zip(best, counts, strict=True):
            ids = torch.unique_consecutive(labels[: int(count)]).tolist()
            yield self._vocabulary.tagged([i for i in ids if i])


def batches(clips: Sequence[Samples], batch: int) -> list[list[int]]:
    """Indexes of `clips` by length, `batch` at a time: the least padding, for everybody."""
    order = sorted(range(len(clips)), key=lambda i: len(clips[i]))
    return [order[at : at + batch] for at in range(0, len(order), batch)]


def _frontend_conf(config: Path) -> dict[str, Any]:
    from omegaconf import OmegaConf  # noqa: PLC0415

    conf: Any = OmegaConf.to_container(OmegaConf.load(config))
    return dict(conf["frontend_conf"])
