"""A word from the call page to the agent's panel and back, over a stage that plays the feed."""

from playwright.async_api import expect

from tests.browser.scenes import AGENT, call, story, whisper

REFUSED = ("Failed to load resource",)


async def test_sent_from_the_call_page_seen_on_the_panel(stage, open_page):
    stage.calls, stage.stories = {"c-1": call("c-1", 402)}, {"c-1": story("c-1")}
    board = await open_page("/?call=c-1")
    stage.me = dict(AGENT)
    panel = await open_page("/agent/8001")
    await expect(panel.locator(".said q")).to_have_count(2)
    before = await panel.locator(".said").bounding_box()
    await expect(board.locator(".drawer .say")).to_have_count(7)
    await board.keyboard.press("w")
    await board.keyboard.type("可以直接换，运费我们出。")
    await board.keyboard.press("Enter")
    line = board.get_by_role("textbox", name="给王晓敏的悄悄话")
    await expect(line).to_have_value("")
    body = {"text": "可以直接换，运费我们出。"}
    assert stage.asked[-1][:2] == ("/api/v1/calls/c-1/message", body)
    await expect(board.locator(".whisper .dim")).to_have_text("已送到，对方还没看")
    told = panel.locator(".from-boss")
    await expect(told).to_contain_text("主管林岚")
    await expect(told.locator("p")).to_have_text("可以直接换，运费我们出。")
    assert await panel.locator(".said").bounding_box() == before
    assert await panel.evaluate("document.activeElement === document.body")
    await told.get_by_role("button", name="收到").click()
    await expect(told).to_have_count(0)
    assert stage.asked[-1][0].endswith("/seen")
    await expect(board.locator(".whisper .dim")).to_have_text("对方已看到")
    await expect(board.locator(".drawer .event").last).to_contain_text(
        "林岚悄悄话：可以直接换，运费我们出。（坐席已看到）"
    )


async def test_what_was_typed_for_one_call_never_goes_to_another(stage, open_page):
    stage.calls = {n: call(n, 100, agent_name=n) for n in ("one", "two")}
    page = await open_page("/?call=one")
    line = page.locator(".whisper input")
    await line.fill("先道歉")
    await page.keyboard.press("Escape")
    await page.locator(".row", has_text="two").click()
    await expect(page.locator(".drawer h2")).to_contain_text("two")
    await expect(line).to_have_value("")


async def test_a_call_without_an_agent_and_a_refusal(stage, open_page):
    stage.calls = {"c-1": call("c-1", 100, agent_id="", agent_name="")}
    page = await open_page("/?call=c-1", lang="en-US", expected=REFUSED)
    await expect(page.locator(".whisper")).to_contain_text("Nobody knows who the agent")
    stage.calls = {"c-1": call("c-1", 100)}
    await page.reload()
    await page.route("**/message", lambda route: route.abort())
    await page.locator(".whisper input").fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator(".whisper .dim")).to_contain_text("cannot be reached")
    await expect(page.locator(".whisper input")).to_have_value("hello")


async def test_a_supervisor_sees_the_message_without_the_button(stage, open_page):
    stage.calls, stage.messages = {"c-1": call("c-1")}, {"m": whisper("c-1", "转给我")}
    page = await open_page("/agent/8001")
    await expect(page.locator(".from-boss p")).to_have_text("转给我")
    await expect(page.locator(".from-boss button")).to_have_count(0)


async def test_a_phrase_is_chosen_looked_at_and_sent(stage, open_page):
    stage.calls = {"c-1": call("c-1", 402)}
    page = await open_page("/?call=c-1")
    await page.get_by_role("button", name="先道歉").click()
    line = page.locator(".whisper input")
    await expect(line).to_be_focused()
    await expect(line).to_have_value("先道歉")
    await page.keyboard.press("Enter")
    await expect(line).to_have_value("")
    assert stage.asked[-1][:2] == ("/api/v1/calls/c-1/message", {"text": "先道歉"})
    stage.setup["phrases"] = ["请核实身份", "转二线"]
    await stage.cut()
    phrases = page.locator(".phrases button")
    await expect(phrases).to_have_text(["请核实身份", "转二线"])
