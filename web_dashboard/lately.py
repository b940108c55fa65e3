"""What was published last, for those who come again and know how far they had got. Pure."""

from collections import deque

from web_dashboard.feed import Folded, entry_time


class Lately:
    """The latest `limit` messages that the board took in, in the order of the log."""

    def __init__(self, limit: int = 4000) -> None:
        self._limit = limit
        self._kept: deque[Folded] = deque()
        self._gap: tuple[int, int] | None = None  # what came up to here may not be kept

    def put(self, folded: Folded) -> None:
        if self._gap is None:
            self._gap = entry_time(folded.entry)
        self._kept.append(folded)
        if len(self._kept) > self._limit:
            self._gap = entry_time(self._kept.popleft().entry)

    def clear(self) -> None:
        """The log has lost entries, and ids may be given twice."""
        self._kept.clear()
        self._gap = None

    def since(self, entry: str, last: str) -> list[Folded] | None:
        """All after the log id `entry`, oldest first; None where it is not known that this is
        all: too old, no id, or later than `last`, the newest that the board knows."""
        try:
            after = entry_time(entry)
        except ValueError:
            return None
        if self._gap is None or not self._gap <= after <= entry_time(last):
            return None
        return [folded for folded in self._kept if entry_time(folded.entry) > after]
