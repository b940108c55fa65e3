"""`/audiohook`: Genesys Cloud."""

from base64 import b64decode
from typing import Annotated

import msgspec
from msgspec import Meta

from streamer.gateways.audiohook_open import Kind


class Audiohook(msgspec.Struct, frozen=True, kw_only=True):
    audiohook_secrets: Annotated[
        dict[str, str],
        Meta(
            description="/audiohook: name of a key -> client secret in base64, with which it "
            "signs (in the TOML file: [audiohook_secrets]); they are secrets"
        ),
    ] = {}
    audiohook_url: Annotated[
        str,
        Meta(
            pattern=r"^(wss?://[^\s]+)?$",
            description="/audiohook: the Connection URI, where a proxy changes host or path",
        ),
    ] = ""
    audiohook_events: Annotated[
        tuple[Kind, ...],
        Meta(description="/audiohook: sent back as events: transcripts, alerts"),
    ] = ()

    def faults(self) -> list[str]:
        return [
            f"audiohook_secrets: the one of {name} is no base64, or empty"
            for name, secret in self.audiohook_secrets.items()
            if not decoded(secret)
        ]


def decoded(secret: str) -> bytes:
    """Empty for what is no base64."""
    try:
        return b64decode(secret, validate=True)
    except ValueError:
        return b""
