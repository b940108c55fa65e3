"""Notices against a real HTTP server that answers, fails, and hangs."""

import asyncio
import contextlib
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts import metrics
from alerts.escalation import Escalation
from alerts.lifecycle import Desk
from alerts.notice import Notice, notice
from alerts.notifier import Notifier, Patience
from alerts.reminders import Reminders
from streamer.errors import SettingsError
from tests.alerts.test_lifecycle import alert

SECRET = "s3cr3t-token"
AT_ONCE = Patience(pauses=(0.0, 0.0), waiting=3)
LATE = alert(severity="critical", agent_name="王晓敏", queue="售后", escalations=1, rev=2)


class Receiver:
    """Answers with each of `statuses` in turn, then with the last. While `held` it hangs."""

    def __init__(self, *statuses):
        self.statuses, self.got = list(statuses), []
        self.open, self.news = threading.Event(), threading.Condition()
        self.open.set()

    def answer(self, body):
        with self.news:
            self.got.append(body)
            self.news.notify_all()
        self.open.wait(10)
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    async def received(self, count):
        def wait():
            with self.news:
                return self.news.wait_for(lambda: len(self.got) >= count, 20)

        assert await asyncio.to_thread(wait), self.got
        return self.got


@contextlib.contextmanager
def listening(*statuses):
    receiver = Receiver(*statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.answer(json.loads(body))
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver, f"json://127.0.0.1:{server.server_port}/{SECRET}"
    finally:
        receiver.open.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def notifier():
    made = []

    def make(*urls, patience=AT_ONCE):
        made.append(Notifier(urls, patience))
        return made[-1]

    yield make
    for one in made:
        one.close()


def counted(outcome):
    return metrics.notifications.labels("json", outcome)._value.get()


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - another thread
            await asyncio.sleep(0)


async def test_it_arrives_in_chinese_and_english_with_the_way_to_the_board(notifier):
    with listening(200) as (receiver, url):
        notifier(url).send(notice(LATE, 300.0, "https://board.example/"))
        [got] = await receiver.received(1)
    assert got["title"] == "【严重】ANGRY 预警 5 分钟无人处理（第 1 次提醒）"
    for part in ("王晓敏", "售后", "压单", "Nobody has taken", "https://board.example/"):
        assert part in got["message"]


async def test_a_target_that_fails_is_tried_again_and_its_url_never_logged(notifier, caplog):
    caplog.set_level(logging.DEBUG)
    sent = counted("sent")
    with listening(500, 503, 200) as (receiver, url):
        notifier(url).send(Notice("t", "b"))
        await receiver.received(3)
        await until(lambda: counted("sent") == sent + 1)
    assert SECRET not in caplog.text


async def test_it_is_given_up_in_the_end_visibly(notifier, caplog):
    caplog.set_level(logging.DEBUG)
    failed = counted("failed")
    with listening(500) as (receiver, url):
        notifier(url).send(Notice("t", "b"))
        await until(lambda: counted("failed") == failed + 1)
        assert len(receiver.got) == 3
    assert "not delivered" in caplog.text
    assert SECRET not in caplog.text


async def test_nobody_there_is_a_failure_like_another(notifier):
    failed = counted("failed")
    notifier(f"json://127.0.0.1:1/{SECRET}").send(Notice("t", "b"))
    await until(lambda: counted("failed") == failed + 1)


async def test_one_that_hangs_holds_up_nobody_and_its_queue_is_bounded(notifier):
    dropped = counted("dropped")
    with listening(200) as (hanging, one), listening(200) as (well, other):
        hanging.open.clear()
        it = notifier(one, other)
        for number in range(6):
            it.send(Notice(str(number), "b"))  # none of these waits
            await well.received(number + 1)
        await hanging.received(1)
        assert counted("dropped") >= dropped + 2
        hanging.open.set()
        got = await hanging.received(4)
    assert [g["title"] for g in got][-3:] == ["3", "4", "5"]


def test_a_wrong_url_stops_the_start_without_being_quoted():
    with pytest.raises(SettingsError, match=r"notify_urls: number 2 ") as told:
        Notifier(["json://127.0.0.1/x", f"nonsense://{SECRET}"])
    assert SECRET not in str(told.value)


def test_a_long_sentence_is_cut():
    said = notice(alert(text="压" * 500, escalations=2), 600.0, "")
    assert "压" * 199 + "…" in said.body
    assert said.title.endswith("10 分钟无人处理（第 2 次提醒）")
    assert not said.body.endswith("\n")


def test_what_is_due_is_published_and_notified_once():
    desk = Desk()
    desk.update(alert(severity="critical"))
    published, notices = [], []
    it = Reminders(
        Escalation(desk, 300.0, 1),
        lambda m: published.append(m) or m,
        notices.append,
        "https://b/",
    )
    for now in (0.0, 299.0, 300.0, 301.0, 900.0):
        it.look(now)
    assert [(a.rev, a.escalations) for a in published] == [(2, 1)]
    assert len(notices) == 1
    assert notices[0].body.endswith("https://b/")
