"""What the agent answers to a prompt."""

from typing import cast

from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from alerts.acts import Acts
from alerts.lifecycle import Answer
from alerts.wire import Prompt
from web_dashboard.errors import no_such_prompt, not_allowed
from web_dashboard.parts import Parts
from web_dashboard.who import asker, audit, parts_of, signed_in


@post("/api/v1/prompts/{prompt_id:str}/{answer:str}", status_code=200, guards=[signed_in])
async def answer_prompt(
    request: Request[None, None, State],
    prompt_id: FromPath[str],
    answer: FromPath[Answer],
) -> Prompt:
    """The first answer counts; another one changes nothing."""
    parts, who = parts_of(request), asker(request)
    acts = Acts(parts.desk)
    before = acts.prompt(prompt_id) or _restored(parts, prompt_id)
    if who.role != "agent" or (before and before.agent_id != who.agent_id):
        raise not_allowed()
    after = acts.answer(prompt_id, answer)
    if after is None:
        raise no_such_prompt()
    if after is not before:
        after = cast(Prompt, parts.publish(after))
    await audit(request, who.name, answer, prompt_id)
    return after


ROUTES: list[HTTPRouteHandler] = [answer_prompt]


def _restored(parts: Parts, prompt_id: str) -> Prompt | None:
    """Shown by another server, or before a restart: the log has it."""
    logged = parts.feed.board.prompt(prompt_id)
    if logged is not None:
        parts.desk.restore(logged)
    return logged
