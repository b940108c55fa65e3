"""The escalation popup in a real browser, against a stage that plays the feed."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.browser.scenes import QUOTE, WHY, alert, call, floor, floor_alerts, transcript

REFUSED = ("Failed to load resource",)


async def test_an_alert_pops_up_with_its_quote_its_reason_and_its_clip(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    await expect(page.locator(".row")).to_have_count(1)
    focused = await page.evaluate("document.activeElement.tagName")
    await stage.say(alert("a-1", "c-1"))

    popup = page.locator(".popup")
    await expect(popup.locator("blockquote")).to_have_text(f"{QUOTE}[ANGRY]")
    await expect(popup.locator(".why")).to_contain_text(WHY["zh"])
    await expect(popup.locator(".why")).to_contain_text("规则 angry-customer（3f2a）")
    await expect(popup.locator(".why")).to_contain_text("话音落下 0.3 秒后发出")
    await expect(page.get_by_role("alert")).to_contain_text(QUOTE)
    assert await page.evaluate("document.activeElement.tagName") == focused

    await popup.get_by_role("button", name="播放这 8 秒").click()
    await expect(popup.get_by_role("button", name="暂停")).to_be_visible()
    await expect(popup.locator(".bars .progress canvas").first).to_be_attached()
    await expect(popup.get_by_role("slider", name="播放位置")).to_be_attached()


async def test_a_popup_waits_for_no_tick_of_the_board(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    await expect(page.locator(".row")).to_have_count(1)
    await page.clock.install()
    await page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # no timer runs now
    await stage.say(alert("a-1", "c-1"))
    await expect(page.locator(".popup blockquote")).to_have_text(f"{QUOTE}[ANGRY]")
    assert await page.locator(".row .sev").count() == 0  # the list has its time


async def test_taking_an_alert_posts_it_and_closes_the_popup_in_every_tab(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page, other = await open_page(), await open_page()
    await stage.until(lambda s: len(s.viewers) == 2)
    await stage.say(alert("a-1", "c-1"))
    await expect(other.locator(".popup")).to_be_visible()
    await expect(page.locator(".popup")).to_be_visible()
    take = page.get_by_role("button", name="我来处理")
    await expect(take).to_be_enabled()  # the buttons rest a moment after a popup has come
    await page.keyboard.press("a")

    await expect(page.locator(".popup")).to_have_count(0)
    await expect(other.locator(".popup")).to_have_count(0)
    path, body, headers = stage.asked[-1]
    assert path == "/api/v1/alerts/a-1/acknowledge"
    assert body == {"note": "", "outcome": ""}
    assert headers["x-earwitness"] == "1"
    await expect(page.locator(".row .sev.is-taken")).to_have_count(1)
    await expect(page.locator(".row .c-alerts .sub")).to_have_text("你在处理")


async def test_note_resolve_and_false_alarm(stage, open_page):
    stage.calls = {n: call(n) for n in ("c-1", "c-2")}
    page = await open_page(lang="en-US")
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1"))
    popup = page.locator(".popup")
    await popup.get_by_role("button", name="Note", exact=True).click()
    await popup.get_by_role("textbox", name="Note on this alert").fill("已致电")
    await page.keyboard.press("Enter")
    await expect(popup.get_by_text("Note saved")).to_be_visible()
    assert stage.asked[-1][:2] == ("/api/v1/alerts/a-1/note", {"note": "已致电", "outcome": ""})
    await popup.get_by_role("button", name="Resolved").click()
    await expect(popup).to_have_count(0)
    assert stage.asked[-1][0] == "/api/v1/alerts/a-1/resolve"
    await stage.say(alert("a-2", "c-2", severity="high"))
    await popup.get_by_role("button", name="False alarm").click()
    await expect(popup).to_have_count(0)
    assert stage.asked[-1][0] == "/api/v1/alerts/a-2/false_alarm"


async def test_what_the_server_refuses_stands_beside_the_buttons(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page(expected=REFUSED)
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1"))
    await expect(page.locator(".popup")).to_be_visible()
    stage.alerts.clear()
    await page.get_by_role("button", name="我来处理").click()
    await expect(page.locator(".popup .told")).to_have_text("没有这条告警。")


async def test_it_pops_again_only_when_severity_rises(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    popup = page.locator(".popup")
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1", severity="high"))
    await expect(popup).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(popup).to_have_count(0)

    await stage.say(alert("a-1", "c-1", rev=2, severity="high", count=5))
    await stage.say(transcript("c-1", 1, 121, "第一句"))
    await expect(page.locator(".words")).to_contain_text("第一句")
    await expect(popup).to_have_count(0)

    await page.reload()
    await expect(page.locator(".row")).to_have_count(1)
    await expect(popup).to_have_count(0)

    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1", rev=3, severity="critical"))
    await expect(popup).to_be_visible()


async def test_a_reconnect_pops_nothing_twice_and_comes_with_the_last_id(stage, open_page):
    stage.calls = {n: call(n) for n in ("c-1", "c-2")}
    page = await open_page()
    popup = page.locator(".popup")
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1"))
    await expect(popup).to_be_visible()
    await popup.get_by_role("button", name="收起，先不处理").click()
    await expect(popup).to_have_count(0)

    stage.alerts["a-2"] = alert("a-2", "c-2", text="我要投诉！")  # raised while we were away
    await stage.cut()
    await stage.until(lambda s: len(s.opened) == 2)
    assert "after=1-0" in str(stage.opened[-1])
    await expect(popup.locator("blockquote")).to_contain_text("我要投诉！")
    await expect(popup.locator(".next")).to_have_count(0)


async def test_one_popup_and_the_others_wait_as_a_line(stage, open_page):
    stage.calls, stage.alerts = floor(), floor_alerts()
    page = await open_page()
    popup = page.locator(".popup")
    await expect(popup).to_have_count(1)
    await expect(popup.locator(".who b")).to_have_text("刘洋 8014")
    await expect(popup.locator(".next")).to_contain_text("王晓敏 8001：客户生气了")
    await expect(popup.locator(".next")).to_contain_text("另 1 条")
    await popup.locator(".next").click()
    await expect(popup.locator(".who b")).to_have_text("王晓敏 8001")


async def test_a_clip_that_is_gone_says_why(stage, open_page):
    stage.calls = {"c-1": call("c-1", record=False), "c-2": call("c-2")}
    stage.clip = None
    page = await open_page(expected=REFUSED)
    await stage.until(lambda s: s.viewers)
    silent = alert("a-1", "c-1")
    silent["evidence"][0].pop("clip")
    await stage.say(silent)
    await expect(page.locator(".popup .clip")).to_have_text("客户没有同意录音，不能回听")
    await page.keyboard.press("Escape")
    await stage.say(alert("a-2", "c-2"))
    await page.locator(".popup .play").click()
    await expect(page.locator(".popup .clip")).to_contain_text("放不出来：录音已过期。")


async def test_a_clip_that_is_not_kept_yet_plays_when_it_is(stage, open_page):
    stage.calls, stage.clip_after = {"c-1": call("c-1")}, 2
    page = await open_page(expected=REFUSED)
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1"))
    play = page.locator(".popup .play")
    await play.click()
    await expect(page.locator(".popup .clip")).to_contain_text("还没有保存好。稍后自动播放")
    await play.click()  # once more changes nothing
    await expect(play).to_have_attribute("aria-label", "暂停")
    await expect(page.locator(".popup .clip")).not_to_contain_text("稍后")
    assert stage.clip_after == 0


async def test_nothing_is_fetched_before_play_and_a_revision_does_not_cut_it_off(
    stage, open_page
):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    clips: list[str] = []
    page.on(
        "request", lambda request: clips.append(request.url) if "/clip" in request.url else 0
    )
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1", 118))
    play = page.locator(".popup .play")
    await expect(play).to_be_visible()
    assert not clips
    await play.click()
    await expect(play).to_have_attribute("aria-label", "暂停")
    await stage.say(alert("a-1", "c-1", 126, rev=2, text="今天必须退给我。"))
    await expect(page.locator(".popup blockquote")).to_contain_text("今天必须退给我。")
    await expect(play).to_have_attribute("aria-label", "暂停")
    assert len(clips) == 1


async def test_what_is_on_the_play_button_can_be_seen(stage, open_page):
    stage.calls, stage.alerts = floor(), floor_alerts()
    page = await open_page()
    colours = await page.locator(".popup .play").evaluate(
        "button => [button, button.firstElementChild].map(one => getComputedStyle(one))"
        ".map((style, n) => n ? style.fill : style.backgroundColor)"
    )
    assert colours[0] != colours[1]


async def test_put_away_in_one_tab_is_put_away_in_all(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    other = await page.context.new_page()
    await other.goto(stage.url)
    await stage.until(lambda s: len(s.viewers) == 2)
    await stage.say(alert("a-1", "c-1"))
    for tab in (page, other):
        await expect(tab.locator(".popup")).to_be_visible()
    await page.locator(".popup header button").last.click()
    for tab in (page, other):
        await expect(tab.locator(".popup")).to_have_count(0)
    third = await page.context.new_page()
    await third.goto(stage.url)
    await expect(third.locator(".row")).to_have_count(1)
    await expect(third.locator(".popup")).to_have_count(0)


async def test_a_storm_is_one_card_until_one_of_it_is_said_again(stage, open_page):
    stage.calls = {f"c-{n}": call(f"c-{n}", agent_name=f"坐席{n}") for n in range(6)}
    page = await open_page()
    await stage.until(lambda s: s.viewers)
    its = [alert(f"a-{n}", f"c-{n}", severity="high") for n in range(6)]
    storm = alert("storm", "c-0", kind="STORM", severity="critical", text="", evidence=[])
    storm |= {"members": [one["id"] for one in its], "count": 6}
    await stage.say(storm, *its)
    popup = page.locator(".popup")
    await expect(popup.locator("h2")).to_contain_text("提醒接连不断")
    await expect(popup.locator(".next")).to_have_count(0)
    await stage.say(its[3] | {"rev": 2, "escalations": 1})
    await expect(popup.locator(".next")).to_have_count(1)


async def test_a_severity_that_is_muted_pops_up_without_a_sound(stage, open_page):
    stage.calls = {n: call(n) for n in ("c-1", "c-2")}
    page = await open_page()
    await stage.until(lambda s: s.viewers)
    await page.evaluate(
        "window.tones = 0; const make = AudioContext.prototype.createOscillator;"
        "AudioContext.prototype.createOscillator ="
        " function () { window.tones += 1; return make.call(this) }; 0"
    )
    await page.locator(".top .menu summary", has_text="声音与桌面通知").click()
    await page.get_by_role("checkbox", name="高：提示音").uncheck()
    await page.keyboard.press("Escape")
    await stage.say(alert("a-1", "c-1", severity="high"))
    await expect(page.locator(".popup")).to_be_visible()
    assert await page.evaluate("window.tones") == 0
    await stage.say(alert("a-2", "c-2", severity="critical"))
    await page.wait_for_function("window.tones > 0")
