"""What a browser is sent besides the published messages themselves (docs/api.md)."""

from typing import Literal, TypeAlias

import msgspec

from alerts.wire import Alert, ChecklistItem, Prompt, Whisper
from streamer.events import AudioEvent, Emotion, Party

Activity: TypeAlias = Literal["talking", "silent", "hold", "stalled"]

Mood: TypeAlias = tuple[float, float, Emotion, float]
"""(start, end, emotion, upset): one sentence of the customer. `upset` is the sum of p over
ANGRY, SAD, FEARFUL and DISGUSTED, or minus p(HAPPY) where HAPPY is the strongest."""


class LastWords(msgspec.Struct, frozen=True):
    """The latest sentence of a call. The agent's carry `EMO_UNKNOWN`."""

    party: Party
    text: str
    emotion: Emotion
    events: tuple[AudioEvent, ...]
    at: float


class SwapState(msgspec.Struct, frozen=True):
    """The latest time at which customer and agent changed places: `swapped`, the other way
    round than the gateway says. `by` is empty where the gateway did it."""

    swapped: bool
    by: str
    at: float


class CallState(msgspec.Struct, frozen=True, rename={"customer": "from"}):
    """One row of the board. Times are media time, but `started`, which is wall time. `speaker`
    is the party that talks, empty where nobody does or it is not known who."""

    call_id: str
    agent_id: str
    agent_name: str
    queue: str
    customer: str
    order_id: str
    record: bool
    started: str
    at: float
    ended: bool
    activity: Activity
    speaker: str
    since: float
    last: LastWords | None
    mood: tuple[Mood, ...]
    checklist: tuple[ChecklistItem, ...] = ()
    swapped: SwapState | None = None


class ModelStatus(msgspec.Struct, frozen=True):
    """While it is loading, `step` says at what (downloading, loading, comparing, testing) and
    `percent` how far that is, 0 where nobody knows."""

    name: str
    state: Literal["ready", "loading", "failed"]
    demonstration: bool = False
    detail: str = ""
    step: str = ""
    percent: int = 0


class RedisStatus(msgspec.Struct, frozen=True):
    """`since` (wall time) is when it went away; `kept` messages wait for it to come back, of at
    most `limit`: then the oldest drafts go, then states and sentences; alerts never."""

    state: Literal["up", "away"]
    since: str = ""
    kept: int = 0
    limit: int = 0


class PlaybookStatus(msgspec.Struct, frozen=True):
    """`version` is in force for new calls. Where the file is wrong since `since` (wall time),
    `fault` is the first of its `faults`, with its line."""

    version: str
    state: Literal["current", "wrong"] = "current"
    fault: str = ""
    faults: int = 0
    since: str = ""


class LoadStatus(msgspec.Struct, frozen=True):
    """`since` (wall time) is when `overloaded` was first seen."""

    calls: int
    limit: int
    lag_ms: int
    overloaded: bool = False
    shed: int = 0
    since: str = ""


class StreamDoor(msgspec.Struct, frozen=True):
    """Where gateways stream calls in: `host` as it was bound (0.0.0.0 and :: are every address
    of the machine), the port that was really got, and the path of each protocol. `keyed`: a
    gateway's key is asked for."""

    host: str
    port: int
    tls: bool
    keyed: bool
    paths: tuple[str, ...]


class Status(msgspec.Struct, frozen=True):
    model: ModelStatus
    redis: RedisStatus
    load: LoadStatus
    version: str
    playbook: PlaybookStatus


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot", tag_field="type"):
    """Everything a viewer may see as of the log entry `last`: replaces what it had."""

    last: str
    now: str
    status: Status
    calls: tuple[CallState, ...]
    alerts: tuple[Alert, ...]
    prompts: tuple[Prompt, ...]
    messages: tuple[Whisper, ...]


class Events(msgspec.Struct, frozen=True, tag="events", tag_field="type"):
    """What was published since the frame before, in order, as of the log entry `last`."""

    last: str
    now: str
    events: tuple[msgspec.Raw, ...]


class StatusFrame(msgspec.Struct, frozen=True, tag="status", tag_field="type"):
    now: str
    status: Status


class CallDetail(msgspec.Struct, frozen=True):
    """A call and its published messages, oldest first."""

    call: CallState
    events: tuple[msgspec.Raw, ...]


class Me(msgspec.Struct, frozen=True):
    """Who is signed in. `agent_id` is empty for those who are no agent."""

    name: str
    shown: str
    role: str
    agent_id: str
