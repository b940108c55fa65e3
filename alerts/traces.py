"""Whole calls as JSON lines: what a call's sink was told, and what was published of it. Pure.

A trace holds the events of one call, one a line, as `row` writes them. An export of `ew:log`
holds published messages of many calls; those that a call's sink was told of are events again.
"""

import json
from typing import Any, TypeAlias

import msgspec

from alerts import wire
from streamer import events as ev
from streamer.errors import EarwitnessError

Calls: TypeAlias = dict[str, list[ev.CallNews]]

_KINDS: dict[str, type[ev.CallNews]] = {
    kind.__name__: kind
    for kind in (
        ev.CallOpened, ev.Draft, ev.Transcript, ev.Unheard, ev.Silence, ev.Held, ev.Swapped,
        ev.Stalled, ev.CallClosed,
    )
}  # fmt: skip


class TraceError(EarwitnessError):
    """A file that is no trace; the text says where and why."""


def row(event: ev.CallNews) -> dict[str, Any]:
    """The event with its type, its numbers to four digits."""
    text = msgspec.json.encode(event)
    fields: dict[str, Any] = json.loads(
        text, parse_float=lambda digits: round(float(digits), 4)
    )
    return {"type": type(event).__name__} | fields


def line(event: ev.CallNews) -> str:
    """The event as a line of a trace."""
    return json.dumps(row(event), ensure_ascii=False) + "\n"


def read(text: str, name: str) -> Calls:
    """The calls in `text`, each with its events in order. Raises `TraceError`, which says the
    line; `name` is the file's."""
    calls: Calls = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            event = event_of(json.loads(line))
        except (ValueError, TypeError, KeyError, msgspec.MsgspecError) as error:
            raise TraceError(f"{name}, line {number}: no event of a call ({error})") from error
        if event is not None:
            call = event.info.call if isinstance(event, ev.CallOpened) else event.call
            calls.setdefault(call, []).append(event)
    return {call: _whole(call, events) for call, events in calls.items()}


def event_of(fields: dict[str, Any]) -> ev.CallNews | None:
    """The event that `row` or the wire wrote; None for what no sink was told (an alert, a
    prompt). Raises ValueError, TypeError, KeyError or MsgspecError."""
    kind = fields["type"]
    if kind in _KINDS:
        rest = {name: value for name, value in fields.items() if name != "type"}
        return msgspec.convert(rest, _KINDS[kind])
    if kind in ("alert", "prompt", "draft", "checklist"):
        return None
    return _from_wire(msgspec.convert(fields, wire.Message))


def _from_wire(message: wire.Message) -> ev.CallNews | None:
    call = ev.CallId(message.call_id)
    match message:
        case wire.CallStarted():
            return ev.CallOpened(_info(message))
        case wire.Transcript():
            return _said(message)
        case wire.Silence(since=since, lasted=lasted, last_speaker=speaker, ended=ended):
            return ev.Silence(call, since, lasted, speaker, 0.0, ended)
        case wire.Unheard(utterance=number, party=party, start=start, end=end, reason=reason):
            return ev.Unheard(call, number, party, start, end, reason)
        case wire.CallEnded(at=at, reason=reason):
            return ev.CallClosed(call, at, reason)
        case _:
            return _state(message)


def _state(message: wire.Message) -> ev.CallNews | None:
    call = ev.CallId(message.call_id)
    match message:
        case wire.Held(at=at):
            return ev.Held(call, at, on=True)
        case wire.Unheld(at=at):
            return ev.Held(call, at, on=False)
        case wire.Swapped(at=at, swapped=swapped, by=by):
            return ev.Swapped(call, at, swapped, by)
        case wire.Stalled(at=at, silent_for=silent_for, ended=ended):
            return ev.Stalled(call, at, silent_for, ended)
        case _:
            return None


def _info(it: wire.CallStarted) -> ev.CallInfo:
    return ev.CallInfo(
        ev.CallId(it.call_id), it.agent_id, it.queue, it.customer, it.dialled, it.order_id,
        it.language, it.record, it.emotion,
    )  # fmt: skip


def _said(it: wire.Transcript) -> ev.Transcript:
    return ev.Transcript(
        ev.CallId(it.call_id), it.utterance, it.party, it.start, it.end, 0.0, it.text,
        it.language, it.language_p, it.emotion, it.emotion_p, it.events,
        it.events_p, it.tokens, it.raw,
    )  # fmt: skip


def _whole(call: str, events: list[ev.CallNews]) -> list[ev.CallNews]:
    """A log begins and ends anywhere: a call that it cuts is opened and closed all the same."""
    if not isinstance(events[0], ev.CallOpened):
        events = [ev.CallOpened(ev.CallInfo(ev.CallId(call))), *events]
    if not isinstance(events[-1], ev.CallClosed):
        times = (getattr(e, "end", getattr(e, "at", 0.0)) for e in events)
        events = [*events, ev.CallClosed(ev.CallId(call), max(times), "ended")]
    return events
