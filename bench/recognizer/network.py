"""The model directory that all contestants load, made once; runs as a process of its own.

One file of weights for ours and funasr; from the same weights funasr's own ONNX export, and
its own dynamic quantisation of that (MatMul, per channel, QUInt8).
"""

import argparse
import importlib.util
import os
from pathlib import Path

from bench.random_network import SMALL, funasr_network, of_directory, write_network

LONGEST_FRAMES = 512  # 30 s


def prepare(source: Path | None, directory: Path, *, random_weights: bool) -> None:
    """Fill `directory` with the model of `source` and its ONNX forms (where onnx is installed);
    a small network where there is no `source`. What is there already is kept."""
    if not (directory / "model.pt").exists():
        if source is None:
            write_network(directory, SMALL)
        else:
            of_directory(source, directory, random_weights=random_weights)
    if onnx_missing() is None and not (directory / "model_quant.onnx").exists():
        export(directory)


def onnx_missing() -> str | None:
    """Why ONNX Runtime takes no part; None where it does."""
    missing = [n for n in ("onnx", "onnxruntime") if importlib.util.find_spec(n) is None]
    if not missing:
        return None
    return (
        f"{' and '.join(missing)} not installed: pip install -c constraints.txt -e '.[bench]'"
    )


def export(directory: Path) -> None:
    import torch  # noqa: PLC0415 - slow to import, and often not needed
    from omegaconf import OmegaConf  # noqa: PLC0415
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    from streamer.recognizer.funasr_part import part_of_funasr  # noqa: PLC0415
    from streamer.recognizer.loading import Files  # noqa: PLC0415

    files = Files.of(directory)
    network = funasr_network(OmegaConf.load(files.config), files.tokenizer)
    network.load_state_dict(torch.load(files.weights, weights_only=True))
    rebuild = part_of_funasr("funasr.models.sense_voice.export_meta").export_rebuild_model
    network = rebuild(network.eval(), max_seq_len=LONGEST_FRAMES, device="cpu")
    whole, new = directory / "model.onnx", directory / "unfinished.onnx"
    torch.onnx.export(
        network,
        network.export_dummy_inputs(),
        str(whole),
        opset_version=14,
        do_constant_folding=True,
        input_names=network.export_input_names(),
        output_names=network.export_output_names(),
        dynamic_axes=network.export_dynamic_axes(),
        dynamo=False,  # what funasr's export was written for
    )
    quantize_dynamic(
        whole,
        new,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QUInt8,
    )
    os.replace(new, directory / "model_quant.onnx")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--network", type=Path)
    parser.add_argument("--random-weights", action="store_true")
    given = parser.parse_args()
    prepare(given.network, given.directory, random_weights=given.random_weights)
