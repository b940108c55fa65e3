"""Signing in and out."""

import asyncio
import math
from typing import Annotated

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from web_dashboard.account import Account
from web_dashboard.errors import not_allowed, too_many_tries, wrong_password
from web_dashboard.parts import Parts
from web_dashboard.sessions import COOKIE, Local
from web_dashboard.view import Me
from web_dashboard.who import address_of, asker, audit, parts_of, signed_in


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(max_length=64)]
    password: Annotated[str, msgspec.Meta(max_length=256)]

    def __repr__(self) -> str:
        return "SignIn(...)"


@post("/api/v1/login", status_code=200)
async def login(request: Request[None, None, State], data: JSONBody[SignIn]) -> Response[Me]:
    parts = parts_of(request)
    account = await _verify(request, data, parts)
    token = parts.sessions.begin(Local(account.name, account.password), parts.clock())
    await audit(request, account.name, "sign_in")
    return Response(me_of(account), cookies=[session_cookie(token, parts)])


@post("/api/v1/logout", status_code=204, guards=[signed_in])
async def logout(request: Request[None, None, State]) -> Response[None]:
    parts = parts_of(request)
    who = asker(request)
    if who.role == "integrator":
        raise not_allowed()  # a key is not signed out but revoked
    parts.sessions.end(request.cookies.get(COOKIE))
    await audit(request, who.name, "sign_out")
    gone = session_cookie("", parts)
    gone.max_age = 0
    return Response(None, status_code=204, cookies=[gone])


@get("/api/v1/me", guards=[signed_in], sync_to_thread=False)
def me(request: Request[None, None, State]) -> Me:
    return me_of(asker(request))


ROUTES: list[HTTPRouteHandler] = [login, logout, me]


def me_of(account: Account) -> Me:
    return Me(account.name, account.shown, account.role, account.agent_id)


async def _verify(request: Request[None, None, State], data: SignIn, parts: Parts) -> Account:
    tries = ((parts.name_tries, data.name), (parts.address_tries, address_of(request)))
    now = parts.clock()
    wait = max(each.wait(key, now) for each, key in tries)
    if wait:
        raise too_many_tries(math.ceil(wait))
    for each, key in tries:
        each.begin(key, now)
    account = await asyncio.to_thread(parts.accounts.verify, data.name, data.password)
    if account is None:
        # What was typed as a name may be a password: only names of accounts are recorded.
        known = data.name if parts.accounts.get(data.name) else "?"
        await audit(request, known, "sign_in_failed")
        raise wrong_password()
    for each, key in tries:
        each.right(key)
    return account


def session_cookie(token: str, parts: Parts) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=parts.settings.tls is not None,
    )
