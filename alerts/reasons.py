"""Why an alert was raised, in a sentence a supervisor reads in passing, in both languages."""

from collections.abc import Mapping, Sequence

from alerts.wire import Kind, Words
from streamer.events import Party, Seconds

_SPEAKERS = {
    Party.CUSTOMER: Words("客户", "the customer"),
    Party.AGENT: Words("坐席", "the agent"),
}
_KINDS: dict[Kind, Words] = {
    "ANGRY": Words("生气", "anger"),
    "SILENCE": Words("沉默", "silence"),
    "SAD": Words("难过", "sadness"),
    "LAUGHTER": Words("冷笑", "sarcasm"),
    "KEYWORD": Words("关键词", "keyword"),
    "TALKOVER": Words("抢话", "talking over"),
    "ESCALATION": Words("事态升级", "escalation"),
    "STALLED": Words("断流", "no audio"),
}


def anger_reason(window: int, angry: int, lasted: Seconds, risks: Sequence[str]) -> Words:
    """`angry` sentences of `lasted` seconds in all have caused it; the rule looks at
    `window` of them; `risks` is what was threatened in the episode."""
    zh, en, seconds = *_how_many(window, angry), _whole(lasted)
    return Words(
        f"{zh}（共 {seconds} 秒）" + _threat("，又说到“", "”“", "”", risks),
        f"{en} ({seconds} s in all)" + _threat(', and said "', '", "', '"', risks),
    )


def draft_reason(lasted: Seconds) -> Words:
    """Of a sentence that goes on."""
    return Words(
        f"客户正在说的这句听起来生气（已 {_whole(lasted)} 秒）",
        f"What the customer is saying sounds angry ({_whole(lasted)} s so far)",
    )


def written_reason(because: Words, words: Sequence[str], count: int) -> Words:
    """The playbook's own reason, what was said of its phrases, by how many sentences."""
    often_zh, often_en = (f"（{count} 句）", f" ({count} sentences)") if count > 1 else ("", "")
    return Words(
        because.zh + _threat("，说到“", "”“", "”", words) + often_zh,
        because.en + _threat(', said "', '", "', '"', words) + often_en,
    )


def so_far_reason(why: Words) -> Words:
    """Of a sentence that goes on: a written rule's reason."""
    return Words(why.zh + "（话还没说完）", why.en + " (still speaking)")


def storm_reason(
    within: Seconds, count: int, calls: int | None, kinds: Mapping[Kind, int]
) -> Words:
    """So many alerts so near each other: of one call, or (`calls`) of several."""
    zh = "、".join(f"{_KINDS[kind].zh} {n}" for kind, n in kinds.items())
    en = ", ".join(f"{n} {_KINDS[kind].en}" for kind, n in kinds.items())
    if calls is None:
        return Words(
            f"这通电话的提醒接连不断（共 {count} 条）：{within:g} 秒内{zh}",
            f"Alert upon alert on this call ({count} in all); within {within:g} s: {en}",
        )
    return Words(
        f"{calls} 通电话的提醒接连不断（共 {count} 条）：{within:g} 秒内{zh}",
        f"Alert upon alert on {calls} calls ({count} in all); within {within:g} s: {en}",
    )


def silence_reason(lasted: Seconds, last_speaker: Party) -> Words:
    zh, en = f"双方沉默了 {_whole(lasted)} 秒", f"Nobody spoke for {_whole(lasted)} s"
    if speaker := _SPEAKERS.get(last_speaker):
        return Words(f"{zh}，最后说话的是{speaker.zh}", f"{en}; {speaker.en} spoke last")
    return Words(zh, en)


def often_reason(count: int) -> Words:
    """So many prompts in one call."""
    return Words(
        f"这通电话里，坐席已经第 {count} 次需要提示才开口",
        f"The agent has had to be prompted {count} times in this call",
    )


def _how_many(window: int, angry: int) -> tuple[str, str]:
    if angry == 1:
        return "有 1 句听起来生气", "One sentence sounds angry"
    if angry == window:
        return f"最近 {angry} 句都听起来生气", f"The last {angry} sentences all sound angry"
    if angry < window:
        return (
            f"最近 {window} 句中有 {angry} 句听起来生气",
            f"{angry} of the last {window} sentences sound angry",
        )
    return f"已有 {angry} 句听起来生气", f"{angry} sentences have sounded angry"


def _threat(before: str, between: str, after: str, risks: Sequence[str]) -> str:
    return before + between.join(risks[:3]) + after if risks else ""


def _whole(seconds: Seconds) -> int:
    return max(1, round(seconds))
