"""Who is on which channel of a Yeastar PBX's call."""

import re
from dataclasses import dataclass
from typing import Final

from streamer.errors import ProtocolError
from streamer.events import SAMPLE_BYTES, Party
from streamer.gateways.voices import WholeSamples

PARTIES: Final = (Party.CUSTOMER, Party.AGENT, Party.UNKNOWN)
_CHANNEL: Final = re.compile(r"[^/]+/(?P<name>.+)-[^-]+")
"""`PJSIP/1009-00000005`: what it leads to, and a number."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One channel, and what of its last sample has come."""

    party: Party
    number: str
    whole: WholeSamples


class Channels:
    """The channels that are open. A party is free again when its channel ends: after a transfer
    another agent takes it."""

    def __init__(self, extensions: str) -> None:
        """`extensions`: which numbers are extensions, as a regular expression; if empty, those
        that a channel is named after."""
        self._extensions = extensions
        self._open: dict[str, Voice] = {}

    def __len__(self) -> int:
        return len(self._open)

    def voice(self, channel: str, number: str) -> Voice:
        """Whose channel it is. A second one of the same kind, as between two extensions, is
        UNKNOWN's: that it is no customer does not make it the other agent. Raises
        `ProtocolError` where even that one is there."""
        known = self._open.get(channel)
        if known is not None:
            return known
        taken = {voice.party for voice in self._open.values()}
        party = next(
            (it for it in (self._kind(channel, number), Party.UNKNOWN) if it not in taken), None
        )
        if party is None:
            raise ProtocolError("more voices than two parties and one unknown at a time")
        voice = Voice(party, number, WholeSamples(SAMPLE_BYTES))
        self._open[channel] = voice
        return voice

    def end(self, channel: str) -> None:
        self._open.pop(channel, None)

    def number_of(self, party: Party) -> str:
        """Empty where nobody is."""
        numbers = (voice.number for voice in self._open.values() if voice.party is party)
        return next(numbers, "")

    def _kind(self, channel: str, number: str) -> Party:
        if self._extensions:
            ours = re.fullmatch(self._extensions, number) is not None
            return Party.AGENT if ours else Party.CUSTOMER
        leads = _CHANNEL.fullmatch(channel)
        if leads is None or not number:
            return Party.UNKNOWN
        return Party.AGENT if leads["name"] == number else Party.CUSTOMER
