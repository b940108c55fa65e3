"""The page of a call in its rarer states, searched by axe: the swap question, an hour, 4K."""

import pytest
from playwright.async_api import expect

from tests.browser.scenes import call, hour
from tests.browser.test_call import NEWEST, opened
from tests.browser.test_looks import check

SCREENS = [("zh-CN", "light", (1440, 900)), ("en-US", "dark", (360, 800))]


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_question_whether_to_swap(stage, open_page, shoot, screen):
    lang, theme, size = screen
    page = await opened(stage, open_page, lang=lang, theme=theme, size=size)
    await page.locator(".swaps").click()
    await expect(page.locator(".swap .btn-primary")).to_be_focused()
    await shoot(page, f"swap-question-{lang}-{theme}-{size[0]}")
    await check(page)
    await page.locator(".swap .btn-primary").click()
    await expect(page.locator(".swapped")).to_contain_text("林岚")
    await check(page)


@pytest.mark.parametrize("size", [(360, 800), (1440, 900), (3840, 2160)])
async def test_an_hour_and_its_time_line(stage, open_page, shoot, size):
    stage.calls, stage.stories = {"c-1": call("c-1", 3600)}, {"c-1": hour("c-1")}
    page = await open_page("/?call=c-1", size=size)
    await expect(page.locator(".drawer .say")).to_have_count(NEWEST)
    await page.get_by_role("slider", name="通话时间线").focus()
    await page.keyboard.press("End")
    await expect(page.locator(".pointed")).not_to_be_empty()
    await shoot(page, f"hour-{size[0]}")
    await check(page)
