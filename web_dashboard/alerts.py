"""What supervisors do about an alert, and what quality notes about it."""

from typing import Annotated, Literal, TypeAlias, cast

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from alerts.acts import Acts
from alerts.wire import Alert
from web_dashboard.errors import no_such_alert, not_allowed
from web_dashboard.parts import Parts
from web_dashboard.who import ACTING, asker, audit, overseers, parts_of, sight_of

Deed: TypeAlias = Literal["acknowledge", "resolve", "false_alarm", "note"]
_Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=2000)]


class Remark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    note: _Text = ""
    outcome: _Text = ""


@post("/api/v1/alerts/{alert_id:str}/{deed:str}", status_code=200, guards=[overseers])
async def act_on_alert(
    request: Request[None, None, State],
    alert_id: FromPath[str],
    deed: FromPath[Deed],
    data: JSONBody[Remark],
) -> Alert:
    """Idempotent: acknowledging what someone has answers with the alert as it is."""
    parts, who = parts_of(request), asker(request)
    if who.role not in ACTING and not (who.role == "quality" and deed == "note"):
        raise not_allowed()
    acts, sight = Acts(parts.desk), sight_of(parts, who)
    before = acts.alert(alert_id) or _restored(parts, alert_id)
    if not (sight.whole or (before and sight.takes_in(before.agent_id, before.queue))):
        raise not_allowed()
    after = _act(acts, deed, alert_id, (who.shown, parts.wall()), data) if before else None
    if after is None:
        raise no_such_alert()
    if after is not before:
        after = cast(Alert, parts.publish(after))
    await audit(request, who.name, deed, alert_id)
    return after


ROUTES: list[HTTPRouteHandler] = [act_on_alert]


def _restored(parts: Parts, alert_id: str) -> Alert | None:
    """Raised on another server, or before a restart: the log has it."""
    logged = parts.feed.board.alert(alert_id)
    if logged is not None:
        parts.desk.restore(logged)
    return logged


def _act(
    acts: Acts, deed: Deed, alert_id: str, by: tuple[str, str], said: Remark
) -> Alert | None:
    who, wall = by
    match deed:
        case "acknowledge":
            return acts.acknowledge(alert_id, who, wall, said.note)
        case "resolve":
            return acts.resolve(alert_id, who, wall, said.note, said.outcome)
        case "false_alarm":
            return acts.false_alarm(alert_id, who, wall, said.note)
        case "note":
            return acts.note(alert_id, who, wall, said.note)
