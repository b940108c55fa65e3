"""Golden traces of whole calls. `make golden` writes them anew; review the diff."""

import json
import os
from dataclasses import dataclass, field, replace

import pytest

from alerts.clips import ClipStore
from alerts.ids import counted
from alerts.lifecycle import Desk
from alerts.playbook import BUNDLED, parse
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from alerts.traces import row
from streamer import events as ev
from tests.golden import lines, scripts
from tests.golden.hear import call_events
from tests.golden.trace import expected, keep, load

WALL = "2026-11-22T08:30:11.120Z"
WRITING = os.environ.get("EARWITNESS_GOLDEN") == "write"
if WRITING:
    from tests.golden.tiny import heard  # torch is needed for nothing else here
SAME = ("type", "call", "party", "number", "start", "end", "since", "lasted", "at", "ended")


@dataclass
class Gateway:
    """The line of one call, whose gateway subscribed."""

    info: ev.CallInfo
    replies: list[str] = field(default_factory=list)

    def voice(self, start, end):
        return b"RIFF"

    def is_clear(self, start, end):
        return True

    def clear(self, utterance, hidden):
        pass

    def told(self):
        pass

    def remember(self, recall):
        pass

    def reply(self, message):
        self.replies.append(message)


async def published(events, folder):
    """What the sink publishes, in order. The bus is not run: nothing needs Redis here."""
    events = list(events)
    gateway, bus = Gateway(events[0].info), RedisBus("redis://127.0.0.1:1", wall=lambda: WALL)
    clock = iter(())
    observe = sink_factory(
        lambda: parse(BUNDLED.read_text("utf-8")),
        Desk(),
        bus,
        ClipStore(folder),
        {"8001": "王晓敏"},
        lambda: next(clock),
        counted(),
        lambda: WALL,
    )(gateway)
    for event in events:
        said = getattr(event, "speech_end_clock", getattr(event, "mark_clock", 0.0))
        clock = iter([said + 0.75] * 9)
        await observe(event)
    await bus.close()
    return [json.loads(reply) for reply in gateway.replies]


NAMES = [*lines.CALLS, *scripts.CALLS]


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_heard_leads_to_what_is_published(name, tmp_path):
    if WRITING:
        scripted = scripts.CALLS.get(name)
        events = scripted() if scripted else call_events(lines.CALLS[name](), heard)
        keep(name, "in", [row(event) for event in events])
        keep(name, "out", await published(load(name), tmp_path))
    assert await published(load(name), tmp_path) == expected(name)


@pytest.mark.parametrize("name", lines.CALLS)
def test_the_sound_is_cut_as_it_was(name):
    """Utterances and silences are those of the trace; the words are the model's affair."""

    def shape(event):
        fields = row(event)
        return {name: fields[name] for name in SAME if name in fields}

    def recorded(utterance):
        """The words of the trace, at the times of the sound."""
        return replace(words[utterance.number], start=utterance.start, end=utterance.speech_end)

    trace = list(load(name))
    words = {event.number: event for event in trace if isinstance(event, ev.Transcript)}
    found = call_events(lines.CALLS[name](), recorded)
    assert [shape(event) for event in found] == [shape(event) for event in trace]


@pytest.mark.parametrize("name", scripts.CALLS)
def test_the_written_calls_are_the_ones_in_the_traces(name):
    assert [row(event) for event in scripts.CALLS[name]()] == [row(e) for e in load(name)]


SHOWN = {
    "demo-1": {"ANGRY": "high", "KEYWORD": "watch"},  # angry, then threatens
    "demo-2": {},  # calm
    "demo-3": {"SAD": "watch", "SILENCE": "high"},  # a silent line
    "demo-4": {"ANGRY": "critical"},  # friendly until the end
    "hold": {},
    "music": {"SAD": "watch"},  # and no silence while the radio plays
    "cross-talk": {"TALKOVER": "watch", "ANGRY": "high"},
    "stalled-stream": {"SAD": "watch", "STALLED": "high"},  # and no silence while nothing comes
    "reconnect": {"ANGRY": "high", "KEYWORD": "watch"},  # one episode over the gap
    "two-sockets": {"ANGRY": "high", "KEYWORD": "watch"},  # as on one
    "rant": {"ANGRY": "watch"},  # while it is still being said
    "slow-burn": {"ANGRY": "high", "ESCALATION": "high"},
    "sarcasm": {"LAUGHTER": "watch"},
    "agent-shouting": {"KEYWORD": "high"},  # forbidden words, and nothing of how they sound
}


@pytest.mark.parametrize("name", NAMES)
def test_each_call_shows_what_it_is_there_for(name):
    """Every alert once, with the severity that it was raised with."""
    raised = [m for m in expected(name) if m["type"] == "alert" and m["rev"] == 1]
    assert {m["kind"]: m["severity"] for m in raised} == SHOWN[name]
    assert len(raised) == len(SHOWN[name])


def test_two_sockets_are_heard_as_one_is():
    def words(name):
        told = (e for e in load(name) if isinstance(e, ev.Transcript) and e.end < 47.0)
        return [(e.party, e.start, e.end, e.text) for e in told]

    assert words("two-sockets") == words("demo-1")[: len(words("two-sockets"))]
    assert len(words("two-sockets")) == 10
