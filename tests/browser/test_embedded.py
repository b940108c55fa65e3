"""The panel in a frame of another site's page, over the real server: no cookie goes there."""

import asyncio
import contextlib
import itertools
import pathlib
import socket

import httpx
from playwright.async_api import expect

from tests.browser.test_looks import check
from tests.web.scenes import open_house, prompt, said, started
from web_dashboard.parts import STATIC

ELSEWHERE = "https://crm.example.com"
MANUAL = (pathlib.Path(__file__).parents[2] / "docs" / "embedding.md").read_text("utf-8")
BOARD = "https://board.example.com"  # as the manual calls it


def block(beginning):
    """The indented block of the manual that begins so, as an integrator copies it."""
    _, found, rest = MANUAL.partition(f"\n\n    {beginning}")
    assert found, f"docs/embedding.md has no block that begins with {beginning}"
    lines = itertools.takewhile(lambda line: line.startswith("    "), rest.split("\n")[1:])
    return "\n".join([beginning + rest.split("\n")[0], *(line[4:] for line in lines)])


class Crm:
    """Another site: its page with the frame, and its server, which has an integrator's key.
    `for_origin` is what it asks tickets for, empty: for its own page."""

    def __init__(self, house, for_origin):
        self.house, self.for_origin, self.given, self.origin = house, for_origin, [], ""

    async def serve(self, reader, writer):
        asked = (await reader.readuntil(b"\r\n\r\n")).split()[:2]
        wanted = asked == [b"POST", b"/earwitness-ticket"]
        body = await self.ticket() if wanted else self.page()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}"
        writer.write(f"{head}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    def page(self):
        return block("<!doctype html>").replace(f"{BOARD}/", self.house.url)

    async def ticket(self):
        key = {"Authorization": "Bearer crm-key"}
        wanted = {"agent_id": "8001", "origin": self.for_origin or self.origin}
        async with httpx.AsyncClient(base_url=self.house.url, headers=key) as client:
            self.given.append((await client.post("/api/v1/ticket", json=wanted)).text)
        return self.given[-1]


@contextlib.asynccontextmanager
async def crm(folder, browser, *, allowed=True, for_origin=""):
    """(house, page, tickets given out): a page of a CRM around the panel of 8001. By name it is
    another site than 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://localhost:{listening.getsockname()[1]}"
    origins = (origin if allowed else "https://crm.example.com", ELSEWHERE)
    settings = {"static": STATIC, "embed_origins": origins}
    async with open_house(folder, settings=settings) as house:
        house.keys["crm-key"] = "crm"
        house.log.publish(started())
        house.log.publish(said())
        await house.folded()
        site = Crm(house, for_origin)
        site.origin = origin
        server = await asyncio.start_server(site.serve, sock=listening)
        context = await browser.new_context(locale="zh-CN")
        page = await context.new_page()
        try:
            await page.goto(origin)
            yield house, page, site.given
        finally:
            await context.close()
            server.close()


async def test_an_embedded_agent_answers_and_comes_back_after_a_cut(tmp_path, browser, shoot):
    async with crm(tmp_path, browser) as (house, page, given):
        panel = page.frame_locator("iframe")
        await expect(panel.locator(".said q")).to_have_text("这衣服尺码根本不对！[ANGRY]")
        house.log.publish(prompt())
        await expect(panel.locator(".try")).to_be_visible()
        await shoot(page, "embedded")
        await check(page.frames[1])
        await panel.get_by_role("button", name="采纳").click()
        await expect(panel.locator(".prompt .done")).to_have_text("已采纳")
        assert house.log.entries[-1][1].state == "accepted"
        assert len(given) == 1
        # The server forgets its sessions, and the feed is cut: the page is asked once more.
        house.parts.embedded._open.clear()
        for viewer in list(house.parts.feed._viewers):
            viewer.close(1012)
        house.log.publish(prompt("p2", at=9.0))
        await expect(panel.get_by_role("button", name="没帮助")).to_be_visible()
        await panel.get_by_role("button", name="请主管帮忙").click()
        await expect(panel.locator(".help .asked")).to_contain_text("已告诉主管")
        assert len(given) == 2
        cookies = await page.context.cookies()
        assert cookies == []


async def test_a_page_that_is_not_on_the_list_shows_nothing(tmp_path, browser):
    async with crm(tmp_path, browser, allowed=False) as (_, page, given):
        frame = page.frames[1]
        await expect(page.locator("iframe")).to_have_attribute("title", "Earwitness")
        assert not frame.url.startswith("http://127.0.0.1")
        assert given == []


async def test_a_ticket_for_another_page_leaves_the_panel_waiting(tmp_path, browser):
    async with crm(tmp_path, browser, for_origin=ELSEWHERE) as (_, page, _):
        panel = page.frame_locator("iframe")
        await expect(panel.locator(".bar .state")).to_have_text("等待所在页面登录")
        await expect(panel.locator(".said")).to_have_count(0)


async def test_the_manuals_own_reader_follows_the_feed_and_comes_back(tmp_path, browser):
    async with crm(tmp_path, browser, allowed=False) as (house, page, given):
        reader = block("const feed =").replace(f"{BOARD}/", house.url)
        listening = "var told = []; console.log = (type, frame) => told.push(frame)"
        await page.add_script_tag(content=f"{listening}\n{reader}")
        await page.wait_for_function("told[0]?.calls.length === 1")
        house.log.publish(prompt())
        await page.wait_for_function("told.some(({ events }) => events?.[0].id === 'p1')")
        for viewer in list(house.parts.feed._viewers):
            viewer.close(1012)
        house.log.publish(prompt("p2", at=9.0))
        await page.wait_for_function("told.some(({ events }) => events?.[0].id === 'p2')")
        kinds = await page.evaluate("told.map(({ type }) => type)")
        assert [kind for kind in kinds if kind != "status"] == ["snapshot", "events", "events"]
        assert len(given) == 2
