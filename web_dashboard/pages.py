"""The pages and the files they are made of, read once at the start: what is served is exactly
what was there then, and no path given by a client ever reaches the disk."""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from web_dashboard.boundary import framed_by, unslashed
from web_dashboard.errors import not_allowed, not_found
from web_dashboard.who import LOOKING, account_of, may_see_agent, parts_of

Asked: TypeAlias = Request[None, None, State]

_TEXT = ("text/", "application/json", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}


@dataclass(frozen=True, slots=True)
class Asset:
    media_type: str
    content: bytes = field(repr=False)
    gzipped: bytes = field(repr=False)
    etag: str = ""


def load_assets(folder: Path) -> dict[str, Asset]:
    """Every file under `folder` by its path relative to it. Blocks: for the start only."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _asset(path) for path in files}


@get("/", sync_to_thread=False)
def board(request: Asked) -> Response[bytes] | Redirect:
    account = account_of(request)
    if account is None:
        return _sign_in(request)
    if account.role == "agent":
        return Redirect(f"/agent/{quote(account.agent_id, safe='')}", status_code=303)
    return _answer(request, "board.html")


@get("/agent/{agent_id:str}", sync_to_thread=False)
def agent(request: Asked, agent_id: FromPath[str]) -> Response[bytes] | Redirect:
    account = account_of(request)
    if account is None:
        return _sign_in(request)
    if not may_see_agent(parts_of(request), account, unslashed(agent_id)):
        raise not_allowed()
    return _answer(request, "agent.html")


@get(["/insights", "/insights/calls/{call:int}"], sync_to_thread=False)
def insights(request: Asked) -> Response[bytes] | Redirect:
    """Searching, or one call of long ago: the page sees which by its address."""
    account = account_of(request)
    if account is None:
        return _sign_in(request)
    if account.role not in LOOKING:
        raise not_allowed()
    return _answer(request, "insights.html")


@get("/agent/{agent_id:str}/embedded", sync_to_thread=False)
def embedded(request: Asked, agent_id: FromPath[str]) -> Response[bytes]:
    """For anyone: there is nothing in it before its frame has shown a ticket."""
    origins = parts_of(request).settings.embed_origins
    if not origins:
        raise not_found()
    answer = _answer(request, "embedded.html")
    answer.headers.update(framed_by(origins))
    return answer


@get("/login", sync_to_thread=False)
def login_page(request: Asked) -> Response[bytes]:
    return _answer(request, "login.html")


@get("/static/{file:path}", sync_to_thread=False, include_in_schema=False)
def static(request: Asked, file: FromPath[str]) -> Response[bytes]:
    return _answer(request, str(file).lstrip("/"))


ROUTES: list[HTTPRouteHandler] = [board, agent, embedded, insights, login_page, static]


def _sign_in(request: Asked) -> Redirect:
    """Back here afterwards, with all that the address says."""
    query = request.url.query
    here = f"{request.url.path}?{query}" if query else request.url.path
    return Redirect(f"/login?next={quote(here, safe='')}", status_code=303)


def _answer(request: Asked, name: str) -> Response[bytes]:
    assets: Mapping[str, Asset] = request.app.state.assets
    asset = assets.get(name)
    if asset is None:
        raise not_found()
    # `no-cache`: kept by the browser, but asked for again; unchanged files cost a 304.
    headers = {"ETag": asset.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if asset.gzipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.gzipped, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or MediaType.TEXT
    is_text = kind.startswith(_TEXT)
    packed = gzip.compress(content, mtime=0) if is_text and len(content) > 1024 else b""
    etag = f'W/"{sha256(content).hexdigest()[:20]}"'
    return Asset(str(kind), content, packed, etag)
