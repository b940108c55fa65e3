"""SenseVoiceSmall: clips in, what was said and how out.

Our own forward over funasr's network, because `AutoModel.generate` answers with one string: no
probabilities, no emotion but the likeliest, one language for a whole batch, a full-vocabulary
softmax and a synchronisation for every clip.

Before the speech the network is given four query frames and answers with a tag at each:
language, emotion, audio event, ITN. They are read by frame, never by their place in the printed
string, where a blank at a query frame would shift them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from streamer.errors import RecognizerError
from streamer.events import MODEL_RATE
from streamer.recognizer import tags
from streamer.recognizer.features import Frontend
from streamer.recognizer.hearing import QUERIES, Clip, Hearing, hearing, nothing
from streamer.recognizer.loading import Fingerprint, build
from streamer.recognizer.tags import Vocabulary

__all__ = ["Clip", "Hearing", "SenseVoice"]

_ROWS_AT_ONCE = 512  # of frames by vocabulary: 50 MB of logits with the public vocabulary


@dataclass(frozen=True, slots=True)
class SenseVoice:
    """A loaded network. Not for two threads at once: give it to one owner."""

    network: Any  # funasr's SenseVoiceSmall, which carries no types
    vocabulary: Vocabulary
    frontend: Frontend
    device: torch.device

    @classmethod
    def load(
        cls, directory: Path, device: str = "cpu", weights: Fingerprint | None = None
    ) -> "SenseVoice":
        """A model directory as funasr writes it. Takes seconds.

        Raises `ModelError` where a file is missing, where weights and network differ in any key
        or shape, where the file of weights is not the one of `weights`, and where `device` is
        not there.
        """
        network, vocabulary, frontend = build(directory, device, weights)
        model = cls(network, vocabulary, frontend, torch.device(device))
        # The first forward sets torch up and is slow: not at a customer's expense.
        model.hear([Clip(np.zeros(MODEL_RATE, np.float32))])
        return model

    def hear(self, clips: Sequence[Clip]) -> list[Hearing]:
        """One batch, answered in the order given. Synchronous; the caller bounds its size.

        Raises `RecognizerError` where a clip cannot be heard (unknown language, samples that
        are no numbers).
        """
        features = [self._features(clip) for clip in clips]
        voiced = [i for i, frames in enumerate(features) if len(frames)]
        voiced.sort(key=lambda i: len(features[i]))
        heard = [self.nothing()] * len(clips)
        if voiced:
            rows = [_rows(clips[i]) for i in voiced]
            answers = self._answer([features[i] for i in voiced], rows)
            for i, answer in zip(voiced, answers, strict=True):
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
    def _answer(
        self, features: Sequence[Tensor], rows: Sequence[Sequence[int]]
    ) -> list[Hearing]:
        lengths = [QUERIES + len(frames) for frames in features]
        speech = torch.nn.utils.rnn.pad_sequence(list(features), batch_first=True)
        queries = self.network.embed(torch.tensor(rows, device=self.device))
        # A tensor of our own: the encoder scales its input in place.
        encoded, _ = self.network.encoder(
            torch.cat([queries, speech.to(self.device)], 1),
            torch.tensor(lengths, device=self.device),
        )
        labels = self._labels(encoded, lengths)
        asked = self._asked(encoded)
        return [hearing(self.vocabulary, ids, p) for ids, p in zip(labels, asked, strict=True)]

    def _labels(self, encoded: Tensor, lengths: Sequence[int]) -> list[list[int]]:
        """The likeliest piece of every frame, without a softmax and without the padding."""
        frames = torch.cat([encoded[i, :n] for i, n in enumerate(lengths)])
        head = self.network.ctc.ctc_lo
        best = torch.cat([head(part).argmax(-1) for part in torch.split(frames, _ROWS_AT_ONCE)])
        return [part.tolist() for part in torch.split(best.cpu(), list(lengths))]

    def _asked(self, encoded: Tensor) -> list[list[float]]:
        """Per clip the probabilities of the language, emotion and event tags, end to end: each
        group among its own tags, at its own query frame."""
        known = self.vocabulary
        head = self.network.ctc.ctc_lo
        groups = (known.languages, known.emotions, known.events)
        answers = []
        for frame, ids in enumerate(list(group.values()) for group in groups):
            logits = torch.nn.functional.linear(
                encoded[:, frame], head.weight[ids], head.bias[ids]
            )
            answers.append(logits.float().softmax(-1))
        listed: list[list[float]] = torch.cat(answers, 1).cpu().tolist()
        return listed


def _rows(clip: Clip) -> tuple[int, int, int, int]:
    """The four query frames, as rows of the query embedding."""
    if clip.language not in tags.LANGUAGE_ROWS:
        raise RecognizerError(f"the model knows no language {clip.language!r}")
    itn = tags.WITH_ITN_ROW if clip.itn else tags.WITHOUT_ITN_ROW
    return tags.LANGUAGE_ROWS[clip.language], tags.EMOTION_ROW, tags.EVENT_ROW, itn
