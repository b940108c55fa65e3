"""Where it listens, for gateways and for browsers, and where it keeps what it needs."""

from typing import Annotated

import msgspec
from msgspec import Meta

from commands.settings.pairs import together


class Network(msgspec.Struct, frozen=True, kw_only=True):
    stream_host: Annotated[str, Meta(description="address where gateways stream calls in")] = (
        "127.0.0.1"
    )
    stream_port: Annotated[int, Meta(ge=0, le=65535, description="its port (0: any free)")] = (
        9090
    )
    web_host: Annotated[str, Meta(description="address of the web pages")] = "127.0.0.1"
    web_port: Annotated[int, Meta(ge=0, le=65535, description="its port (0: any free)")] = 8080
    tls_cert: Annotated[str, Meta(description="PEM certificate chain, for both ports")] = ""
    tls_key: Annotated[str, Meta(description="PEM private key")] = ""
    allowed_hosts: Annotated[
        tuple[str, ...], Meta(description="host names under which browsers reach the pages")
    ] = ()
    state_dir: Annotated[
        str, Meta(min_length=1, description="accounts, keys, clips, embedded Redis")
    ] = "var"
    log_level: Annotated[
        str,
        Meta(
            pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
        ),
    ] = "INFO"

    def faults(self) -> list[str]:
        return together(tls_cert=self.tls_cert, tls_key=self.tls_key)
