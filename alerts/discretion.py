"""What of a call's events may leave the process: emotions that may be looked at, masked words.

Pure; one per call, told every event in order.
"""

from collections.abc import Sequence

from alerts.call_masking import CallMasking, Memory
from alerts.masking import KINDS, mask_info, without_emotion
from alerts.personal import MaskKind
from streamer.events import CallInfo, CallNews, CallOpened, Draft, Party, Transcript


class Discretion:
    """`felt` are the parties whose emotion may be inferred; without the caller's consent, none.
    `mask` are the kinds of numbers to hide."""

    def __init__(
        self, info: CallInfo, felt: frozenset[Party], mask: Sequence[MaskKind] = KINDS
    ) -> None:
        self.info = mask_info(info, mask)
        self._felt = felt if info.emotion else frozenset[Party]()
        self._masking = CallMasking(mask)

    def state(self) -> Memory:
        return self._masking.state()

    def restore(self, memory: Memory) -> None:
        self._masking.restore(memory)

    def fit(self, event: CallNews) -> CallNews:
        match event:
            case Transcript():
                return self._masking.transcript(self._feeling(event))
            case Draft(so_far):
                return Draft(self._masking.draft(self._feeling(so_far)))
            case CallOpened():
                return CallOpened(self.info)
            case _:
                return event

    def _feeling(self, said: Transcript) -> Transcript:
        return said if said.party in self._felt else without_emotion(said)
