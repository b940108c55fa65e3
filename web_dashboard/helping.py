"""An agent asks for a supervisor, or needs none any more."""

from typing import cast

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from alerts import help as help_alerts
from alerts import metrics
from alerts.ids import new_ulid
from alerts.wire import Alert
from web_dashboard.boundary import unslashed
from web_dashboard.errors import call_over, no_such_alert, no_such_call, not_allowed
from web_dashboard.parts import Parts
from web_dashboard.view import CallState
from web_dashboard.who import asker, audit, may_see_call, parts_of, signed_in


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wanted: bool = True


@post("/api/v1/calls/{call_id:str}/help", status_code=200, guards=[signed_in])
async def ask(
    request: Request[None, None, State], call_id: FromPath[str], data: JSONBody[Wish]
) -> Alert:
    """By the agent of a call that goes on. There is one such alert a call at a time: asking
    once more answers with it as it is."""
    parts, who = parts_of(request), asker(request)
    call_id = unslashed(call_id)
    if who.role != "agent" or not may_see_call(parts, who, call_id):
        raise not_allowed()
    there = next((one for one in parts.desk.of(call_id) if one.kind == "HELP"), None)
    if data.wanted and there is not None:
        return there
    after = _asked(parts, call_id) if data.wanted else _withdrawn(parts, there)
    await audit(request, who.name, "help" if data.wanted else "help_withdrawn", after.id)
    return after


ROUTES: list[HTTPRouteHandler] = [ask]


def _asked(parts: Parts, call_id: str) -> Alert:
    call = _call(parts, call_id)
    whose = help_alerts.Asker(call.call_id, call.agent_id, call.agent_name, call.queue)
    alert = help_alerts.asked(new_ulid(), whose, call.at, parts.wall())
    metrics.alerts.labels(alert.rule, alert.severity).inc()
    return _published(parts, alert)


def _withdrawn(parts: Parts, there: Alert | None) -> Alert:
    if there is None:
        raise no_such_alert()
    return _published(parts, help_alerts.over(there, "withdrawn"))


def _published(parts: Parts, alert: Alert) -> Alert:
    """The desk refuses no live alert a revision."""
    return cast(Alert, parts.publish(cast(Alert, parts.desk.update(alert))))


def _call(parts: Parts, call_id: str) -> CallState:
    call = parts.feed.board.call(call_id)
    if call is None:
        raise no_such_call()
    if call.ended:
        raise call_over()
    return call
