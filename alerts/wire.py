"""The versioned JSON of everything published (docs/contracts.md): one struct a type.

These structs are also the values that the engine, the prompter and the desk hand around: one
definition, from the rule to the browser. `wall` and `latency_ms` are filled in when a value is
published, since nothing before that reads a clock.
"""

from typing import Literal, TypeAlias, TypeVar

import msgspec

from streamer.events import AudioEvent, Emotion, Party

Kind: TypeAlias = Literal[
    "ANGRY",
    "SILENCE",
    "SAD",
    "LAUGHTER",
    "KEYWORD",
    "TALKOVER",
    "ESCALATION",
    "STALLED",
    "STORM",
    "HELP",
]
Severity: TypeAlias = Literal["watch", "high", "critical"]
RANK: dict[Severity, int] = {"watch": 0, "high": 1, "critical": 2}
AlertState: TypeAlias = Literal["active", "acknowledged", "resolved", "false_alarm"]
PromptState: TypeAlias = Literal[
    "shown", "accepted", "dismissed", "not_useful", "replaced", "expired"
]


class Words(msgspec.Struct, frozen=True):
    """One text in the two languages of the interface."""

    zh: str
    en: str


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    start: float
    end: float
    party: Party
    text: str
    emotion: Emotion
    p: float
    clip: str = ""


class Alert(msgspec.Struct, frozen=True, tag="alert", tag_field="type"):
    """One revision of one episode. `rev` counts up from 1; the highest one is the truth.

    `wall` is when this revision was published, `raised_at` when the first one was;
    `escalations` how often it was said again because nobody took it; `desk` which server wrote
    this revision. `owned_severity` is the severity at which `owner` has it, or a lower one that
    it has had since: an alert that is graver than that waits again to be taken.
    `context` are the sentences around the quote; `curve` is [time, P] of the customer's last
    minute: of SAD for alerts of that kind, of ANGRY for all others. `members` are the ids of
    the alerts that one of the kind STORM sums up.
    """

    id: str
    rev: int
    call_id: str
    kind: Kind
    rule: str
    rule_version: str
    severity: Severity
    state: AlertState
    party: Party
    at: float
    since: float
    text: str
    count: int
    score: float
    evidence: tuple[Evidence, ...]
    why: Words
    agent_id: str = ""
    agent_name: str = ""
    queue: str = ""
    owner: str = ""
    owned_at: str = ""
    owned_severity: Severity | Literal[""] = ""
    note: str = ""
    outcome: str = ""
    latency_ms: int = 0
    raised_at: str = ""
    escalations: int = 0
    desk: str = ""
    context: tuple[Evidence, ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    members: tuple[str, ...] = ()
    wall: str = ""
    v: int = 1


class Prompt(msgspec.Struct, frozen=True, tag="prompt", tag_field="type"):
    """Something for the agent to say. `about` is the number of the customer's utterance that it
    answers, `quote` what was said in it."""

    id: str
    call_id: str
    agent_id: str
    situation: str
    because: Words
    title: Words
    say: tuple[str, ...]
    about: int
    state: PromptState
    at: float
    quote: str = ""
    wall: str = ""
    v: int = 1


class ChecklistItem(msgspec.Struct, frozen=True):
    """`by` is the number of the utterance that did it, 0 until then."""

    id: str
    label: Words
    done: bool
    by: int


class Checklist(msgspec.Struct, frozen=True, tag="checklist", tag_field="type"):
    """What the agent should say in every call, and what of it has been said: all of it, each
    time that changes."""

    call_id: str
    items: tuple[ChecklistItem, ...]
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Whisper(
    msgspec.Struct, frozen=True, tag="message", tag_field="type", rename={"sender": "from"}
):
    """What a supervisor tells the agent of a call; the customer does not hear it. It is said
    twice: when it is sent, and once the agent has `seen` it."""

    id: str
    call_id: str
    agent_id: str
    sender: str
    text: str  # masked
    seen: bool
    at: float
    wall: str = ""
    v: int = 1


class CallStarted(
    msgspec.Struct,
    frozen=True,
    tag="call_started",
    tag_field="type",
    rename={"customer": "from", "dialled": "to"},
):
    call_id: str
    agent_id: str
    queue: str
    customer: str  # masked
    dialled: str
    order_id: str
    language: str
    record: bool
    emotion: bool
    agent_name: str = ""
    at: float = 0.0
    wall: str = ""
    v: int = 1


class CallEnded(msgspec.Struct, frozen=True, tag="call_ended", tag_field="type"):
    call_id: str
    at: float
    reason: str
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Said(msgspec.Struct, frozen=True):
    """What was heard of one utterance. Only its two kinds below are published."""

    call_id: str
    utterance: int
    party: Party
    start: float
    end: float
    text: str
    language: str
    language_p: float
    emotion: Emotion
    emotion_p: dict[Emotion, float]
    events: tuple[AudioEvent, ...]
    events_p: dict[AudioEvent, float]
    tokens: tuple[tuple[str, float], ...]
    raw: str
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Transcript(Said, frozen=True, tag="transcript", tag_field="type"):
    """What was said, heard once and for all."""


class Draft(Said, frozen=True, tag="draft", tag_field="type"):
    """What is heard so far of speech that still goes on; its transcript has the same number."""


class Silence(msgspec.Struct, frozen=True, tag="silence", tag_field="type"):
    call_id: str
    since: float
    lasted: float
    last_speaker: Party
    ended: bool
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Held(msgspec.Struct, frozen=True, tag="hold", tag_field="type"):
    call_id: str
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Unheld(msgspec.Struct, frozen=True, tag="unhold", tag_field="type"):
    call_id: str
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Swapped(msgspec.Struct, frozen=True, tag="swapped", tag_field="type"):
    """Customer and agent have changed places, for what is said after `at`. `swapped`: they are
    the other way round than the gateway says. `by` is empty where the gateway did it."""

    call_id: str
    at: float
    swapped: bool
    by: str = ""
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Stalled(msgspec.Struct, frozen=True, tag="stalled", tag_field="type"):
    call_id: str
    at: float
    silent_for: float
    ended: bool
    agent_id: str = ""
    wall: str = ""
    v: int = 1


class Unheard(msgspec.Struct, frozen=True, tag="unheard", tag_field="type"):
    call_id: str
    utterance: int
    party: Party
    start: float
    end: float
    reason: str
    at: float
    agent_id: str = ""
    wall: str = ""
    v: int = 1


Message: TypeAlias = (
    Alert
    | Prompt
    | Checklist
    | Whisper
    | CallStarted
    | CallEnded
    | Draft
    | Transcript
    | Silence
    | Held
    | Unheld
    | Swapped
    | Stalled
    | Unheard
)

_TIMES = ("at", "since", "start", "end", "lasted", "silent_for")

T = TypeVar("T", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def encode(message: Message) -> bytes:
    """The message as compact UTF-8 JSON."""
    return _encoder.encode(message)


def stamped(message: Message, wall: str) -> Message:
    """The message as published at `wall`: its media times to the millisecond, which is more
    than anyone can hear."""
    if isinstance(message, Alert):
        message = msgspec.structs.replace(
            message,
            evidence=tuple(_to_the_millisecond(e) for e in message.evidence),
            context=tuple(_to_the_millisecond(e) for e in message.context),
        )
    return msgspec.structs.replace(_to_the_millisecond(message), wall=wall)


def _to_the_millisecond(it: T) -> T:
    times = {name: round(at, 3) for name in _TIMES if (at := getattr(it, name, None))}
    return msgspec.structs.replace(it, **times)


def decode(data: bytes | str) -> Message:
    """The message in `data`. Raises `msgspec.DecodeError` for anything that is not one."""
    return _decoder.decode(data)
