"""`/audiohook`: Genesys Cloud AudioHook Monitor, protocol version 2.

Numbered JSON messages both ways, and the audio of both parties in binary frames. A session is
opened, may pause, and is closed by the gateway alone: where we want it to end we say so and
wait. docs/gateways/audiohook.md says what to type there.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum, auto
from typing import Final, TypeVar

import msgspec

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways import audiohook_messages as said
from streamer.gateways.audiohook_events import BURST, Pace, entity
from streamer.gateways.audiohook_numbers import Numbers, Stream
from streamer.gateways.audiohook_open import (
    CODES,
    RATE,
    AudiohookSettings,
    Opening,
    language_of,
    opening,
)
from streamer.gateways.limits import audio_of, reason, text_of, understood
from streamer.gateways.voices import WholeSamples, voices
from streamer.handshake import Handshake
from streamer.pcm import from_mulaw, seconds_of
from streamer.ports import Farewell

ORDERLY: Final = (1000, 1001)

_DECODERS: Final[Mapping[str, tuple[int, Callable[[bytes], bytes]]]] = {
    "PCMU": (1, from_mulaw),
    "L16": (ev.SAMPLE_BYTES, bytes),
}  # bytes a sample, to PCM
T = TypeVar("T")


class _State(Enum):
    NEW = auto()  # before `open`
    ACTIVE = auto()
    PAUSED = auto()
    CLOSING = auto()  # the gateway has said `close`
    PARTING = auto()  # we have said `disconnect`
    CLOSED = auto()  # we have said `closed`


class AudiohookCodec:
    """One session. Its messages are numbered as they are made, so at most one `Send` is among
    the events, the first of them: nothing else is made before it is sent."""

    def __init__(
        self, settings: AudiohookSettings | None = None, handshake: Handshake | None = None
    ) -> None:
        self._settings, self._shown = settings or AudiohookSettings(), handshake or Handshake()
        self._numbers = Numbers(self._shown.header("audiohook-session-id"))
        self._state = _State.NEW
        self._opening: Opening | None = None
        self._stream, self._pace = Stream(), Pace()
        self._whole, self._decode = WholeSamples(1), _DECODERS["PCMU"][1]
        self._welcome: dict[str, object] = {}  # the parameters of `opened`
        self._unauthorized = False

    def receive(self, message: str | bytes) -> list[ev.GatewayEvent]:
        """What the gateway said; nothing after `close`. Raises `ProtocolError`, its text fit
        for a close reason."""
        if self._state in (_State.CLOSING, _State.CLOSED):
            return []
        if self._state is _State.PARTING:
            return [] if isinstance(message, bytes) else self._part(message)
        with understood():
            if isinstance(message, bytes):
                return self._hear(audio_of(message))
            its = self._numbers.read(text_of(message))
            self._numbers.check(its)
            return [*self._catch_up(its), *self._obey(its)]

    def entered(self) -> list[str]:
        """`opened`: not before, since a call may find no room."""
        return [self._numbers.say("opened", self._welcome)]

    def relay(self, published: str) -> list[str | bytes]:
        """Finished sentences and alerts as `event`, as far as they are wanted."""
        its = self._opening
        if its is None or its.started is None or self._state in (_State.PARTING, _State.CLOSED):
            return []
        base = 0.0 if its.started.continues else self._stream.began
        if it := entity(published, its.events, its.parties, base):
            self._pace.push(it)
        return [*self._events(last=self._state is _State.CLOSING)]

    def farewell(self, code: int, reason: str) -> Farewell:
        """`closed` where the gateway has asked for it, else `disconnect`. It closes."""
        if self._state is _State.CLOSED:
            return Farewell()
        last = [*self._events(last=True)]
        if self._state is _State.CLOSING:
            self._state = _State.CLOSED
            return Farewell((*last, self._numbers.say("closed")), wait=True)
        self._state = _State.PARTING
        why = "completed" if code in ORDERLY else "error"
        why = "unauthorized" if self._unauthorized else why
        goodbye = self._numbers.say("disconnect", {"reason": why, "info": reason})
        return Farewell((*last, goodbye), wait=True)

    def _hear(self, audio: bytes) -> list[ev.GatewayEvent]:
        its = self._opening
        if its is None:
            raise ProtocolError("audio before the session is open")
        if its.started is None or self._state is _State.PAUSED:
            # What is said in a pause is not meant for anybody: it may be a card's number.
            return []
        pcm = self._decode(self._whole.push(audio))
        self._stream.goes_on(seconds_of(pcm, RATE * len(its.parties)))
        events = [ev.Send(each) for each in self._events(most=1)]
        return [*events, *voices(pcm, its.parties, RATE)]

    def _obey(self, its: said.Message) -> list[ev.GatewayEvent]:
        match its.type:
            case "open":
                return self._open(its)
            case "ping":
                return [self._answer("pong")]
            case "error":
                return [self._troubled(_read(its, said.Trouble))]
            case "close":
                return self._close(_read(its, said.Close))
            case _ if self._state is _State.NEW:
                raise ProtocolError(reason(f"{its.type} before open"))
            case _:
                return self._go_on(its)

    def _go_on(self, its: said.Message) -> list[ev.GatewayEvent]:
        match its.type:
            case "paused" | "resumed" | "discarded":
                return self._move(its)
            case "update":
                language = language_of(_read(its, said.Update).language)
                return [self._answer("updated"), ev.LanguageChanged(language)]
            case "dtmf":
                return [ev.DigitPressed(_read(its, said.Pressed).digit)]
            case _:  # about what is played, and nothing is; or newer than we are
                return []

    def _open(self, its: said.Message) -> list[ev.GatewayEvent]:
        if self._state is not _State.NEW:
            raise ProtocolError("the session is open already")
        wanted = _read(its, said.Open)
        shown = self._shown.header("audiohook-organization-id")
        if shown and shown.lower() != wanted.organization.lower():
            self._unauthorized = True
            raise ProtocolError("organizationId is not what the request's header says")
        opened = opening(wanted, self._numbers.session, self._shown, self._settings)
        size, self._decode = _DECODERS[opened.media.format]
        self._whole = WholeSamples(size * len(opened.parties))
        self._stream.begin(said.seconds(its.position))
        self._opening, self._state = opened, _State.ACTIVE
        media = msgspec.to_builtins(opened.media)
        self._welcome = {"media": [media], "startPaused": False}
        if wanted.asks_languages:
            heard = self._settings.languages
            self._welcome["supportedLanguages"] = [CODES[it] for it in heard if it in CODES]
        if opened.started is None:
            return [ev.Send(each) for each in self.entered()]
        return [opened.started]

    def _move(self, its: said.Message) -> list[ev.GatewayEvent]:
        if its.type == "paused":
            before, self._state = self._state, _State.PAUSED
            return [] if before is _State.PAUSED else [ev.HoldStarted()]
        left = self._leave(said.seconds(_read(its, said.Left).discarded))
        if its.type == "discarded" or self._state is not _State.PAUSED:
            return left
        self._state = _State.ACTIVE
        return [*left, ev.HoldEnded()]

    def _close(self, its: said.Close) -> list[ev.GatewayEvent]:
        """Only `end` is the conversation's end: after anything else it may come back."""
        self._state = _State.CLOSING
        return [ev.LegEnded(goes_on=its.reason != "end")]

    def _catch_up(self, its: said.Message) -> list[ev.GatewayEvent]:
        """A position ahead of the audio tells what was lost on the way."""
        position = said.seconds(its.position)
        if self._state is not _State.ACTIVE or its.type in ("resumed", "discarded"):
            return []
        return self._leave(self._stream.lost(position))

    def _leave(self, length: ev.Seconds) -> list[ev.GatewayEvent]:
        self._stream.goes_on(length)
        call = self._opening is not None and self._opening.started is not None
        return [ev.AudioLost(length)] if length and call else []

    def _troubled(self, its: said.Trouble) -> ev.GatewayEvent:
        if its.code == 429:
            self._pace.wait(self._stream.at + said.seconds(its.retry_after))
        return ev.Complaint(reason(f"AudioHook error {its.code}: {its.message}"))

    def _part(self, message: str) -> list[ev.GatewayEvent]:
        """After `disconnect`: whatever else it says, only its `close` counts."""
        with suppress(ProtocolError), understood():
            its = self._numbers.read(text_of(message))
            if its.type == "close":
                self._state = _State.CLOSED
                return [self._answer("closed")]
            if its.type == "ping":
                return [self._answer("pong")]
        return []

    def _answer(self, kind: str, parameters: Mapping[str, object] | None = None) -> ev.Send:
        return ev.Send(self._numbers.say(kind, parameters))

    def _events(self, *, last: bool = False, most: int = BURST) -> list[str]:
        due = self._pace.due(self._stream.at, last=last, most=most)
        return [self._numbers.say("event", {"entities": entities}) for entities in due]


def _read(its: said.Message, kind: type[T]) -> T:
    """Raises msgspec's errors."""
    return msgspec.json.decode(its.parameters, type=kind)
