"""What programs say of AudioSocket connections before they come."""

from collections.abc import Mapping
from time import monotonic
from uuid import UUID

from commands.assembly import Assembly
from streamer.announcements import expected
from web_dashboard.ports import Announce


def announcer(assembly: Assembly) -> Announce | None:
    """None where AudioSocket is not heard."""
    if not assembly.settings.asterisk.audiosocket_port:
        return None

    def announce(name: UUID, told: Mapping[str, str], owner: str, within: float) -> None:
        now = monotonic()  # as the event loop's
        assembly.announcements.add(name, expected(told, owner), now + within, now)

    return announce
