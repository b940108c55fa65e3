"""Who may see and do what."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Access(msgspec.Struct, frozen=True, kw_only=True):
    teams: Annotated[
        dict[str, str],
        Meta(
            description="team -> its agent ids and queues, as in 8001 8002 queue:vip "
            "(in the TOML file: [teams])"
        ),
    ] = {}
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
        wanting = self.client_cert_required or self.client_keys
        if wanting and not self.client_ca:
            return ["client_cert_required and client_keys need client_ca"]
        return []
