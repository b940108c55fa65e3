"""For how long one sentence can hold up every call: the longest there can be, and the worst.

Masking and rules run on the event loop. An utterance is cut after `longest` seconds (20 at
most); these are of 30 s, at 10 characters a second, faster than people speak.
"""

import time
from statistics import median
from typing import Any

from alerts.discretion import Discretion
from alerts.engine import Engine
from alerts.ids import counted
from alerts.playbook import Playbook
from alerts.replay import CUSTOMER
from streamer.events import AudioEvent, CallId, CallInfo, Emotion, Party, Transcript

SECONDS, CHARACTERS = 30.0, 300
ROUNDS, SENTENCES = 5, 5
_TEXTS = {
    "plain": "我上周买的洗衣机到现在还没发货你们到底什么时候送",
    "risks": "我不投诉你们经理也不报警我要曝光退款退货呵呵可真行",
    "traditional": "麻煩你幫我查一下呢個訂單幾時送到我要投訴",
    "english": "complain manager refund never not a lawyer ",
    "digits": "1 3 8 0 0 1 2 ",
    "spoken digits": "一三八零零零零一二三四",
    "address": "abc點at.",
}
_INFO = CallInfo(CallId("longest"), "8001", "after-sales")


def longest(playbook: Playbook) -> dict[str, Any]:
    """Milliseconds that the worst of the texts takes, and which that is."""
    found = {name: _held_up(text, playbook) for name, text in _TEXTS.items()}
    worst = max(found, key=lambda name: sum(found[name]))
    masking, rules = found[worst]
    return {
        "longest_characters": CHARACTERS,
        "longest_worst": worst,
        "longest_masking_ms": round(masking, 2),
        "longest_rules_ms": round(rules, 2),
        "longest_plain_ms": round(sum(found["plain"]), 2),
    }


def _held_up(text: str, playbook: Playbook) -> tuple[float, float]:
    """(masking, rules): of each the slowest sentence of a call, in the median call."""
    calls = [_one_call(text, playbook) for _ in range(ROUNDS)]
    return median(masking for masking, _ in calls), median(rules for _, rules in calls)


def _one_call(text: str, playbook: Playbook) -> tuple[float, float]:
    discretion, engine = Discretion(_INFO, CUSTOMER), Engine(_INFO, playbook, counted())
    masking, rules = [], []
    for number in range(1, SENTENCES + 1):
        said = _said(number, (text * CHARACTERS)[number : number + CHARACTERS])
        began = time.perf_counter()
        fit = discretion.fit(said)
        masked = time.perf_counter()
        engine.observe(fit)
        masking.append(1000 * (masked - began))
        rules.append(1000 * (time.perf_counter() - masked))
    return max(masking), max(rules)


def _said(number: int, text: str) -> Transcript:
    start = SECONDS * number
    return Transcript(
        call=_INFO.call,
        number=number,
        party=Party.CUSTOMER,
        start=start,
        end=start + SECONDS,
        speech_end_clock=start,
        text=text,
        language="zh",
        language_p=0.98,
        emotion=Emotion.ANGRY,
        emotion_p={Emotion.ANGRY: 0.8, Emotion.NEUTRAL: 0.2},
        events=(AudioEvent.SPEECH,),
        events_p={AudioEvent.SPEECH: 1.0},
        tokens=tuple((c, start + i * SECONDS / len(text)) for i, c in enumerate(text)),
        raw=text,
    )
