"""Golden calls that are written, not heard: what matters in them is the mood of a voice, which
synthetic speech and a small model would only blur. `make golden` writes their traces."""

from collections.abc import Iterator
from itertools import pairwise

from streamer.events import (
    AudioEvent,
    CallClosed,
    CallEvent,
    CallId,
    CallInfo,
    CallOpened,
    Draft,
    Emotion,
    Party,
    Silence,
    Transcript,
)
from tests.golden.hear import MARKS

C, A = Party.CUSTOMER, Party.AGENT
Line = tuple[Party, float, float, str, dict[str, float]]
"""Who, from, to, what, and how likely each mood or sound is (the rest is NEUTRAL, Speech)."""


def said(call: str, number: int, line: Line) -> Transcript:
    party, start, end, text, heard = line
    moods = {Emotion(name): p for name, p in heard.items() if name in Emotion.__members__}
    moods[Emotion.NEUTRAL] = moods.get(Emotion.NEUTRAL, round(1.0 - sum(moods.values()), 4))
    sounds = {AudioEvent(n): p for n, p in heard.items() if n not in Emotion.__members__}
    emotion = max(moods, key=moods.__getitem__)
    events = (AudioEvent.SPEECH, *(sound for sound, p in sounds.items() if p >= 0.3))
    step = (end - start) / max(1, len(text))
    return Transcript(
        CallId(call), number, party, start, end, 1000.0 + end, text, "zh", 0.98, emotion, moods,
        events, {AudioEvent.SPEECH: 1.0, **sounds},
        tuple((character, round(start + i * step, 2)) for i, character in enumerate(text)),
        f"<|zh|><|{emotion}|><|Speech|><|withitn|>{text}",
    )  # fmt: skip


def call(
    name: str, lines: list[Line], *, drafts: dict[int, list[float]] | None = None
) -> Iterator[CallEvent]:
    """The lines in order with the silences between them; of the numbers in `drafts` there are
    drafts as of those times."""
    yield CallOpened(CallInfo(CallId(name), "8001", "售后", "13800000000"))
    for number, (line, after) in enumerate(pairwise([*lines, None]), 1):
        for until in (drafts or {}).get(number, []):
            party, start, end, text, heard = line
            part = text[: round(len(text) * (until - start) / (end - start))]
            yield Draft(said(name, number, (party, start, until, part, heard)))
        yield said(name, number, line)
        if after and after[1] > line[2]:
            yield from silence(name, line[2], after[1], line[0])
    yield CallClosed(CallId(name), lines[-1][2] + 1.0, "ended")


def silence(name: str, since: float, until: float, speaker: Party) -> Iterator[CallEvent]:
    lasted = round(until - since, 3)
    reached = [mark for mark in MARKS if mark <= lasted]
    for mark in reached:
        yield Silence(CallId(name), since, mark, speaker, 1000.0 + since + mark)
    if reached:
        yield Silence(CallId(name), since, lasted, speaker, 1000.0 + until, ended=True)


def rant() -> Iterator[CallEvent]:
    """One sentence of 14 s without a pause: it shows while it goes on."""
    text = "我跟你们说我已经打了八个电话了每次都说三天每次都没有人管你们到底有没有人在做事情"
    return call(
        "rant",
        [
            (A, 0.5, 3.0, "您好，请问有什么可以帮您？", {}),
            (C, 3.8, 17.8, text, {"ANGRY": 0.93}),
            (A, 18.4, 21.0, "非常抱歉，我马上为您处理。", {}),
            (C, 21.6, 24.4, "每次都是这一句！", {"ANGRY": 0.88}),
            (A, 25.0, 28.0, "我现在就联系仓库。", {}),
            (C, 28.8, 31.0, "好，那我等着。", {"ANGRY": 0.1}),
        ],
        drafts={2: [6.8, 9.8, 12.8]},
    )


def slow_burn() -> Iterator[CallEvent]:
    """A little angrier with each sentence, and then 5 s of nothing."""
    return call(
        "slow-burn",
        [
            (A, 0.5, 3.0, "您好，请问有什么可以帮您？", {}),
            (C, 3.6, 6.4, "我想问一下我的快递到哪里了", {"ANGRY": 0.05}),
            (A, 7.0, 9.6, "已经在派送了，请您耐心等待。", {}),
            (C, 10.2, 13.0, "昨天你们也是这么说的", {"ANGRY": 0.22}),
            (A, 13.6, 16.0, "今天一定会送到的。", {}),
            (C, 16.6, 19.4, "我请了半天假在家里等", {"ANGRY": 0.38}),
            (A, 20.0, 22.4, "给您添麻烦了。", {}),
            (C, 23.0, 26.0, "到现在一个电话都没有", {"ANGRY": 0.56}),
            (A, 26.6, 29.0, "我帮您催一下。", {}),
            (C, 29.8, 32.8, "催有什么用啊天天催", {"ANGRY": 0.74}),
            (A, 38.2, 41.0, "我直接联系快递员，请您别挂断。", {}),
            (C, 41.6, 44.0, "行，你联系吧。", {"ANGRY": 0.2}),
        ],
    )


def sarcasm() -> Iterator[CallEvent]:
    """One laughs, and it is no joke; later one laughs, and it is."""
    return call(
        "sarcasm",
        [
            (A, 0.5, 3.0, "您好，请问有什么可以帮您？", {}),
            (C, 3.6, 7.0, "你们这个退款都两个星期了", {"NEUTRAL": 0.9}),
            (A, 7.6, 10.4, "系统显示还在审核中。", {}),
            (C, 11.0, 14.0, "呵呵，你们可真行，真会糊弄人", {"HAPPY": 0.3, "Laughter": 0.62}),
            (A, 14.6, 17.4, "我理解您的心情。", {}),
            (A, 18.2, 27.0, "我查到了，昨天已经通过，今天到账，另外送您一张优惠券。", {}),
            (C, 27.6, 30.0, "哈哈，这个好，谢谢你", {"HAPPY": 0.8, "Laughter": 0.7}),
        ],
    )


def agent_shouting() -> Iterator[CallEvent]:
    """The agent's emotion is nobody's business; what he says is."""
    return call(
        "agent-shouting",
        [
            (A, 0.5, 3.0, "你说吧，什么事？", {"ANGRY": 0.8}),
            (C, 3.6, 6.6, "我的订单一直没有发货", {}),
            (A, 7.2, 10.2, "我不是跟你说了吗，等通知！", {"ANGRY": 0.95}),
            (C, 10.8, 13.2, "可是已经一个星期了", {}),
            (A, 13.8, 16.8, "这不归我管，爱买不买！", {"ANGRY": 0.97}),
            (C, 17.6, 19.8, "你怎么这样说话", {"SAD": 0.3}),
        ],
    )


CALLS = {
    "rant": rant,
    "slow-burn": slow_burn,
    "sarcasm": sarcasm,
    "agent-shouting": agent_shouting,
}
