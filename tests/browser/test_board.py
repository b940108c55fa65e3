"""The supervisor's board in a real browser, against a stage that plays the feed."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import scenes
from tests.browser.scenes import alert, call, silence, story, transcript

REFUSED = ("Failed to load resource",)


async def test_the_drawer_shows_the_call_and_grows(stage, open_page):
    stage.calls, stage.stories = {"c-1": call("c-1", 402)}, {"c-1": story("c-1")}
    page = await open_page()
    await page.locator(".row").click()
    drawer = page.locator(".drawer")
    await expect(drawer.locator(".say")).to_have_count(7)
    await expect(drawer.locator(".say.angry")).to_have_count(3)
    await expect(drawer.locator(".say").nth(4)).to_contain_text(
        "这衣服尺码根本不对！[ANGRY][SILENCE]"
    )
    await expect(drawer.locator(".pause")).to_have_text(["沉默 1.6 秒", "沉默 5.2 秒"])
    await expect(drawer.locator(".event")).to_contain_text(
        "提示坐席：客户已沉默 2 秒——请主动确认，已采纳"
    )

    await stage.say(
        transcript("c-1", 8, 404, "那我只能给差评了。", emotion="ANGRY"),
        transcript("c-other", 8, 404, "别的通话"),
        silence("c-1", 406.5, 2.0),
    )
    await expect(drawer.locator(".say").last).to_contain_text("那我只能给差评了。[ANGRY]")
    await expect(drawer.locator(".pause")).to_have_count(3)
    assert "?call=c-1" in page.url
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)


async def test_a_draft_is_grey_until_its_sentence_takes_its_place(stage, open_page):
    stage.calls, stage.stories = {"c-1": call("c-1", 402)}, {"c-1": story("c-1")}
    page = await open_page("/?call=c-1")
    said = page.locator(".drawer .say")
    await expect(said).to_have_count(7)
    await stage.until(lambda s: list(s.listeners.values()) == ["c-1"])
    words = transcript("c-1", 8, 404, "那你现在就给我", emotion="ANGRY") | {"type": "draft"}
    await stage.draft(words)
    draft = page.locator(".drawer .say.draft")
    await expect(draft).to_contain_text("那你现在就给我……")
    await expect(draft).not_to_contain_text("[ANGRY]")
    await stage.say(transcript("c-1", 8, 404, "那你现在就给我退！", emotion="ANGRY"))
    await expect(said.last).to_contain_text("那你现在就给我退！[ANGRY]")
    await expect(draft).to_have_count(0)
    await expect(said).to_have_count(8)
    await page.keyboard.press("Escape")
    await stage.until(lambda s: not s.listeners)


async def test_keys_move_open_and_close(stage, open_page):
    stage.calls = {f"c-{n}": call(f"c-{n}", 100 + n, agent_name=f"坐席{n}") for n in range(4)}
    page = await open_page()
    await expect(page.locator(".row")).to_have_count(4)
    for key in ("j", "j", "ArrowDown", "k"):
        await page.keyboard.press(key)
    focused = page.locator(".row:focus")
    await expect(focused).to_contain_text("坐席2")
    await page.keyboard.press("Enter")
    await expect(page.locator(".drawer h2")).to_contain_text("坐席2")
    await page.keyboard.press("/")
    await page.keyboard.type("坐席3")
    await expect(page.locator(".row")).to_have_count(1)
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="全部快捷键")).to_be_visible()


async def test_filters_by_keyboard_kept_in_the_address_and_a_way_back(stage, open_page):
    stage.calls, stage.alerts = scenes.floor(), scenes.floor_alerts()
    page = await open_page()
    rows = page.locator(".row")
    await expect(rows).to_have_count(17)
    await page.locator("[data-filter=queue] summary").focus()
    await page.keyboard.press("Enter")
    boxes = page.locator("[data-filter=queue] input")
    await expect(boxes).to_have_count(5)
    await page.get_by_role("checkbox", name="物流").focus()
    await page.keyboard.press("Space")
    await expect(page.locator(".row .c-agent .sub", has_text="物流")).to_have_count(3)
    await expect(rows).to_have_count(3)
    await page.keyboard.press("Escape")
    summary = page.locator("[data-filter=queue] summary")
    await expect(summary).to_be_focused()
    await expect(summary).to_have_text("队列：物流")
    await page.locator("[data-filter=severity] summary").click()
    await page.get_by_role("checkbox", name="关注").check()
    await expect(rows).to_have_count(1)
    await expect(page.get_by_text("1 / 17 通")).to_be_visible()
    await page.reload()
    await expect(rows).to_have_count(1)
    assert "severity=watch" in page.url
    await page.locator("[data-filter=mood] summary").click()
    await page.get_by_role("checkbox", name="高兴").check()
    await expect(page.get_by_text("没有符合条件的通话")).to_be_visible()
    await page.locator(".filters .clear").click()
    await expect(rows).to_have_count(17)
    await expect(page.locator(".search input")).to_be_focused()
    assert page.url == f"{stage.url}/"


async def test_columns_are_put_away_and_kept_in_the_address(stage, open_page):
    stage.calls = scenes.floor()
    page = await open_page()
    words = page.locator(".row .c-words").first
    before = await words.bounding_box()
    await page.locator("summary[aria-label=显示哪些列]").click()
    await page.get_by_role("checkbox", name="客户 / 时长").uncheck()
    await expect(page.locator(".h-customer")).to_be_hidden()
    await expect(page.locator(".row .c-customer").first).to_be_hidden()
    after = await words.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"]
    heads = [await page.locator(f".h-{n}").bounding_box() for n in ("now", "mood", "words")]
    cells = [
        await page.locator(f".row .c-{n}").first.bounding_box()
        for n in ("now", "feel", "words")
    ]
    assert [one and one["x"] for one in heads] == [one and one["x"] for one in cells]
    await page.reload()
    await expect(page.locator(".h-customer")).to_be_hidden()
    assert page.url.endswith("?hide=customer")


async def test_rows_rest_while_the_pointer_is_in_the_list(stage, open_page):
    stage.calls = {n: call(n, age, agent_name=n) for n, age in (("old", 300), ("new", 100))}
    page = await open_page("/login")
    await page.clock.install()
    await page.goto(stage.url)
    names = page.locator(".row .top1")
    await expect(names).to_have_text(["old", "new"])
    await page.locator(".row").first.hover()
    await stage.say(alert("a-1", "new", severity="watch"))
    await expect(page.locator(".row .sev")).to_have_count(1)
    await page.clock.fast_forward(2500)
    await expect(names).to_have_text(["old", "new"])
    await page.mouse.move(1, 1)
    await expect(names).to_have_text(["new", "old"])


async def test_a_feed_that_goes_quiet_says_since_when_and_stops_the_clocks(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page("/login")
    await page.clock.install()
    await page.goto(stage.url)
    await expect(page.locator(".row")).to_have_count(1)
    await page.route_web_socket(
        "**/api/v1/feed*", lambda socket: None
    )  # comes again to silence
    await page.clock.fast_forward(13_000)
    banner = page.locator(".banner")
    await expect(banner).to_contain_text(re.compile(r"画面停在 \d\d:\d\d:\d\d"))
    await expect(page.locator(".as-of")).to_be_visible()
    await expect(page.locator(".foot")).to_contain_text("每条只弹一次")
    before = await page.locator(".row .c-customer .sub").text_content()
    await page.clock.fast_forward(5_000)
    await expect(page.locator(".row .c-customer .sub")).to_have_text(before or "")
    await expect(banner.get_by_role("button", name="立即重连")).to_be_visible()


async def test_redis_away_overload_and_model_are_told_in_grey(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    banner = page.locator(".banner")
    await expect(page.get_by_text("演示模型")).to_be_visible()
    await expect(banner).to_have_count(0)
    await stage.tell_status(
        redis={"state": "away", "since": "2026-11-22T08:30:11Z", "kept": 419, "limit": 50_000}
    )
    await expect(banner).to_contain_text("Redis 连不上")
    await expect(banner).to_contain_text("已暂存 419 条")
    away = scenes.status(
        load={"calls": 212, "limit": 200, "lag_ms": 1800, "overloaded": True, "shed": 38}
    )
    await stage.tell_status(**away)
    await expect(banner).to_contain_text("通话太多")
    await expect(page.locator(".feed")).to_have_text("已连接，识别落后 1.8 秒")
    model = {"name": "iic/SenseVoiceSmall", "state": "failed", "demonstration": False}
    await stage.tell_status(**scenes.status(model=model | {"detail": "no such directory"}))
    await expect(banner).to_contain_text("no such directory")
    await expect(page.get_by_text("演示模型")).to_have_count(0)
    fault = "line 12: angry.exit must be lower than angry.enter"
    wrong = {"version": "3f2a", "state": "wrong", "fault": fault, "faults": 2, "since": ""}
    await stage.tell_status(**scenes.status(playbook=wrong))
    await expect(banner).to_contain_text("规则文件有错，仍在使用旧规则（版本 3f2a）")
    await expect(banner).to_contain_text(f"{fault}（共 2 处")


async def test_no_calls_yet_says_how_to_begin(stage, open_page):
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await expect(page.get_by_text("还没有通话接进来")).to_be_visible()
    await page.get_by_role("button", name="复制").click()
    await expect(page.get_by_text("已复制")).to_be_visible()
    assert (
        await page.evaluate("navigator.clipboard.readText()")
        == "python run_server.py send --demo 1 --to ws://127.0.0.1:9191/raw"
    )
    await expect(page.locator(".ways")).to_contain_text("ws://127.0.0.1:9191/freeswitch")
    await expect(page.locator(".empty")).to_contain_text("只有服务器本机能接入")


async def test_the_address_is_the_servers_and_comes_when_the_port_is_open(stage, open_page):
    stage.setup = {"stream": None, "phrases": []}
    page = await open_page()
    await expect(page.locator(".empty")).to_contain_text("接入端口还没有打开")
    stage.setup = scenes.setup(host="0.0.0.0", port=7000, tls=True, keyed=True)
    await expect(page.locator(".command code")).to_contain_text("wss://127.0.0.1:7000/raw")
    await expect(page.locator(".empty")).to_contain_text("EARWITNESS_GATEWAY_KEY")
    await expect(page.locator(".empty")).not_to_contain_text("只有服务器本机")
    stage.setup = scenes.setup(host="::1", port=7001)
    await stage.cut()
    await expect(page.locator(".command code")).to_contain_text("ws://[::1]:7001/raw")


async def test_signed_out_elsewhere_goes_to_the_sign_in_page(stage, open_page):
    page = await open_page(expected=REFUSED)
    await stage.until(lambda s: s.viewers)
    stage.me = None
    await stage.cut(4401)
    await page.wait_for_url("**/login?next=%2F")


async def test_a_viewer_of_the_wrong_role_is_told(stage, open_page):
    page = await open_page(expected=REFUSED)
    await stage.until(lambda s: s.viewers)
    await stage.cut(4403)
    await expect(page.locator(".banner")).to_contain_text("这个账号不能看这一页")


async def test_who_took_an_alert_is_said_for_a_moment(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    await stage.until(lambda s: s.viewers)
    await stage.say(alert("a-1", "c-1"))
    await expect(page.locator(".popup")).to_be_visible()
    await stage.say(alert("a-1", "c-1", rev=2, state="acknowledged", owner="陈洁"))
    await expect(page.locator(".popup")).to_have_count(0)
    await expect(page.locator(".toast")).to_contain_text("陈洁 已接手 王晓敏 8001 的告警")
    await expect(page.locator(".row .c-alerts .sub")).to_have_text("陈洁 处理中")
    await page.locator(".toast button").click()
    await expect(page.locator(".drawer h2")).to_contain_text("王晓敏")


async def test_of_many_calls_only_the_rows_in_sight_are_drawn(stage, open_page):
    stage.calls = {
        f"c-{n}": call(f"c-{n}", 60.0 + n, agent_name=f"坐席{n}") for n in range(500)
    }
    page = await open_page()
    await expect(page.locator(".row .top1").first).to_have_text("坐席499")
    rows = page.locator(".row")
    assert await rows.count() < 40
    table = page.get_by_role("table")
    await expect(table).to_have_attribute("aria-rowcount", "501")
    high = await table.evaluate("table => table.scrollHeight")
    assert abs(high - (500 * 48 + 30 + 28)) < 60
    await table.evaluate("table => { table.scrollTop = 12000 }")
    await expect(page.locator(".row", has_text="坐席245")).to_be_visible()
    assert await rows.count() < 40
    await page.locator(".row", has_text="坐席245").focus()
    for _ in range(30):  # out of what was drawn, and the focus goes along
        await page.keyboard.press("j")
    await expect(page.locator(".row:focus")).to_contain_text("坐席215")
    await expect(page.locator(".row:focus")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator(".drawer h2")).to_contain_text("坐席215")
    await page.keyboard.press("Escape")
    await expect(page.locator(".row:focus")).to_contain_text("坐席215")
    await page.keyboard.press("/")
    await page.keyboard.type("坐席499")
    await expect(rows).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1440])
async def test_rows_of_a_long_list_are_all_as_high(stage, open_page, width):
    stage.calls = scenes.floor()
    stage.calls |= {f"c-{n}": call(f"c-{n}", 60.0 + n) for n in range(100)}
    page = await open_page(size=(width, 800))
    await expect(page.locator(".row").first).to_be_visible()
    highs = await page.locator(".row").evaluate_all(
        "rows => [...new Set(rows.map(row => row.getBoundingClientRect().height))]"
    )
    assert len(highs) == 1


async def test_a_queue_is_found_by_the_name_that_is_shown(stage, open_page):
    queues = {"c-1": "after-sales", "c-2": "pre-sales"}
    stage.calls = {name: call(name, 60, queue=queue) for name, queue in queues.items()}
    page = await open_page("/?queue=售后")
    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.locator("[data-filter=queue] summary")).to_contain_text("售后")
    await page.locator("[data-filter=queue] summary").click()
    await expect(page.locator("[data-filter=queue] input")).to_have_count(2)
    await page.locator("[data-filter=queue] label", has_text="售后").click()
    await expect(page.locator(".row")).to_have_count(2)
    await page.keyboard.press("Escape")
    await page.keyboard.press("/")
    await page.keyboard.type("售前")
    await expect(page.locator(".row")).to_have_count(1)
    await expect(page.locator(".row")).to_contain_text("售前")
