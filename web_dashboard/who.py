"""Who asks, and whether they may."""

import math
from itertools import chain
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from web_dashboard.account import EVERY_TEAM, Account
from web_dashboard.audit import Act, Entry
from web_dashboard.boundary import bears_key, same_origin, ticket_in
from web_dashboard.errors import ApiError, not_allowed, not_signed_in, too_many_tries
from web_dashboard.parts import Parts
from web_dashboard.sessions import COOKIE, Delegate, KeyHolder, Local, Subject
from web_dashboard.sight import EVERYTHING, Sight, of_agent, of_members
from web_dashboard.tickets import Ticket

Connection: TypeAlias = ASGIConnection[Any, Any, Any, Any]

ACTING = ("admin", "supervisor")
LOOKING = (*ACTING, "quality", "integrator")

_TICKET = "earwitness.ticket"
_NOBODY = Ticket(Local("", ""))


def parts_of(connection: Connection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


def account_of(connection: Connection) -> Account | None:
    """Looked up for every request: who is disabled is out at once. Of a ticket, a key, an
    embedded session and a cookie the first one that is shown counts, right or wrong."""
    parts = parts_of(connection)
    if (ticket := _ticket_of(connection)) is not None:
        return _by_ticket(parts, ticket)
    found = subject_of(connection)
    return None if found is None else standing(parts, found)


def subject_of(connection: Connection) -> Subject | None:
    """Who asks, where no ticket is shown."""
    parts = parts_of(connection)
    if (key := key_of(connection)) is not None:
        name = parts.key_name(key)
        return None if name is None else KeyHolder(name)
    if (token := embedded_of(connection)) is not None:
        return parts.embedded.find(token, parts.clock())
    return parts.sessions.find(connection.cookies.get(COOKIE), parts.clock())


def embedded_of(connection: Connection) -> str | None:
    """What is shown as an embedded session, if anything is."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "embedded" else None


def standing(parts: Parts, who: Subject) -> Account | None:
    """The account as it is now; None if it is good no more."""
    match who:
        case Local(name, password):
            account = parts.accounts.get(name)
            return account if account is not None and account.password == password else None
        case KeyHolder(name):
            return Account(name, name, "integrator") if parts.key_good(name) else None
        case Delegate(key, agent_id):
            name = f"{key}/{agent_id}"
            delegate = Account(name, name, "agent", agent_id=agent_id)
            return delegate if parts.key_good(key) else None
        case Account():
            return who


def key_of(connection: Connection) -> str | None:
    """What is shown as a bearer key, if anything is."""
    shown = connection.headers.get("authorization", "")
    return shown.partition(" ")[2].strip() if bears_key(shown) else None


def _ticket_of(connection: Connection) -> Ticket | None:
    """What the ticket in the address is good for; nobody, if it is good no more. It is used up
    by the first look. Only feeds are opened with tickets."""
    token = ticket_in(connection.scope)
    if token is None:
        return None
    held: dict[str, Ticket] = connection.scope.setdefault("state", {})
    if _TICKET not in held:
        parts = parts_of(connection)
        ticket = parts.tickets.redeem(token, parts.clock())
        right = ticket is not None and _comes_from(connection, ticket.origin)
        held[_TICKET] = ticket if ticket is not None and right else _NOBODY
    return held[_TICKET]


def page_of(connection: Connection) -> str:
    """The origin of the page whose ticket is shown; empty for all others."""
    ticket = _ticket_of(connection)
    return ticket.origin if ticket is not None else ""


def _comes_from(connection: Connection, origin: str) -> bool:
    """A ticket for a page is good in that page only; one for programs in no foreign page."""
    shown = connection.headers.get("origin", "")
    if origin:
        return shown.lower() == origin.lower()
    return not shown or same_origin(shown, connection.headers.get("host", ""))


def _by_ticket(parts: Parts, ticket: Ticket) -> Account | None:
    account = standing(parts, ticket.who)
    if account is None or not ticket.agent_id:
        return account
    return Account(account.name, account.shown, "agent", agent_id=ticket.agent_id)


def asker(connection: Connection) -> Account:
    """The account that is signed in. Raises 401, or 429 after many wrong keys."""
    account = account_of(connection)
    if account is None:
        raise stranger(connection)
    return account


def stranger(connection: Connection) -> ApiError:
    """What to raise for who is nobody. Of wrong keys ten a minute of one address are written
    down; a right one is let in whatever came before it."""
    parts, address = parts_of(connection), address_of(connection)
    if key_of(connection) is None:
        return not_signed_in()
    now = parts.clock()
    if wait := parts.key_tries.wait(address, now):
        return too_many_tries(math.ceil(wait))
    parts.key_tries.begin(address, now)
    path = connection.url.path
    parts.audit.tell(Entry(parts.wall(), "?", "key_refused", path, address))
    return not_signed_in()


def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard. Raises 401."""
    asker(connection)


def supervisors(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard for what changes something. Raises 401, or 403 for all but supervisors and
    administrators."""
    if asker(connection).role not in ACTING:
        raise not_allowed()


def overseers(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard for what is only looked at. Raises 401, or 403 for an agent."""
    if asker(connection).role not in LOOKING:
        raise not_allowed()


def admins(connection: Connection, _: BaseRouteHandler) -> None:
    """A guard. Raises 401, or 403 for all but administrators."""
    if asker(connection).role != "admin":
        raise not_allowed()


def sight_of(parts: Parts, account: Account) -> Sight:
    """Whose calls they may see."""
    if account.role == "agent":
        return of_agent(account.agent_id)
    if account.role in ("admin", "integrator") or EVERY_TEAM in account.teams:
        return EVERYTHING
    teams = parts.settings.teams
    return of_members(chain.from_iterable(teams.get(name, ()) for name in account.teams))


def may_see_agent(parts: Parts, account: Account, agent_id: str) -> bool:
    """An agent's panel and feed: for that agent, and for those who oversee them."""
    return bool(agent_id) and sight_of(parts, account).takes_in(agent_id)


def may_see_call(parts: Parts, account: Account, call_id: str) -> bool:
    return parts.feed.board.within(sight_of(parts, account), call_id)


def address_of(connection: Connection) -> str:
    return connection.client.host if connection.client else ""


async def audit(connection: Connection, who: str, act: Act, what: str = "") -> None:
    parts = parts_of(connection)
    await parts.audit.record(Entry(parts.wall(), who, act, what, address_of(connection)))
