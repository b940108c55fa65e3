"""`/asterisk`."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.parties import PartyName


class Asterisk(msgspec.Struct, frozen=True, kw_only=True):
    asterisk_party: Annotated[
        PartyName, Meta(description="/asterisk: who is on a connection that says no role")
    ] = "unknown"
