"""The vocabulary: what is heard, said and felt on a call. Values only, no behaviour.

Times called `start`, `end`, `at`, `since` are offsets into the call's audio in seconds
("media time"). Times called `..._clock` are readings of the monotonic clock, handed in by the
shell as `now`; they serve to measure latency and are never mixed with media time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, TypeAlias

CallId = NewType("CallId", str)
Seconds: TypeAlias = float
Span: TypeAlias = tuple[Seconds, Seconds]
"""From when to when, in media time."""

MODEL_RATE = 16_000
"""Samples per second that the recognizer hears; gateways send 8000 or 16000."""
SAMPLE_BYTES = 2
"""All PCM here is mono signed 16-bit little-endian."""


class Party(StrEnum):
    """Who speaks. `UNKNOWN` where the gateway does not say: it is never guessed."""

    CUSTOMER = "customer"
    AGENT = "agent"
    UNKNOWN = "unknown"

    @property
    def other(self) -> "Party":
        """Whoever talks with them."""
        match self:
            case Party.CUSTOMER:
                return Party.AGENT
            case Party.AGENT:
                return Party.CUSTOMER
            case Party.UNKNOWN:
                return Party.UNKNOWN


class Emotion(StrEnum):
    """SenseVoice's emotion labels. `EMO_UNKNOWN` is no evidence of anything, not calm."""

    HAPPY = "HAPPY"
    SAD = "SAD"
    ANGRY = "ANGRY"
    NEUTRAL = "NEUTRAL"
    FEARFUL = "FEARFUL"
    DISGUSTED = "DISGUSTED"
    SURPRISED = "SURPRISED"
    OTHER = "OTHER"
    UNKNOWN = "EMO_UNKNOWN"


class AudioEvent(StrEnum):
    """SenseVoice's audio event labels, spelt as its tags are."""

    SPEECH = "Speech"
    MUSIC = "BGM"
    LAUGHTER = "Laughter"
    APPLAUSE = "Applause"
    CRY = "Cry"
    SNEEZE = "Sneeze"
    BREATH = "Breath"
    COUGH = "Cough"
    SING = "Sing"
    SPEECH_NOISE = "Speech_Noise"
    BACKGROUND = "GBG"
    UNKNOWN = "Event_UNK"


@dataclass(frozen=True, slots=True)
class CallInfo:
    """What the gateway told us of a call. `customer` is a phone number: personal data, masked
    before it is published."""

    call: CallId
    agent_id: str = ""
    queue: str = ""
    customer: str = field(default="", repr=False)
    dialled: str = ""
    order_id: str = ""
    language: str = "auto"
    record: bool = True  # consent to keep voice clips
    emotion: bool = True  # consent to infer the customer's emotion
    agent_music: bool | None = None  # music is played on the agent's side; None: as is set
    meta: Mapping[str, str] = field(default_factory=dict, repr=False)


# ---- from a gateway's codec ----


@dataclass(frozen=True, slots=True)
class CallStarted:
    """One connection carries these parties of a call. Two connections may carry one call."""

    info: CallInfo
    parties: tuple[Party, ...]
    sample_rate: int
    ends_by_closing: bool = False  # a connection closed in order is a `LegEnded`
    session: str = ""  # the gateway's name for this connection
    continues: frozenset[str] = frozenset()  # sessions whose place it takes
    answer_within: Seconds | None = (
        None  # of its end: longer it does not wait for our last word
    )


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """PCM of one party, any number of whole samples, at its connection's own sample rate."""

    party: Party
    pcm: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AudioLost:
    """So much of this connection's audio was not sent: media time goes on, and what was said
    in it is not known, so it is no silence either."""

    seconds: Seconds


@dataclass(frozen=True, slots=True)
class LanguageChanged:
    """What is said from now on is in this one (`auto`: in any)."""

    language: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """The gateway says that something is wrong on its side, or on ours: for the log."""

    text: str


@dataclass(frozen=True, slots=True)
class HoldStarted:
    """The customer hears music: nothing until `HoldEnded` counts as silence."""


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """The parties are together again."""


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """A key on the customer's phone."""

    digit: str


@dataclass(frozen=True, slots=True)
class PartiesSwapped:
    """Whom the gateway called the customer is the agent, and the other way round: from here on,
    on every connection of the call, or back again."""


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The gateway says that the call is over (a dropped socket does not say so)."""


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The gateway says that this connection carries nothing more: the call is over if it was
    its last, unless the call `goes_on`: then it waits for its gateway."""

    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A reply the gateway expects; the shell writes it to the socket unread."""

    message: str | bytes


GatewayEvent: TypeAlias = (
    CallStarted
    | AudioChunk
    | AudioLost
    | LanguageChanged
    | Complaint
    | HoldStarted
    | HoldEnded
    | DigitPressed
    | PartiesSwapped
    | LegEnded
    | CallEnded
    | Send
)


# ---- from the session ----


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech by one party, with the lead-in before it.

    `number` counts up from 1 within the call, in the order in which utterances are first told
    of: where two parties speak at once, the one that began first may be over last. No number
    is left out. `speech_end` is the last sample of speech; `end` lies later by the quiet kept
    after it. `speech_end_clock` is when that last sample came in: latency counts from there.
    """

    call: CallId
    number: int
    party: Party
    start: Seconds
    speech_end: Seconds
    end: Seconds
    speech_end_clock: Seconds
    sample_rate: int
    pcm: bytes = field(repr=False)
    language: str = "auto"


@dataclass(frozen=True, slots=True)
class Speaking:
    """Speech that still goes on, for the recognizer alone: the sink is never told.

    `so_far` is an utterance in all but finality: all of the audio that is certain to be in it,
    except that a cut of long speech may end it sooner. The `Utterance` of the same `number`
    always follows. `draft` asks for its words as they are by now.
    """

    so_far: Utterance
    draft: bool


@dataclass(frozen=True, slots=True)
class CallOpened:
    """The first connection of a call is there."""

    info: CallInfo


@dataclass(frozen=True, slots=True)
class CallResumed:
    """A call that was heard on another server goes on here: comes in place of `CallOpened`.

    `memory` is what its sink there remembered last (see `streamer.ports.Line`), `ago` how long
    before.
    """

    info: CallInfo
    at: Seconds
    memory: bytes = field(default=b"", repr=False)
    ago: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class CallMoved:
    """Another server has taken the call: comes in place of `CallClosed`. It is not over."""

    call: CallId


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody has spoken since `since`: said once at each mark, and once when it ends.

    `mark_clock` is when the audio that reached the mark came in.
    """

    call: CallId
    since: Seconds
    lasted: Seconds
    last_speaker: Party
    mark_clock: Seconds
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Hold has begun (`on`) or ended."""

    call: CallId
    at: Seconds
    on: bool


@dataclass(frozen=True, slots=True)
class Swapped:
    """Customer and agent have changed places, for what is said after `at`. `swapped`: they are
    now the other way round than the gateway says. `by` is the person who did it, empty where
    the gateway did."""

    call: CallId
    at: Seconds
    swapped: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stalled:
    """The gateway has sent no audio for a while, though the call is open; or sends again."""

    call: CallId
    at: Seconds
    silent_for: Seconds
    ended: bool = False


@dataclass(frozen=True, slots=True)
class CallClosed:
    """Nothing more will be heard of this call. `reason`: ended, lost, shutdown."""

    call: CallId
    at: Seconds
    reason: str


# ---- from the recognizer ----


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in one utterance, and how.

    `emotion_p` and `events_p` are distributions over all labels the model knows and sum to 1;
    `tokens` are (text, media time of its onset). `raw` is SenseVoice's own tagged string.
    """

    call: CallId
    number: int
    party: Party
    start: Seconds
    end: Seconds  # the last sample of speech
    speech_end_clock: Seconds
    text: str
    language: str
    language_p: float
    emotion: Emotion
    emotion_p: Mapping[Emotion, float]
    events: tuple[AudioEvent, ...]
    events_p: Mapping[AudioEvent, float]
    tokens: tuple[tuple[str, Seconds], ...]
    raw: str
    languages_p: Mapping[str, float] = field(default_factory=dict)  # of those allowed


@dataclass(frozen=True, slots=True)
class Draft:
    """What is heard so far of speech that still goes on: droppable, and soon out of date.

    `so_far` is a transcript in all but finality: its `number` is the one that the utterance
    will have, its `end` is where the audio heard so far ends.
    """

    so_far: Transcript

    @property
    def call(self) -> CallId:
        return self.so_far.call


@dataclass(frozen=True, slots=True)
class Unheard:
    """An utterance that could not be recognized. `reason`: failed, shed, shutdown; lost where
    its server died before its words were known."""

    call: CallId
    number: int
    party: Party
    start: Seconds
    end: Seconds
    reason: str


SessionEvent: TypeAlias = (
    CallOpened
    | CallResumed
    | Speaking
    | Utterance
    | Unheard
    | Silence
    | Held
    | Swapped
    | Stalled
    | CallClosed
)

CallNews: TypeAlias = (
    CallOpened | Draft | Transcript | Unheard | Silence | Held | Swapped | Stalled | CallClosed
)
"""What happens on a call, whichever server hears it."""

CallEvent: TypeAlias = CallResumed | CallNews | CallMoved
"""What a call's sink is told, in order. `CallOpened` (or `CallResumed`) comes first and
`CallClosed` (or `CallMoved`) last."""
