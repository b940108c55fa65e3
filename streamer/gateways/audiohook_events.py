"""What is published of a call -> AudioHook's event entities, no faster than they are taken."""

from collections import deque
from typing import Any, Final, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct

from streamer.events import Party, Seconds
from streamer.gateways.audiohook_messages import as_duration
from streamer.gateways.audiohook_open import CODES, Kind

Entity: TypeAlias = dict[str, Any]

EVERY: Final = 0.2
"""Seconds of audio from one message of events to the next, on average: five a second."""
BURST: Final = 25
"""Messages that may go out at once."""
MOST_WAITING: Final = 64
"""Entities that wait for their turn; the oldest is let go."""
TOGETHER: Final = 8
"""Entities in one message: it must stay below 64 KiB."""


class _Said(Struct, frozen=True, tag="transcript", tag_field="type"):
    call_id: str
    utterance: int
    party: Party
    start: float
    end: float
    text: str
    language: str
    tokens: tuple[tuple[str, float], ...]


class _Typed(Struct, frozen=True):
    type: str


def entity(
    published: str, wanted: frozenset[Kind], parties: tuple[Party, ...], base: Seconds
) -> Entity | None:
    """None for what is not wanted, or of nobody on these channels. `base`: the stream's
    position where the call's own time began."""
    kind = msgspec.json.decode(published, type=_Typed).type
    if kind == "alert" and "alerts" in wanted:
        return {"type": "earwitness.alert", "data": msgspec.json.decode(published)}
    if kind == "transcript" and "transcripts" in wanted:
        said = msgspec.json.decode(published, type=_Said)
        if said.text and said.party in parties:
            return _transcript(said, parties.index(said.party), base)
    return None


def _transcript(said: _Said, channel: int, base: Seconds) -> Entity:
    """Nothing here knows how sure the words are; the protocol wants a number."""
    ends = [at for _, at in said.tokens[1:]] + [said.end]
    tokens = [
        {
            "type": "word",
            "value": word,
            "confidence": 1.0,
            "offset": as_duration(base + at),
            "duration": as_duration(end - at),
        }
        for (word, at), end in zip(said.tokens, ends, strict=False)
    ]
    display = {"type": "display", "transcript": said.text, "tokens": tokens}
    alternative: Entity = {"confidence": 1.0, "interpretations": [display]}
    if code := CODES.get(said.language):
        alternative["languages"] = [code]
    name = f"{said.call_id}/{said.utterance}"
    data = {
        "id": str(uuid5(NAMESPACE_URL, name)),
        "channelId": channel,
        "isFinal": True,
        "offset": as_duration(base + said.start),
        "duration": as_duration(said.end - said.start),
        "alternatives": [alternative],
    }
    return {"type": "transcript", "data": data}


class Pace:
    """Lets messages of entities go: a burst, then so many for each second of audio, since
    nothing here reads a clock; what comes faster goes together."""

    def __init__(self) -> None:
        self._waiting: deque[Entity] = deque(maxlen=MOST_WAITING)
        self._tokens = float(BURST)
        self._seen: Seconds = 0.0
        self._not_before: Seconds = 0.0

    def push(self, it: Entity) -> None:
        self._waiting.append(it)

    def wait(self, until: Seconds) -> None:
        """The gateway wants no more before that."""
        self._not_before = until

    def due(self, at: Seconds, *, last: bool, most: int) -> list[list[Entity]]:
        """What may go out now that the audio is at `at`, in at most so many messages; all of it
        where it is the `last`."""
        self._tokens = min(BURST, self._tokens + max(0.0, at - self._seen) / EVERY)
        self._seen = max(self._seen, at)
        due: list[list[Entity]] = []
        while self._waiting and len(due) < most and (last or self._open(at)):
            self._tokens -= 1
            size = min(TOGETHER, len(self._waiting))
            due.append([self._waiting.popleft() for _ in range(size)])
        return due

    def _open(self, at: Seconds) -> bool:
        return self._tokens >= 1 and at >= self._not_before
