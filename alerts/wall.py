"""The wall clock, as it is written on the wire."""

from datetime import UTC, datetime, timedelta


def utc_now() -> str:
    """RFC 3339, UTC, milliseconds: 2026-11-22T08:30:11.120Z."""
    return utc_before(0.0)


def utc_before(seconds: float) -> str:
    """So long ago, likewise."""
    then = datetime.now(UTC) - timedelta(seconds=seconds)
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(earlier: str, later: str) -> float | None:
    """None where either is no such time."""
    try:
        return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
    except ValueError:
        return None
