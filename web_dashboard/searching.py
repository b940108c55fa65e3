"""Searching what was heard, in calls that go on and in those of long ago."""

from typing import Annotated, Any, Literal

from litestar import Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from alerts.expressions.tree import ExpressionError
from insights.search import LARGEST_PAGE, Filters, Found, Search
from web_dashboard.errors import archive_away, bad_search
from web_dashboard.who import asker, audit, overseers, parts_of, sight_of

Asked = Request[Any, Any, State]
Text = Annotated[str, QueryParameter(max_length=256)]
Whose = Annotated[Literal["", "customer", "agent", "unknown"], QueryParameter()]
Number = Annotated[float, QueryParameter(ge=0, le=1e6)]


def filters_of(  # noqa: PLR0913, PLR0917 - each is a query parameter
    request: Asked,
    agent: Text = "",
    queue: Text = "",
    order: Text = "",
    customer: Text = "",
    source: Text = "",
    party: Whose = "",
    since: Text = "",
    until: Text = "",
    longer: Number = 0.0,
    shorter: Number = 0.0,
) -> Filters:
    """What is asked of the calls, among those that the asker may see."""
    sight = sight_of(parts_of(request), asker(request))
    return Filters(
        agent_id=agent,
        queue=queue,
        order_id=order,
        customer=customer,
        source=source,
        party=party,
        since=since,
        until=until,
        longer=longer,
        shorter=shorter,
        agents=sight.agents,
        queues=sight.queues,
    )


FILTERS = Provide(filters_of, sync_to_thread=False)


@get("/api/v1/search", guards=[overseers], dependencies={"filters": FILTERS})
async def search(
    request: Asked,
    filters: NamedDependency[Filters],
    q: Annotated[str, QueryParameter(max_length=1000)] = "",
    before: Annotated[int, QueryParameter(ge=0)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=LARGEST_PAGE)] = 50,
) -> Found:
    """Sentences, newest first. `before` is the `id` of the last hit that was shown."""
    asked = Search(q, filters, before, limit)
    try:
        found = await parts_of(request).insights.search(asked)
    except ExpressionError as fault:
        raise bad_search(fault) from None
    except OSError:
        raise archive_away() from None
    await audit(request, asker(request).name, "search", f"{len(found.hits)} of {found.total}")
    return found


ROUTES: list[HTTPRouteHandler] = [search]
