"""The web application: routes, their guards, and what an error looks like."""

import logging
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from web_dashboard import (
    alerts,
    announcing,
    archived,
    auth,
    calls,
    drafts,
    embedding,
    health,
    helping,
    oidc_routes,
    pages,
    prompts,
    rules,
    searching,
    setup,
    sockets,
    streams,
    swaps,
    ticketing,
    whispers,
)
from web_dashboard.boundary import Boundary
from web_dashboard.errors import ApiError, bad_request, internal, not_found
from web_dashboard.parts import Parts
from web_dashboard.view import Status
from web_dashboard.who import parts_of, signed_in

log = logging.getLogger(__name__)

_LARGEST_BODY = 64 * 1024
_ROUTES = (
    pages,
    auth,
    calls,
    alerts,
    prompts,
    rules,
    setup,
    searching,
    archived,
    health,
    helping,
    oidc_routes,
    sockets,
    streams,
    drafts,
    embedding,
    whispers,
    swaps,
    ticketing,
    announcing,
)


def create_app(parts: Parts) -> Boundary:
    """The application of docs/api.md as ASGI. Reads the static files; opens and starts nothing:
    the feed and the audit are run by whoever serves it."""
    settings = parts.settings
    schema = Router("/schema", route_handlers=[], guards=[signed_in])
    app = Litestar(
        route_handlers=[status, *(route for module in _ROUTES for route in module.ROUTES)],
        state=State({"parts": parts, "assets": pages.load_assets(settings.static)}),
        exception_handlers={
            ApiError: _refused,
            HTTPException: _malformed,
            RecursionError: _nested,
            Exception: _broken,
        },
        openapi_config=OpenAPIConfig(
            title="Earwitness",
            version=settings.version,
            path="/schema",
            openapi_router=schema,
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        ),
        request_max_body_size=_LARGEST_BODY,
        logging_config=None,
    )
    return Boundary(app, settings.host, settings.allowed_hosts)


@get("/api/v1/status", guards=[signed_in], sync_to_thread=False)
def status(request: Request[Any, Any, Any]) -> Status:
    return parts_of(request).status()


def _refused(_: Request[Any, Any, Any], fault: ApiError) -> Response[dict[str, object]]:
    body: dict[str, object] = {"code": fault.code, "message": fault.message}
    if fault.position:
        body["position"] = fault.position
    return Response(body, status_code=fault.status, headers=fault.headers)


def _malformed(
    request: Request[Any, Any, Any], fault: HTTPException
) -> Response[dict[str, object]]:
    if fault.status_code >= 500:
        return _broken(request, fault)
    return _refused(
        request, not_found() if fault.status_code == 404 else bad_request(fault.status_code)
    )


def _nested(request: Request[Any, Any, Any], _: Exception) -> Response[dict[str, object]]:
    """A body of brackets within brackets: anyone can send one, so it is no error of ours."""
    return _refused(request, bad_request(400))


def _broken(request: Request[Any, Any, Any], fault: Exception) -> Response[dict[str, object]]:
    log.error("%s %s failed", request.method, request.url.path, exc_info=fault)
    return _refused(request, internal())
