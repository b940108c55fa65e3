"""One live call as a row of the board: folds its messages into a `CallState`."""

from collections import deque

import msgspec

from alerts import wire
from streamer.events import Emotion, Party
from web_dashboard.view import Activity, CallState, LastWords, Mood, SwapState

MOOD_SECONDS = 300.0
MOODS = 300
EVENTS = 2000

_UPSET = (Emotion.ANGRY, Emotion.SAD, Emotion.FEARFUL, Emotion.DISGUSTED)


class CallRow:
    """What is known of one call. It takes messages in any order and never raises: a log that
    was trimmed may begin in the middle of a call.

    `silent` is only said where a silence was measured; what is not known is "talking" by "".
    """

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.info: wire.CallStarted | None = None
        self.agent_id = ""
        self.ended = False
        self._events: deque[tuple[bool, bytes]] = deque()
        self._known: set[bytes] = set()
        self._heard: dict[Party, int] = {}  # the newest sentence of each that is known
        self._started = ""
        self._at = 0.0
        self._activity: Activity = "talking"
        self._speaker = ""
        self._since = 0.0
        self._last: LastWords | None = None
        self._mood: deque[Mood] = deque(maxlen=MOODS)
        self._checklist: tuple[wire.ChecklistItem, ...] = ()
        self._swapped: SwapState | None = None

    def apply(self, message: wire.Message, raw: msgspec.Raw) -> None:
        self._keep(isinstance(message, wire.Alert), bytes(raw))
        self.agent_id = self.agent_id or message.agent_id
        self._at = max(self._at, message.at)
        self._started = self._started or message.wall
        self._count(message)
        match message:
            case wire.CallStarted():
                self.info, self.agent_id = message, message.agent_id
                self._started = message.wall
            case wire.CallEnded():
                self.ended = True
            case wire.Transcript():
                self._say(message)
            case wire.Silence() | wire.Held() | wire.Unheld() | wire.Stalled():
                self._turn(message)
            case wire.Checklist():
                self._checklist = message.items
            case wire.Swapped(at=at, swapped=swapped, by=by):
                self._swapped = SwapState(swapped, by, at)

    @property
    def queue(self) -> str:
        return self.info.queue if self.info else ""

    def knows(self, raw: msgspec.Raw) -> bool:
        """Whether the very same message came before. A Redis that was killed forgets, and is
        told again: under a new entry id, but with the same wall time."""
        return bytes(raw) in self._known

    def has_heard(self, draft: wire.Draft) -> bool:
        """Whether the draft comes too late: the sentences of one party are told in order."""
        return draft.utterance <= self._heard.get(draft.party, 0)

    def events(self, *, alerts: bool) -> tuple[msgspec.Raw, ...]:
        """The latest messages, oldest first, as JSON; with the alerts among them or without."""
        return tuple(
            msgspec.Raw(raw) for is_alert, raw in self._events if alerts or not is_alert
        )

    def state(self) -> CallState:
        info = self.info
        return CallState(
            call_id=self.call_id,
            agent_id=self.agent_id,
            agent_name=info.agent_name if info else "",
            queue=info.queue if info else "",
            customer=info.customer if info else "",
            order_id=info.order_id if info else "",
            record=info.record if info else False,
            started=self._started,
            at=self._at,
            ended=self.ended,
            activity=self._activity,
            speaker=self._speaker,
            since=self._since,
            last=self._last,
            mood=tuple(m for m in self._mood if m[1] >= self._at - MOOD_SECONDS),
            checklist=self._checklist,
            swapped=self._swapped,
        )

    def _keep(self, is_alert: bool, raw: bytes) -> None:
        self._events.append((is_alert, raw))
        self._known.add(raw)
        if len(self._events) > EVENTS:
            self._known.discard(self._events.popleft()[1])

    def _count(self, message: wire.Message) -> None:
        if isinstance(message, wire.Transcript | wire.Unheard):
            newest = max(message.utterance, self._heard.get(message.party, 0))
            self._heard[message.party] = newest

    def _say(self, said: wire.Transcript) -> None:
        self._last = LastWords(said.party, said.text, said.emotion, said.events, said.at)
        if said.party is Party.CUSTOMER:
            self._mood.append((said.start, said.end, said.emotion, upset(said)))
        # A sentence is recognized after it was said: by then the line may be silent or on hold.
        if said.end <= self._since:
            return
        if (self._activity, self._speaker) != ("talking", said.party):
            self._become("talking", max(said.start, self._since), said.party)

    def _turn(self, what: wire.Silence | wire.Held | wire.Unheld | wire.Stalled) -> None:
        match what:
            case wire.Silence(ended=False):
                if self._activity in ("talking", "silent"):
                    self._become("silent", what.since)
            case wire.Silence():
                if self._activity == "silent":
                    self._become("talking", what.since + what.lasted)
            case wire.Held():
                self._become("hold", what.at)
            case wire.Stalled(ended=False):
                self._become("stalled", what.at)
            case _:
                self._become("talking", what.at)

    def _become(self, activity: Activity, since: float, speaker: str = "") -> None:
        self._activity, self._since, self._speaker = activity, since, speaker


def upset(said: wire.Transcript) -> float:
    """How upset the sentence sounds, -1 to 1; below zero it sounds happy."""
    if said.emotion is Emotion.HAPPY:
        return -said.emotion_p.get(Emotion.HAPPY, 0.0)
    return sum(said.emotion_p.get(emotion, 0.0) for emotion in _UPSET)
