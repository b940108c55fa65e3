"""`/asterisk`, and AudioSocket."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.parties import PartyName
from streamer.admission import is_loopback


class Asterisk(msgspec.Struct, frozen=True, kw_only=True):
    asterisk_party: Annotated[
        PartyName, Meta(description="/asterisk: who is on a connection that says no role")
    ] = "unknown"
    audiosocket_host: Annotated[
        str, Meta(description="address where AudioSocket is heard: without TLS, without keys")
    ] = "127.0.0.1"
    audiosocket_port: Annotated[
        int, Meta(ge=0, le=65535, description="its port (0: AudioSocket is not heard)")
    ] = 0
    audiosocket_unencrypted: Annotated[
        bool, Meta(description="let AudioSocket cross a network in the clear")
    ] = False

    def faults(self) -> list[str]:
        if is_loopback(self.audiosocket_host) or self.audiosocket_unencrypted:
            return []
        return [
            f"audiosocket_host {self.audiosocket_host}: AudioSocket knows no TLS, so calls "
            "would cross the network in the clear; audiosocket_unencrypted accepts that"
        ]
