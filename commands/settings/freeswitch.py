"""`/freeswitch`: FreeSWITCH and jambonz."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.parties import PartyName, named_twice
from streamer.gateways.freeswitch_metadata import Replies


class Freeswitch(msgspec.Struct, frozen=True, kw_only=True):
    freeswitch_parties: Annotated[
        tuple[PartyName, ...],
        Meta(
            min_length=1,
            max_length=2,
            description="/freeswitch: who is on which channel, if the metadata does not say",
        ),
    ] = ("customer", "agent")
    freeswitch_replies: Annotated[
        Replies,
        Meta(
            description="/freeswitch: alerts sent back; plain (mod_audio_stream), wrapped "
            "(mod_audio_fork, jambonz) or none"
        ),
    ] = "none"

    def faults(self) -> list[str]:
        return named_twice("freeswitch_parties", self.freeswitch_parties)
