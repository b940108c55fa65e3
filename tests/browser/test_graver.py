"""An alert that somebody has, and that becomes graver."""

from playwright.async_api import expect

from tests.browser.scenes import alert, call


async def test_it_pops_up_again_says_so_and_can_be_taken_again(stage, open_page):
    stage.calls = {"c-1": call("c-1")}
    page = await open_page()
    await stage.until(lambda s: s.viewers)
    has_it = {"state": "acknowledged", "owner": "陈洁", "owned_severity": "high"}
    await stage.say(alert("a-1", "c-1", severity="high", **has_it))
    await expect(page.locator(".row .sev.is-taken")).to_have_count(1)
    await expect(page.locator(".popup")).to_have_count(0)

    await stage.say(alert("a-1", "c-1", severity="critical", rev=2, **has_it))
    await expect(page.locator(".popup")).to_contain_text("陈洁 接手后更严重了")
    await expect(page.locator(".row .sev.is-taken")).to_have_count(0)
    take = page.get_by_role("button", name="我来处理")
    await expect(take).to_be_enabled()
    await take.click()
    assert stage.asked[-1][0] == "/api/v1/alerts/a-1/acknowledge"
