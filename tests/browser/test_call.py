"""One call on its own time: the time line, what can be heard of it, and long calls."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.scenes import alert, call, hour, story, swapped, transcript

NEWEST = 146  # sentences of the hour among the newest 150 of what was said and raised
REFUSED = ("Failed to load resource",)


async def opened(stage, open_page, *more, **how) -> Page:
    """The board with a call open on which an alert was raised at 06:38."""
    raised = alert("a-1", "c-1", 398, severity="high", text="那我只能给差评了。")
    stage.calls, stage.alerts = {"c-1": call("c-1", 402)}, {"a-1": raised}
    stage.stories = {"c-1": [*story("c-1"), raised, *more]}
    page = await open_page("/?call=c-1", **how)
    await expect(page.locator(".drawer .pin")).to_have_count(2)
    return page


async def test_alerts_and_prompts_stand_on_the_line_and_new_ones_come(stage, open_page):
    page = await opened(stage, open_page)
    line = page.get_by_role("slider", name="通话时间线")
    await expect(line).to_have_attribute("aria-valuetext", "最新")
    await expect(page.locator(".pin.sev-high.mark")).to_have_count(1)
    await stage.say(alert("a-1", "c-1", 398, rev=2, severity="high", state="acknowledged"))
    await expect(page.locator(".pin.sev-high.i")).to_have_count(1)
    await stage.say(alert("a-2", "c-1", 401, kind="KEYWORD", severity="watch"))
    await expect(page.locator(".drawer .pin")).to_have_count(3)


async def test_keys_go_from_mark_to_mark_and_enter_plays_from_there(stage, open_page):
    page = await opened(stage, open_page)
    line = page.get_by_role("slider", name="通话时间线")
    told = page.locator(".pointed")
    await line.focus()
    for key, words in (
        ("End", "06:38 高 · 客户生气了"),
        ("ArrowLeft", "06:35 客户：换来换去又要等一个礼拜，那我只能给差评了。[ANGRY]"),
        ("PageUp", "06:03 提示坐席：客户已沉默 2 秒——请主动确认，已采纳"),
        ("ArrowLeft", "06:01 沉默 5.2 秒"),
        ("Home", "05:31 客户：上周买的外套，尺码表写 L，到手跟 S 差不多。"),
        ("PageDown", "06:03 提示坐席：客户已沉默 2 秒——请主动确认，已采纳"),
        ("PageDown", "06:38 高 · 客户生气了"),
        ("ArrowLeft", "06:35 客户：换来换去又要等一个礼拜，那我只能给差评了。[ANGRY]"),
    ):
        await page.keyboard.press(key)
        await expect(told).to_have_text(words)
        same = re.compile(re.escape(words).replace("\\ ", r"\s"))  # some do not break
        await expect(line).to_have_attribute("aria-valuetext", same)
    await expect(page.locator(".transcript .is-pointed")).to_contain_text("那我只能给差评了")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sound").get_by_role("button", name="暂停")).to_be_visible()
    seek = page.locator(".sound").get_by_role("slider", name="播放位置")
    assert (
        float(await seek.input_value()) >= 3.4
    )  # the sentence begins at 395.5, the clip at 392
    await expect(page.locator(".over .heard")).to_be_attached()


async def test_brackets_go_to_the_alerts_from_anywhere(stage, open_page):
    page = await opened(stage, open_page)
    await page.keyboard.press("[")
    await expect(page.locator(".pointed")).to_have_text("06:38 高 · 客户生气了")
    await page.keyboard.press("[")
    await expect(page.locator(".pointed")).to_contain_text("06:03 提示坐席")
    await page.keyboard.press("]")
    await expect(page.locator(".pointed")).to_have_text("06:38 高 · 客户生气了")


async def press_at(page: Page, share: float) -> None:
    box = await page.locator(".plot").bounding_box()
    assert box
    await page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


async def test_a_press_plays_from_there_or_says_why_not(stage, open_page):
    page = await opened(stage, open_page)
    clips: list[str] = []
    page.on("request", lambda asked: clips.append(asked.url) if "/clip" in asked.url else 0)
    await press_at(page, 0.5)
    player = page.locator(".sound")
    await expect(player).to_contain_text(
        re.compile(r"05:\d\d 没有存声音：只保留告警前后的几秒，最近的一段是 06:32–06:40")
    )
    assert not clips
    kept = await page.locator(".over .clip-there").bounding_box()
    assert kept
    await page.mouse.click(kept["x"] + kept["width"] / 2, kept["y"] + kept["height"] / 2)
    await expect(player.get_by_role("button", name="暂停")).to_be_visible()
    assert len(clips) == 1
    await expect(player).to_contain_text("06:32–06:40")


async def test_a_sentence_that_can_be_heard_has_a_button(stage, open_page):
    page = await opened(stage, open_page)
    hear = page.locator(".transcript .from-here")
    await expect(hear).to_have_count(1)
    await page.get_by_role("button", name="从 06:35 播放").click()
    await expect(page.locator(".sound").get_by_role("button", name="暂停")).to_be_visible()


async def test_without_consent_or_clips_the_line_says_so(stage, open_page):
    page = await opened(stage, open_page)
    bare = story("c-2")
    stage.calls = {n: call(n, 402, record=n == "c-2") for n in ("c-2", "c-3")}
    stage.alerts, stage.stories = {}, {"c-2": bare, "c-3": bare}
    await page.goto(f"{stage.url}/?call=c-3")
    await expect(page.locator(".sound")).to_have_text("客户没有同意录音，不能回听")
    await page.goto(f"{stage.url}/?call=c-2")
    await expect(page.locator(".sound")).to_have_text(
        "这通电话还没有存声音：只保留告警前后的几秒"
    )


async def test_a_clip_that_has_gone_says_why(stage, open_page):
    stage.clip = None
    page = await opened(stage, open_page, expected=REFUSED)
    await page.get_by_role("button", name="从 06:35 播放").click()
    await expect(page.locator(".sound")).to_contain_text("放不出来：录音已过期。")


@pytest.mark.parametrize("screen", [("zh-CN", "light", 1440), ("en-US", "dark", 360)])
async def test_an_hour_is_zoomed_and_scrolled(stage, open_page, shoot, screen):
    lang, theme, width = screen
    stage.calls, stage.stories = {"c-1": call("c-1", 3600)}, {"c-1": hour("c-1")}
    page = await open_page("/?call=c-1", lang=lang, theme=theme, size=(width, 900))
    whole, nearer = ("全程", "放大") if lang == "zh-CN" else ("Whole call", "Zoom in")
    await expect(page.locator(".drawer .say")).to_have_count(NEWEST)
    pins = page.locator(".drawer .pin")
    await expect(pins).to_have_count(1)
    await page.get_by_role("button", name=whole).click()
    await expect(pins).to_have_count(12)
    await shoot(page, f"hour-{lang}-{theme}-{width}")
    line = page.locator(".canvas")
    await line.focus()
    await page.keyboard.press("Home")
    for _ in range(4):
        await page.get_by_role("button", name=nearer).click()
    await expect(pins).to_have_count(0)
    await line.focus()
    await page.keyboard.press("PageDown")
    await expect(page.locator(".pointed")).to_contain_text("05:00")
    await expect(pins).to_have_count(1)
    box = await line.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60, steps=4)
    await page.mouse.up()
    await expect(pins).to_have_count(0)


PLACE = """key => {
    const top = document.querySelector('.transcript .scroll').getBoundingClientRect().y
    const said = [...document.querySelectorAll('.transcript .say')]
    const found = said.find(one => one.textContent.trim().endsWith(key))
    return found.getBoundingClientRect().y - top
}"""
SCROLLED = "box => box.scrollTop"
TO_TOP = "box => { box.scrollTop = -box.scrollHeight; return box.scrollTop }"


async def test_an_hour_is_drawn_from_its_newest_back(stage, open_page, shoot):
    stage.calls, stage.stories = {"c-1": call("c-1", 3600)}, {"c-1": hour("c-1")}
    page = await open_page("/?call=c-1")
    said, earlier = page.locator(".drawer .say"), page.get_by_role("button", name="更早的句子")
    await expect(said).to_have_count(NEWEST)
    await stage.say(transcript("c-1", 700, 3599, "第 700 句"))
    await expect(said.last).to_contain_text("第 700 句")
    await expect(said).to_have_count(NEWEST)  # one came, one left

    await earlier.focus()
    before = await page.evaluate(PLACE, "第 560 句")
    await shoot(page, "hour-earlier")
    await page.keyboard.press("Enter")
    await expect(said).to_have_count(NEWEST + 145)  # with two silences and three alerts 150
    assert abs(await page.evaluate(PLACE, "第 560 句") - before) < 1
    await expect(page.locator(".transcript .scroll")).to_be_focused()

    box = page.locator(".transcript .scroll")
    top = await box.evaluate(TO_TOP)  # counted from the newest line
    await expect(said).to_have_count(NEWEST + 145 + 147)
    assert abs(await box.evaluate(SCROLLED) - top) < 1
    await stage.say(transcript("c-1", 701, 3600, "第 701 句"))
    await expect(said).to_have_count(NEWEST + 145 + 147 + 1)  # nothing leaves while one reads

    await page.get_by_role("button", name="回到最新").click()
    await expect(said).to_have_count(NEWEST)
    await page.get_by_role("slider", name="通话时间线").focus()
    await page.keyboard.press("Home")
    await expect(page.locator(".transcript .is-pointed")).to_be_in_viewport()
    await expect(page.locator(".transcript .is-pointed")).to_contain_text("第 0 句")
    await expect(said).to_have_count(702)
    await expect(earlier).to_have_count(0)


async def test_the_line_grows_with_the_call_and_takes_the_other_themes_colours(
    stage, open_page
):
    page = await opened(stage, open_page)
    drawn = "document.querySelector('.plot canvas').toDataURL()"
    light = await page.evaluate(drawn)
    await page.locator("[data-do=theme]").click()
    await page.wait_for_function(f"{drawn} !== {light!r}")
    dark = await page.evaluate(drawn)
    await stage.say(transcript("c-1", 9, 405, "还是不行。", emotion="ANGRY"))
    await expect(page.locator(".drawer .say").last).to_contain_text("还是不行。")
    await page.wait_for_function(f"{drawn} !== {dark!r}")


@pytest.mark.parametrize("width", [360, 800, 1000])
async def test_a_popup_covers_nothing_of_an_open_call(stage, open_page, shoot, width):
    page = await opened(stage, open_page, size=(width, 800))
    stage.calls["c-2"] = call("c-2", 90, agent_name="刘洋", agent_id="8014")
    await stage.cut()
    await stage.until(lambda s: len(s.opened) == 2)
    await stage.say(alert("a-9", "c-2", agent_name="刘洋", agent_id="8014"))
    popup = page.locator(".popup")
    await expect(popup).to_be_visible()
    await shoot(page, f"popup-over-call-{width}")
    covered = """names => names.filter(name => {
        const box = document.querySelector(name).getBoundingClientRect()
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        return !top.closest(name) })"""
    assert not await page.evaluate(
        covered, [".whisper .input", ".call-head", ".popup header", ".reason .btn"]
    )
    await popup.locator("header .open, .who .btn").locator("visible=true").click()
    await expect(page.locator(".drawer h2")).to_contain_text("刘洋")
    await expect(popup).to_have_count(0)


async def test_the_board_alone_loads_neither_library(stage, open_page):
    stage.calls = {"c-1": call("c-1", 402)}
    page = await open_page()
    await expect(page.locator(".row")).to_have_count(1)
    loaded = "performance.getEntriesByType('resource').map(one => one.name).join()"
    assert "vendor/lit.js" in await page.evaluate(loaded)
    assert "vendor/uplot.js" not in await page.evaluate(loaded)
    assert "vendor/wavesurfer.js" not in await page.evaluate(loaded)


async def test_parties_are_swapped_after_a_question_and_back(stage, open_page, shoot):
    page = await opened(stage, open_page)
    swap = page.get_by_role("button", name="互换").first
    await swap.click()
    await expect(page.locator(".swap")).to_contain_text("从下一句起互换")
    await shoot(page, "swap-asked")
    await page.keyboard.press("Escape")
    await expect(page.locator(".swap")).to_have_count(0)
    await expect(page.locator(".drawer")).to_be_visible()
    await expect(page.locator(".swaps")).to_be_focused()
    assert not stage.asked
    for told in ("已互换：林岚 于 01:23", "已换回：林岚 于 01:23"):
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="互换", exact=True).click()
        await expect(page.locator(".swapped")).to_contain_text(told)
        await expect(page.locator(".swaps")).to_be_focused()
    assert [path for path, *_ in stage.asked] == ["/api/v1/calls/c-1/swap"] * 2
    story = page.locator(".drawer .event")
    await expect(story.filter(has_text="林岚把客户和坐席互换了")).to_have_count(1)
    await expect(story.filter(has_text="林岚把客户和坐席换回来了")).to_have_count(1)
    await stage.say(transcript("c-1", 9, 405, "我来查。", party="agent"))
    await expect(page.locator(".drawer .say.agent").last).to_contain_text("我来查。")


async def test_who_swapped_is_seen_on_other_pages_and_after_a_reload(stage, open_page, shoot):
    page = await opened(stage, open_page)
    told = page.locator(".swapped")
    await expect(told).to_have_text("")
    await stage.say(swapped("c-1", True, by=""))
    await expect(told).to_contain_text("已互换：网关 于 01:23")
    stage.calls["c-1"]["swapped"] = {"swapped": True, "by": "林岚", "at": 90.0}
    await page.reload()
    await expect(told).to_contain_text("已互换：林岚 于 01:30")
    await shoot(page, "swap-known")


async def test_a_swap_that_is_refused_says_why(stage, open_page):
    page = await opened(stage, open_page, expected=REFUSED)
    stage.calls = {}
    await page.locator(".swaps").click()
    await page.get_by_role("button", name="互换", exact=True).click()
    await expect(page.locator(".swapped")).to_have_text("别的服务器在听。")


async def test_enter_on_an_alert_plays_what_raised_it_from_its_start(stage, open_page):
    page = await opened(stage, open_page)
    await page.get_by_role("slider", name="通话时间线").focus()
    await page.keyboard.press("End")
    await expect(page.locator(".pointed")).to_contain_text("客户生气了")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sound").get_by_role("button", name="暂停")).to_be_visible()
    seek = page.locator(".sound").get_by_role("slider", name="播放位置")
    assert float(await seek.input_value()) < 3
