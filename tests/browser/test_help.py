"""The agent asks, a supervisor takes it, the agent sees who comes: two browsers, one stage."""

from playwright.async_api import expect

from tests.browser.scenes import AGENT, SUPERVISOR, call, help_wanted, story

REFUSED = ("Failed to load resource",)


async def both(stage, open_page, **options):
    stage.calls, stage.stories = {"c-1": call("c-1", 402)}, {"c-1": story("c-1")}
    board = await open_page("/", **options)
    await stage.until(lambda s: s.viewers)
    stage.me = dict(AGENT)
    panel = await open_page("/agent/8001", size=(360, 760), **options)
    await expect(panel.locator(".said q")).to_have_count(2)
    stage.me = dict(SUPERVISOR)
    return board, panel


async def test_the_agent_asks_and_sees_who_takes_it(stage, open_page, shoot):
    board, panel = await both(stage, open_page)
    before = await panel.locator(".said").bounding_box()
    await panel.get_by_role("button", name="请主管帮忙").click()
    popup = board.locator(".popup")
    await expect(popup.locator("h2")).to_contain_text("坐席请主管帮忙")
    await expect(popup).to_contain_text("王晓敏")
    await expect(popup).to_contain_text("客户：这款有没有加大码的？")
    await expect(popup.locator("ew-clip-player, .rule")).to_have_count(0)
    await expect(panel.locator(".help .asked")).to_contain_text("已告诉主管，等待接手")
    assert await panel.locator(".said").bounding_box() == before
    await shoot(board, "help-popup")
    await shoot(panel, "help-asked")
    await popup.get_by_role("button", name="我来处理").click()
    await expect(panel.locator(".help .asked")).to_contain_text("林岚正在看这通电话")
    await expect(panel.locator("ew-help [role=status]")).to_have_text("林岚正在看这通电话")
    await shoot(panel, "help-taken")
    await stage.say(help_wanted("c-1", rev=9, state="resolved"))
    await expect(panel.get_by_role("button", name="请主管帮忙")).to_be_visible()


async def test_by_key_in_english_and_taken_back(stage, open_page):
    board, panel = await both(stage, open_page, lang="en-US")
    await panel.keyboard.press("Alt+4")
    await expect(board.locator(".popup h2")).to_contain_text("The agent asks for help")
    await expect(panel.locator(".help .asked")).to_contain_text("Your supervisors know")
    asked = len(stage.asked)
    await panel.keyboard.press("Alt+4")  # it was asked already
    await panel.get_by_role("button", name="Not needed").click()
    await expect(board.locator(".popup")).to_have_count(0)
    await expect(panel.get_by_role("button", name="Ask the supervisor")).to_be_visible()
    assert [path_body[:2] for path_body in stage.asked[asked:]] == [
        ("/api/v1/calls/c-1/help", {"wanted": False})
    ]


async def test_a_refusal_is_told_beside_the_button_and_between_calls_there_is_none(
    stage, open_page
):
    _, panel = await both(stage, open_page, expected=REFUSED)
    await panel.route("**/help", lambda route: route.abort())
    await panel.get_by_role("button", name="请主管帮忙").click()
    await expect(panel.locator(".help .told")).not_to_be_empty()
    ended = {"type": "call_ended", "call_id": "c-1", "at": 410.0, "reason": "ended"}
    await stage.say(ended)
    await expect(panel.locator(".help")).to_have_count(0)


async def test_a_supervisor_who_looks_at_the_panel_has_no_help_button(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page("/agent/8001")
    await expect(page.locator(".mood-box")).to_be_visible()
    await expect(page.locator(".help")).to_have_count(0)
