"""Where the streamer meets the alerts: every call gets a sink for its events."""

import logging
from collections.abc import Callable, Mapping, Sequence

from alerts import metrics
from alerts.call_traces import TraceFolder
from alerts.clips import Clips
from alerts.ids import new_ulid
from alerts.lifecycle import Desk
from alerts.masking import KINDS
from alerts.observer import CallObserver, Parts
from alerts.personal import MaskKind
from alerts.playbook import Playbook
from alerts.redis_bus import RedisBus
from alerts.storm import Storms
from alerts.wall import utc_now
from streamer.events import CallEvent, CallMoved, CallOpened, CallResumed, Party, Seconds
from streamer.ports import Line, SinkFactory

log = logging.getLogger(__name__)


def sink_factory(  # noqa: PLR0913, PLR0917 - the root hands each part over, once
    playbook: Callable[[], Playbook],
    desk: Desk,
    bus: RedisBus,
    clips: Clips,
    agent_names: Mapping[str, str],
    clock: Callable[[], Seconds],
    new_id: Callable[[], str] = new_ulid,
    wall: Callable[[], str] = utc_now,
    *,
    agent_emotion: bool = False,
    mask: Sequence[MaskKind] = KINDS,
    traces: TraceFolder | None = None,
) -> SinkFactory:
    """Makes each call's sink. `clock` is the one that the streamer's `..._clock` values come
    from. Unless `agent_emotion`, what the agent felt is forgotten before anything sees it.
    `mask` are the kinds of personal numbers that are hidden; `traces` is where what the rules
    are told is recorded, if anywhere. A call keeps the `playbook` in force when it begins."""
    felt = frozenset({Party.CUSTOMER, Party.AGENT} if agent_emotion else {Party.CUSTOMER})
    storms = Storms(lambda: playbook().storm, new_id)
    parts = Parts(
        playbook, desk, bus, clips, agent_names, clock, new_id, wall, felt, mask, storms, traces
    )
    return lambda line: Sink(parts, line).observe


class Sink:
    """One call. `observe` never raises: what goes wrong with one event is logged and counted,
    and the call goes on."""

    def __init__(self, parts: Parts, line: Line) -> None:
        self._parts, self._line = parts, line
        self._observer: CallObserver | None = None

    async def observe(self, event: CallEvent) -> None:
        try:
            await self._observe(event)
        except Exception:
            metrics.sink_errors.inc()
            call = self._line.info.call
            log.exception(
                "an event was lost", extra={"call": call, "event": type(event).__name__}
            )

    async def _observe(self, event: CallEvent) -> None:
        if isinstance(event, CallOpened | CallResumed):
            resumed = isinstance(event, CallResumed)
            self._observer = CallObserver(self._parts, self._line, event.info, resumed=resumed)
        if self._observer is None:
            raise RuntimeError("a call's first event must be its opening")
        match event:
            case CallResumed():
                self._observer.resume(event.memory, event.ago)
            case CallMoved():
                await self._observer.let_go()
            case _:
                await self._observer.observe(event)
