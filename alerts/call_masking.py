"""Masking over a whole call: what one sentence asks for and another answers. Pure.

"请报一下验证码" - "482913" is a code, "一三八" - "零零零零" - "一二三四" a mobile number. What
was published cannot be called back, so of a number that goes on in another sentence everything
is hidden that comes with that.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from alerts.masking import KINDS, hide, is_rest, mask, masked_by
from alerts.numbers import KEYWORD, RUN, Number, numbers
from alerts.personal import MaskKind, unfinished
from streamer.events import Party, Seconds, Transcript

REMEMBERED: Seconds = 15.0
"""So long a number may be the answer to what was asked."""
PAUSE: Seconds = 6.0
"""So long a number may be paused in before it goes on."""
_MOST = 60  # characters of a number that goes on and on
_AROUND = " \t\n,.，。、！？?!"
_BEGINS = re.compile(rf"[{_AROUND}嗯呃啊]*({RUN.pattern})", re.IGNORECASE)
_LOST = "?"  # in place of digits that another server heard
_SHOWN = 3  # digits that a draft may end with: more of them is the beginning of a number


class Memory(msgspec.Struct, frozen=True):
    """What may travel to another server: which party has broken off in a number, and when; the
    digits themselves are personal, so what goes on there is hidden without them."""

    asked: str = ""
    asked_at: Seconds = 0.0
    begun: dict[Party, Seconds] = {}


@dataclass(slots=True)
class CallMasking:
    """One call's. Tell it every transcript in order; drafts may come in between."""

    kinds: Sequence[MaskKind] = KINDS
    _asked: str = field(default="", init=False)  # the newest word that says what a number is
    _asked_at: Seconds = field(default=0.0, init=False)
    _begun: dict[Party, tuple[Seconds, str]] = field(default_factory=dict, init=False)

    def transcript(self, said: Transcript) -> Transcript:
        asked, begun = self._before(said)
        masked = masked_by(said, lambda text: self._mask(text, asked, begun))
        self._remember(said, begun)
        return masked

    def state(self) -> Memory:
        begun = {
            party: ended for party, (ended, digits) in self._begun.items() if digits.strip()
        }
        return Memory(self._asked, self._asked_at, begun)

    def restore(self, memory: Memory) -> None:
        self._asked, self._asked_at = memory.asked, memory.asked_at
        self._begun = {party: (ended, _LOST) for party, ended in memory.begun.items()}

    def draft(self, so_far: Transcript) -> Transcript:
        """Any digits it ends with may be the beginning of a number."""
        asked, begun = self._before(so_far)

        def masking(text: str) -> str:
            text = self._mask(text, asked, begun)
            last = _last(text) if self.kinds else None
            if last is None or is_rest(text, last):
                return text
            return hide(text, last, (_SHOWN, len(last.digits)))

        return masked_by(so_far, masking)

    def _before(self, said: Transcript) -> tuple[str, str]:
        """What was asked for, and the number this party broke off with."""
        asked = self._asked if said.start - self._asked_at <= REMEMBERED else ""
        ended, digits = self._begun.get(said.party, (0.0, ""))
        return asked, digits if said.start - ended <= PAUSE else ""

    def _mask(self, text: str, asked: str, begun: str) -> str:
        before = f"{asked}\n{begun}\n"
        goes_on = _BEGINS.match(text) if begun else None
        masked = mask(f"{asked}\n{text}", self.kinds)[len(asked) + 1 :]
        lost = bool(self.kinds) and begun.startswith(_LOST)
        if goes_on and (lost or "*" in self._whole(before + goes_on[1])):
            masked = _starred(masked, *goes_on.span(1))
        if (last := _last(text)) and (span := self._unfinished(f"{asked}\n{text}")):
            masked = hide(masked, last, span)
        return masked

    def _whole(self, text: str) -> str:
        """The text masked, its last number as if it were to go on."""
        span, last = self._unfinished(text), _last(text)
        return mask(hide(text, last, span) if span and last else text, self.kinds)

    def _unfinished(self, text: str) -> tuple[int, int] | None:
        last = _last(text)
        telephones = {"mobile", "id_card", "bank_card"} & set(self.kinds)
        return unfinished(last) if last and telephones else None

    def _remember(self, said: Transcript, begun: str) -> None:
        if words := KEYWORD.findall(said.text):
            self._asked = next(word for word in words[-1] if word)
            self._asked_at = said.end
        last, alone = _last(said.text), _BEGINS.match(said.text)
        if last is None or alone is None:
            begun = ""
        elif said.text[alone.end() :].strip(_AROUND):
            begun = ""  # the number it began with ended within it
        self._begun[said.party] = (
            said.end,
            (begun + "\n" + _written(said.text, last))[-_MOST:],
        )


def _last(text: str) -> Number | None:
    """The number that the text ends with."""
    found = list(numbers(text))
    if not found or text[found[-1].places[-1][1] :].strip(_AROUND):
        return None
    return found[-1]


def _written(text: str, number: Number | None) -> str:
    return text[number.places[0][0] : number.places[-1][1]] if number else ""


def _starred(text: str, start: int, end: int) -> str:
    hidden = "".join("*" if c.isalnum() else c for c in text[start:end])
    return text[:start] + hidden + text[end:]
