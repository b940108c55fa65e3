"""The stage's routes: those of docs/api.md that the pages use, answered from the stage."""

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Litestar, Request, Response, WebSocket, get, post, websocket
from litestar.datastructures import State
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from tests.browser.scenes import SUPERVISOR, help_wanted, swapped, whisper
from web_dashboard.boundary import POLICY
from web_dashboard.pages import load_assets
from web_dashboard.parts import STATIC

if TYPE_CHECKING:
    from tests.browser.stage import Stage

Json = dict[str, Any]
Asked = Request[None, None, State]
Socket = WebSocket[None, None, State]

_STATES = {"acknowledge": "acknowledged", "resolve": "resolved"}


def create_app(stage: "Stage") -> Litestar:
    return Litestar(
        [
            board,
            agent,
            login_page,
            static,
            me,
            setup,
            ways,
            login,
            logout,
            call,
            clip,
            act,
            tell,
            swap,
            wish,
            feed,
            drafts,
            insights,
            search,
            archived,
            archived_clip,
        ],
        state=State({"stage": stage, "assets": load_assets(STATIC)}),
        after_request=with_policy,
        openapi_config=None,
        logging_config=None,
        debug=True,
    )


async def with_policy(response: Response[Any]) -> Response[Any]:
    response.headers["Content-Security-Policy"] = POLICY
    return response


@get("/", sync_to_thread=False)
def board(state: State) -> Any:
    if state.stage.me is None:
        return Redirect("/login?next=%2F", status_code=303)
    return _page(state, "board.html")


@get("/agent/{agent_id:str}", sync_to_thread=False)
def agent(state: State, agent_id: FromPath[str]) -> Any:
    return _page(state, "agent.html")


@get("/login", sync_to_thread=False)
def login_page(state: State) -> Any:
    return _page(state, "login.html")


@get("/static/{file:path}", sync_to_thread=False)
def static(state: State, file: FromPath[str]) -> Any:
    return _page(state, str(file).lstrip("/"))


@get("/api/v1/me", sync_to_thread=False)
def me(state: State) -> Any:
    return state.stage.me or refusal(401, "not_signed_in", "请先登录。", "Please sign in.")


@get("/api/v1/setup", sync_to_thread=False)
def setup(state: State) -> Any:
    return state.stage.setup


@get("/api/v1/sign-in-ways", sync_to_thread=False)
def ways(state: State) -> Any:
    return {"oidc": state.stage.oidc}


@post("/api/v1/login", status_code=200)
async def login(request: Asked, data: JSONBody[Json]) -> Any:
    stage: Stage = request.app.state.stage
    await _asked(request, data)
    if data["password"] == "often":
        refused = refusal(429, "too_many_tries", "试得太多了。", "Too many tries.")
        refused.headers["Retry-After"] = "90"
        return refused
    if data["password"] != "right":
        return refusal(401, "wrong_password", "账号或密码不对。", "Wrong account or password.")
    stage.me = dict(SUPERVISOR)
    return stage.me


@post("/api/v1/logout", status_code=204)
async def logout(state: State) -> None:
    state.stage.me = None


@get("/api/v1/calls/{call_id:str}", sync_to_thread=False)
def call(state: State, call_id: FromPath[str]) -> Any:
    stage: Stage = state.stage
    if call_id not in stage.calls:
        return refusal(404, "no_such_call", "没有这通电话。", "No such call.")
    return {"call": stage.calls[call_id], "events": stage.stories.get(call_id, [])}


@get("/api/v1/calls/{call_id:str}/clip", sync_to_thread=False)
def clip(state: State, call_id: FromPath[str]) -> Any:
    if state.stage.clip_after:
        state.stage.clip_after -= 1
        later = refusal(404, "no_clip_yet", "还没有保存好。", "Not kept yet.")
        later.headers["Retry-After"] = "1"
        return later
    if state.stage.clip is None:
        return refusal(404, "no_clip", "录音已过期。", "The recording has expired.")
    return Response(state.stage.clip, media_type="audio/wav")


@get(["/insights", "/insights/calls/{number:int}"], sync_to_thread=False)
def insights(state: State) -> Any:
    return _page(state, "insights.html")


@get("/api/v1/search")
async def search(request: Asked) -> Any:
    stage: Stage = request.app.state.stage
    await stage.note(request.url.path, dict(request.query_params), {})
    await stage.answering.wait()
    return stage.search(dict(request.query_params))


@get("/api/v1/archive/calls/{number:int}", sync_to_thread=False)
def archived(state: State, number: FromPath[int]) -> Any:
    if number not in state.stage.archive:
        return refusal(404, "no_such_call", "没有这通电话。", "No such call.")
    return state.stage.archive[number]


@get("/api/v1/archive/calls/{number:int}/clip", sync_to_thread=False)
def archived_clip(state: State, number: FromPath[int]) -> Any:
    if state.stage.clip is None:
        return refusal(404, "no_clip", "录音已过期。", "The recording has expired.")
    return Response(state.stage.clip, media_type="audio/wav")


@post("/api/v1/{kind:str}/{item:str}/{deed:str}", status_code=200)
async def act(
    request: Asked,
    kind: FromPath[str],
    item: FromPath[str],
    deed: FromPath[str],
    data: JSONBody[Json],
) -> Any:
    stage: Stage = request.app.state.stage
    await _asked(request, data)
    if kind == "prompts":
        after = {**stage.prompts[item], "state": deed}
    elif kind == "messages":
        after = {**stage.messages[item], "seen": True}
    elif item in stage.alerts:
        after = _revised(stage, stage.alerts[item], deed, data["note"])
    else:
        return refusal(404, "no_such_alert", "没有这条告警。", "No such alert.")
    await stage.say(after)
    return after


@post("/api/v1/calls/{call_id:str}/message", status_code=200)
async def tell(request: Asked, call_id: FromPath[str], data: JSONBody[Json]) -> Json:
    await _asked(request, data)
    told = whisper(call_id, data["text"])
    await request.app.state.stage.say(told)
    return told


@post("/api/v1/calls/{call_id:str}/swap", status_code=200)
async def swap(request: Asked, call_id: FromPath[str], data: JSONBody[Json]) -> Any:
    stage: Stage = request.app.state.stage
    await _asked(request, data)
    if call_id not in stage.calls:
        return refusal(409, "call_elsewhere", "别的服务器在听。", "Another server hears it.")
    stage.swapped ^= {call_id}
    await stage.say(swapped(call_id, call_id in stage.swapped))
    return {"call_id": call_id, "swapped": call_id in stage.swapped}


@post("/api/v1/calls/{call_id:str}/help", status_code=200)
async def wish(request: Asked, call_id: FromPath[str], data: JSONBody[Json]) -> Json:
    stage: Stage = request.app.state.stage
    await _asked(request, data)
    there = stage.alerts.get("h-1") or help_wanted(call_id)
    rev = there["rev"] + 1
    over = {"rev": rev, "state": "resolved", "outcome": "withdrawn"}
    told = there if data["wanted"] else {**there, **over}
    await stage.say(told)
    return told


@websocket(["/api/v1/feed", "/api/v1/agents/{agent_id:str}/feed"])
async def feed(socket: Socket) -> None:
    stage: Stage = socket.app.state.stage
    await socket.accept()
    if stage.me is None:
        await socket.close(4401)
        return
    await socket.send_text(msgspec.json.encode(stage.snapshot()).decode())
    await stage.join(socket)
    await _until_gone(stage, socket)


@websocket("/api/v1/calls/{call_id:str}/drafts")
async def drafts(socket: Socket, call_id: FromPath[str]) -> None:
    stage: Stage = socket.app.state.stage
    await socket.accept()
    await stage.listen(socket, call_id)
    await _until_gone(stage, socket)


async def _until_gone(stage: "Stage", socket: Socket) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        await stage.leave(socket)


def _page(state: State, name: str) -> Response[bytes]:
    asset = state.assets[name]
    return Response(asset.content, media_type=asset.media_type)


def refusal(status_code: int, code: str, zh: str, en: str, **more: Any) -> Response[Json]:
    told = {"code": code, "message": {"zh": zh, "en": en}, **more}
    return Response(told, status_code=status_code)


def _revised(stage: "Stage", before: Json, deed: str, note: str) -> Json:
    owner = stage.me["shown"] if stage.me and deed == "acknowledge" else before.get("owner", "")
    state = before["state"] if deed == "note" else _STATES.get(deed, deed)
    return {**before, "rev": before["rev"] + 1, "note": note, "state": state, "owner": owner}


async def _asked(request: Asked, data: Json) -> None:
    stage: Stage = request.app.state.stage
    await stage.note(request.url.path, data, dict(request.headers))
