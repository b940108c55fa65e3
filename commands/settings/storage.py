"""Where what was published and heard is kept, and how long."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    redis_url: Annotated[
        str,
        Meta(
            description="redis://, rediss://, redis+sentinel://, redis+cluster://; "
            "empty: a redis-server of our own"
        ),
    ] = ""
    redis_port: Annotated[int, Meta(ge=1, le=65535, description="port of our own Redis")] = 6391
    redis_prefix: Annotated[str, Meta(min_length=1, description="prefix of every key")] = "ew:"
    log_hours: Annotated[
        float, Meta(gt=0, le=24 * 90, description="hours that ew:log keeps what was published")
    ] = 24.0
    clips_url: Annotated[
        str,
        Meta(description="s3://bucket/prefix?endpoint=URL&region=NAME; empty: in state_dir"),
    ] = ""
    clip_days: Annotated[
        float, Meta(ge=0, le=3650, description="days that voice clips are kept")
    ] = 30.0
    trace_dir: Annotated[
        str,
        Meta(
            description="where each call's events are recorded for `playbook try`: masked, no "
            "audio, personal data; empty: nowhere"
        ),
    ] = ""
    trace_days: Annotated[float, Meta(gt=0, le=3650, description="days that they are kept")] = (
        7.0
    )
    trace_mb: Annotated[
        int, Meta(ge=1, le=1_000_000, description="megabytes of them; then the oldest go")
    ] = 500
    archive_url: Annotated[
        str,
        Meta(
            description="sqlite:///FILE or postgresql://USER@HOST/DATABASE; "
            "empty: archive.db in state_dir"
        ),
    ] = ""
    archive_days: Annotated[
        float,
        Meta(ge=0, le=36500, description="days that calls stay in the archive (0: always)"),
    ] = 365.0
    words_days: Annotated[
        float,
        Meta(ge=0, le=36500, description="days that what was said stays there (0: always)"),
    ] = 180.0
