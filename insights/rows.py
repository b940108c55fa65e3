"""What is published -> rows of the archive. Pure: no database, no clock."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from alerts import wire
from alerts.heard import FAINT, known_feelings
from insights.words import searched
from streamer.events import Emotion

Row: TypeAlias = dict[str, Any]


def started(it: wire.CallStarted) -> Row:
    """Of `calls`."""
    return {
        "call_id": it.call_id,
        "began": it.wall,
        "started": True,
        "agent_id": it.agent_id,
        "agent_name": it.agent_name,
        "queue": it.queue,
        "customer": it.customer,
        "dialled": it.dialled,
        "order_id": it.order_id,
        "language": it.language,
        "record": it.record,
        "emotion": it.emotion,
    }


def ended(it: wire.CallEnded) -> Row:
    """Of `calls`."""
    return {"ended": it.wall, "reason": it.reason, "duration": it.at}


def transcript(it: wire.Transcript) -> Row:
    return {
        "utterance": it.utterance,
        "party": it.party,
        "start": it.start,
        "end": it.end,
        "text": it.text,
        "plain": searched(it.text),
        "language": it.language,
        "emotion": it.emotion,
        "feels": _felt(it.emotion_p),
        "events": list(it.events),
        "events_p": {name: round(p, 3) for name, p in it.events_p.items() if p >= FAINT},
        "tokens": [list(token) for token in it.tokens],
        "raw": it.raw,
        "unheard": "",
        "wall": it.wall,
    }


def unheard(it: wire.Unheard) -> Row:
    """Of `sentences`: somebody spoke, and nobody knows what."""
    return {
        "utterance": it.utterance,
        "party": it.party,
        "start": it.start,
        "end": it.end,
        "text": "",
        "plain": "",
        "language": "",
        "emotion": Emotion.UNKNOWN,
        "feels": {},
        "events": [],
        "events_p": {},
        "tokens": [],
        "raw": "",
        "unheard": it.reason,
        "wall": it.wall,
    }


def silence(it: wire.Silence) -> Row:
    return {
        "since": it.since,
        "lasted": it.lasted,
        "last_speaker": it.last_speaker,
        "ended": it.ended,
    }


def hold(it: wire.Held | wire.Unheld | wire.Swapped | wire.Stalled) -> Row:
    match it:
        case wire.Held():
            kind = "hold"
        case wire.Unheld():
            kind = "unhold"
        case wire.Swapped():
            kind = "swapped" if it.swapped else "as_told"
        case wire.Stalled():
            kind = "resumed" if it.ended else "stalled"
    return {"kind": kind, "at": it.at}


def alert(it: wire.Alert) -> Row:
    return {
        "id": it.id,
        "rev": it.rev,
        "kind": it.kind,
        "rule": it.rule,
        "severity": it.severity,
        "state": it.state,
        "at": it.at,
        "since": it.since,
        "owner": it.owner,
        "outcome": it.outcome,
        "raised": it.raised_at or it.wall,
        "body": msgspec.to_builtins(it),
    }


def step(it: wire.Alert) -> Row:
    """Of `alert_steps`."""
    return {
        "alert": it.id,
        "rev": it.rev,
        "desk": it.desk,
        "severity": it.severity,
        "state": it.state,
        "owner": it.owner,
        "note": it.note,
        "outcome": it.outcome,
        "wall": it.wall,
    }


def prompt(it: wire.Prompt) -> Row:
    return {
        "id": it.id,
        "situation": it.situation,
        "state": it.state,
        "at": it.at,
        "about": it.about,
        "body": msgspec.to_builtins(it),
        "wall": it.wall,
    }


def note(it: wire.Checklist | wire.Whisper, call: int) -> Row:
    """Of `notes`. A call has one checklist, which grows."""
    whisper = isinstance(it, wire.Whisper)
    return {
        "id": it.id if isinstance(it, wire.Whisper) else f"checklist:{call}",
        "kind": "message" if whisper else "checklist",
        "at": it.at,
        "body": msgspec.to_builtins(it),
        "wall": it.wall,
    }


def _felt(emotion_p: Mapping[Emotion, float]) -> dict[Emotion, float]:
    return {e: round(p, 3) for e, p in known_feelings(emotion_p, FAINT).items()}
