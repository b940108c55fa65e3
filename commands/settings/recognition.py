"""What hears the words: the model, where it runs, and what it needs to be believed."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    model: Annotated[
        str, Meta(min_length=1, description="iic/SenseVoiceSmall, a directory like it, or tiny")
    ] = "iic/SenseVoiceSmall"
    device: Annotated[
        str, Meta(pattern=r"^(cpu|cuda(:\d+)?)$", description="cpu, cuda or cuda:N")
    ] = "cpu"
    precision: Annotated[
        str,
        Meta(
            pattern=r"^(fp32|tf32|bf16|fp16|int8)$",
            description="fp32; on CPUs bf16 or int8, on GPUs tf32, bf16 or fp16, if it agrees",
        ),
    ] = "fp32"
    cuda_graphs: Annotated[
        bool, Meta(description="launch the network as CUDA graphs, if that agrees")
    ] = False
    threads: Annotated[
        int, Meta(ge=0, le=256, description="CPU threads of the model (0: all cores but one)")
    ] = 0
    max_batch: Annotated[int, Meta(ge=1, le=256, description="utterances heard at once")] = 16
    languages: Annotated[
        tuple[str, ...], Meta(min_length=1, description="languages that may be recognized")
    ] = ("zh", "en", "yue")
    min_dbfs: Annotated[
        float, Meta(ge=-120, le=0, description="loudness below which nobody is taken to speak")
    ] = -60.0
    min_speech_p: Annotated[
        float, Meta(ge=0, le=1, description="evidence of speech that any words need")
    ] = 0.2
    filler_speech_p: Annotated[
        float, Meta(ge=0, le=1, description="and lone words that noise is often taken for")
    ] = 0.6
