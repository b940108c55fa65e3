"""SenseVoiceSmall: clips in, what was said and how out.

Our own forward over funasr's network, because `AutoModel.generate` answers with one string: no
probabilities, no emotion but the likeliest, one language for a whole batch, a full-vocabulary
softmax and a synchronisation for every clip.

Before the speech the network is given four query frames and answers with a tag at each:
language, emotion, audio event, ITN. They are read by frame, never by their place in the printed
string, where a blank at a query frame would shift them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from streamer.errors import ModelError, RecognizerError
from streamer.events import MODEL_RATE
from streamer.recognizer import tags
from streamer.recognizer.features import Frontend
from streamer.recognizer.graphs import Graphs, Said, cuda_capture
from streamer.recognizer.hearing import QUERIES, Answer, Clip, Hearing, hearing, nothing
from streamer.recognizer.loading import Fingerprint, build
from streamer.recognizer.memory import give_back
from streamer.recognizer.network import Network
from streamer.recognizer.precision import Precision, check_offered, switch
from streamer.recognizer.sanm import Padding
from streamer.recognizer.tags import Vocabulary

__all__ = ["Clip", "Hearing", "SenseVoice"]


@dataclass(frozen=True, slots=True)
class SenseVoice:
    """A loaded network. Not for two threads at once: give it to one owner."""

    network: Network
    vocabulary: Vocabulary
    frontend: Frontend
    device: torch.device
    precision: Precision = Precision.FP32
    graphs: Graphs | None = None

    @classmethod
    def load(
        cls,
        directory: Path,
        device: str = "cpu",
        weights: Fingerprint | None = None,
        precision: Precision = Precision.FP32,
    ) -> "SenseVoice":
        """A model directory as funasr writes it, warm. Takes seconds.

        Raises as `as_built` does, and `ModelError` where `device` does not offer `precision`.
        Whether that precision agrees with 32 bits is for `agreement` to say.
        """
        return cls.as_built(directory, device, weights).at(precision)

    @classmethod
    def as_built(
        cls, directory: Path, device: str = "cpu", weights: Fingerprint | None = None
    ) -> "SenseVoice":
        """In 32 bits, as funasr lays it out: the reference, and what `at` makes others of.

        Raises `ModelError` where a file is missing, where weights and network differ in any key
        or shape, where the file of weights is not the one of `weights`, and where `device` is
        not there.
        """
        built, vocabulary, frontend = build(directory, device, weights)
        return cls(Network.of(built, vocabulary), vocabulary, frontend, torch.device(device))

    def at(self, precision: Precision) -> "SenseVoice":
        """This model, which is as built, in `precision`; this one is used up. Raises
        `ModelError` where the device does not offer it."""
        check_offered(precision, self.device)
        switch(precision, self.device)
        model = replace(self, network=self.network.at(precision), precision=precision)
        give_back()
        # The first forward sets torch up and is slow: not at a customer's expense.
        model.hear([Clip(np.zeros(MODEL_RATE, np.float32))])
        return model

    def graphed(self) -> "SenseVoice":
        """This model as CUDA graphs, all captured now, which takes seconds; what fits no bucket
        is heard without. Raises `ModelError` unless it is on a GPU."""
        if self.device.type != "cuda":
            raise ModelError(f"CUDA graphs need a GPU, and this model is on {self.device}")
        graphs = Graphs(self.network, cuda_capture())
        graphs.warm()
        return replace(self, graphs=graphs)

    def hear(self, clips: Sequence[Clip]) -> list[Hearing]:
        """One batch, answered in the order given. Synchronous; the caller bounds its size.

        Raises `RecognizerError` where a clip cannot be heard (unknown language, samples that
        are no numbers), and where the network answers with no numbers.
        """
        return [
            self.nothing() if each is None else hearing(self.vocabulary, each)
            for each in self.answers(clips)
        ]

    def answers(self, clips: Sequence[Clip]) -> list[Answer | None]:
        """As `hear`, but what the network itself said; None for less audio than one frame."""
        features = [self._features(clip) for clip in clips]
        voiced = [i for i, frames in enumerate(features) if len(frames)]
        voiced.sort(key=lambda i: len(features[i]))
        heard: list[Answer | None] = [None] * len(clips)
        if voiced:
            rows = [_rows(clips[i]) for i in voiced]
            said = self._answers([features[i] for i in voiced], rows)
            for i, answer in zip(voiced, said, strict=True):
                heard[i] = answer
        return heard

    def nothing(self) -> Hearing:
        """The answer to less audio than one frame: no words, no emotion, no event."""
        return nothing(self.vocabulary)

    def _features(self, clip: Clip) -> Tensor:
        ready = clip.features
        features = self.frontend.extract(clip.samples) if ready is None else ready
        if not features.isfinite().all():
            raise RecognizerError("the audio holds samples that are no numbers")
        return features

    @torch.inference_mode()
    def _answers(
        self, features: Sequence[Tensor], rows: Sequence[Sequence[int]]
    ) -> list[Answer]:
        lengths = [QUERIES + len(frames) for frames in features]
        speech = torch.nn.utils.rnn.pad_sequence(list(features), batch_first=True)
        best, asked = self._forward(speech, torch.tensor(rows), lengths)
        best, asked = best.cpu(), asked.cpu()
        if not asked.isfinite().all():
            raise RecognizerError(f"the network answers with no numbers in {self.precision}")
        pairs = zip(best, lengths, asked.tolist(), strict=True)
        return [Answer(labels[:n].tolist(), p) for labels, n, p in pairs]

    def _forward(self, speech: Tensor, rows: Tensor, lengths: Sequence[int]) -> Said:
        """The batch, in host memory and rising in length, through the network."""
        if self.graphs is not None:
            said = self.graphs(speech.pin_memory(), rows, torch.tensor(lengths))
            if said is not None:
                return said
        padding = None
        if lengths[0] != lengths[-1]:
            padding = Padding.of(torch.tensor(lengths, device=self.device), lengths[-1])
        return self.network(speech.to(self.device), rows.to(self.device), padding)


def _rows(clip: Clip) -> tuple[int, int, int, int]:
    """The four query frames, as rows of the query embedding."""
    if clip.language not in tags.LANGUAGE_ROWS:
        raise RecognizerError(f"the model knows no language {clip.language!r}")
    itn = tags.WITH_ITN_ROW if clip.itn else tags.WITHOUT_ITN_ROW
    return tags.LANGUAGE_ROWS[clip.language], tags.EMOTION_ROW, tags.EVENT_ROW, itn
