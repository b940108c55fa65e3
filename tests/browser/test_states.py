"""What the board says where it cannot simply show calls: in both languages, searched by axe."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.browser import scenes
from tests.browser.scenes import alert, call, floor, floor_alerts
from tests.browser.test_looks import check

LOADING = {"name": "iic/SenseVoiceSmall", "state": "loading", "demonstration": False}
LOADING |= {"detail": "", "step": "downloading", "percent": 41}
FAILED = LOADING | {"state": "failed", "detail": "no such directory: /models/none"}
OVERLOADED = {"calls": 212, "limit": 200, "lag_ms": 1800, "overloaded": True, "shed": 38}
OVERLOADED |= {"since": "2026-11-22T08:30:11Z"}
AWAY = {"state": "away", "since": "2026-11-22T08:30:11Z", "kept": 419, "limit": 50_000}
STATES = {
    "redis-away": (
        {"redis": AWAY},
        0,
    ),
    "redis-away-full": (
        {"redis": AWAY | {"kept": 50_000}},
        0,
    ),
    "model-loading": ({"model": LOADING}, 1),
    "model-failed": ({"model": FAILED}, 1),
    "overloaded": ({"load": OVERLOADED}, 0),
}
SCREENS = [("zh-CN", "light", 1440), ("en-US", "dark", 360)]


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("state", STATES)
async def test_each_state(stage, open_page, shoot, state, screen):
    status, bare = STATES[state]
    stage.status = scenes.status(**status)
    if bare:
        stage.setup = {"stream": None, "phrases": []}
    else:
        stage.calls, stage.alerts = floor(), floor_alerts()
    lang, theme, width = screen
    page = await open_page(lang=lang, theme=theme, size=(width, 800))
    await expect(page.locator(".banner")).to_be_visible()
    await expect(page.locator(".empty" if bare else ".popup")).to_be_visible()
    await shoot(page, f"state-{state}-{lang}-{theme}-{width}")
    await check(page)


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_broken_feed(stage, open_page, shoot, screen):
    lang, theme, width = screen
    stage.calls, stage.alerts = floor(), floor_alerts()
    page = await open_page("/login", lang=lang, theme=theme, size=(width, 800))
    await page.clock.install()
    await page.goto(stage.url)
    await expect(page.locator(".popup")).to_be_visible()
    await page.route_web_socket("**/api/v1/feed*", lambda socket: None)
    await page.clock.fast_forward(13_000)
    await page.clock.fast_forward(1_000)
    await expect(page.locator(".banner button")).to_be_visible()
    await expect(page.locator(".as-of")).to_be_visible()
    await shoot(page, f"state-broken-{lang}-{theme}-{width}")
    await check(page)


@pytest.mark.parametrize("off", [timedelta(hours=-3), timedelta(minutes=47)])
async def test_a_browser_whose_clock_is_wrong_counts_by_the_servers(stage, open_page, off):
    stage.calls, stage.alerts = {"c-1": call("c-1", 402)}, {"a-1": alert("a-1", "c-1")}
    stage.alerts["a-1"]["wall"] = scenes.ago(40)
    page = await open_page("/login")
    now = await page.evaluate("Date.now()")
    await page.clock.install(time=(now + off.total_seconds() * 1000) / 1000)
    await page.goto(f"{stage.url}/")
    row = page.locator(".row")
    await expect(row.locator(".c-customer .sub")).to_contain_text("06:4")
    await expect(row.locator(".c-alerts .sub")).to_contain_text("待接手 0:4")
    await expect(page.locator(".popup time")).to_contain_text("4")
    await expect(page.locator(".popup time")).to_contain_text("秒前")
    await page.clock.fast_forward(10_000)
    await expect(row.locator(".c-alerts .sub")).to_contain_text("待接手 0:5")


async def test_times_are_the_readers_and_numbers_their_languages(stage, open_page):
    kept = {"state": "away", "since": "2026-11-22T08:30:11Z", "kept": 20_000, "limit": 50_000}
    stage.calls, stage.status = {"c-1": call("c-1")}, scenes.status(redis=kept)
    page = await open_page(timezone_id="Asia/Shanghai")
    await expect(page.locator(".banner")).to_contain_text("16:30:11 起")
    await expect(page.locator(".banner")).to_contain_text("已暂存 2 万 条（最多 5 万 条）")
    page = await open_page(lang="en-US", timezone_id="America/New_York")
    await expect(page.locator(".banner")).to_contain_text("since 03:30:11")
    await expect(page.locator(".banner")).to_contain_text("20,000 kept (room for 50,000)")


async def test_since_when_there_are_too_many_calls(stage, open_page):
    stage.calls, stage.status = {"c-1": call("c-1")}, scenes.status(load=OVERLOADED)
    page = await open_page(timezone_id="Asia/Shanghai")
    await expect(page.locator(".banner")).to_contain_text("16:30:11 起，已 ")
    stage.status = scenes.status(redis=AWAY | {"kept": 50_000})
    await page.reload()
    await expect(page.locator(".banner")).to_contain_text("暂存已满：5 万 条（最多 5 万 条）")
