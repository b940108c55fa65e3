"""What training minimises: the transcript by CTC and by true alignment, and the four tags."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import Batch
from training.network import QUERIES, encode
from training.pieces import BLANK

TAG_WEIGHTS = (0.4, 0.8, 0.4, 0.1)  # language, emotion, event, inverse text normalisation
TAG_NAMES = ("language", "emotion", "event", "textnorm")
EMOTION_SMOOTHING = 0.05
EMPTY_WEIGHT = 10.0  # a word heard in silence is worse than a word misheard


def losses(
    model: nn.Module, batch: Batch, align_weight: float
) -> tuple[Tensor, dict[str, float]]:
    """The weighted sum to minimise, and its parts by name."""
    logits = encode(model, batch.feats, batch.lens, batch.language, batch.textnorm)
    text = transcript_loss(logits[:, QUERIES:], batch)
    parts = {"ctc": text.item()}
    total = text
    for k, (name, weight) in enumerate(zip(TAG_NAMES, TAG_WEIGHTS, strict=True)):
        smoothing = EMOTION_SMOOTHING if name == "emotion" else 0.0
        tag = functional.cross_entropy(
            logits[:, k], batch.tags[:, k], label_smoothing=smoothing
        )
        total = total + weight * tag
        parts[name] = tag.item()
    if align_weight > 0 and len(batch.aligned):
        marked = alignment_loss(logits[:, QUERIES:], batch.aligned)
        total = total + align_weight * marked
        parts["align"] = marked.item()
    return total, parts


def alignment_loss(logits: Tensor, aligned: Tensor) -> Tensor:
    """Cross-entropy where the synthesiser says which piece sounds, among all but the blank.

    CTC alone sits for hours on the plateau where everything is blank; with this it leaves it
    within minutes.
    """
    clip, frame, piece = aligned.unbind(1)
    return functional.cross_entropy(logits[clip, frame, BLANK + 1 :], piece - BLANK - 1)


def transcript_loss(logits: Tensor, batch: Batch) -> Tensor:
    """CTC per piece, or per few silent frames; a clip too short for its text counts nothing."""
    lens = batch.target_lens
    units = torch.where(lens > 0, lens, (batch.lens / EMPTY_WEIGHT).clamp_min(1))
    each = functional.ctc_loss(
        logits.log_softmax(-1).transpose(0, 1),
        batch.targets,
        batch.lens,
        lens,
        BLANK,
        reduction="none",
        zero_infinity=True,
    )
    return (each / units).mean()
