"""What was said on hold to nobody: music and announcements, or the agent to a colleague."""

import math

import msgspec

from streamer.events import CallEvent, Draft, Held, Party, Seconds, Transcript


class Memory(msgspec.Struct):
    """The latest hold, as plain values; `until` is None while it goes on."""

    since: Seconds | None = None
    until: Seconds | None = None


class OnHold:
    """One per call; `hides` is asked at every event, in order.

    The customer is heard on hold too: it is their own line, and they may well be angry there.
    """

    def __init__(self) -> None:
        self._memory = Memory()

    def hides(self, event: CallEvent) -> bool:
        """Whether no rule, prompt or checklist may hear these words."""
        match event:
            case Held(at=at, on=True):
                self._memory = Memory(at)
            case Held(at=at):
                self._memory.until = at
            case Transcript() as said:
                return self._on_hold(said)
            case Draft(so_far):
                return self._on_hold(so_far)
        return False

    def _on_hold(self, said: Transcript) -> bool:
        """The greater part of it: "one moment" is said to the customer, just before."""
        since, until = self._memory.since, self._memory.until
        if since is None or said.party is Party.CUSTOMER:
            return False
        return since <= (said.start + said.end) / 2 < (math.inf if until is None else until)

    def state(self) -> Memory:
        return msgspec.structs.replace(self._memory)

    def restore(self, memory: Memory) -> None:
        self._memory = msgspec.structs.replace(memory)
