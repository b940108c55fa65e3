"""A model directory -> a network that is certainly the one it claims to be.

funasr builds the network; the rest is checked here, because funasr goes on where it should
stop: with no weights, or weights of another shape, it prints a line and serves random numbers.
"""

import hashlib
import json
import logging
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from streamer.errors import ModelError
from streamer.recognizer.features import Frontend
from streamer.recognizer.funasr_part import part_of_funasr
from streamer.recognizer.tags import Vocabulary

log = logging.getLogger(__name__)

_NESTS = ("state_dict", "model_state_dict", "model")  # where funasr's trainer puts the weights


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a published file of weights is recognized by."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Files:
    """Where the parts of a model directory are."""

    config: Path
    weights: Path
    tokenizer: Path
    cmvn: Path

    @classmethod
    def of(cls, directory: Path) -> "Files":
        """Raises `ModelError` naming each file that is not there."""
        index = directory / "configuration.json"
        if not index.is_file():
            raise ModelError(f"no model in {directory}: configuration.json is missing")
        try:
            metas = json.loads(index.read_text(encoding="utf-8"))["file_path_metas"]
            files = cls(
                config=directory / metas["config"],
                weights=directory / metas["init_param"],
                tokenizer=directory / metas["tokenizer_conf"]["bpemodel"],
                cmvn=directory / metas["frontend_conf"]["cmvn_file"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{index} does not name the model's files: {error!r}") from error
        parts = (files.config, files.weights, files.tokenizer, files.cmvn)
        missing = [path.name for path in parts if not path.is_file()]
        if missing:
            raise ModelError(f"the model in {directory} lacks {', '.join(missing)}")
        return files


def build(
    directory: Path, device: str, expected: Fingerprint | None
) -> tuple[Any, Vocabulary, Frontend]:
    """The network on `device`, ready to hear, with its vocabulary and frontend.

    Raises `ModelError`; see `SenseVoice.load`.
    """
    files = Files.of(directory)
    _check_device(device)
    if expected is not None:
        _check_fingerprint(files.weights, expected)
    config = _config(files.config)
    vocabulary = Vocabulary.load(files.tokenizer)
    frontend = Frontend.load(config["frontend_conf"], files.cmvn)
    log.info("building the network of %s", directory)
    network = _network(config, frontend.size, len(vocabulary.pieces))
    _fill(network, files.weights)
    parameters = sum(p.numel() for p in network.parameters())
    log.info("loaded %.1f million parameters on %s", parameters / 1e6, device)
    return network.to(device).eval(), vocabulary, frontend


def _check_device(device: str) -> None:
    try:
        kind = torch.device(device).type
    except RuntimeError as error:
        raise ModelError(f"no such device: {device!r}") from error
    if kind == "cuda" and not torch.cuda.is_available():
        raise ModelError(f"{device} was asked for, but torch finds no GPU here")


def _check_fingerprint(path: Path, expected: Fingerprint) -> None:
    size = path.stat().st_size
    if size != expected.size:
        raise ModelError(
            f"{path} has {size} bytes instead of {expected.size}: "
            "delete it, and it is fetched again"
        )
    log.info("checking %.0f MB of weights", size / 1e6)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected.sha256:
        raise ModelError(f"{path} has the sha256 {found} instead of {expected.sha256}")


def _config(path: Path) -> dict[str, Any]:
    from omegaconf import OmegaConf  # noqa: PLC0415 - comes with funasr, needed only here

    try:
        config = OmegaConf.to_container(OmegaConf.load(path))
        if not isinstance(config, dict):
            raise TypeError("a mapping is needed")
        wanted = ("model", "encoder", "encoder_conf", "frontend_conf")
        return {str(k): v for k, v in config.items()} | {k: config[k] for k in wanted}
    except Exception as error:  # OmegaConf raises YAML's errors as well as its own
        raise ModelError(f"{path} is no model configuration: {error!r}") from error


def _network(config: Mapping[str, Any], input_size: int, vocabulary: int) -> Any:  # noqa: ANN401
    if config["model"] != "SenseVoiceSmall":
        raise ModelError(f"the model is a {config['model']}; only SenseVoiceSmall is served")
    network = part_of_funasr("funasr.models.sense_voice.model").SenseVoiceSmall
    try:
        # Without storage: the weights come whole from the file, or loading fails.
        with torch.device("meta"):
            return network(
                encoder=config["encoder"],
                encoder_conf=config["encoder_conf"],
                input_size=input_size,
                vocab_size=vocabulary,
                **(config.get("model_conf") or {}),
            )
    except Exception as error:  # whatever funasr makes of it
        raise ModelError(f"config.yaml describes no network: {error!r}") from error


def _fill(network: Any, path: Path) -> None:  # noqa: ANN401 - funasr carries no types
    """Put the file's weights into the network: all of them, and nothing else."""
    given = _weights(path)
    wanted = network.state_dict()
    faults = [f"{name} is missing" for name in wanted if name not in given]
    faults += [f"{name} is unknown" for name in given if name not in wanted]
    faults += [
        f"{name} is {tuple(given[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in wanted.items()
        if name in given and given[name].shape != tensor.shape
    ]
    if faults:
        more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise ModelError(f"{path} does not fit config.yaml: {'; '.join(faults[:5])}{more}")
    network.load_state_dict(given, strict=True, assign=True)


def _weights(path: Path) -> dict[str, Tensor]:
    try:
        held = torch.load(path, map_location="cpu", weights_only=True)
        for nest in _NESTS:
            held = held.get(nest, held)
        return {name.removeprefix("module."): tensor.float() for name, tensor in held.items()}
    except (
        OSError,
        RuntimeError,
        EOFError,
        pickle.UnpicklingError,
        TypeError,
        AttributeError,
    ) as error:
        raise ModelError(f"{path} holds no weights: {error}") from error
