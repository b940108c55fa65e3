"""What a gateway plays into the agent's stream (music, announcements) is said by nobody.

Played words are taken away before anybody hears of them, so that neither a silence, a rule nor
a statistic counts them as the agent speaking.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from streamer.events import AudioEvent, CallInfo, Emotion, Party, Transcript, Utterance
from streamer.ports import Recognizer

_LEAST = 4  # characters: less may be anything
_ALIKE = 0.8  # share of the words that has to be the announcement's, for what is misheard
_NUMBER = re.compile(r"[0-9〇零一二三四五六七八九幺]{4}")
"""May be personal, and masking has to see it: then somebody is speaking."""


@dataclass(frozen=True, slots=True)
class Played:
    """`music`: where the recognizer hears music on the agent's side, words are a song's.
    `announcements`: texts that are played, whole or in parts. Both are the agent's side only:
    a customer may well have a radio on."""

    music: bool = False
    announcements: Sequence[str] = ()

    def without(self, heard: Transcript) -> Transcript:
        """`heard`, or music without words in its place."""
        return _music(heard) if self._is_played(heard) else heard

    def _is_played(self, heard: Transcript) -> bool:
        said = _letters(heard.text)
        if heard.party is not Party.AGENT or not said or _NUMBER.search(said):
            return False
        if self.music and AudioEvent.MUSIC in heard.events:
            return True
        return any(_is_part(said, _letters(text)) for text in self.announcements)


class Unplayed:
    """A `Recognizer` that hears nobody in what is played."""

    def __init__(self, recognizer: Recognizer, played: Played) -> None:
        self._recognizer, self._played = recognizer, played
        self.grow = recognizer.grow

    async def transcribe(self, utterance: Utterance) -> Transcript:
        return self._played.without(await self._recognizer.transcribe(utterance))

    async def draft(self, so_far: Utterance) -> Transcript:
        return self._played.without(await self._recognizer.draft(so_far))


def played_on(info: CallInfo, set_to: Played) -> Played:
    """What the gateway says of the call comes before the setting."""
    return set_to if info.agent_music is None else replace(set_to, music=info.agent_music)


def _music(heard: Transcript) -> Transcript:
    events = tuple(dict.fromkeys([*heard.events, AudioEvent.MUSIC]))
    nothing = {Emotion.UNKNOWN: 1.0}
    return replace(
        heard, text="", tokens=(), emotion=Emotion.UNKNOWN, emotion_p=nothing, events=events
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _is_part(said: str, announcement: str) -> bool:
    if len(said) < _LEAST:
        return False
    blocks = SequenceMatcher(None, said, announcement, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size > 1) >= _ALIKE * len(said)
