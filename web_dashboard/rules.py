"""What people's verdicts say of the rules."""

from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from alerts.precision import RulePrecision
from web_dashboard.who import overseers, parts_of


@get("/api/v1/rules/precision", guards=[overseers], sync_to_thread=False)
def rules_precision(request: Request[Any, Any, Any]) -> dict[str, list[RulePrecision]]:
    """Of each rule's latest alerts, as far back as the log reached when the server started."""
    return {"rules": parts_of(request).precision.all()}


ROUTES: list[HTTPRouteHandler] = [rules_precision]
