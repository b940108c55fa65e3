"""To the identity provider and back."""

import html
import logging
from urllib.parse import quote

from litestar import Request, Response, get
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from web_dashboard.account import Account
from web_dashboard.auth import session_cookie
from web_dashboard.errors import not_found
from web_dashboard.oidc import Fault, OidcError, Provider
from web_dashboard.oidc_pending import GOOD_FOR
from web_dashboard.parts import Parts
from web_dashboard.who import audit, parts_of

log = logging.getLogger(__name__)

BROWSER = "ew_oidc"
_LONGEST = 2000


@get("/api/v1/sign-in-ways", sync_to_thread=False)
def ways(request: Request[None, None, State]) -> dict[str, str]:
    """Besides a name and a password: what the other one is called, empty if there is none."""
    provider = parts_of(request).oidc
    return {"oidc": provider.settings.name if provider else ""}


@get("/api/v1/oidc/start")
async def start(request: Request[None, None, State]) -> Redirect:
    """`?next=` is the page of ours to go to afterwards."""
    parts = parts_of(request)
    provider = _provider(parts)
    after = request.query_params.get("next", "/")
    state, going = parts.pending.begin(after if is_ours(after) else "/", parts.clock())
    try:
        address = await provider.address(state, going)
    except OidcError as error:
        return await _failed(request, error)
    cookie = Cookie(
        key=BROWSER,
        value=going.browser,
        path="/api/v1/oidc",
        httponly=True,
        samesite="lax",  # the provider sends people back from its own site
        secure=parts.settings.tls is not None,
        max_age=int(GOOD_FOR),
    )
    return Redirect(address, status_code=303, cookies=[cookie])


@get("/api/v1/oidc/callback")
async def callback(request: Request[None, None, State]) -> Response[str] | Redirect:
    parts = parts_of(request)
    try:
        account, after = await _come_back(request, parts)
    except OidcError as error:
        return await _failed(request, error)
    token = parts.sessions.begin(account, parts.clock())
    await audit(request, account.name, "sign_in", account.shown)
    # A redirect would still count as coming from the provider's site, and our cookie is for
    # our own only: so a page of ours leads on.
    body = f'<!doctype html><meta http-equiv="refresh" content="0;url={html.escape(after)}">'
    cookies = [session_cookie(token, parts)]
    return Response(body, media_type="text/html", cookies=cookies)


ROUTES: list[HTTPRouteHandler] = [ways, start, callback]


def is_ours(page: str) -> bool:
    """A path on this site, as browsers read it."""
    return (
        page.startswith("/")
        and not page.startswith(("//", "/\\", "/login"))
        and page.isprintable()
        and len(page) <= _LONGEST
    )


def _provider(parts: Parts) -> Provider:
    if parts.oidc is None:
        raise not_found()
    return parts.oidc


async def _come_back(request: Request[None, None, State], parts: Parts) -> tuple[Account, str]:
    provider, said = _provider(parts), request.query_params
    browser = request.cookies.get(BROWSER, "")
    going = parts.pending.end(said.get("state", ""), browser, parts.clock())
    if going is None:
        raise OidcError("stale", "nobody in that browser went to sign in, or too long ago")
    if said.get("iss", provider.settings.issuer) != provider.settings.issuer:
        raise OidcError("wrong", "another provider has sent them back (iss)")
    if "error" in said:
        fault: Fault = "denied" if said["error"] == "access_denied" else "away"
        raise OidcError(fault, f"the provider says {said['error'][:100]}")
    claims = await provider.claims(said.get("code", ""), going)
    account = provider.settings.meanings.account(claims)
    if account is None:
        raise OidcError("no_role", f"oidc:{claims['sub']} has no role here (oidc_roles)")
    return account, going.next


async def _failed(request: Request[None, None, State], error: OidcError) -> Redirect:
    log.warning("a sign-in at the identity provider failed: %s", error)
    await audit(request, "?", "sign_in_failed", f"oidc {error.fault}")
    return Redirect(f"/login?failed={quote(error.fault)}", status_code=303)
