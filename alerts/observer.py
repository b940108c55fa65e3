"""A call's events -> masking -> rules -> desk -> bus and gateways."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from alerts import metrics, wire
from alerts.call_masking import CallMasking
from alerts.clips import ClipStore, around, clip_url
from alerts.engine import Engine
from alerts.lifecycle import Desk
from alerts.masking import mask_info, without_emotion
from alerts.news import news
from alerts.personal import MaskKind
from alerts.playbook import Playbook
from alerts.redis_bus import RedisBus
from streamer.events import (
    CallClosed,
    CallEvent,
    CallInfo,
    Draft,
    Party,
    Seconds,
    Silence,
    Transcript,
)
from streamer.ports import Line

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What all calls share."""

    playbook: Playbook
    desk: Desk
    bus: RedisBus
    clips: ClipStore
    agent_names: Mapping[str, str]
    clock: Callable[[], Seconds]
    new_id: Callable[[], str]
    wall: Callable[[], str]
    felt: frozenset[Party]  # whose emotion may be inferred at all
    mask: Sequence[MaskKind]  # what is hidden before anything leaves this process


class Post:
    """The way out for one call: the desk's word on it, then the bus and the gateways."""

    def __init__(self, line: Line, parts: Parts) -> None:
        self._line, self._parts = line, parts

    def send(self, message: wire.Message) -> None:
        sent = self._parts.bus.publish(message)
        self._line.reply(wire.encode(sent).decode())

    def raise_(self, alert: wire.Alert) -> bool:
        """False where a person has closed it already."""
        if alert.rev == 1:
            metrics.alerts.labels(alert.rule, alert.severity).inc()
            alert = msgspec.structs.replace(alert, raised_at=self._parts.wall())
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

    def __init__(self, parts: Parts, line: Line, info: CallInfo) -> None:
        self._parts, self._line, self._post = parts, line, Post(line, parts)
        self._info = mask_info(info, parts.mask)
        self._masking = CallMasking(parts.mask)
        self._agent_name = parts.agent_names.get(info.agent_id, "")
        self._engine = Engine(self._info, parts.playbook, parts.new_id)
        self._clip_of: dict[Seconds, str] = {}  # by the end of the evidence

    async def observe(self, event: CallEvent) -> None:
        match event:
            case Transcript():
                event = self._masking.transcript(self._felt(event))
            case Draft(so_far):
                event = Draft(self._masking.draft(self._felt(so_far)))
        message = news(event, self._info, self._agent_name)
        if not isinstance(event, CallClosed):  # the call's end is said after its alerts'
            self._post.send(message)
        for found in self._engine.observe(event):
            await self._tell(found, event)
        if isinstance(event, CallClosed):
            self._post.send(message)

    def _felt(self, said: Transcript) -> Transcript:
        if said.party in self._parts.felt and self._info.emotion:
            return said
        return without_emotion(said)

    async def _tell(self, found: wire.Alert | wire.Prompt, event: CallEvent) -> None:
        if isinstance(found, wire.Prompt):
            self._post.show(found)
            return
        fresh = self._voices(found)
        latency = self._latency(found, event)
        alert = msgspec.structs.replace(
            found,
            agent_name=self._agent_name,
            evidence=tuple(self._with_clip(e) for e in found.evidence),
            latency_ms=round(1000 * latency),
        )
        # First the alert, then the disk: nobody clicks sooner than a file is written.
        if self._post.raise_(alert) and isinstance(event, Transcript):
            metrics.speech_end_to_alert.observe(latency)
        for (start, end), wav in fresh.items():
            await self._keep(start, end, wav)

    def _latency(self, alert: wire.Alert, event: CallEvent) -> Seconds:
        """From when the newest evidence was over; an ending has none."""
        match event:
            case Transcript(speech_end_clock=then) | Silence(mark_clock=then):
                return max(0.0, self._parts.clock() - then) if alert.state == "active" else 0.0
        return 0.0

    def _voices(self, alert: wire.Alert) -> dict[tuple[Seconds, Seconds], bytes]:
        """The voice of evidence that is new, to be kept; without consent there is none."""
        fresh: dict[tuple[Seconds, Seconds], bytes] = {}
        for evidence in alert.evidence:
            if evidence.end in self._clip_of:
                continue
            start, end = around(evidence.end)
            wav = self._line.voice(start, end)
            self._clip_of[evidence.end] = clip_url(self._info.call, start, end) if wav else ""
            if wav:
                fresh[start, end] = wav
        return fresh

    def _with_clip(self, evidence: wire.Evidence) -> wire.Evidence:
        return msgspec.structs.replace(evidence, clip=self._clip_of.get(evidence.end, ""))

    async def _keep(self, start: Seconds, end: Seconds, wav: bytes) -> None:
        try:
            await self._parts.clips.save(self._info.call, start, end, wav)
        except OSError:
            metrics.clips_failed.inc()
            log.exception("a voice clip was not kept", extra={"call": self._info.call})
