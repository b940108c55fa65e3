"""Desktop notifications, with a stand-in for the system's own that keeps what it was told."""

import asyncio

from playwright.async_api import expect

from tests.browser.scenes import alert, call, transcript

# The browser would show them outside the page, where no test can look. `leave` is its answer.
STAND_IN = """
localStorage.leave ||= 'default'
class Told extends EventTarget {
  static get permission() { Told.looked += 1; return localStorage.leave }
  static asked = 0
  static looked = 0
  static async requestPermission() {
    Told.asked += 1
    return localStorage.leave = localStorage.answer || 'granted'
  }
  constructor(title, options) {
    super()
    Object.assign(this, { title, ...options })
    window.told.push(this)
  }
  close() { this.closed = true; this.onclose?.() }
}
window.told = []
window.Notification = Told
document.hasFocus = () => Boolean(window.looking)
"""
TOLD = "told.map(one => [one.title, one.body, one.tag])"
LOOKING = "(await navigator.locks.query()).held.some(one => one.name === 'ew.looking')"


async def until(page, holds):
    """Playwright's own way to wait for an expression is against the page's policy."""
    loop = f"async () => {{ while (!({holds})) await navigator.locks.query() }}"
    async with asyncio.timeout(30):
        await page.evaluate(loop)


async def board(stage, open_page, **options):
    stage.calls = {n: call(n) for n in ("c-1", "c-2")}
    page = await open_page("/login", **options)
    await page.context.add_init_script(STAND_IN)
    await page.goto(stage.url)
    await stage.until(lambda s: s.viewers)
    await expect(page.locator(".row")).to_have_count(2)
    return page


async def ask_for_all(page):
    await page.locator("summary", has_text="声音与桌面通知").click()
    for severity in ("严重", "高"):
        await page.get_by_role("checkbox", name=f"{severity}：桌面通知", exact=True).check()
    await page.keyboard.press("Escape")


async def test_asked_for_by_a_click_only_and_muted_by_severity(stage, open_page):
    page = await board(stage, open_page)
    await stage.say(alert("a-0", "c-1"))
    await expect(page.locator(".popup")).to_be_visible()
    assert await page.evaluate("[told.length, Notification.asked]") == [0, 0]
    await ask_for_all(page)
    assert await page.evaluate("Notification.asked") == 1
    await stage.say(alert("a-1", "c-2", severity="high"))
    await until(page, "told.length === 1")
    assert await page.evaluate(TOLD) == [["高 · 客户生气了", "王晓敏 8001 · 售后", "a-1"]]
    await page.locator("summary", has_text="声音与桌面通知").click()
    await page.get_by_role("checkbox", name="高：桌面通知", exact=True).uncheck()
    await stage.say(alert("a-2", "c-2", severity="high"))
    await stage.say(alert("a-3", "c-2", severity="critical"))
    await until(page, "told.length === 2")
    assert (await page.evaluate(TOLD))[1][2] == "a-3"
    await page.evaluate("told[1].onclick()")
    await expect(page.locator(".drawer")).to_be_visible()
    assert await page.evaluate("told.map(one => Boolean(one.closed))") == [False, True]
    await stage.say(alert("a-1", "c-2", rev=2, state="acknowledged", owner="陈洁"))
    await until(page, "told[0].closed")


async def test_one_for_all_tabs_and_none_while_one_is_looked_at(stage, open_page):
    page = await board(stage, open_page)
    await ask_for_all(page)
    other = await page.context.new_page()
    await other.goto(stage.url)
    await stage.until(lambda s: len(s.viewers) == 2)
    await stage.say(alert("a-1", "c-1"), alert("a-2", "c-2", severity="high"))
    both = [page, other]
    for tab in both:
        await expect(tab.locator(".popup")).to_be_visible()
    await until(page, "localStorage['ew.desktop.told']?.includes('a-2')")
    told = [one for tab in both for one in await tab.evaluate(TOLD)]
    assert told == [["严重 · 客户很生气", "王晓敏 8001 · 售后 · 另 1 条", "a-1"]]
    await other.evaluate("window.looking = true; dispatchEvent(new Event('focus'))")
    await until(other, LOOKING)
    await stage.say(alert("a-3", "c-1"))
    for tab in both:
        await expect(tab.locator(".popup .next")).to_contain_text("另 1 条")
    await other.evaluate("window.looking = false; dispatchEvent(new Event('blur'))")
    await until(other, f"!{LOOKING}")
    await stage.say(alert("a-4", "c-1"))
    await until(page, "localStorage['ew.desktop.told'].includes('a-4')")
    told = [one[2] for tab in both for one in await tab.evaluate(TOLD)]
    assert sorted(told) == ["a-1", "a-4"]


async def test_a_browser_that_refuses_says_what_to_do(stage, open_page):
    page = await board(stage, open_page)
    await page.evaluate("localStorage.answer = 'denied'")
    await page.locator("summary", has_text="声音与桌面通知").click()
    box = page.get_by_role("checkbox", name="严重：桌面通知", exact=True)
    await box.click()
    await expect(box).to_be_disabled()
    await expect(box).not_to_be_checked()
    await expect(page.locator(".leave")).to_contain_text("请在地址栏左侧的网站设置里改为允许")


async def test_the_browser_is_not_asked_for_its_leave_at_every_sentence(stage, open_page):
    page = await board(stage, open_page)
    before = await page.evaluate("Notification.looked")
    for number in range(1, 4):
        await stage.say(transcript("c-1", number, 120.0 + number, f"第 {number} 句。"))
    await expect(page.get_by_text("第 3 句")).to_be_visible()
    assert await page.evaluate("Notification.looked") == before
