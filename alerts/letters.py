"""Which way each message goes: its channel, its field of the call's live state, its worth."""

from dataclasses import dataclass
from typing import TypeAlias

from alerts import wire
from alerts.outbox import Letter, Worth

Fields: TypeAlias = tuple[Worth, str, str, str]
"""Worth, channel without prefix, field of the call's hash, what it is a revision of."""

_WORTH: dict[type[wire.Message], Worth] = {
    wire.CallStarted: Worth.ALERT,
    wire.CallEnded: Worth.ALERT,
    wire.Draft: Worth.DRAFT,
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of keys and those of channels begin with: in a cluster they differ."""

    keys: str = "ew:"
    channels: str = "ew:"


@dataclass(frozen=True, slots=True)
class Kept:
    """The state of a call, sealed by the server that holds it."""

    call: str
    body: bytes


def letter(
    message: wire.Message, number: int, names: Names, posted: float, *, bound: bool = False
) -> Letter:
    """`message`, sealed and addressed; `bound` to what is posted after it."""
    worth, channel, slot, about = _way(message)
    return Letter(
        number=number,
        worth=worth,
        channel=names.channels + channel,
        slot=slot,
        key=call_key(message.call_id, names),
        about=about,
        posted=posted,
        logged=worth is not Worth.DRAFT,
        bound=bound,
        body=wire.encode(message),
    )


def state_letter(kept: Kept, number: int, names: Names, posted: float) -> Letter:
    """What a call is gone on with: for the hash alone."""
    return Letter(
        number=number,
        worth=Worth.STATE,
        channel="",
        slot="state",
        key=call_key(kept.call, names),
        about=f"state:{kept.call}",
        posted=posted,
        logged=False,
        body=kept.body,
    )


def call_key(call: str, names: Names) -> str:
    return f"{names.keys}call:{call}"


def call_of(key: str, names: Names) -> str:
    return key.removeprefix(call_key("", names))


def _way(message: wire.Message) -> Fields:
    match message:
        case wire.Alert(id=id_, rule=rule):
            return Worth.ALERT, "alerts", f"alert:{rule}", id_
        case wire.Prompt(id=id_, agent_id=agent):
            return Worth.ALERT, f"prompts:{agent}", "prompt", id_
        case wire.Checklist(call_id=call, agent_id=agent):
            return Worth.ALERT, f"prompts:{agent}", "checklist", f"checklist:{call}"
        case wire.Whisper(id=id_, agent_id=agent):
            return Worth.ALERT, f"prompts:{agent}", "message", id_
        case wire.Held() | wire.Unheld():
            return Worth.TRANSCRIPT, "calls", "hold", ""
        case _:
            kind = str(type(message).__struct_config__.tag)
            return _WORTH.get(type(message), Worth.TRANSCRIPT), "calls", kind, ""
