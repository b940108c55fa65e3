"""`/funasr`: the clients of FunASR."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.parties import PartyName


class Funasr(msgspec.Struct, frozen=True, kw_only=True):
    funasr_party: Annotated[
        PartyName,
        Meta(description="/funasr: who is on a stream that does not say"),
    ] = "unknown"
