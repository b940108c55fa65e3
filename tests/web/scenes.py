"""Published messages, and a whole dashboard on a loopback port with a log in memory."""

import asyncio
import contextlib
import functools
import itertools
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from msgspec.structs import asdict
from websockets.asyncio.client import connect

from alerts.following import Following
from alerts.lifecycle import Desk
from alerts.outbox import BusState
from alerts.playbook_file import PlaybookState
from alerts.precision import Precision
from alerts.wire import (
    Alert,
    CallStarted,
    Checklist,
    ChecklistItem,
    Draft,
    Evidence,
    Prompt,
    Swapped,
    Transcript,
    Whisper,
    Words,
)
from insights.archive import Archive
from insights.asking import Insights
from streamer.events import Emotion, Party
from web_dashboard.accounts import Accounts
from web_dashboard.audit import Audit
from web_dashboard.feed import Board
from web_dashboard.live import Feed
from web_dashboard.parts import Parts, WebSettings
from web_dashboard.serve import Dashboard
from web_dashboard.view import LoadStatus, ModelStatus

WALL = "2026-11-22T08:30:11.120Z"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = {
    "root": {"role": "admin"},
    "boss": {"role": "supervisor"},
    "lead": {"role": "supervisor", "teams": ("north",)},  # of call c1
    "other": {"role": "supervisor", "teams": ("south",)},  # of call c2
    "qa": {"role": "quality"},
    "lin": {"role": "agent", "agent_id": "8001"},
    "chen": {"role": "agent", "agent_id": "8002"},
}
TEAMS = {"north": ("8001",), "south": ("8002", "queue:nobody")}


def started(call="c1", agent="8001", **changes):
    given = {
        "call_id": call, "agent_id": agent, "queue": "after-sales", "customer": "138****0000",
        "dialled": "95588", "order_id": "20241105", "language": "auto", "record": True,
        "emotion": True, "agent_name": "林岚", "wall": WALL,
    }  # fmt: skip
    return CallStarted(**{**given, **changes})


def said(
    text="这衣服尺码根本不对！",
    party=Party.CUSTOMER,
    *,
    call="c1",
    start=1.0,
    end=3.0,
    **changes,
):
    given = {
        "call_id": call, "utterance": 1, "party": party, "start": start, "end": end,
        "text": text, "language": "zh", "language_p": 0.98, "emotion": Emotion.ANGRY,
        "emotion_p": {Emotion.ANGRY: 0.9, Emotion.SAD: 0.05, Emotion.NEUTRAL: 0.05},
        "events": (), "events_p": {}, "tokens": (), "at": end, "wall": WALL,
        "raw": f"<|zh|><|ANGRY|><|Speech|><|withitn|>{text}",
    }  # fmt: skip
    return Transcript(**{**given, **changes})


def so_far(text="这衣服尺码", party=Party.CUSTOMER, **changes):
    """A draft: it has the fields of the transcript that will follow it."""
    return Draft(**asdict(said(text, party, **{"utterance": 2, **changes})))


def alert(id="a1", rev=1, call="c1", **changes):
    quote = Evidence(84.9, 87.4, Party.CUSTOMER, "你们是不是压单啊", Emotion.ANGRY, 0.91)
    given = {
        "id": id, "rev": rev, "call_id": call, "kind": "ANGRY", "rule": "angry-customer",
        "rule_version": "3f2a", "severity": "high", "state": "active",
        "party": Party.CUSTOMER, "at": 87.4, "since": 71.2, "text": "你们是不是压单啊",
        "count": 2, "score": 0.91, "evidence": (quote,), "why": Words("听起来生气", "angry"),
        "agent_id": "8001",
    }  # fmt: skip
    return Alert(**{**given, **changes})


def checklist(agent="8001", call="c1", *done):
    items = tuple(
        ChecklistItem(key, Words(key, key), key in done, int(key in done))
        for key in ("greeting", "closing")
    )
    return Checklist(call, items, 5.0, agent)


def prompt(id="p1", agent="8001", call="c1", **changes):
    given = {
        "id": id, "call_id": call, "agent_id": agent, "situation": "silence_after_complaint",
        "because": Words("抱怨后没有答复", "no answer yet"),
        "title": Words("客户已沉默 2 秒", "Silent for 2 s"), "say": ("我马上帮您查。",),
        "about": 1, "state": "shown", "at": 5.0,
    }  # fmt: skip
    return Prompt(**{**given, **changes})


def whispered(id="m1", agent="8001", call="c1", *, seen=False, wall=""):
    text = "可以直接换，运费我们出。"
    return Whisper(id, call, agent, "林岚", text, seen, 5.0, wall)


class MemoryLog:
    """The log of docs/contracts.md in this process. `away` makes it unreachable."""

    def __init__(self):
        self.entries, self.away = [], False
        self._milliseconds = itertools.count(1_763_800_000_000, 10)
        self._news = asyncio.Event()

    def publish(self, message):
        self.entries.append((f"{next(self._milliseconds)}-0", message))
        self._news.set()
        return message

    async def read(self, after, block_ms):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(block_ms / 1000):
                while not (self.away or self._after(after)):
                    self._news.clear()
                    await self._news.wait()
        self._check()
        return self._after(after)

    async def recent(self):
        self._check()
        return list(self.entries)

    async def history(self, call_id):
        self._check()
        return [message for _, message in self.entries if message.call_id == call_id]

    def go(self, *, away):
        self.away = away
        self._news.set()

    def _check(self):
        if self.away:
            raise ConnectionError("no route to the log")

    def forget(self, keep):
        """Loses all but the first entries; what is published then has only just later ids."""
        lost, self.entries = self.entries[keep:], self.entries[:keep]
        newest = int(self.entries[-1][0].split("-")[0]) if keep else 1_700_000_000_000
        self._milliseconds = itertools.count(newest + 1)
        return [message for _, message in lost]

    def _after(self, entry):
        key = tuple(map(int, entry.split("-")))
        return [(i, m) for i, m in self.entries if tuple(map(int, i.split("-"))) > key]


class MemoryLive:
    """What is being said at the moment, by call. `away` makes it unreachable."""

    def __init__(self):
        self.drafts, self.away, self.asked = {}, False, 0
        self._looked = asyncio.Event()

    def say(self, draft):
        self.drafts[draft.call_id] = draft

    async def draft(self, call_id):
        self.asked += 1
        self._looked.set()
        if self.away:
            raise ConnectionError("no route to the state")
        return self.drafts.get(call_id)

    async def looked(self, times=1):
        """Returns after so many more looks."""
        for _ in range(times):
            self._looked.clear()
            async with asyncio.timeout(10):
                await self._looked.wait()


class NoClips:
    async def read(self, call_id, start, end):
        return None


@dataclass
class House:
    """A dashboard that runs, and everything it was given. `now` is its monotonic clock."""

    folder: Path
    log: MemoryLog
    passwords: dict = field(default_factory=dict)
    now: float = 1000.0
    model: ModelStatus = field(default_factory=lambda: ModelStatus("tiny", "ready", True))
    load: LoadStatus = field(default_factory=lambda: LoadStatus(1, 200, 12))
    bus: BusState = field(default_factory=lambda: BusState(True, "", 0, 0))
    playbook: PlaybookState = field(default_factory=PlaybookState)
    draining: bool = False
    oidc: object = None
    keys: dict = field(default_factory=lambda: {"metrics-key": "monitoring"})
    heard: dict = field(default_factory=dict)
    clips: object = field(default_factory=NoClips)
    source: object = None
    live: object = field(default_factory=MemoryLive)
    board: dict = field(default_factory=dict)
    outbox: int = 1000
    settings: dict = field(default_factory=dict)
    name: str = "here"
    announce: object = None
    parts: Parts = None
    url: str = ""

    def swap(self, call, by):
        """As a server that hears the calls of `heard`."""
        self.heard[call] = not self.heard[call]
        self.log.publish(Swapped(call, 83.0, self.heard[call], by))
        return self.heard[call]

    @functools.cached_property
    def archive(self):
        """Its tables are made by whoever writes to it; before that it is away."""
        return Archive(f"sqlite:///{self.folder}/archive.db")

    def build(self, *, listen=True):
        accounts = Accounts(self.folder / "accounts.json", QUICK)
        for name, person in PEOPLE.items():
            self.passwords[name] = accounts.add(name, **person)
        publish = (self.source or self.log).publish
        desk, precision = Desk(name=self.name), Precision()
        self.parts = Parts(
            settings=WebSettings(
                **{
                    "port": 0,
                    "static": self.folder / "static",
                    "teams": dict(TEAMS),
                    **self.settings,
                }
            ),
            accounts=accounts,
            feed=Feed(
                self.source or self.log,
                lambda: Board(**self.board),
                lambda: WALL,
                outbox=self.outbox,
                hear=Following(desk, precision, publish).hear,
            ),
            live=self.live,
            publish=publish,
            desk=desk,
            precision=precision,
            clips=self.clips,
            insights=Insights(self.archive, lambda: {}),
            audit=Audit(self.folder / "audit.log"),
            model=lambda: self.model,
            load=lambda: self.load,
            bus=lambda: self.bus,
            playbook=lambda: self.playbook,
            key_name=self.keys.get,
            key_good=lambda name: name in self.keys.values(),
            wall=lambda: WALL,
            clock=lambda: self.now,
            draining=lambda: self.draining,
            oidc=self.oidc,
            swap=self.swap,
            announce=self.announce,
        )
        return Dashboard(self.parts) if listen else None

    @property
    def origin(self):
        return self.url.rstrip("/")

    def headers(self):
        return {"X-Earwitness": "1", "Origin": self.origin}

    async def folded(self):
        """Returns when the board shows all that was published."""
        feed = self.parts.feed
        with feed.viewer() as viewer:
            async with asyncio.timeout(10):
                while feed.board.last != self.log.entries[-1][0]:
                    viewer.wake.clear()
                    await viewer.wake.wait()

    @contextlib.asynccontextmanager
    async def browser(self, name=None):
        """An HTTP client of this origin, signed in as `name` or as nobody."""
        async with httpx.AsyncClient(base_url=self.url, headers=self.headers()) as client:
            if name:
                answer = await client.post("/api/v1/login", json=self.credentials(name))
                assert answer.status_code == 200, answer.text
            yield client

    def credentials(self, name):
        return {"name": name, "password": self.passwords[name]}

    async def cookie(self, name):
        async with self.browser(name) as client:
            return f"ew_session={client.cookies['ew_session']}"

    async def feed(self, path, name=None, **options):
        """A websocket of the page, to be used as a context manager."""
        headers = {"Cookie": await self.cookie(name)} if name else {}
        options = {"origin": self.origin, "additional_headers": headers, **options}
        return connect(self.url.replace("http", "ws", 1) + path.lstrip("/"), **options)


@contextlib.asynccontextmanager
async def open_house(folder, **options):
    (folder / "static").mkdir(exist_ok=True)
    for page in ("board", "agent", "embedded", "insights", "login"):
        text = f"<!doctype html><title>{page}</title>" + "<p>text</p>" * 200
        (folder / "static" / f"{page}.html").write_text(text)
    house = House(folder, MemoryLog(), **options)
    dashboard = house.build()
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(dashboard.run())
        await dashboard.started.wait()
        house.url = dashboard.url
        try:
            yield house
        finally:
            dashboard.stop()
            await running
            house.archive.close()
