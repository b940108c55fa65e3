"""What happened on a call, as it is published: the streamer's events on our wire. Pure."""

from typing import TypeVar

from alerts import wire
from streamer.events import (
    CallClosed,
    CallInfo,
    CallNews,
    CallOpened,
    Draft,
    Held,
    Silence,
    Stalled,
    Swapped,
    Transcript,
    Unheard,
)

Heard = TypeVar("Heard", wire.Transcript, wire.Draft)


def news(event: CallNews, info: CallInfo, agent_name: str) -> wire.Message:
    """`event` and `info` have been masked."""
    match event:
        case CallOpened():
            return started(info, agent_name)
        case Transcript():
            return said(wire.Transcript, event, info.agent_id)
        case Draft(so_far):
            return said(wire.Draft, so_far, info.agent_id)
        case Silence() | Held() | Swapped() | Stalled():
            return quiet(event, info.agent_id)
        case Unheard(call, number, party, start, end, reason):
            return wire.Unheard(call, number, party, start, end, reason, end, info.agent_id)
        case CallClosed(call, at, reason):
            return wire.CallEnded(call, at, reason, info.agent_id)


def quiet(event: Silence | Held | Swapped | Stalled, agent_id: str) -> wire.Message:
    match event:
        case Silence(call, since, lasted, speaker, _, ended):
            return wire.Silence(call, since, lasted, speaker, ended, since + lasted, agent_id)
        case Held(call, at, on):
            return wire.Held(call, at, agent_id) if on else wire.Unheld(call, at, agent_id)
        case Swapped(call, at, swapped, by):
            return wire.Swapped(call, at, swapped, by, agent_id)
        case Stalled(call, at, silent_for, ended):
            return wire.Stalled(call, at, silent_for, ended, agent_id)


def started(info: CallInfo, agent_name: str) -> wire.CallStarted:
    return wire.CallStarted(
        call_id=info.call,
        agent_id=info.agent_id,
        queue=info.queue,
        customer=info.customer,
        dialled=info.dialled,
        order_id=info.order_id,
        language=info.language,
        record=info.record,
        emotion=info.emotion,
        agent_name=agent_name,
    )


def said(kind: type[Heard], event: Transcript, agent_id: str) -> Heard:
    return kind(
        call_id=event.call,
        utterance=event.number,
        party=event.party,
        start=event.start,
        end=event.end,
        text=event.text,
        language=event.language,
        language_p=_short(event.language_p),
        emotion=event.emotion,
        emotion_p={emotion: _short(p) for emotion, p in event.emotion_p.items()},
        events=event.events,
        events_p={heard: _short(p) for heard, p in event.events_p.items()},
        tokens=event.tokens,
        raw=event.raw,
        at=event.end,
        agent_id=agent_id,
    )


def _short(p: float) -> float:
    """Four digits say all that a probability of this model means, in a third of the bytes."""
    return round(p, 4)
