"""The agent's panel: one prompt in a place that never moves."""

from playwright.async_api import expect

from tests.browser.scenes import AGENT, call, checklist, prompt, said, story, transcript


async def panel(stage, open_page, **options):
    stage.me = dict(AGENT)
    stage.calls = {
        "c-1": call("c-1", 402, last=said("customer", "那我只能给差评了。", "ANGRY", 400))
    }
    stage.stories = {"c-1": story("c-1")}
    page = await open_page("/agent/8001", **options)
    await expect(page.locator(".said q")).to_have_count(2)
    await stage.until(lambda s: s.viewers)
    return page


async def test_a_prompt_appears_where_it_was_calm_and_nothing_moves(stage, open_page):
    page = await panel(stage, open_page)
    await expect(page.get_by_text("正在听", exact=True)).to_be_visible()
    before = await page.locator(".said").bounding_box()
    await stage.say(prompt("p-2", "c-1", 404))
    shown = page.locator(".prompt")
    await expect(shown.locator("h2")).to_have_text("客户已沉默 2 秒——请主动确认：")
    await expect(shown.locator(".try span")).to_have_text(
        ["您是想换大一码，还是直接退款？", "两种我都能马上办。"]
    )
    await expect(shown.locator(".because")).to_have_text(
        "这个尺码根本不对 客户抱怨尺码后还没有得到答复"
    )
    assert await page.locator(".said").bounding_box() == before
    assert await page.evaluate("document.activeElement === document.body")


async def test_an_accepted_prompt_stays_to_be_read_out(stage, open_page):
    page = await panel(stage, open_page)
    await stage.say(prompt("p-2", "c-1", 404))
    await expect(page.locator(".try")).to_be_visible()
    await page.keyboard.press("Alt+1")
    await expect(page.locator(".prompt .done")).to_have_text("已采纳")
    assert stage.asked[-1][0] == "/api/v1/prompts/p-2/accepted"
    await expect(page.locator(".try")).to_be_visible()
    await stage.say(transcript("c-1", 9, 410, "那就退款吧。"))
    await expect(page.locator(".try")).to_have_count(0)
    await expect(page.locator(".said q").last).to_have_text("那就退款吧。")


async def test_the_checklist_ticks_itself_and_says_nothing_aloud(stage, open_page):
    page = await panel(stage, open_page)
    await expect(page.locator(".checklist")).to_have_count(0)
    await stage.say(checklist("c-1", 403))
    items = page.locator(".checklist li")
    await expect(items).to_have_text(
        ["问候，还没有", "核实身份，还没有", "给出方案，还没有", "结束语，还没有"]
    )
    await stage.say(checklist("c-1", 404, "greeting", "identity"))
    await expect(page.locator(".checklist li.is-done")).to_have_text(
        ["问候，已完成", "核实身份，已完成"]
    )
    await expect(page.locator(".checklist .num")).to_have_text("2/4")
    assert await page.locator(".checklist, .checklist [aria-live], [aria-live] li").count() == 1
    await page.get_by_role("button", name="English").click()
    await expect(items.first).to_have_text("Greeting, done")


async def test_dismiss_and_not_useful(stage, open_page):
    page = await panel(stage, open_page, lang="en-US")
    await stage.say(prompt("p-2", "c-1", 404))
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_text("Listening", exact=True)).to_be_visible()
    await stage.say(prompt("p-3", "c-1", 406))
    await expect(page.locator(".try")).to_be_visible()
    await page.keyboard.press("Alt+3")
    await expect(page.get_by_text("Listening", exact=True)).to_be_visible()
    assert [asked[0] for asked in stage.asked] == [
        "/api/v1/prompts/p-2/dismissed", "/api/v1/prompts/p-3/not_useful",
    ]  # fmt: skip


async def test_the_customers_words_and_mood_and_nothing_of_the_agents(stage, open_page):
    page = await panel(stage, open_page)
    await expect(page.locator(".said q").last).to_have_text(
        "换来换去又要等一个礼拜，那我只能给差评了。[ANGRY]"
    )
    await stage.say(transcript("c-1", 9, 404, "行吧。", party="agent", emotion="ANGRY"))
    await stage.say(transcript("c-1", 10, 408, "太好了！", emotion="HAPPY"))
    await expect(page.locator(".mood")).to_have_text("高兴")
    await expect(page.locator(".said")).not_to_contain_text("行吧")


async def test_a_supervisor_sees_the_panel_without_the_buttons(stage, open_page):
    stage.calls, stage.prompts = {"c-1": call("c-1")}, {"p-2": prompt("p-2", "c-1")}
    page = await open_page("/agent/8001")
    await expect(page.locator(".try")).to_be_visible()
    await expect(page.locator(".prompt button")).to_have_count(0)


async def test_the_panel_says_when_it_hears_nothing(stage, open_page):
    page = await panel(stage, open_page, expected=("WebSocket connection",))
    await page.route_web_socket("**/feed*", lambda socket: socket.close(code=1012))
    await stage.say(prompt("p-2", "c-1", 404))
    await expect(page.locator(".try")).to_be_visible()
    await stage.cut()
    await expect(page.get_by_text("已断开，正在重连")).to_be_visible()
    await expect(page.locator(".try")).to_have_count(0)
