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
