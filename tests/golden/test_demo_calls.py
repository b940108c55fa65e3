"""Golden traces of the four demo calls. `make golden` writes them anew; review the diff."""

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


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_what_is_heard_leads_to_what_is_published(number, tmp_path):
    name = f"demo-{number}"
    if WRITING:
        keep(name, "in", [row(event) for event in call_events(number, heard)])
        keep(name, "out", await published(load(name), tmp_path))
    assert await published(load(name), tmp_path) == expected(name)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_sound_is_cut_as_it_was(number):
    """Utterances and silences are those of the trace; the words are the model's affair."""

    def shape(event):
        fields = row(event)
        return {name: fields[name] for name in SAME if name in fields}

    def recorded(utterance):
        """The words of the trace, at the times of the sound."""
        return replace(words[utterance.number], start=utterance.start, end=utterance.speech_end)

    trace = list(load(f"demo-{number}"))
    words = {event.number: event for event in trace if isinstance(event, ev.Transcript)}
    found = call_events(number, recorded)
    assert [shape(event) for event in found] == [shape(event) for event in trace]


def test_the_traces_show_the_main_job():
    """An angry customer, a calm one, a silent line, a late outburst: once each. What is only
    worth watching comes beside it."""
    raised = {
        number: [
            m["kind"]
            for m in expected(f"demo-{number}")
            if m["type"] == "alert" and m["rev"] == 1 and m["severity"] != "watch"
        ]
        for number in (1, 2, 3, 4)
    }
    assert raised == {1: ["ANGRY"], 2: [], 3: ["SILENCE"], 4: ["ANGRY"]}
