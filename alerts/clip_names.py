"""What a voice clip is called, wherever it is kept: by a hash of its call, and its stretch.

Call ids come from outside and may hold anything; they never become part of a name.
"""

import hashlib
import math

from streamer.events import Seconds

_LONGEST_CALL: Seconds = 1e6


def clip_name(call_id: str, start: Seconds, end: Seconds) -> str | None:
    """`folder/file`; None for a stretch that no call can have."""
    if not all(math.isfinite(t) and 0 <= t <= _LONGEST_CALL for t in (start, end)):
        return None
    folder = hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{folder}/{round(start * 1000)}-{round(end * 1000)}.wav"
