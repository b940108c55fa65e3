"""Reading `ew:call:{call_id}` back: the latest message of each kind on a call. Drafts are in no
other place: they are never in the log."""

import msgspec

from alerts import wire
from alerts.letters import Names, call_key
from alerts.log import Ask


class LiveState:
    """Every method raises what `ask` raises."""

    def __init__(self, ask: Ask, names: Names) -> None:
        self._ask, self._names = ask, names

    async def fields(self, call_id: str) -> dict[bytes, bytes]:
        """All that is known of the call, as it was published; empty where that is nothing."""
        found = await self._ask("HGETALL", call_key(call_id, self._names))
        return dict(found)

    async def draft(self, call_id: str) -> wire.Draft | None:
        """The call's latest draft, whose sentence may be over by now. None where there is none,
        or none of ours (a newer version's)."""
        body = await self._ask("HGET", call_key(call_id, self._names), "draft")
        try:
            found = wire.decode(body) if body else None
        except msgspec.MsgspecError:
            return None
        return found if isinstance(found, wire.Draft) else None
