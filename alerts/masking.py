"""Personal numbers out of what is published: every digit hidden keeps its place.

The length of a text never changes, so that tokens and their times can be masked alike. Short
numbers (an order's last digits, 12315) stay: people need them to work.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from alerts.numbers import Number, Places, numbers
from alerts.personal import MaskKind, personal
from streamer.events import CallInfo, Emotion, Seconds, Span, Transcript

KINDS: tuple[MaskKind, ...] = (
    "id_card",
    "bank_card",
    "mobile",
    "landline",
    "code",
    "email",
)
"""Everything that can be hidden; a setting may leave some of it out."""

_BEFORE: Seconds = 0.25  # tokens set in where the model is sure, which is late
_AFTER: Seconds = 0.15

_LONG = re.compile(r"\d(?:[ \-]?\d){6,}")
_TAG = re.compile(r"<\|[A-Z_]+\|>")
_TAGS = re.compile(r"^(?:<\|[^|]*\|>)+")
_EMOTION_TAGS = {f"<|{emotion}|>" for emotion in Emotion}

_NAME = "A-Za-z0-9_.+零〇一幺二两三四五六七八九-"
_MAIL = re.compile(
    # zhang.san@qq.com, and as it is spoken: "abc幺二三艾特qq点com", "abc at qq dot com"
    rf"(?<![{_NAME}])[{_NAME}](?:[{_NAME}]|点|杠|下划线)*"
    r"(?=\s*(?:@|艾特|圈a|小老鼠|\bat\b)\s*"
    rf"[{_NAME}]+(?:\s*(?:\.|点|\bdot\b)\s*[A-Za-z]{{2,}})+)",
    re.IGNORECASE,
)


def mask(text: str, kinds: Sequence[MaskKind] = KINDS) -> str:
    """`text` without mobile and landline numbers (138****0000), identity and bank cards,
    one-time codes, names in e-mail addresses; however they are spoken. As long as before."""
    while (hidden := _once(text, kinds)) != text:  # what one pass leaves may be a number again
        text = hidden
    return text


def _once(text: str, kinds: Sequence[MaskKind]) -> str:
    if "email" in kinds:
        text = _MAIL.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 1), text)
    for number in numbers(text):
        if not is_rest(text, number):
            for span in personal(number, kinds):
                text = hide(text, number, span)
    return text


def is_rest(text: str, number: Number) -> bool:
    """The four digits that were left of a longer one are no code of their own."""
    first, last = number.places[0][0], number.places[-1][1]
    return (
        len(number.digits) <= 8
        and "*" in text[max(0, first - 3) : first] + text[last : last + 3]
    )


def hide(text: str, number: Number, span: Places) -> str:
    """Stars for those digits of the number; what stands between them stays."""
    for start, end in number.places[slice(*span)]:
        text = text[:start] + "*" * (end - start) + text[end:]
    return text


def mask_number(number: str) -> str:
    """A caller's number or SIP address, as it may be shown."""
    return mask(_LONG.sub(_middle, number))


def mask_info(info: CallInfo, kinds: Sequence[MaskKind] = KINDS) -> CallInfo:
    """The caller's number stays where neither kind of telephone number is to be hidden."""
    if not {"mobile", "landline"} & set(kinds):
        return info
    return replace(info, customer=mask_number(info.customer))


def mask_transcript(said: Transcript, kinds: Sequence[MaskKind] = KINDS) -> Transcript:
    return masked_by(said, lambda text: mask(text, kinds))


def masked_by(said: Transcript, masking: Callable[[str], str]) -> Transcript:
    """Its text, tokens and raw string masked. Tokens are masked over their joined text: a
    number comes in many of them."""
    texts = [text for text, _ in said.tokens]
    masked, start, tokens = masking("".join(texts)), 0, []
    for text, at in said.tokens:
        tokens.append((masked[start : start + len(text)], at))
        start += len(text)
    tags, words = _tagged(said.raw)
    return replace(
        said, text=masking(said.text), raw=tags + masking(words), tokens=tuple(tokens)
    )


def without_emotion(said: Transcript) -> Transcript:
    """The transcript of somebody whose emotion may not be inferred: it is not kept at all,
    rather than hidden later."""
    unknown: Mapping[Emotion, float] = {Emotion.UNKNOWN: 1.0}
    raw = _TAG.sub(
        lambda m: f"<|{Emotion.UNKNOWN}|>" if m[0] in _EMOTION_TAGS else m[0], said.raw
    )
    return replace(said, emotion=Emotion.UNKNOWN, emotion_p=unknown, raw=raw)


def hidden_in(said: Transcript, masked: Transcript) -> list[Span]:
    """When the masked words were spoken: from a token's onset to the next one's, and a little
    more, since onsets are where the model was sure. All of it where no token tells."""
    if masked.text == said.text and masked.tokens == said.tokens:
        return []
    onsets = [at for _, at in said.tokens] + [said.end]
    changed = [a != b for (a, _), (b, _) in zip(said.tokens, masked.tokens, strict=True)]
    if masked.text.count("*") > said.text.count("*") and not any(changed):
        return [(said.start, said.end)]
    return [
        (onsets[i] - _BEFORE, max(onsets[i + 1], onsets[i]) + _AFTER)
        for i, is_hidden in enumerate(changed)
        if is_hidden
    ]


def _tagged(raw: str) -> tuple[str, str]:
    words = len(raw) - len(_TAGS.sub("", raw))
    return raw[:words], raw[words:]


def _middle(number: re.Match[str]) -> str:
    """Of a telephone number nothing but its end, and of a long one its beginning."""
    [it] = numbers(number[0])
    return hide(number[0], it, (3 if len(it.digits) > 10 else 0, len(it.digits) - 4))
