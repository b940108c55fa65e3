"""The agent's panel in each of its states, as narrow as it gets: written to tests/screenshots/
to be looked at, and searched for barriers by axe."""

import pytest
from playwright.async_api import expect

from tests.browser.scenes import (
    AGENT,
    call,
    checklist,
    help_wanted,
    mood,
    prompt,
    story,
    whisper,
)
from tests.browser.test_looks import check, named, options

SCREENS = [("zh-CN", "light", (360, 760)), ("en-US", "dark", (360, 760))]
PARTS = [".prompt", ".said q", ".checklist li", ".mood-box .mood"]
TAKEN = {"state": "acknowledged", "owner": "林岚", "rev": 2}


def on_a_call(stage):
    felt = mood(402, ("ANGRY", 0.6), ("ANGRY", 0.8), ("ANGRY", 0.9))
    stage.me, stage.calls = dict(AGENT), {"c-1": call("c-1", 402, mood=felt)}
    stage.stories = {"c-1": story("c-1")}
    stage.calls["c-1"]["checklist"] = checklist("c-1", 400, "greeting")["items"]


async def panel(stage, open_page, screen, **more):
    on_a_call(stage)
    page = await open_page("/agent/8001", **options(screen), **more)
    await expect(page.locator(".said q")).to_have_count(2)
    await stage.until(lambda s: s.viewers)
    return page


async def looked_at(page, shoot, what, screen):
    await shoot(page, named(f"agent-{what}", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_idle_between_calls(stage, open_page, shoot, screen):
    stage.me = dict(AGENT)
    page = await open_page("/agent/8001", **options(screen))
    await stage.until(lambda s: s.viewers)
    await expect(page.locator(".prompt.is-empty")).to_be_visible()
    await expect(page.locator(".said, .help")).to_have_count(0)
    await looked_at(page, shoot, "idle", screen)


@pytest.mark.parametrize("screen", SCREENS)
async def test_everything_at_once_is_there_and_is_in_sight(stage, open_page, shoot, screen):
    page = await panel(stage, open_page, screen)
    await stage.say(prompt("p-2", "c-1", 404), whisper("c-1", "可以直接换，运费我们出。"))
    await expect(page.locator(".prompt .actions button")).to_have_count(3)
    for part in [*PARTS, ".from-boss .message", ".help button"]:
        await expect(page.locator(part).first).to_be_visible()
    await looked_at(page, shoot, "all", screen)


@pytest.mark.parametrize("screen", SCREENS)
async def test_help_is_asked_and_taken(stage, open_page, shoot, screen):
    page = await panel(stage, open_page, screen)
    await looked_at(page, shoot, "calm", screen)
    await stage.say(help_wanted("c-1"))
    await expect(page.locator(".help .asked")).to_be_visible()
    await looked_at(page, shoot, "help-asked", screen)
    await stage.say(help_wanted("c-1", **TAKEN))
    await expect(page.locator(".help .asked")).to_contain_text("林岚")
    await looked_at(page, shoot, "help-taken", screen)


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_refusal_is_told(stage, open_page, shoot, screen):
    page = await panel(stage, open_page, screen, expected=("Failed to load resource",))
    await page.route("**/help", lambda route: route.abort())
    await page.locator(".help button").click()
    await expect(page.locator(".help .told")).not_to_be_empty()
    await looked_at(page, shoot, "help-refused", screen)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_feed_is_broken(stage, open_page, shoot, screen):
    page = await panel(stage, open_page, screen, expected=("WebSocket connection",))
    await page.route_web_socket("**/feed*", lambda socket: socket.close(code=1012))
    await stage.say(prompt("p-2", "c-1", 404), whisper("c-1", "可以直接换，运费我们出。"))
    await expect(page.locator(".try")).to_be_visible()
    await stage.cut()
    await expect(page.locator(".prompt.is-empty")).to_be_visible()
    await looked_at(page, shoot, "broken", screen)
