"""`/yeastar`: Yeastar's P-Series."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from streamer.gateways.fields import Rate


class Yeastar(msgspec.Struct, frozen=True, kw_only=True):
    yeastar_sample_rate: Annotated[
        Rate,
        Meta(
            description="/yeastar: the sample rate chosen on the PBX, if the address has none"
        ),
    ] = 8000
    yeastar_extensions: Annotated[
        str,
        Meta(
            description="/yeastar: which numbers are extensions, and so agents; a regular "
            "expression. Empty: those that a channel is named after"
        ),
    ] = ""

    def faults(self) -> list[str]:
        try:
            re.compile(self.yeastar_extensions)
        except re.error as error:
            return [f"yeastar_extensions is no regular expression: {error}"]
        return []
