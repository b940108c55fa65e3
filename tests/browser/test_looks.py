"""Every screen in both languages and themes, from a phone to a wall: written to
tests/screenshots/ to be looked at, and searched for barriers by axe."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.scenes import (
    AGENT,
    call,
    floor,
    floor_alerts,
    mood,
    prompt,
    story,
    transcript,
    whisper,
)

AXE = files("axe_playwright_python").joinpath("axe.min.js")
SCREENS = [
    ("zh-CN", "light", (1440, 900)),
    ("en-US", "dark", (1440, 900)),
    ("zh-CN", "dark", (360, 800)),
    ("en-US", "light", (360, 800)),
]


def options(screen) -> dict[str, Any]:
    return dict(zip(("lang", "theme", "size"), screen, strict=True))


def named(what: str, screen) -> str:
    lang, theme, (width, _) = screen
    return f"{what}-{lang}-{theme}-{width}"


async def check(page: Page) -> None:
    """No serious fault that axe finds, and nothing that must be scrolled sideways."""
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert not grave, [
        (one["id"], [node["html"][:200] for node in one["nodes"]]) for one in grave
    ]


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_board(stage, open_page, shoot, screen):
    stage.calls, stage.alerts = floor(), floor_alerts()
    page = await open_page(**options(screen))
    await expect(page.locator(".popup .play")).to_be_visible()
    await shoot(page, named("board", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_filters(stage, open_page, shoot, screen):
    stage.calls = floor()
    page = await open_page(
        "/?queue=物流&mood=neutral&mood=unknown&hide=customer", **options(screen)
    )
    await expect(page.locator(".row")).to_have_count(3)
    await page.locator("[data-filter=mood] summary").click()
    await expect(page.locator("[data-filter=mood] input").first).to_be_visible()
    await shoot(page, named("filters", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_alarms(stage, open_page, shoot, screen):
    stage.calls = floor()
    page = await open_page(**options(screen))
    await (
        page.locator("summary .hidden", has_text="esktop")
        .or_(page.locator("summary .hidden", has_text="桌面通知"))
        .locator("..")
        .click()
    )
    await expect(page.locator(".alarm input").first).to_be_visible()
    await shoot(page, named("alarms", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_drawer(stage, open_page, shoot, screen):
    stage.calls, stage.alerts = floor(), floor_alerts()
    stage.stories = {"c-wang": [*story("c-wang"), stage.alerts["a-wang"]]}
    page = await open_page("/?call=c-wang", **options(screen))
    await expect(page.locator(".drawer .say")).to_have_count(7)
    await expect(page.locator(".drawer .pin")).to_have_count(2)
    await stage.until(lambda s: s.listeners)
    await stage.draft(transcript("c-wang", 8, 400, "那你现在就给我") | {"type": "draft"})
    await expect(page.locator(".drawer .say.draft")).to_be_visible()
    await shoot(page, named("drawer", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_agents_panel(stage, open_page, shoot, screen):
    felt = mood(402, ("ANGRY", 0.6), ("ANGRY", 0.8), ("ANGRY", 0.9))
    stage.me, stage.calls = dict(AGENT), {"c-1": call("c-1", 402, mood=felt)}
    stage.stories, stage.prompts = {"c-1": story("c-1")}, {"p-2": prompt("p-2", "c-1", 404)}
    stage.messages = {"m": whisper("c-1", "可以直接换，运费我们出。")}
    page = await open_page("/agent/8001", **options(screen))
    await expect(page.locator(".prompt .btn-primary")).to_be_visible()
    await expect(page.locator(".said q")).to_have_count(2)
    await expect(page.locator(".from-boss button")).to_be_visible()
    await shoot(page, named("agent", screen))
    await check(page)


@pytest.mark.parametrize("screen", SCREENS[:3])
async def test_no_calls_and_signing_in(stage, open_page, shoot, screen):
    page = await open_page(**options(screen))
    await expect(page.locator(".command")).to_be_visible()
    await shoot(page, named("empty", screen))
    await check(page)
    await page.goto(f"{stage.url}/login")
    await shoot(page, named("login", screen))
    await check(page)


async def test_redis_away_and_a_wall(stage, open_page, shoot):
    stage.calls = floor()
    stage.status["redis"] = {
        "state": "away",
        "since": "2026-11-22T08:30:11Z",
        "kept": 419,
        "limit": 50_000,
    }
    page = await open_page(size=(3840, 2160))
    await expect(page.locator(".banner")).to_be_visible()
    await shoot(page, "redis-away-3840")
    await check(page)


async def test_language_and_theme_are_switched_and_remembered(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    await page.locator("[data-do=theme]").click()
    await page.locator("[data-do=language]").click()
    await expect(page.locator(".h-words")).to_have_text("Last words")
    await page.reload()
    await expect(page.locator(".h-words")).to_have_text("Last words")
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await expect(root).to_have_attribute("lang", "en")
    assert await page.title() == "Supervisor board · Earwitness"
