"""The main job: an angry customer pops up on the board, a silent line prompts the agent."""

import asyncio
from difflib import SequenceMatcher

from playwright.async_api import expect

from bench.truth import customer_silences, lines
from streamer.recording import demo
from streamer.send import Manner, send
from tests.e2e.conftest import SCREENSHOTS, log_of
from web_dashboard.accounts import Accounts


def alike(heard: str, said: str) -> float:
    """1.0 for the same characters in the same order; `tiny` mishears one now and then."""
    return SequenceMatcher(None, heard, said).ratio()


async def test_an_angry_customer_pops_up_and_a_silence_prompts_the_agent(running, sign_in):
    accounts = Accounts(running.state / "accounts.json")  # as `user add` does, meanwhile
    password = accounts.add("chenjie", "supervisor", shown="陈洁")
    board = await sign_in("supervisor", "/")
    second = await sign_in("chenjie", "/", password=password)
    panel = await sign_in("agent", "/agent/8001", viewport={"width": 360, "height": 800})
    call = asyncio.ensure_future(
        send(demo(1), running.stream, Manner("main-job", encoding="mulaw"))
    )
    try:
        await sees_the_alert(board)
        await expect(second.locator(".popup")).to_be_visible()
        await sees_the_prompt(panel)
        SCREENSHOTS.mkdir(exist_ok=True)
        await board.screenshot(path=SCREENSHOTS / "e2e-board.png")
        await panel.screenshot(path=SCREENSHOTS / "e2e-agent.png")
        await hears_the_clip(board)
        await board.keyboard.press("a")
        await expect(second.locator(".popup")).to_have_count(0)
        await expect(second.locator(".row", has_text="8001")).to_contain_text("主管 处理中")
    finally:
        report = await call
    assert (report.close_code, report.close_reason) == (1000, "call over")


async def sees_the_alert(board):
    popup = board.locator(".popup")
    await expect(popup).to_be_visible()
    quote = await popup.locator("blockquote").inner_text()
    angry = [line.text for line in lines(1) if line.emotion == "ANGRY"]
    assert "[ANGRY]" in quote
    assert max(alike(quote.partition("[")[0], said) for said in angry) > 0.8, quote


async def sees_the_prompt(panel):
    prompt = panel.locator("section.prompt:not(.is-empty)")
    await expect(prompt).to_contain_text("2 秒")
    await expect(prompt.locator(".try")).not_to_be_empty()


async def hears_the_clip(board):
    player = board.locator(".popup ew-clip-player")
    await player.get_by_role("button").click()
    await expect(player.get_by_role("button", name="暂停")).to_be_visible()
    at = player.get_by_role("slider")
    await expect(at).not_to_have_attribute("aria-valuetext", "0:00 / 0:08")


async def test_every_demo_call_raises_what_its_script_says(running):
    async with log_of(running) as log, asyncio.TaskGroup() as tasks:
        for number in (1, 2, 3, 4):
            manner = Manner(f"script-{number}", encoding="mulaw", speed=2.0)
            tasks.create_task(send(demo(number), running.stream, manner))
    async with log_of(running) as log:
        found = {number: await log(f"script-{number}") for number in (1, 2, 3, 4)}
    kinds = {
        number: sorted(
            {m["kind"] for m in messages if m["type"] == "alert" and m["severity"] != "watch"}
        )
        for number, messages in found.items()
    }
    assert kinds == {1: ["ANGRY"], 2: [], 3: ["SILENCE"], 4: ["ANGRY"]}
    for number, messages in found.items():
        assert [m["type"] for m in messages][:1] == ["call_started"]
        assert [m["type"] for m in messages][-1:] == ["call_ended"]
        prompted = [
            m["at"] for m in messages if m["type"] == "prompt" and m["state"] == "shown"
        ]
        for line in customer_silences(number, 2.2):
            assert any(abs(at - line.end - 2.0) < 0.15 for at in prompted), (number, line)


async def test_the_words_of_the_demo_calls_are_heard(running):
    """At most one character in twenty is wrong, over all four calls."""
    wrong = total = 0
    async with log_of(running) as log:
        for number in (1, 2, 3, 4):
            heard = [m for m in await log(f"script-{number}") if m["type"] == "transcript"]
            for line in lines(number):
                if line.text:
                    said = "".join(
                        m["text"]
                        for m in heard
                        if m["party"] == line.party and abs(m["end"] - line.end) < 0.5
                    )
                    total += len(plain(line.written))
                    wrong += distance(plain(said), plain(line.written))
    assert wrong <= 0.05 * total, f"{wrong} of {total} characters"


def plain(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def distance(one: str, other: str) -> int:
    """Levenshtein's."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
