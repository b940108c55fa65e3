"""What gateways send, encoded beforehand: real speech, 20 ms at a time, in any protocol."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

import numpy as np

from bench.server import ROOT
from streamer.events import Seconds
from streamer.handshake import Handshake
from streamer.recording import Recording, RecordingError, demo, load
from streamer.send import FRAME
from streamer.wires import alone, wire
from streamer.wires.stream import Answering, Encoding, Stream, Wire

RATE = 8000
DIFFERENT = 20
"""Calls that say different things at one time; more repeat them."""
NAMED = ("/yeastar",)
"""Protocols whose every message names the call: no tape is for two of them."""
CALLS = ROOT.parent / "shared" / "data" / "calls"
_REAL = ("repairs-customer.wav", "repairs-agent.wav")
_ENCODINGS: dict[str, Encoding] = {"/twilio": "mulaw", "/asterisk": "mulaw"}
"""What each protocol is sent where that is not 16-bit PCM."""


def recordings() -> list[Recording]:
    """The four demo calls, and the recorded one where it is."""
    found = [demo(number, RATE) for number in (1, 2, 3, 4)]
    with suppress(RecordingError):
        found.append(load([CALLS / name for name in _REAL], RATE))
    return found


def wire_of(path: str, call_id: str, recording: Recording) -> Wire:
    encoding = _ENCODINGS.get(path, "pcm_s16le")
    stream = Stream(
        call_id, recording.parties, recording.sample_rate, encoding, False, recording.fields
    )
    return wire(f"ws://127.0.0.1{path}", stream)


@dataclass(frozen=True)
class Tape:
    """What one connection carries in one protocol: the messages of each 20 ms, without its
    beginning, which has the call's id. The audio repeats itself after the recording's end."""

    path: str
    call: str  # whose it is first; others may have it, too, where only its beginning names it
    recording: Recording
    seconds: Seconds

    @cached_property
    def ticks(self) -> list[Sequence[str | bytes]]:
        size, samples = round(FRAME * RATE), self.recording.samples
        each = self._wire(self.call)
        talks = isinstance(each, Answering)  # its texts name the call, and are few
        each.begin()
        found: list[Sequence[str | bytes]] = []
        for number in range(round(self.seconds / FRAME)):
            at = number * size % (len(samples) - size)
            said = each.play(samples[at : at + size].tobytes(), number * FRAME)
            found.append([it for it in said if isinstance(it, bytes) or not talks])
        return found

    def handshake(self, call_id: str) -> Handshake:
        its = self._wire(call_id).opening()
        query = {"call_id": call_id, **its.query}
        headers = {name.lower(): [value] for name, value in its.headers.items()}
        if its.protocol:
            headers["sec-websocket-protocol"] = [its.protocol]
        return Handshake(self.path, f"{self.path}?{urlencode(query)}", query, headers)

    def begin(self, call_id: str) -> Sequence[str]:
        return self._wire(call_id).begin()

    @property
    def answered(self) -> bool:
        """The gateway waits for an answer before it sends audio."""
        each = self._wire(self.call)
        return isinstance(each, Answering) and each.waits

    def _wire(self, call_id: str) -> Wire:
        return wire_of(self.path, call_id, self.recording)


def tapes(path: str, count: int, seconds: Seconds) -> list[list[Tape]]:
    """Of as many of `count` calls, `c0` and on, as need tapes of their own: no two of them say
    the same at the same time. A tape for each of their connections."""
    its = recordings()
    return [
        [
            Tape(path, f"c{n}", part, seconds)
            for part in _parts(path, _later(its[n % len(its)], n))
        ]
        for n in range(count if path in NAMED else min(count, DIFFERENT))
    ]


def _later(its: Recording, number: int) -> Recording:
    samples = np.roll(its.samples, -round(7.3 * number * RATE), axis=0)
    return replace(its, samples=samples)


def _parts(path: str, its: Recording) -> list[Recording]:
    if not alone(path):
        return [its]
    return [
        replace(its, parties=(party,), samples=its.samples[:, [channel]])
        for channel, party in enumerate(its.parties)
    ]
