"""One call's voice clips: none is kept before all that is said in it is known and masked.

An alert is raised when its own sentence has been heard. The other party may be speaking over
it, and the model may be busy: what they say is not known yet, and may hold a number. Such a
clip waits; nobody misses it for the second or two. See docs/adr/0050-masked-voices.md.
"""

import logging

from alerts import metrics
from alerts.clips import Clips, around, clip_url
from alerts.wire import Alert
from streamer.events import CallId, Seconds, Span
from streamer.ports import Line

log = logging.getLogger(__name__)

PATIENCE: Seconds = 40.0
"""Then it is kept with a tone over what is not known: the call forgets its voice after 60 s."""


class Voices:
    def __init__(self, line: Line, clips: Clips, call: CallId) -> None:
        self._line, self._clips, self._call = line, clips, call
        self._clip_of: dict[Seconds, str] = {}  # by the end of the evidence
        self._waiting: dict[Span, bytes] = {}  # what of it may be kept at once

    def of(self, evidence_end: Seconds) -> str:
        """Where the clip of that evidence will be; empty where there is none."""
        return self._clip_of.get(evidence_end, "")

    @property
    def all(self) -> dict[Seconds, str]:
        """Where all of them are, by the end of their evidence."""
        return dict(self._clip_of)

    def restore(self, clip_of: dict[Seconds, str]) -> None:
        self._clip_of = dict(clip_of)

    def want(self, alert: Alert) -> None:
        """Finds the voice of evidence that is new; without consent there is none."""
        for evidence in alert.evidence:
            if evidence.end in self._clip_of:
                continue
            start, end = around(evidence.end)
            wav = self._line.voice(start, end)
            self._clip_of[evidence.end] = clip_url(self._call, start, end) if wav else ""
            if wav:
                self._waiting[start, end] = wav if self._line.is_clear(start, end) else b""

    async def keep(self, at: Seconds, *, last: bool = False) -> None:
        """What may be kept at the media time `at`; everything where the call is over."""
        for (start, end), wav in list(self._waiting.items()):
            clear = self._line.is_clear(start, end)
            if wav or clear or last or at - end > PATIENCE:
                del self._waiting[start, end]
                await self._keep(start, end, wav or self._line.voice(start, end))

    async def _keep(self, start: Seconds, end: Seconds, wav: bytes) -> None:
        try:
            await self._clips.save(self._call, start, end, wav)
        except OSError:
            metrics.clips_failed.inc()
            log.exception("a voice clip was not kept", extra={"call": self._call})
