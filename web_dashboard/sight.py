"""Whose calls somebody may see."""

from collections.abc import Iterable
from dataclasses import dataclass, field

QUEUE = "queue:"
"""Before a team's member that is a queue; the others are agent ids."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The calls of these agents and queues; `agents` None: every call. A call without an agent
    and without a queue is seen by those only who see every call. `alerts`: the alerts, too."""

    agents: frozenset[str] | None = None
    queues: frozenset[str] = field(default_factory=frozenset)
    alerts: bool = True

    @property
    def whole(self) -> bool:
        return self.agents is None

    def takes_in(self, agent_id: str, queue: str = "") -> bool:
        if self.agents is None:
            return True
        return (bool(agent_id) and agent_id in self.agents) or (
            bool(queue) and queue in self.queues
        )


EVERYTHING = Sight()


def of_agent(agent_id: str) -> Sight:
    """What agents may see: their own calls, without the alerts but their calls for help."""
    return Sight(frozenset({agent_id}), alerts=False)


def of_members(members: Iterable[str]) -> Sight:
    """A team's calls. Nobody's, where there are no members."""
    all_of_them = frozenset(members)
    queues = frozenset(m.removeprefix(QUEUE) for m in all_of_them if m.startswith(QUEUE))
    return Sight(frozenset(m for m in all_of_them if not m.startswith(QUEUE)), queues)
