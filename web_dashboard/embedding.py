"""An agent's panel in a frame of another page (a CRM), where our cookie does not go."""

from typing import Annotated

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from web_dashboard.errors import not_found, wrong_ticket
from web_dashboard.parts import Parts
from web_dashboard.sessions import Delegate, KeyHolder
from web_dashboard.tickets import Ticket
from web_dashboard.who import audit, parts_of, standing


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket, and the origin of the page that handed it to the frame, as the browser says."""

    ticket: Annotated[str, msgspec.Meta(max_length=128)]
    origin: Annotated[str, msgspec.Meta(max_length=512)]

    def __repr__(self) -> str:
        return "Shown(...)"


class Opened(msgspec.Struct, frozen=True):
    """`session` is shown as `Authorization: Embedded SESSION`, and lives in the frame only."""

    session: str
    agent_id: str

    def __repr__(self) -> str:
        return "Opened(...)"


@post("/api/v1/embedded", status_code=201)
async def embed(request: Request[None, None, State], data: JSONBody[Shown]) -> Opened:
    """The ticket must be an integrator's, for one agent and for that origin."""
    parts = parts_of(request)
    if not parts.settings.embed_origins:
        raise not_found()
    ticket = parts.tickets.redeem(data.ticket, parts.clock())
    who = None if ticket is None else _delegate(parts, ticket, data.origin)
    if who is None or (account := standing(parts, who)) is None:
        raise wrong_ticket()
    session = parts.embedded.begin(who, parts.clock())
    await audit(request, account.name, "embed", data.origin)
    return Opened(session, who.agent_id)


ROUTES: list[HTTPRouteHandler] = [embed]


def _delegate(parts: Parts, ticket: Ticket, origin: str) -> Delegate | None:
    """People have signed in themselves: their tickets open feeds, and stand for nobody here."""
    if not isinstance(ticket.who, KeyHolder) or not ticket.agent_id:
        return None
    origin = origin.lower()
    right = ticket.origin.lower() == origin and origin in parts.settings.embed_origins
    return Delegate(ticket.who.name, ticket.agent_id) if right else None
