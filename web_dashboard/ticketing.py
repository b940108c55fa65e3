"""Tickets for feeds: for programs, and for pages that our cookie does not reach."""

from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from web_dashboard.errors import bad_request, not_allowed, not_signed_in
from web_dashboard.tickets import GOOD_FOR, Ticket
from web_dashboard.who import asker, audit, may_see_agent, parts_of, signed_in, subject_of


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket for the feeds of `agent_id` only, if it is given; for use in a page of `origin`
    (as in `https://crm.example.com`), or if that is empty in a program."""

    agent_id: Annotated[str, msgspec.Meta(max_length=256)] = ""
    origin: Annotated[str, msgspec.Meta(max_length=512)] = ""


class Issued(msgspec.Struct, frozen=True):
    """`expires_in` is in seconds."""

    ticket: str
    expires_in: int

    def __repr__(self) -> str:
        return "Issued(...)"


@post("/api/v1/ticket", status_code=201, guards=[signed_in])
async def ticket(request: Request[None, None, State], data: JSONBody[Wanted]) -> Issued:
    """Good once, within 30 s, as `?ticket=` of a feed. It can do what its holder can."""
    parts, who = parts_of(request), asker(request)
    if data.agent_id and not may_see_agent(parts, who, data.agent_id):
        raise not_allowed()
    if data.origin and not is_origin(data.origin):
        raise bad_request(400)
    subject = subject_of(request)
    if subject is None:
        raise not_signed_in()
    wanted = Ticket(subject, data.agent_id, data.origin)
    issued = parts.tickets.issue(wanted, parts.clock())
    await audit(request, who.name, "ticket", data.agent_id)
    return Issued(issued, int(GOOD_FOR))


ROUTES: list[HTTPRouteHandler] = [ticket]


def is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    whole = f"{parts.scheme}://{parts.netloc}"
    return parts.scheme in ("http", "https") and bool(parts.netloc) and whole == text.lower()
