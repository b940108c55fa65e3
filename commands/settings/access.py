"""Who may see and do what."""

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from streamer.admission import is_loopback


class Access(msgspec.Struct, frozen=True, kw_only=True):
    teams: Annotated[
        dict[str, str],
        Meta(
            description="team -> its agent ids and queues, as in 8001 8002 queue:vip "
            "(in the TOML file: [teams])"
        ),
    ] = {}
    embed_origins: Annotated[
        tuple[str, ...],
        Meta(
            description="pages that may show an agent's panel in a frame, as in "
            "https://crm.example.com"
        ),
    ] = ()
    client_ca: Annotated[
        str, Meta(description="PEM authorities by which gateways' certificates are checked")
    ] = ""
    client_cert_required: Annotated[
        bool, Meta(description="no gateway comes in without such a certificate")
    ] = False
    client_keys: Annotated[
        dict[str, str],
        Meta(
            description="a certificate's common or alternative name -> the gateway key that it "
            "stands for (in the TOML file: [client_keys])"
        ),
    ] = {}

    def faults(self) -> list[str]:
        faults = [
            f"embed_origins: {origin!r} is no origin as in https://crm.example.com (http for "
            "this machine only), without a path, in lower case"
            for origin in self.embed_origins
            if not _may_embed(origin)
        ]
        wanting = self.client_cert_required or self.client_keys
        if wanting and not self.client_ca:
            faults.append("client_cert_required and client_keys need client_ca")
        return faults


def _may_embed(origin: str) -> bool:
    """What else stood in the header of a page would be a policy of somebody else's writing."""
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?", origin)
    return found is not None and (found[1] == "https" or is_loopback(found[2]))
