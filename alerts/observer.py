"""A call's events -> masking -> rules -> desk -> bus and gateways."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from alerts import metrics, wire
from alerts.call_memory import CallMemory, pack, unpack
from alerts.call_traces import TraceFolder
from alerts.clips import Clips
from alerts.discretion import Discretion
from alerts.engine import Engine
from alerts.lifecycle import Desk
from alerts.masking import hidden_in
from alerts.news import news
from alerts.personal import MaskKind
from alerts.playbook import Playbook
from alerts.redis_bus import RedisBus
from alerts.storm import Storms
from alerts.voices import Voices
from streamer.events import (
    CallClosed,
    CallEvent,
    CallId,
    CallInfo,
    CallNews,
    Draft,
    Party,
    Seconds,
    Silence,
    Transcript,
    Unheard,
)
from streamer.ports import Line

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What all calls share."""

    playbook: Callable[[], Playbook]  # asked once a call, at its start
    desk: Desk
    bus: RedisBus
    clips: Clips
    agent_names: Mapping[str, str]
    clock: Callable[[], Seconds]
    new_id: Callable[[], str]
    wall: Callable[[], str]
    felt: frozenset[Party]  # whose emotion may be inferred at all
    mask: Sequence[MaskKind]  # what is hidden before anything leaves this process
    storms: Storms
    traces: TraceFolder | None


class Post:
    """The way out for one call: the desk's word on it, then the bus and the gateways."""

    def __init__(self, line: Line, parts: Parts, call: CallId) -> None:
        self._line, self._parts, self._call = line, parts, call

    def send(self, message: wire.Message) -> None:
        """A storm's summary may stand with another call: that one's gateway is not ours."""
        sent = self._parts.bus.publish(message, bound=True)
        if message.call_id == self._call:
            self._line.reply(wire.encode(sent).decode())

    def raise_(self, alert: wire.Alert) -> bool:
        """False where a person has closed it already."""
        if alert.rev == 1:
            metrics.alerts.labels(alert.rule, alert.severity).inc()
            alert = replace(alert, raised_at=self._parts.wall())
        revision = self._parts.desk.update(alert)
        if revision is not None:
            self.send(revision)
        return revision is not None

    def show(self, prompt: wire.Prompt) -> None:
        if (current := self._parts.desk.show(prompt)) is not None:
            metrics.prompts.labels(prompt.situation, prompt.state).inc()
            self.send(current)


class CallObserver:
    """One call, from its opening on. `observe` raises whatever goes wrong."""

    def __init__(
        self, parts: Parts, line: Line, info: CallInfo, *, resumed: bool = False
    ) -> None:
        self._parts, self._line, self._post = parts, line, Post(line, parts, info.call)
        self._discretion = Discretion(info, parts.felt, parts.mask)
        self._info = self._discretion.info
        self._agent_name = parts.agent_names.get(info.agent_id, "")
        self._engine = Engine(self._info, parts.playbook(), parts.new_id, parts.felt)
        self._voices = Voices(line, parts.clips, info.call)
        self._trace = parts.traces and parts.traces.call(self._info, resumed=resumed)

        line.remember(self._recall)

    def _recall(self) -> bytes:
        alerts = self._parts.desk.of(self._info.call)
        masking = self._discretion.state()
        untaken = self._parts.desk.untaken.state(alerts, self._parts.clock())
        state, clips = self._engine.state(), self._voices.all
        return pack(CallMemory(state, alerts, clips, masking, untaken))

    def resume(self, memory: bytes, ago: Seconds) -> None:
        """Goes on with what another server remembered, so many seconds ago. What cannot be read
        is forgotten: then the call is heard, and its alerts begin afresh."""
        kept = unpack(memory)
        if kept is None:
            log.warning("a call's memory cannot be read", extra={"call": self._info.call})
            return
        self._parts.desk.take_over(kept.alerts)
        self._wait_on(kept, ago)
        self._parts.storms.know(kept.alerts)
        self._voices.restore(kept.clips)
        self._discretion.restore(kept.masking)
        for ended in self._engine.restore(kept.engine):
            self._post.raise_(ended)
        self._line.told()

    def _wait_on(self, kept: CallMemory, ago: Seconds) -> None:
        """An alert that was said once more after that waits since then, at the earliest."""
        desk = self._parts.desk
        reminded = {
            alert.id
            for alert in kept.alerts
            if desk.alert(alert.id).escalations > alert.escalations
        }
        waited = {
            id_: ago + (0.0 if id_ in reminded else seconds)
            for id_, seconds in kept.untaken.items()
        }
        desk.untaken.restore(waited, self._parts.clock())

    async def let_go(self) -> None:
        """Another server has the call."""
        self._parts.desk.let_go(self._info.call)
        self._parts.storms.let_go(self._info.call)
        if self._trace:
            await self._trace.flush()

    async def observe(self, event: CallNews) -> None:
        event = self._fit(event)
        message = news(event, self._info, self._agent_name)
        if not isinstance(event, CallClosed):  # the call's end is said after its alerts'
            self._post.send(message)
        found = self._engine.observe(event)
        for each in found:
            self._tell(each, event)
        self._calm(event)
        if isinstance(event, CallClosed):
            self._end(event.at)
            self._post.send(message)
        if found or not isinstance(event, Draft):  # a draft alone leaves no trace
            self._line.told()
        # First the alert, then the disk: nobody clicks sooner than a file is written.
        await self._voices.keep(message.at, last=isinstance(event, CallClosed))
        if self._trace:
            await self._trace.keep(event)

    def _end(self, at: Seconds) -> None:
        """What no rule of this server's has ended: summaries of another one's storms."""
        for alert in self._parts.desk.of(self._info.call):
            self._post.raise_(replace(alert, at=at, state="resolved", outcome="call_end"))

    def _calm(self, event: CallEvent) -> None:
        """Ends the summaries of storms that are over, also of those that stand elsewhere."""
        storms = self._parts.storms
        over = storms.wait(self._parts.clock())
        if isinstance(event, CallClosed):
            over += storms.hang_up(event.call)
        for summary in over:
            self._post.raise_(summary)

    def _fit(self, event: CallNews) -> CallNews:
        """What may be published of it; and of its voice, what may be listened to."""
        fit = self._discretion.fit(event)
        if isinstance(event, Transcript) and isinstance(fit, Transcript):
            self._line.clear(event.number, hidden_in(event, fit))
        elif isinstance(event, Unheard):
            self._line.clear(event.number, None)
        return fit

    def _tell(self, found: wire.Alert | wire.Prompt | wire.Checklist, event: CallEvent) -> None:
        match found:
            case wire.Alert():
                self._raise(found, event)
            case wire.Prompt():
                self._post.show(found)
            case wire.Checklist():
                self._post.send(found)

    def _raise(self, found: wire.Alert, event: CallEvent) -> None:
        if not isinstance(event, Draft):  # of a sentence that goes on there will be more
            self._voices.want(found)
        latency = self._latency(found, event)
        alert = replace(
            found,
            agent_name=self._agent_name,
            evidence=tuple(replace(e, clip=self._voices.of(e.end)) for e in found.evidence),
            latency_ms=round(1000 * latency),
        )
        if not self._post.raise_(alert):
            return
        if isinstance(event, Transcript):
            metrics.speech_end_to_alert.observe(latency)
        for summary in self._parts.storms.see(alert, self._parts.clock()):
            self._post.raise_(summary)

    def _latency(self, alert: wire.Alert, event: CallEvent) -> Seconds:
        """From when the newest evidence was over; an ending has none."""
        match event:
            case (
                Transcript(speech_end_clock=then)
                | Draft(Transcript(speech_end_clock=then))
                | Silence(mark_clock=then)
            ):
                return max(0.0, self._parts.clock() - then) if alert.state == "active" else 0.0
        return 0.0
