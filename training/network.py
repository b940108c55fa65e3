"""The network: funasr's SenseVoiceSmall, small, and a training forward over its modules.

funasr's own forward is slow to train on a CPU (depthwise Conv1d backward, masks rebuilt in each
layer). `encode` is the same function of the same parameters; a test holds them together.
"""

import logging
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

LANGUAGE_ROW = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12, "nospeech": 13}
TEXTNORM_ROW = {"withitn": 14, "woitn": 15}
QUERIES = 4
INPUT = 560
Layer = Any  # funasr's modules carry no types


def encoder_conf(
    size: int = 128, units: int = 512, blocks: int = 7, tp_blocks: int = 2
) -> dict[str, Any]:
    """The `encoder_conf` of config.yaml."""
    return {
        "output_size": size,
        "attention_heads": 4,
        "linear_units": units,
        "num_blocks": blocks,
        "tp_blocks": tp_blocks,
        "dropout_rate": 0.0,
        "positional_dropout_rate": 0.0,
        "attention_dropout_rate": 0.0,
        "input_layer": "pe",
        "pos_enc_class": "SinusoidalPositionEncoder",
        "normalize_before": True,
        "kernel_size": 11,
        "sanm_shfit": 0,
        "selfattention_layer_type": "sanm",
    }


def build(conf: dict[str, Any], vocab: int) -> Layer:
    """A fresh SenseVoiceSmall; the query rows start small so that speech frames dominate."""
    logging.disable(logging.INFO)
    from funasr.models.sense_voice.model import SenseVoiceSmall  # noqa: PLC0415 - takes seconds

    model = SenseVoiceSmall(
        encoder="SenseVoiceEncoderSmall",
        encoder_conf=dict(conf),
        input_size=INPUT,
        vocab_size=vocab,
        length_normalized_loss=True,
    )
    logging.disable(logging.NOTSET)
    with torch.no_grad():
        model.embed.weight.normal_(0, 0.5)
    return model


class DepthwiseMemory(torch.autograd.Function):
    """out[t] = sum_k padded[t + k] * kernel[k], faster than Conv1d here."""

    @staticmethod
    def forward(ctx: Any, padded: Tensor, kernel: Tensor) -> Tensor:  # noqa: ANN401 - torch's own
        taps = kernel.shape[0]
        steps = padded.shape[1] - taps + 1
        out = padded[:, :steps] * kernel[0]
        for k in range(1, taps):
            out.addcmul_(padded[:, k : k + steps], kernel[k])
        ctx.save_for_backward(padded, kernel)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ANN401
        padded, kernel = ctx.saved_tensors
        grad = grads[0]
        steps = grad.shape[1]
        back = torch.zeros_like(padded)
        taps = torch.empty_like(kernel)
        for k in range(kernel.shape[0]):
            back[:, k : k + steps].addcmul_(grad, kernel[k])
            taps[k] = (grad * padded[:, k : k + steps]).sum((0, 1))
        return back, taps


def fsmn(value: Tensor, keep: Tensor, weight: Tensor) -> Tensor:
    """Depthwise convolution over time plus identity: (B, T, D), (B, T, 1), (D, 1, K)."""
    value = value * keep
    left = (weight.shape[2] - 1) // 2
    padded = functional.pad(value, (0, 0, left, weight.shape[2] - 1 - left))
    memory: Tensor = DepthwiseMemory.apply(padded, weight[:, 0].t())  # type: ignore[no-untyped-call]
    return (memory + value) * keep


def attend(layer: Layer, x: Tensor, keep: Tensor, bias: Tensor) -> Tensor:
    att = layer.self_attn
    batch, steps, _ = x.shape
    qkv = att.linear_q_k_v(x)
    q, k, v = qkv.chunk(3, -1)
    heads = [t.reshape(batch, steps, att.h, att.d_k).transpose(1, 2) for t in (q, k, v)]
    mixed = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], bias)
    out: Tensor = att.linear_out(mixed.transpose(1, 2).reshape(batch, steps, -1))
    return out + fsmn(v, keep, att.fsmn_block.weight)


def norm(layer: nn.LayerNorm, x: Tensor) -> Tensor:
    return functional.layer_norm(x, layer.normalized_shape, layer.weight, layer.bias, layer.eps)


def run_layer(layer: Layer, x: Tensor, keep: Tensor, bias: Tensor) -> Tensor:
    mixed = attend(layer, norm(layer.norm1, x), keep, bias)
    x = x + mixed if layer.in_size == layer.size else mixed
    ff = layer.feed_forward
    out: Tensor = x + ff.w_2(functional.relu(ff.w_1(norm(layer.norm2, x)), inplace=True))
    return out


def encode(
    model: Layer, feats: Tensor, lens: Tensor, language: Tensor, textnorm: Tensor
) -> Tensor:
    """Logits (B, 4 + T, vocab) for normalised LFR features (B, T, 560) of `lens` frames each.

    `language` and `textnorm` are rows of the query embedding: LANGUAGE_ROW, TEXTNORM_ROW.
    """
    ones = torch.ones_like(language)
    queries = model.embed(torch.stack([language, ones, 2 * ones, textnorm], 1))
    enc = model.encoder
    x = torch.cat([queries, feats], 1) * enc._output_size**0.5
    x = enc.embed(x)
    keep = torch.arange(x.shape[1])[None] < (lens + QUERIES)[:, None]
    bias = torch.zeros(keep.shape).masked_fill(~keep, -1e9)[:, None, None]
    mask = keep[..., None].to(x.dtype)
    for layer in [*enc.encoders0, *enc.encoders]:
        x = run_layer(layer, x, mask, bias)
    x = norm(enc.after_norm, x)
    for layer in enc.tp_encoders:
        x = run_layer(layer, x, mask, bias)
    logits: Tensor = model.ctc.ctc_lo(norm(enc.tp_norm, x))
    return logits
