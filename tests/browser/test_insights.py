"""Finding a sentence of long ago, and reading the call that it is from."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.found import archived, found, hit
from tests.browser.scenes import SUPERVISOR
from tests.browser.stage_app import refusal
from tests.browser.test_looks import SCREENS, check, named, options

FIELD = "[name=q]"


def asked(stage):
    return [body for path, body, _ in stage.asked if path == "/api/v1/search"]


def hits_of(count, first=900):
    return [hit(first - n, f"第 {n} 个：我要退货") for n in range(count)]


@pytest.mark.parametrize("screen", SCREENS)
async def test_how_it_looks(stage, open_page, shoot, screen):
    silent = hit(899, "那就退款吧", clip="", call=8)
    unasked = hit(898, "快递怎么还没到", clip="", record=False, agent_name="", order_id="")
    stage.search = lambda _: found(hit(), silent, unasked, total=10_000, more=True)
    page = await open_page("/insights", **options(screen))
    await expect(page.locator(".examples button")).to_have_count(4)
    await shoot(page, named("insights-start", screen))
    await check(page)
    await page.goto(f"{stage.url}/insights?q=[ANGRY] AND 退货&queue=after-sales")
    await expect(page.locator("ew-hit")).to_have_count(3)
    await shoot(page, named("insights-found", screen))
    await check(page)
    stage.archive[7] = archived()
    await page.goto(f"{stage.url}/insights/calls/7#u2")
    await expect(page.locator(".say.is-pointed")).to_be_visible()
    await shoot(page, named("insights-call", screen))
    await check(page)


async def test_a_wall(stage, open_page, shoot):
    stage.search = lambda _: found(*hits_of(50), total=51)
    page = await open_page("/insights?q=退货", size=(3840, 2160))
    await expect(page.locator("ew-hit")).to_have_count(50)
    await shoot(page, "insights-found-3840")
    await check(page)


async def test_a_hit_says_all_there_is_to_know(stage, open_page):
    stage.search = lambda _: found(hit())
    page = await open_page("/insights?q=退货", timezone_id="Asia/Shanghai")
    await expect(page.locator(".facts")).to_have_text(
        "王晓敏 8001售后客户 138****0000订单 202411052026年11月24日 16:0303:08 处"
    )
    await expect(page.locator(".found")).to_have_text(
        "客户：我要退货，你们是不是压单啊[ANGRY][SILENCE]"
    )
    await expect(page.locator(".around")).to_have_text(
        ["坐席：您好，请问有什么可以帮您？", "坐席：我马上为您查一下这个订单。"]
    )
    await expect(page.locator("[role=status]").first).to_have_text("1 句")
    await page.locator("[data-do=language]").click()
    await expect(page.locator(".facts time")).to_have_text("Nov 24, 2026, 4:03 PM")


async def test_from_the_board_by_keys_alone(stage, open_page):
    stage.search = lambda _: found(hit())
    page = await open_page("/")
    await page.get_by_role("link", name="检索").press("Enter")
    await page.get_by_role("button", name="生气 [ANGRY]").press("Enter")
    await expect(page.locator(FIELD)).to_be_focused()
    await page.keyboard.type("AND 退货")
    await page.keyboard.press("Enter")
    await expect(page.locator("ew-hit")).to_have_count(1)
    assert asked(stage)[-1]["q"] == "[ANGRY] AND 退货"
    assert parse_qs(urlsplit(page.url).query) == {"q": ["[ANGRY] AND 退货"]}


async def test_conditions_ask_at_once_and_are_in_the_address(stage, open_page):
    stage.search = lambda _: found(hit())
    page = await open_page("/insights", timezone_id="Asia/Shanghai")
    await page.locator("[name=queue]").fill("after-sales")
    await page.locator("[name=length]").select_option("60-300")
    assert asked(stage) == []  # nothing was searched for yet
    await page.get_by_role("button", name="搜索", exact=True).click()
    await expect(page.locator("ew-hit")).to_have_count(1)
    await page.locator("[name=since]").fill("2026-11-24")
    await stage.until(lambda s: "since" in asked(s)[-1])
    wanted = {"queue": "after-sales", "longer": "60", "shorter": "300", "limit": "50"}
    assert asked(stage)[-1] == wanted | {"since": "2026-11-23T16:00:00.000Z"}
    await page.reload()
    await expect(page.locator("[name=since]")).to_have_value("2026-11-24")
    await expect(page.locator("[name=length]")).to_have_value("60-300")
    await page.go_back()
    await expect(page.locator("[name=since]")).to_have_value("")
    await page.get_by_role("button", name="清除条件").click()
    await expect(page.locator(".examples")).to_be_visible()
    assert urlsplit(page.url).query == ""


async def test_an_example_is_a_search(stage, open_page):
    stage.search = lambda _: found(hit())
    page = await open_page("/insights")
    await page.locator(".examples button").nth(1).click()
    await expect(page.locator(FIELD)).to_have_value("([SAD] OR [SILENCE]>5s) 退款 NOT 运费")
    await expect(page.locator("ew-hit")).to_have_count(1)


async def test_very_many(stage, open_page):
    stage.search = lambda _: found(*hits_of(50), total=10_000, more=True)
    page = await open_page("/insights?q=货")
    told = page.locator("ew-search [role=status]").first
    await expect(told).to_have_text("1 万句以上，先显示最新的")
    await expect(page.get_by_role("button", name="再看 50 句")).to_be_visible()
    await page.locator("[data-do=language]").click()
    await expect(told).to_have_text("More than 10,000 sentences, newest first")


async def test_more_on_demand(stage, open_page):
    def pages(query):
        before = int(query.get("before", 901))
        return found(*hits_of(min(50, before - 821), before - 1), total=80)

    stage.search = pages
    page = await open_page("/insights?q=退货")
    await expect(page.locator("ew-hit")).to_have_count(50)
    await page.get_by_role("button", name="再看 30 句").click()
    await expect(page.locator("ew-hit")).to_have_count(80)
    assert asked(stage)[-1]["before"] == "851"
    await expect(page.locator(".more")).to_have_text("已全部显示")


async def test_while_it_takes_its_time_it_says_for_how_long(stage, open_page, shoot):
    stage.search = lambda query: found(hit(text=query["q"]))
    page = await open_page("/login")
    await page.clock.install()
    stage.answering.clear()
    await page.goto(f"{stage.url}/insights?q=慢")
    await stage.until(asked)
    told = page.locator("ew-search [role=status]").first
    await expect(told).to_have_text("正在搜索…")
    await page.clock.run_for(3000)
    await expect(told).to_have_text("正在搜索，已 3 秒…")
    await shoot(page, "insights-busy")
    await page.locator(FIELD).fill("快")
    await page.keyboard.press("Enter")
    await stage.until(lambda s: len(asked(s)) == 2)
    stage.answering.set()
    await expect(page.locator(".found q")).to_have_text("快[ANGRY][SILENCE]")
    await expect(told).to_have_text("1 句")


async def test_nothing_found(stage, open_page, shoot):
    page = await open_page("/insights?q=从来没有人说过")
    await expect(page.locator(".state h2")).to_have_text("没有找到")
    await shoot(page, "insights-none")
    await check(page)


async def test_a_wrong_expression_is_marked_where_it_is_wrong(stage, open_page, shoot):
    stage.search = lambda _: refusal(
        400, "bad_search", "第 8 个字符处有误。", "Wrong.", position=8
    )
    page = await open_page("/insights?q=退货 AND )", expected=("400",))
    await expect(page.locator(".ask-fault mark")).to_have_text(")")
    await expect(page.locator(".ask-fault")).to_contain_text("第 8 个字符处有误。")
    await expect(page.locator(FIELD)).to_have_attribute("aria-invalid", "true")
    await shoot(page, "insights-wrong")
    await check(page)
    stage.search = lambda _: found(hit())
    await page.locator(FIELD).press("Enter")
    await expect(page.locator("ew-hit")).to_have_count(1)
    await expect(page.locator(".ask-fault")).to_be_empty()


async def test_an_archive_that_is_away(stage, open_page, shoot):
    stage.search = lambda _: refusal(503, "archive_away", "存档暂时读不到。", "It is away.")
    page = await open_page("/insights?q=退货", expected=("503",))
    await expect(page.locator(".state p").first).to_have_text("存档暂时读不到。")
    await shoot(page, "insights-away")
    await check(page)
    stage.search = lambda _: found(hit())
    await page.get_by_role("button", name="再试一次").click()
    await expect(page.locator("ew-hit")).to_have_count(1)


async def test_a_hit_is_played_or_says_why_not(stage, open_page):
    stage.search = lambda _: found(hit(), hit(899, clip=""), hit(898, clip="", record=False))
    page = await open_page("/insights?q=退货", expected=("404",))
    feet = page.locator(".hit-foot")
    await expect(feet.nth(1)).to_contain_text("没有存声音：只保留告警前后的几秒")
    await expect(feet.nth(2)).to_contain_text("客户没有同意录音")
    await feet.nth(0).get_by_role("button", name="播放").click()
    await expect(feet.nth(0).get_by_role("button", name="暂停")).to_be_visible()
    at = feet.nth(0).locator("input[type=range]")
    await expect(at).not_to_have_value("0")
    assert float(await at.input_value()) >= 2.0  # the sentence begins 2 s into its clip
    stage.clip = None
    await page.reload()
    await feet.nth(0).get_by_role("button", name="播放").click()
    await expect(feet.nth(0)).to_contain_text("录音已过期")


async def test_from_a_hit_to_the_sentence_in_its_call_and_back(stage, open_page):
    stage.search, stage.archive[7] = (lambda _: found(hit())), archived()
    page = await open_page("/insights?q=退货")
    await page.get_by_role("link", name="看整通电话").click()
    pointed = page.locator(".say.is-pointed")
    await expect(pointed).to_contain_text("我要退货，你们是不是压单啊")
    await expect(pointed).to_be_in_viewport()
    await expect(page.locator(".call-head")).to_contain_text("王晓敏 8001")
    await expect(page.get_by_role("button", name="全程")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.locator(".say a").nth(3).click()
    assert urlsplit(page.url).fragment.startswith("u")
    await page.go_back()
    await pointed.get_by_role("button").click()
    await expect(page.get_by_role("button", name="暂停")).to_be_visible()
    await page.get_by_role("link", name="返回").click()
    await expect(page.locator("ew-hit")).to_have_count(1)


async def test_a_call_that_is_not_there(stage, open_page):
    page = await open_page("/insights/calls/8", expected=("404",))
    await expect(page.locator(".state")).to_contain_text("没有这通电话。")


async def test_who_may_not_look_has_no_way_there(stage, open_page):
    stage.me = SUPERVISOR | {"role": "agent"}
    page = await open_page("/")
    await expect(page.locator(".me")).to_be_visible()
    await expect(page.locator(".rooms")).to_have_count(0)


async def test_an_address_reaches_far_back_into_a_long_call(stage, open_page):
    told = archived()
    last = told["sentences"][-1]
    told["sentences"] += [
        {**last, "utterance": n, "start": 180.0 + 4 * n, "end": 182.0 + 4 * n, "text": f"{n}"}
        for n in range(50, 500)
    ]
    stage.archive[7] = told
    page = await open_page("/insights/calls/7#u12")
    pointed = page.locator(".say.is-pointed")
    await expect(pointed).to_contain_text("这是第 12 句")
    await expect(pointed).to_be_in_viewport()
    await page.goto(f"{stage.url}/insights/calls/7#u499")
    await expect(pointed).to_contain_text("499")
    await page.reload()
    await expect(pointed).to_be_in_viewport()
    await expect(page.get_by_role("button", name="更早的句子")).to_have_count(1)
