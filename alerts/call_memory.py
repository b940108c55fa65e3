"""What the alerts' side of a call needs to go on with it on another server. Pure.

Everything in it has been masked. What is not in it: the digits of a number that is dictated
over several sentences (they are personal), and clips that still wait for their words.
"""

from typing import Literal

import msgspec

from alerts import call_masking
from alerts.engine import EngineState
from alerts.wire import Alert
from streamer.events import Seconds


class CallMemory(msgspec.Struct, frozen=True):
    """`alerts` are the live ones with what people made of them, `clips` where the voice behind
    each evidence is, by its end, `untaken` for how long critical ones have waited for somebody.
    Another `v` is another version's."""

    engine: EngineState
    alerts: list[Alert]
    clips: dict[Seconds, str]
    masking: call_masking.Memory = call_masking.Memory()
    untaken: dict[str, Seconds] = {}
    v: Literal[1] = 1


def pack(memory: CallMemory) -> bytes:
    return msgspec.msgpack.encode(memory)


def unpack(packed: bytes) -> CallMemory | None:
    """None for what no version of ours can read."""
    try:
        return msgspec.msgpack.decode(packed, type=CallMemory)
    except msgspec.MsgspecError:
        return None
