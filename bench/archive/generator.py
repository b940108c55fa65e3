"""A plausible archive: calls that never were, as the server would have published them.

Seeded: the same number gives the same calls. The words come from lists, so they say nothing
about how people talk; how many calls have which trouble is made up as well.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from alerts import wire
from alerts.wire import Words
from streamer.events import AudioEvent, Emotion, Party


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ISSUES: Final = {
    "物流延迟": _phrases(
        "快递怎么还没到 物流三天没有更新了 到底什么时候发货 包裹一直卡在中转站"
    ),
    "尺码不符": _phrases("这个尺码根本不对 我要换大一码 衣服比页面上写的小 码数偏小穿不上"),
    "退款": _phrases("退款什么时候到账 钱还没有退给我 我申请退款一个星期了 退款为什么被拒绝"),
    "退货": _phrases("我要退货 退货地址发给我一下 退货的运费谁来出 这个能不能退货"),
    "客服响应慢": _phrases("我打了三次电话没人接 你们回复太慢了 等了半个小时才接 一直让我等"),
    "质量问题": _phrases("洗一次就掉色 耳机左边没有声音 屏幕有一条线 拉链第一天就坏了"),
}
ANGRY: Final = _phrases("你们是不是压单啊 我要投诉你们 太离谱了 我就给差评 叫你们经理来")
CALM: Final = _phrases("好的谢谢 嗯我知道了 那就麻烦你了 订单号是尾号三五七 我下午再打过来 OK")
AGENT: Final = (
    *_phrases("您好很高兴为您服务 请问您的订单号是多少 请稍等我帮您查一下 非常抱歉 我马上处理"),
    "We will refund the shipping fee",
)
QUEUES: Final = ("after-sales", "logistics", "pre-sales")
EPOCH: Final = datetime(2026, 8, 1, tzinfo=UTC)


def calls(count: int, seed: int = 1, sentences: int = 40) -> Iterator[list[wire.Message]]:
    """The messages of one call after the other, over about sixteen weeks."""
    random = Random(seed)
    minutes = 16 * 7 * 24 * 60
    for number in range(count):
        began = EPOCH + timedelta(minutes=minutes * number / count)
        yield _Call(random, f"g{seed}-{number:06d}", began, sentences).messages()


class _Call:
    def __init__(self, random: Random, name: str, began: datetime, sentences: int) -> None:
        self._random, self._name, self._began = random, name, began
        self._length = max(4, round(random.gauss(sentences, sentences / 4)))
        self._issue = random.choice(list(ISSUES))
        self._agent = f"{8000 + random.randrange(200)}"
        self._queue = random.choice(QUEUES)
        self._anger = random.random() < 0.12
        self._at = 0.0
        self._said: list[wire.Message] = []

    def messages(self) -> list[wire.Message]:
        self._said = [self._start()]
        for number in range(1, self._length + 1):
            self._sentence(number)
        if self._anger:
            self._alert()
        self._said.append(
            wire.CallEnded(self._name, self._at, "ended", self._agent, self._wall())
        )
        return self._said

    def _start(self) -> wire.CallStarted:
        tail = f"{self._random.randrange(10_000):04d}"
        return wire.CallStarted(
            self._name,
            self._agent,
            self._queue,
            f"138****{tail}",
            "95588",
            f"20261{self._random.randrange(10**6):06d}",
            "auto",
            record=True,
            emotion=True,
            wall=self._wall(),
        )

    def _sentence(self, number: int) -> None:
        random = self._random
        party = Party.CUSTOMER if number % 2 else Party.AGENT
        text, emotion = self._words(party, number)
        start = self._at + random.uniform(0.2, 0.9)
        end = start + 0.25 * len(text) + 0.5
        self._at = end
        p = random.uniform(0.6, 0.95)
        feels = {emotion: p, Emotion.UNKNOWN: 1 - p}
        laughs = random.random() < 0.01
        events = (AudioEvent.SPEECH, AudioEvent.LAUGHTER) if laughs else (AudioEvent.SPEECH,)
        tokens = tuple((c, round(start + 0.25 * i, 2)) for i, c in enumerate(text))
        raw = f"<|zh|><|{emotion}|><|Speech|><|withitn|>{text}"
        self._said.append(
            wire.Transcript(
                self._name, number, party, start, end, text, "zh", 0.98, emotion, feels,
                events, {AudioEvent.SPEECH: 0.97}, tokens, raw, end, self._agent, self._wall(),
            )
        )  # fmt: skip
        if random.random() < 0.08:
            self._silence(party)

    def _words(self, party: Party, number: int) -> tuple[str, Emotion]:
        random = self._random
        if party is Party.AGENT:
            return random.choice(AGENT), Emotion.NEUTRAL
        if self._anger and number > self._length / 2 and random.random() < 0.5:
            return random.choice((*ANGRY, *ISSUES[self._issue])), Emotion.ANGRY
        if random.random() < 0.3:
            return random.choice(ISSUES[self._issue]), Emotion.NEUTRAL
        return random.choice(CALM), Emotion.SAD if random.random() < 0.03 else Emotion.NEUTRAL

    def _silence(self, party: Party) -> None:
        lasted = round(self._random.expovariate(0.4) + 1.2, 3)
        since, self._at = self._at, self._at + lasted
        self._said.append(
            wire.Silence(
                self._name, since, lasted, party, True, self._at, self._agent, self._wall()
            )
        )

    def _alert(self) -> None:
        why = Words("最近 2 句都听起来生气", "the last 2 sentences sound angry")
        self._said.append(
            wire.Alert(
                f"A-{self._name}", 1, self._name, "ANGRY", "angry-customer", "3f2a", "high",
                "active", Party.CUSTOMER, self._at, self._at - 9, "我要投诉", 2, 0.9, (), why,
                self._agent, raised_at=self._wall(), wall=self._wall(),
            )
        )  # fmt: skip

    def _wall(self) -> str:
        moment = self._began + timedelta(seconds=self._at)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
