"""The sign-in page."""

from playwright.async_api import expect

REFUSED = ("Failed to load resource",)


async def test_wrong_password_too_many_tries_and_then_in(stage, open_page):
    stage.me = None
    page = await open_page("/", expected=REFUSED)
    await page.wait_for_url("**/login?next=%2F")
    told = page.get_by_role("alert")
    await page.get_by_role("button", name="登录").click()
    await expect(told).to_have_text("请填写账号和密码。")
    await page.get_by_label("账号").fill("linlan")
    await page.get_by_label("密码").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(told).to_have_text("账号或密码不对。")
    assert await page.evaluate("document.activeElement.name") == "password"
    await page.get_by_label("密码").fill("often")
    await page.keyboard.press("Enter")
    await expect(told).to_have_text("试得太多了，请 1 分 30 秒后再试。")
    await page.get_by_label("密码").fill("right")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("还没有通话接进来")).to_be_visible()
    assert stage.asked[-1][2]["x-earwitness"] == "1"


async def test_a_server_that_is_gone_is_told(stage, open_page):
    page = await open_page("/login", lang="en-US", expected=REFUSED)
    await page.route("**/api/v1/login", lambda route: route.abort())
    await page.get_by_label("Account").fill("linlan")
    await page.get_by_label("Password").fill("right")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("cannot be reached")


async def test_signing_out(stage, open_page):
    page = await open_page(expected=REFUSED)
    await page.locator("summary", has_text="林岚").click()
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/login?next=%2F")
    assert stage.me is None


async def test_another_way_to_sign_in_is_offered_and_its_failure_told(stage, open_page):
    stage.me, stage.oidc = None, "企业微信"
    page = await open_page("/login?failed=no_role&next=%2Fagent%2F8001", expected=REFUSED)
    way = page.get_by_role("link", name="用 企业微信 登录")
    await expect(way).to_have_attribute("href", "/api/v1/oidc/start?next=%2Fagent%2F8001")
    await expect(page.get_by_role("alert")).to_contain_text("还没有角色")
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.get_by_role("link", name="Sign in with 企业微信")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("no role here yet")


async def test_where_there_is_no_other_way_none_is_offered(stage, open_page):
    stage.me = None
    page = await open_page("/login", expected=REFUSED)
    await expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert await page.locator("[data-sso]").is_hidden()
