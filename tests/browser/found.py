"""What a search finds, and a call of the archive."""

from typing import Any

Json = dict[str, Any]
BEGAN = "2026-11-24T08:00:00.000Z"


def sentence(number: int, text: str, **more: Any) -> Json:
    told = {
        "utterance": number, "party": "customer", "start": 180.0 + 4 * number,
        "end": 182.5 + 4 * number, "text": text, "emotion": "NEUTRAL", "events": ["Speech"],
        "silence_after": 0.0, "language": "zh",
    }  # fmt: skip
    return told | more


def hit(hit_id: int = 900, text: str = "我要退货，你们是不是压单啊", **more: Any) -> Json:
    told = {
        "id": hit_id, "call": 7, "call_id": "c-7", "began": BEGAN, "agent_id": "8001",
        "agent_name": "王晓敏", "queue": "after-sales", "customer": "138****0000",
        "order_id": "20241105", "duration": 402.0, "record": True,
        "clip": "/api/v1/archive/calls/7/clip?from=186.0&to=194.0",
        "sentence": sentence(2, text, emotion="ANGRY", silence_after=6.0),
        "before": [sentence(1, "您好，请问有什么可以帮您？", party="agent")],
        "after": [sentence(3, "我马上为您查一下这个订单。", party="agent")],
    }  # fmt: skip
    return told | more


def found(*hits: Json, total: int = 0, more: bool = False) -> Json:
    return {"hits": list(hits), "total": total or len(hits), "more": more}


def archived() -> Json:
    call = {
        "id": 7, "call_id": "c-7", "source": "live", "began": BEGAN, "started": True,
        "ended": "2026-11-24T08:06:42.000Z", "reason": "ended", "duration": 402.0,
        "agent_id": "8001", "agent_name": "王晓敏", "queue": "after-sales",
        "customer": "138****0000", "dialled": "95588", "order_id": "20241105",
        "language": "auto", "record": True, "emotion": True, "legal_hold": False,
    }  # fmt: skip
    said = [
        sentence(1, "您好，请问有什么可以帮您？", party="agent"),
        sentence(2, "我要退货，你们是不是压单啊", emotion="ANGRY", silence_after=6.0),
        *(sentence(n, f"这是第 {n} 句，说的是退货的运费由谁来出。") for n in range(3, 50)),
    ]
    sentences = [{"feels": {one["emotion"]: 0.9}, "unheard": "", **one} for one in said]
    quote = {"start": 188.0, "end": 190.5, "party": "customer", "text": said[1]["text"]}
    quote |= {
        "emotion": "ANGRY",
        "p": 0.9,
        "clip": "/api/v1/calls/c-7/clip?from=186.0&to=194.0",
    }
    alert = {
        "type": "alert", "id": "a-7", "rev": 3, "call_id": "c-7", "kind": "ANGRY",
        "rule": "angry-customer", "severity": "high", "state": "resolved", "at": 190.5,
        "since": 188.0, "text": said[1]["text"], "evidence": [quote], "agent_id": "8001",
    }  # fmt: skip
    quiet = {"since": 190.5, "lasted": 6.0, "last_speaker": "customer", "ended": True}
    return {
        "call": call, "sentences": sentences, "silences": [quiet], "holds": [],
        "alerts": [alert], "prompts": [], "messages": [],
    }  # fmt: skip
