"""What a server that died left open: its call is over, and its alerts with it. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from alerts import wire


def leftover(messages: Iterable[wire.Message]) -> list[wire.Message]:
    """What to publish of one call that nobody hears any more, given what was logged of it,
    oldest first (or the latest of each kind): the end of its alerts and prompt, then its own
    (`reason` "lost"). Nothing where it has ended, or never began."""
    found: dict[str, wire.Alert | wire.Prompt] = {}
    last: wire.Message | None = None
    for message in messages:
        if isinstance(message, wire.CallStarted):
            found, last = {}, message
        elif isinstance(message, wire.CallEnded):
            last = None
        elif isinstance(message, wire.Alert | wire.Prompt):
            found[message.id] = message
        last = _later(last, message)
    return [*_endings(found), _ended(last)] if last else []


def _later(last: wire.Message | None, message: wire.Message) -> wire.Message | None:
    """Nothing counts before the call's beginning, nor after its end."""
    return message if last is not None and message.at > last.at else last


def _endings(found: dict[str, wire.Alert | wire.Prompt]) -> Iterable[wire.Message]:
    for one in found.values():
        if isinstance(one, wire.Prompt):
            if one.state == "shown":
                yield replace(one, state="expired")
        elif one.state in ("active", "acknowledged"):
            yield replace(one, rev=one.rev + 1, state="resolved", outcome="call_end")


def _ended(last: wire.Message) -> wire.CallEnded:
    return wire.CallEnded(last.call_id, last.at, "lost", last.agent_id)
