"""One call's owner: its session, the connections that carry it, and the tasks of its life.

A call outlives its sockets by the grace time, so it belongs to `streamer.calls`, not to a
connection. Two ways lead to the sink: utterances through the model, everything else at once - a
silence mark never waits behind speech that is still being recognized.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from streamer import events as ev
from streamer.keeper import Forgetful, Keeper
from streamer.leg import Leg
from streamer.played import Played, Unplayed, played_on
from streamer.ports import (
    ANONYMOUS,
    CallMemory,
    CallSink,
    Recalled,
    Recognizer,
    SinkFactory,
    VoiceDetector,
)
from streamer.recognition_queue import Patience, RecognitionQueue
from streamer.session import CallSession, Input, SessionSettings
from streamer.sink_queue import SinkQueue
from streamer.sounds import verdict
from streamer.tally import Tally


@dataclass(frozen=True, slots=True)
class CallSettings:
    """How many calls there may be, what each may keep waiting, how long it waits for others."""

    session: SessionSettings = field(default_factory=SessionSettings)
    max_calls: int = 200
    backlog: int = 16  # utterances that wait for the model
    news: int = 256  # events that wait for the sink
    recognize_within: ev.Seconds = 30.0  # the model's time for one utterance
    draft_within: ev.Seconds = 3.0  # for a draft: after that it is out of date
    tell_within: ev.Seconds = 10.0  # the sink's time for one event
    played: Played = Played()  # noqa: RUF009 - a frozen value
    takeover: ev.Seconds = 3.0  # a connection quiet for so long may be replaced


@dataclass(frozen=True, slots=True)
class CallPorts:
    """What every call hears with and reports to. `detector` is given a sample rate."""

    detector: Callable[[int], VoiceDetector]
    recognizer: Recognizer
    sinks: SinkFactory
    memory: CallMemory = field(default_factory=Forgetful)


class Call:
    """One call, and the `Line` of its sink. `run` is its life: it returns when the session has
    closed and the sink has been told everything, `CallClosed` last. `owner` is the name of the
    gateway key that opened it."""

    def __init__(
        self,
        info: ev.CallInfo,
        ports: CallPorts,
        settings: CallSettings,
        tally: Tally,
        owner: str = ANONYMOUS,
    ) -> None:
        self.held = False
        self.owner = owner
        self._ports, self._tally, self._takeover = ports, tally, settings.takeover
        self._session = CallSession(ports.detector, settings.session)
        self._underway, self._told = 0, 0  # utterances: the sink waits for, was told of
        self._news = SinkQueue(info.call, tally, settings.news, settings.tell_within)
        self._keeper = Keeper(ports.memory, owner, self._session, lambda: self._news.waiting)
        self._backlog = RecognitionQueue(
            Unplayed(ports.recognizer, played_on(info, settings.played)),
            self._news,
            Patience(settings.backlog, settings.recognize_within, settings.draft_within),
            self._judge,
        )
        self._clock = asyncio.get_running_loop().time
        self._legs: dict[int, Leg] = {}
        self._settling: dict[int, Leg] = {}  # they carry nothing more, and still hear of it
        self._outcome = asyncio.Event()
        self._joined = 0
        self._armed: ev.Seconds | None = None  # when `_watch` will wake by itself
        self._stirred = asyncio.Event()

    @property
    def info(self) -> ev.CallInfo:
        return self._session.info

    def voice(self, start: ev.Seconds, end: ev.Seconds) -> bytes:
        return self._session.voice(start, end) if self.info.record else b""

    def is_clear(self, start: ev.Seconds, end: ev.Seconds) -> bool:
        return self._session.is_clear(start, end)

    def clear(self, utterance: int, hidden: Sequence[ev.Span] | None) -> None:
        self._session.clear(utterance, hidden)

    def remember(self, recall: Callable[[], bytes]) -> None:
        self._keeper.recall = recall

    def told(self) -> None:
        self._keeper.keep(self._clock(), idle=self._idle)

    def reply(self, message: str) -> None:
        for leg in self._open:
            if not leg.tell(message):
                self._tally.lost["reply"] += 1

    @property
    def closed(self) -> bool:
        """The session takes nothing more; what was said may still be on its way."""
        return self._session.closed

    @property
    def attached(self) -> int:
        """How many connections carry it now."""
        return len(self._legs)

    @property
    def connections(self) -> int:
        """Those that carry it, and those that still hear of what they carried."""
        return len(self._open)

    @property
    def _open(self) -> list[Leg]:
        return [*self._legs.values(), *self._settling.values()]

    def resume(self, info: ev.CallInfo, it: Recalled) -> None:
        """Goes on with what another server kept of it. Before the first `join`."""
        self._take(self._keeper.resume(info, it, self._clock()))

    def move(self) -> None:
        """Another server has the call: nothing more is heard or told of it here."""
        if not self.closed:
            self._session.abandon()
            self._keeper.stop()
            self._news.push(ev.CallMoved(self.info.call))
            self._backlog.abandon()
            self.hang_up(1008, "taken over by a newer connection")
            self._stirred.set()

    def join(self, leg: Leg, start: ev.CallStarted) -> int:
        """One more connection; returns its number for `receive` and `leave`. Raises
        `ProtocolError` or `RefusedError` if it does not fit the call."""
        self._replace(start)
        self._joined += 1
        self._take(self._session.join(self._joined, start, self._clock()))
        self._legs[self._joined] = leg
        leg.parties, leg.session = frozenset(start.parties), start.session
        return self._joined

    def receive(self, number: int, events: Sequence[Input]) -> None:
        """What one message said. Raises `ProtocolError` for what is out of order. A closed call
        no longer listens, nor does any to a connection that was replaced."""
        if number not in self._legs:
            return
        now = self._clock()
        for event in events:
            if said := self._session.receive(number, event, now):
                self._take(said)
        self._look(now)

    def swap(self, by: str) -> bool:
        """Customer and agent change places from now on (see `CallSession.swap`). Returns
        whether they are now the other way round than the gateway says."""
        self._take(self._session.swap(by))
        return self._session.swapped

    def leave(self, number: int) -> None:
        """The connection is gone: the grace time begins if it was the last one."""
        if self._legs.pop(number, None) is not None and not self.closed:
            self._take(self._session.leave(number, self._clock()))

    async def settle(self, number: int) -> None:
        """Nothing more comes on this connection. Returns when the sink has been told what was
        said on it, or when the call is over; until then the gateway hears of it."""
        leg = self._legs.get(number)
        self.leave(number)
        if leg is None or self.closed:
            return
        self._settling[number] = leg
        told = self._told + self._underway
        try:
            while self._told < told and number in self._settling:
                await self._outcome.wait()
        finally:
            self._settling.pop(number, None)

    def close(self, reason: str, flush_by: ev.Seconds) -> None:
        """Ends the call; what the model has not heard by `flush_by` (loop time) is unheard."""
        self._backlog.hurry(flush_by)
        if not self.closed:
            self._take(self._session.close(reason, self._clock()))

    def hang_up(self, code: int, reason: str) -> None:
        """Closes every connection of the call, after what waits to be sent to it."""
        for leg in self._open:
            leg.hang_up(code, reason)
        self._settling.clear()
        self._wake()

    async def run(self) -> None:
        """Whatever the recognizer or the sink raise costs one utterance or one event."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(), name="watch")
            tasks.create_task(self._backlog.run(), name="recognition")
            tasks.create_task(self._news.run(self._kept(self._ports.sinks(self))), name="sink")

    def _kept(self, sink: CallSink) -> CallSink:
        """The sink, and what it then remembers kept."""

        async def tell(event: ev.CallEvent) -> None:
            if isinstance(event, ev.CallClosed):
                self._keeper.stop()
            try:
                await sink(event)
            finally:
                if isinstance(event, ev.Transcript | ev.Unheard):
                    self._underway -= 1
                    self._told += 1
                    self._wake()
                self._look()

        return tell

    def _wake(self) -> None:
        """Whoever waits for an outcome looks again."""
        self._outcome.set()
        self._outcome.clear()

    def _look(self, now: ev.Seconds | None = None) -> None:
        self._keeper.look(self._clock() if now is None else now, idle=self._idle)

    @property
    def _idle(self) -> bool:
        return not (self._legs or self._underway or len(self._news))

    def _replace(self, start: ev.CallStarted) -> None:
        """A network that has gone leaves connections which only a ping finds dead. A gateway
        that comes back before that takes its place from the one that no longer sends, or at
        once from one that it says it continues."""
        for number, leg in list(self._legs.items()):
            quiet = self._clock() - leg.heard_clock >= self._takeover
            gone = quiet or (leg.session in start.continues)
            if gone and not leg.parties.isdisjoint(start.parties):
                self.leave(number)
                leg.hang_up(1008, "taken over by a newer connection")

    def _judge(self, outcome: ev.Transcript | ev.Unheard) -> None:
        """Only now is it known whether what was heard has ended a silence."""
        heard = verdict(outcome)
        self._take(self._session.judge(outcome.number, heard, self._clock()))

    def _take(self, events: list[ev.SessionEvent]) -> None:
        for event in events:
            match event:
                case ev.Speaking():
                    self._backlog.grow(event)
                case ev.Utterance():
                    self._underway += 1
                    self._backlog.push(event)
                case ev.CallClosed():
                    self._backlog.finish(event)
                case _:
                    self._underway += isinstance(event, ev.Unheard)  # of another server's
                    self._news.push(event)
                    if isinstance(event, ev.Held):
                        self.held = event.on
        due = self._session.deadline
        sooner = due is not None and (self._armed is None or due < self._armed)
        if self.closed or sooner:
            self._stirred.set()
        self._look()

    def _due(self) -> ev.Seconds | None:
        """Audio without news does not stir the watch: while any may come, it wakes often enough
        not to need that."""
        due = self._session.deadline
        if due is None or not self._legs:
            return due
        return min(due, self._clock() + self._session.soonest)

    async def _watch(self) -> None:
        while not self.closed:
            self._stirred.clear()
            self._armed = self._due()
            try:
                async with asyncio.timeout_at(self._armed):
                    await self._stirred.wait()
            except TimeoutError:
                # Before its grace time ends a call may have gone on elsewhere.
                if self._legs or await self._keeper.holds():
                    self._take(self._session.timeout(self._clock()))
                else:
                    self.move()
