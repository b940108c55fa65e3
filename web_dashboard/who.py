"""Who asks, and whether they may."""

from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from web_dashboard.accounts import Account
from web_dashboard.audit import Act, Entry
from web_dashboard.errors import not_allowed, not_signed_in
from web_dashboard.parts import Parts
from web_dashboard.sessions import COOKIE

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]


def parts_of(connection: Connection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


def account_of(connection: Connection) -> Account | None:
    """Looked up for every request: who is disabled is out at once."""
    parts = parts_of(connection)
    found = parts.sessions.find(connection.cookies.get(COOKIE), parts.clock())
    if found is None:
        return None
    name, password = found
    account = parts.accounts.get(name)
    return account if account is not None and account.password == password else None


def asker(connection: Connection) -> Account:
    """The account that is signed in. Raises 401."""
    account = account_of(connection)
    if account is None:
        raise not_signed_in()
    return account


def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard. Raises 401."""
    asker(connection)


def supervisors(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard. Raises 401, or 403 for an agent."""
    if asker(connection).role != "supervisor":
        raise not_allowed()


def may_see_agent(account: Account, agent_id: str) -> bool:
    """An agent's panel and feed: for that agent and for supervisors."""
    return account.role == "supervisor" or (bool(agent_id) and account.agent_id == agent_id)


def may_see_call(parts: Parts, account: Account, call_id: str) -> bool:
    return account.role == "supervisor" or parts.feed.board.owns(account.agent_id, call_id)


def address_of(connection: Connection) -> str:
    return connection.client.host if connection.client else ""


async def audit(connection: Connection, who: str, act: Act, what: str = "") -> None:
    parts = parts_of(connection)
    await parts.audit.record(Entry(parts.wall(), who, act, what, address_of(connection)))
