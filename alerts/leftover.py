"""What a server that died left open: its calls are over, and their alerts with them. Pure.

For a log that nobody else writes to: in a shared one, another server's calls may be going on.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from alerts import wire


def leftover(messages: Iterable[wire.Message]) -> list[wire.Message]:
    """What to publish at the start, given what was logged, oldest first: for each call without
    an end, the end of its alerts and prompt, then its own (`reason` "lost")."""
    open_: dict[str, dict[str, wire.Alert | wire.Prompt]] = {}
    last: dict[str, wire.Message] = {}
    for message in messages:
        call = message.call_id
        if isinstance(message, wire.CallStarted):
            open_[call] = {}
        elif isinstance(message, wire.CallEnded):
            open_.pop(call, None)
        elif isinstance(message, wire.Alert | wire.Prompt) and call in open_:
            open_[call][message.id] = message
        last[call] = message
    return [ending for call, found in open_.items() for ending in _endings(last[call], found)]


def _endings(
    last: wire.Message, found: dict[str, wire.Alert | wire.Prompt]
) -> Iterable[wire.Message]:
    for one in found.values():
        if isinstance(one, wire.Prompt):
            if one.state == "shown":
                yield replace(one, state="expired")
        elif one.state in ("active", "acknowledged"):
            yield replace(one, rev=one.rev + 1, state="resolved", outcome="call_end")
    yield wire.CallEnded(last.call_id, last.at, "lost", last.agent_id)
