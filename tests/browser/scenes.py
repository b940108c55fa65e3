"""Calls, alerts and prompts for the stage to play."""

from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

SUPERVISOR = {"name": "linlan", "shown": "林岚", "role": "supervisor", "agent_id": ""}
AGENT = {"name": "wangxm", "shown": "王晓敏", "role": "agent", "agent_id": "8001"}
QUOTE = "再不退款，我就打 12315 投诉你们！"
WHY = {
    "zh": "最近 3 句都听起来生气（共 14 秒），还说到“12315”。",
    "en": "3 sentences in a row sound angry (14 s), with '12315'.",
}


def status(**parts: Json) -> Json:
    model = {"name": "tiny", "state": "ready", "demonstration": True, "detail": ""}
    load = {"calls": 3, "limit": 200, "lag_ms": 12, "overloaded": False, "shed": 0, "since": ""}
    rules = {"version": "3f2a", "state": "current", "fault": "", "faults": 0, "since": ""}
    redis = {"state": "up", "since": "", "kept": 0, "limit": 50_000}
    return {
        "model": model,
        "redis": redis,
        "load": load,
        "version": "0.1.0",
        "playbook": rules,
    } | parts


def setup(**parts: Any) -> Json:
    paths = ["/raw", "/freeswitch", "/asterisk", "/twilio"]
    door = {"host": "127.0.0.1", "port": 9191, "tls": False, "keyed": False, "paths": paths}
    return {"stream": door | parts, "phrases": []}


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def call(call_id: str, at: float = 120.0, **fields: Any) -> Json:
    """A calm call whose customer is speaking, `at` seconds old."""
    told = {
        "call_id": call_id, "agent_id": "8001", "agent_name": "王晓敏", "queue": "售后",
        "from": "138****0000", "order_id": "20241105", "record": True, "started": ago(at),
        "at": at, "ended": False, "activity": "talking", "speaker": "customer",
        "since": at - 3, "last": said("customer", "这款有没有加大码的？", "NEUTRAL", at),
        "mood": mood(at),
    }  # fmt: skip
    return told | fields


def said(party: str, text: str, emotion: str, at: float, *events: str) -> Json:
    return {"party": party, "text": text, "emotion": emotion, "events": list(events), "at": at}


def mood(at: float, *latest: tuple[str, float]) -> list[list[Any]]:
    """Calm sentences every 9 s over the last minutes, then `latest` (emotion, upset)."""
    count = int(min(at, 290) // 9) - len(latest)
    felt = [("NEUTRAL", 0.05 + 0.06 * (n % 3)) for n in range(max(0, count))] + list(latest)
    begin = at - 9 * len(felt)
    return [[begin + 9 * n, begin + 9 * n + 5, *one] for n, one in enumerate(felt)]


def transcript(call_id: str, number: int, start: float, text: str, **fields: Any) -> Json:
    emotion = fields.get("emotion", "NEUTRAL")
    told = {
        "type": "transcript", "call_id": call_id, "utterance": number, "party": "customer",
        "start": start, "end": start + 2.5, "text": text, "language": "zh", "language_p": 0.98,
        "emotion": emotion, "emotion_p": {emotion: 0.9, "EMO_UNKNOWN": 0.1},
        "events": ["Speech"], "events_p": {"Speech": 1.0}, "tokens": [], "raw": "",
        "at": start + 2.5, "agent_id": "8001",
    }  # fmt: skip
    return told | fields


def silence(call_id: str, since: float, lasted: float, *, ended: bool = False) -> Json:
    return {
        "type": "silence", "call_id": call_id, "since": since, "lasted": lasted,
        "last_speaker": "customer", "ended": ended, "at": since + lasted, "agent_id": "8001",
    }  # fmt: skip


def alert(alert_id: str, call_id: str, at: float = 118.0, **fields: Any) -> Json:
    """An angry customer, with the sentence and its clip."""
    text = fields.get("text", QUOTE)
    evidence = {
        "start": at - 2.5, "end": at, "party": "customer", "text": text, "emotion": "ANGRY",
        "p": 0.91, "clip": f"/api/v1/calls/{call_id}/clip?from={at - 6}&to={at + 2}",
    }  # fmt: skip
    told = {
        "type": "alert", "id": alert_id, "rev": 1, "call_id": call_id, "kind": "ANGRY",
        "rule": "angry-customer", "rule_version": "3f2a", "severity": "critical",
        "state": "active", "party": "customer", "at": at, "since": at - 16.2,
        "agent_id": "8001", "agent_name": "王晓敏", "queue": "售后", "text": text, "count": 3,
        "score": 0.91, "evidence": [evidence], "why": WHY, "latency_ms": 312, "wall": ago(3),
    }  # fmt: skip
    return told | fields


def help_wanted(call_id: str, at: float = 403.0, **fields: Any) -> Json:
    """The agent has asked for a supervisor."""
    why = {
        "zh": "坐席按了“请主管帮忙”。",
        "en": "The agent pressed “Ask the supervisor”.",
    }
    told = {
        "kind": "HELP", "rule": "agent-help", "rule_version": "", "severity": "high",
        "party": "agent", "text": "", "count": 1, "score": 1.0, "evidence": [], "why": why,
        "since": at, "latency_ms": 0, "wall": ago(0),
    }  # fmt: skip
    return alert("h-1", call_id, at, **told) | fields


def checklist(call_id: str, at: float, *done: str) -> Json:
    labels = {
        "greeting": ("问候", "Greeting"), "identity": ("核实身份", "Identity"),
        "solution": ("给出方案", "Solution"), "closing": ("结束语", "Closing"),
    }  # fmt: skip
    items = [
        {"id": key, "label": {"zh": zh, "en": en}, "done": key in done, "by": int(key in done)}
        for key, (zh, en) in labels.items()
    ]
    told = {"type": "checklist", "call_id": call_id, "items": items, "at": at}
    return told | {"agent_id": "8001"}


def prompt(prompt_id: str, call_id: str, at: float = 120.0, **fields: Any) -> Json:
    told = {
        "type": "prompt", "id": prompt_id, "call_id": call_id, "agent_id": "8001",
        "situation": "silence_after_complaint",
        "because": {
            "zh": "客户抱怨尺码后还没有得到答复",
            "en": "They complained about the size and got no answer",
        },
        "title": {
            "zh": "客户已沉默 2 秒——请主动确认：",
            "en": "Customer silent for 2 s. Please check in:",
        },
        "say": ["您是想换大一码，还是直接退款？", "两种我都能马上办。"],
        "about": 17, "quote": "这个尺码根本不对", "state": "shown", "at": at, "wall": ago(1),
    }  # fmt: skip
    return told | fields


def whisper(call_id: str, text: str, at: float = 403.0, **fields: Any) -> Json:
    told = {
        "type": "message", "id": f"m-{text}", "call_id": call_id, "agent_id": "8001",
        "from": "林岚", "text": text, "seen": False, "at": at, "wall": ago(10),
    }  # fmt: skip
    return told | fields


def swapped(call_id: str, swapped: bool, at: float = 83.0, **fields: Any) -> Json:
    told = {
        "type": "swapped", "call_id": call_id, "swapped": swapped, "by": "林岚", "at": at,
        "wall": ago(9),
    }  # fmt: skip
    return told | fields


def floor() -> dict[str, Json]:
    """A whole service floor: every state a row can be in."""
    upset = (("ANGRY", 0.5), ("ANGRY", 0.7), ("ANGRY", 0.8), ("ANGRY", 0.93))
    names = ["黄丽", "马超", "郑爽", "高远", "徐静", "罗敏", "林浩", "梁雪"]
    rows = [
        call("c-liu", 531, agent_id="8014", agent_name="刘洋", queue="退换货",
             **{"from": "159****2276"}, mood=mood(531, *upset),
             last=said("customer", QUOTE, "ANGRY", 530)),
        call("c-wang", 402, mood=mood(402, *upset[:3]),
             last=said("customer", "换来换去又要等一个礼拜，那我只能给差评了。", "ANGRY", 400)),
        call("c-zhao", 725, agent_id="8022", agent_name="赵磊", queue="物流", speaker="agent",
             mood=mood(725, *upset, ("NEUTRAL", 0.2), ("NEUTRAL", 0.1)),
             last=said("customer", "你们是不是压单啊，都五天了。", "ANGRY", 720)),
        call("c-sun", 267, agent_id="8009", agent_name="孙佳", activity="silent", speaker="",
             since=256, last=said("agent", "您稍等，我帮您查一下订单。", "EMO_UNKNOWN", 256)),
        call("c-zhou", 556, agent_id="8031", agent_name="周凯", queue="退换货",
             mood=mood(556, ("ANGRY", 0.6)),
             last=said("customer", "呵，你们客服可真行。", "ANGRY", 555, "Laughter")),
        call("c-he", 340, agent_id="8026", agent_name="", queue="物流", activity="stalled",
             speaker="", since=334, mood=[], **{"from": ""},
             last=said("customer", "喂？喂，听得到吗？", "EMO_UNKNOWN", 333)),
        call("c-hold", 484, agent_id="8028", agent_name="马超", queue="支付", activity="hold",
             speaker="", since=404,
             last=said("agent", "麻烦您稍等，我跟财务核实一下。", "EMO_UNKNOWN", 400)),
        call("c-happy", 622, agent_id="8011", agent_name="黄丽", queue="售前", speaker="agent",
             mood=mood(622, ("HAPPY", -0.7), ("HAPPY", -0.8)),
             last=said("customer", "太好了，谢谢你啊！", "HAPPY", 620)),
        call("c-en", 307, agent_id="8035", agent_name="高远", queue="物流",
             **{"from": "+44****1187"}, speaker="agent",
             last=said("customer", "It still says 'in transit'!", "NEUTRAL", 305)),
    ]  # fmt: skip
    rows += [
        call(f"c-{n}", 60.0 + 17 * n, agent_id=f"81{n:02}", agent_name=name, queue="售前")
        for n, name in enumerate(names)
    ]
    return {row["call_id"]: row for row in rows}


def floor_alerts() -> dict[str, Json]:
    told = [
        alert("a-liu", "c-liu", 528, agent_id="8014", agent_name="刘洋", queue="退换货",
              wall=ago(18)),
        alert("a-wang", "c-wang", 398, severity="high", wall=ago(40),
              text="换来换去又要等一个礼拜，那我只能给差评了。"),
        alert("a-zhao", "c-zhao", 700, severity="high", state="acknowledged", owner="陈洁",
              agent_id="8022", agent_name="赵磊"),
        alert("a-sun", "c-sun", 266, kind="SILENCE", rule="silent-line", severity="high",
              agent_id="8009", agent_name="孙佳", wall=ago(1), text="", since=256,
              why={"zh": "双方 10 秒没有说话。", "en": "Nobody has spoken for 10 s."}),
        alert("a-he", "c-he", 334, kind="STALLED", rule="stalled", severity="watch",
              state="acknowledged", owner="林岚", agent_id="8026", agent_name="", text=""),
        alert("a-zhou", "c-zhou", 550, kind="LAUGHTER", rule="sarcasm", severity="watch",
              agent_id="8031", agent_name="周凯", wall=ago(72)),
    ]  # fmt: skip
    return {one["id"]: one for one in told}


def story(call_id: str, at: float = 402.0) -> list[Json]:
    """What was said on a call whose customer got angry."""
    lines = [
        ("customer", -71, "上周买的外套，尺码表写 L，到手跟 S 差不多。", "NEUTRAL"),
        ("agent", -64, "给您添麻烦了，您平时穿多大码？", "EMO_UNKNOWN"),
        ("customer", -60, "这个还要我说几遍？", "ANGRY"),
        ("agent", -55, "抱歉让您重复了，我马上核对订单。", "EMO_UNKNOWN"),
        ("customer", -44, "这衣服尺码根本不对！", "ANGRY"),
        ("agent", -35, "我理解，这就给您申请换货，运费我们出。", "EMO_UNKNOWN"),
        ("customer", -6.5, "换来换去又要等一个礼拜，那我只能给差评了。", "ANGRY"),
    ]  # fmt: skip
    told = [
        transcript(call_id, n, at + since, text, party=party, emotion=emotion)
        for n, (party, since, text, emotion) in enumerate(lines, 1)
    ]
    told.insert(3, silence(call_id, at - 57.4, 1.6, ended=True))
    told.append(silence(call_id, at - 41, 5.2, ended=True))
    told.append(prompt("p-1", call_id, at - 39, state="accepted"))
    return [{"wall": ago(60), "v": 1, **one} for one in told]


def hour(call_id: str) -> list[Json]:
    """A call of an hour: a sentence every 5 s or so, an alert every five minutes."""
    told = [
        transcript(
            call_id, n, 5.1 * n, f"第 {n} 句", party="agent" if n % 3 else "customer",
            emotion="ANGRY" if n % 45 == 0 else "NEUTRAL",
        )
        for n in range(700)
    ]  # fmt: skip
    told += [silence(call_id, 120 + 400 * n, 12, ended=True) for n in range(8)]
    told += [
        alert(f"a-{n}", call_id, 300.0 * n, severity="high", state="resolved")
        for n in range(1, 13)
    ]
    return [{"wall": ago(60), "v": 1, **one} for one in told]
