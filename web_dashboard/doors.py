"""Who may follow which feed, and what they see of it."""

from web_dashboard.live import GOING_AWAY
from web_dashboard.sight import Sight, of_agent
from web_dashboard.who import (
    LOOKING,
    Connection,
    account_of,
    asker,
    may_see_agent,
    parts_of,
    sight_of,
    stranger,
)

NOT_SIGNED_IN, NOT_ALLOWED = 4401, 4403


def refusal(connection: Connection, agent_id: str | None) -> int:
    """The code that this feed is closed with; 0 for who may follow it. `agent_id` None is the
    whole board's."""
    account = account_of(connection)
    if account is None:
        stranger(connection)  # writes down a wrong key; a websocket's answer is a code
        return NOT_SIGNED_IN
    allowed = (
        account.role in LOOKING
        if agent_id is None
        else may_see_agent(parts_of(connection), account, agent_id)
    )
    return 0 if allowed else NOT_ALLOWED


def sight_at(connection: Connection, agent_id: str | None) -> Sight:
    """Raises 401."""
    if agent_id is not None:
        return of_agent(agent_id)
    return sight_of(parts_of(connection), asker(connection))


def turned_away(connection: Connection, agent_id: str | None, sight: Sight) -> int:
    """As `refusal`, for one whose feed is open and shows `sight`: they may be signed out,
    disabled or expired meanwhile, or of other teams, and are to come again then."""
    if refused := refusal(connection, agent_id):
        return refused
    return 0 if sight_at(connection, agent_id) == sight else GOING_AWAY
