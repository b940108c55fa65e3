"""A million sentences through the rules: how many a second, and what a call keeps in memory.

    python -m bench.engine --json

Seeded calls of two parties, with silences, anger that comes and goes, and words of the bundled
playbook's lists, no sentence like another, go through `alerts.engine.Engine` as they are, one
core, without I/O. Making the sentences is not counted. Seconds are of this process's CPU time.
At the end, how long the longest sentence holds up the event loop (`bench.longest_sentence`).
"""

import argparse
import gc
import json
import random
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from typing import Any

from alerts.engine import Engine
from alerts.ids import counted
from alerts.playbook import BUNDLED, Playbook, parse
from alerts.wire import Alert
from bench.longest_sentence import longest
from streamer.events import (
    AudioEvent,
    CallClosed,
    CallEvent,
    CallId,
    CallInfo,
    Emotion,
    Party,
    Silence,
    Transcript,
)

SENTENCES = 60  # of one call
OPEN = 200  # calls at once
_TEXTS = (
    "您好，很高兴为您服务，请问有什么可以帮您？",
    "我上周买的洗衣机，到现在还没发货。",
    "请提供一下您的订单号，我马上帮您查一下。",
    "订单尾号是5836，你看一下到哪里了。",
    "嗯，好的。",
    "我已经打了3次电话了，你们是不是压单啊？",
    "这款商品仓库缺货，预计后天发货，给您带来不便非常抱歉。",
    "那什么时候可以送到？我周末才在家。",
    "I ordered it last week and it has not been shipped yet.",
    "麻煩你幫我查一下，呢個訂單幾時送到？",
)
_HEATED = (
    "再不解决，我就打12315投诉你们！",
    "我不要了，马上给我退款，退货运费你们出！",
    "呵呵，你们客服可真行。",
    "你们这是欺骗消费者，我要找媒体曝光。",
    "我不投诉，你把货发了就行。",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="only one JSON object, last line")
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    found = measure(arguments.sentences, arguments.seed)
    if not arguments.json:
        for name, value in found.items():
            print(f"{name:32} {value}", file=sys.stderr)
    print(json.dumps(found))


def measure(sentences: int, seed: int) -> dict[str, Any]:
    """The figures by name."""
    playbook = parse(BUNDLED.read_text("utf-8"))
    chance = random.Random(seed)
    raised: Counter[str] = Counter()
    revisions, heard, spent = 0, 0, 0.0
    while heard < sentences:
        engines, events = _some_calls(chance, playbook)
        gc.collect()
        gc.freeze()  # the sentences are ours, not the engine's: not its garbage to look through
        began = time.process_time()
        told = [found for engine, event in events for found in engine.observe(event)]
        spent += time.process_time() - began
        alerts = [found for found in told if isinstance(found, Alert)]
        raised.update(alert.kind for alert in alerts if alert.rev == 1)
        revisions += len(alerts)
        heard += len(engines) * SENTENCES
    return {
        "sentences": heard,
        "cpu_seconds": round(spent, 2),
        "sentences_per_second": round(heard / spent),
        "us_per_sentence": round(1e6 * spent / heard, 1),
        "rules": len(playbook.enabled) + 2,
        "alerts": dict(sorted(raised.items())),
        "alert_revisions": revisions,
        **_memory(chance, playbook),
        **longest(playbook),
    }


def _memory(chance: random.Random, playbook: Playbook) -> dict[str, int]:
    """What the engine of a call in full swing keeps, in bytes; and its state as JSON."""
    engines, events = _some_calls(chance, playbook, until=SENTENCES - 1)
    gc.collect()
    tracemalloc.start()
    for engine, event in events:
        engine.observe(event)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    states = [len(json.dumps(engine.state().parts)) for engine in engines]
    return {
        "bytes_per_call": round(kept / len(engines)),
        "state_json_bytes_per_call": round(sum(states) / len(states)),
    }


def _some_calls(
    chance: random.Random, playbook: Playbook, until: int = SENTENCES
) -> tuple[list[Engine], list[tuple[Engine, CallEvent]]]:
    """`OPEN` calls, and what is heard on them, as they come: of all calls in turn."""
    infos = [CallInfo(CallId(f"bench-{n}"), "8001", "after-sales") for n in range(OPEN)]
    engines = [Engine(info, playbook, counted()) for info in infos]
    calls = [list(_call(info.call, chance))[: until * 2] for info in infos]
    rounds = max(map(len, calls))
    events = [
        (engine, call[turn])
        for turn in range(rounds)
        for engine, call in zip(engines, calls, strict=True)
        if turn < len(call)
    ]
    return engines, events


def _call(call: CallId, chance: random.Random) -> Iterator[CallEvent]:
    at, heat = 0.0, 0.0
    for number in range(1, SENTENCES + 1):
        party = Party.AGENT if number % 2 else Party.CUSTOMER
        heat = max(0.0, min(1.0, heat + chance.uniform(-0.25, 0.2)))
        said = _said(call, number, party, at, heat, chance)
        yield said
        at = said.end + 0.3
        if chance.random() < 0.1:
            since, lasted = said.end, chance.choice((1.5, 2.5, 5.0, 11.0))
            for mark in (1.2, 2.0, 4.0, 10.0):
                if mark <= lasted:
                    yield Silence(call, since, mark, party, since + mark)
            yield Silence(call, since, lasted, party, since + lasted, ended=True)
            at = since + lasted
    yield CallClosed(call, at, "ended")


def _said(  # noqa: PLR0913, PLR0917 - the parts of one value
    call: CallId, number: int, party: Party, at: float, heat: float, chance: random.Random
) -> Transcript:
    angry = heat if party is Party.CUSTOMER else 0.0
    text = chance.choice(_HEATED if chance.random() < angry / 3 else _TEXTS)
    text += f"{chance.randrange(10**6)}"  # no two alike: nothing is known from another call
    lasted = 0.25 * len(text) if not text.isascii() else 3.0
    emotion_p = {emotion: 0.01 for emotion in Emotion} | {
        Emotion.ANGRY: 0.9 * angry,
        Emotion.NEUTRAL: 0.9 * (1 - angry),
    }
    laughs = chance.random() < 0.02
    return Transcript(
        call=call,
        number=number,
        party=party,
        start=at,
        end=at + lasted,
        speech_end_clock=at + lasted,
        text=text,
        language="zh",
        language_p=0.98,
        emotion=max(emotion_p, key=emotion_p.__getitem__),
        emotion_p=emotion_p,
        events=(AudioEvent.SPEECH, AudioEvent.LAUGHTER) if laughs else (AudioEvent.SPEECH,),
        events_p={AudioEvent.SPEECH: 0.97, AudioEvent.LAUGHTER: 0.02, AudioEvent.CRY: 0.01},
        tokens=tuple((c, at + i * lasted / len(text)) for i, c in enumerate(text)),
        raw=text,
    )


if __name__ == "__main__":
    main()
