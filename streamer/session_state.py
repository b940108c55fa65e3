"""What a call needs to go on in another process: values only, no audio, nothing personal.

What was being said at that moment is not in it, but for its number, by which it is told to be
unheard. `CallInfo` is not either, but for what was refused: the gateway that comes back tells
the rest again.
"""

from dataclasses import dataclass

from streamer.ears import EarsState
from streamer.events import Party, Seconds
from streamer.silence import WatchState


@dataclass(frozen=True, slots=True)
class Owed:
    """An utterance that has a number, and whose words the sink has not been told."""

    number: int
    party: Party
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class AudioState:
    ears: EarsState
    watch: WatchState
    number: int  # of the newest utterance
    owed: list[Owed]  # in order
    record: bool
    emotion: bool


@dataclass(frozen=True, slots=True)
class SessionState:
    """`..._ago` are seconds before the state was taken: clocks of two machines differ."""

    audio: AudioState
    opened_ago: Seconds
    heard_ago: Seconds
    held: bool
    stalled: bool
