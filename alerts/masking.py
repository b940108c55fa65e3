"""Personal numbers out of what is published: every digit hidden keeps its place.

The length of a text never changes, so that tokens and their times can be masked alike. Short
numbers (an order's last digits, 12315) stay: people need them to work.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from streamer.events import CallInfo, Emotion, Transcript

_D = r"[\d零〇一二三四五六七八九幺]"
_SEPARATOR = r"[\s\-.,，、·▁]{0,2}"
_ONE, _THREE_TO_NINE = "[1１一幺]", "[3-9３-９三四五六七八九]"
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+(?=@(?:[\w-]+\.)+[A-Za-z]{2,})")
# Bank cards have 15 to 19 digits, identity cards 18 or (before 1999) 15.
_CARD = re.compile(rf"(?:\d[ \-]?){{14,}}\d[Xx]?|(?:{_D}{_SEPARATOR}){{17}}(?:{_D}|[Xx])")
_MOBILE = re.compile(rf"{_ONE}{_SEPARATOR}{_THREE_TO_NINE}(?:{_SEPARATOR}{_D}){{9}}")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)")
_LONG = re.compile(r"\d(?:[ \-]?\d){6,}")
_TAG = re.compile(r"<\|[A-Z_]+\|>")
_EMOTION_TAGS = {f"<|{emotion}|>" for emotion in Emotion}


def mask(text: str) -> str:
    """`text` without mobile and landline numbers, identity and bank cards, e-mail names:
    138****0000. Numbers spoken as words (幺三八...) too. As long as before."""
    text = _MAIL.sub(lambda m: m[0][0] + "*" * (len(m[0]) - 1), text)
    text = _CARD.sub(lambda m: _hide(m[0], 0, 4), text)
    while _MOBILE.search(text):  # what one pass leaves may begin another number
        text = _MOBILE.sub(lambda m: _hide(m[0], 3, 4), text)
    return _LANDLINE.sub(lambda m: _hide(m[0], 4, 4), text)


def mask_number(number: str) -> str:
    """A caller's number or SIP address, as it may be shown."""
    return mask(_LONG.sub(lambda m: _hide(m[0], 3 if _digits(m[0]) > 10 else 0, 4), number))


def mask_info(info: CallInfo) -> CallInfo:
    return replace(info, customer=mask_number(info.customer))


def mask_transcript(said: Transcript) -> Transcript:
    """Its text, tokens and raw string masked. Tokens are masked over their joined text: a
    number comes in many of them."""
    texts = [text for text, _ in said.tokens]
    masked, start, tokens = mask("".join(texts)), 0, []
    for text, at in said.tokens:
        tokens.append((masked[start : start + len(text)], at))
        start += len(text)
    return replace(said, text=mask(said.text), raw=mask(said.raw), tokens=tuple(tokens))


def without_emotion(said: Transcript) -> Transcript:
    """The transcript of somebody whose emotion may not be inferred: it is not kept at all,
    rather than hidden later."""
    unknown: Mapping[Emotion, float] = {Emotion.UNKNOWN: 1.0}
    raw = _TAG.sub(
        lambda m: f"<|{Emotion.UNKNOWN}|>" if m[0] in _EMOTION_TAGS else m[0], said.raw
    )
    return replace(said, emotion=Emotion.UNKNOWN, emotion_p=unknown, raw=raw)


def _digits(text: str) -> int:
    return len(re.findall(_D, text))


def _hide(number: str, first: int, last: int) -> str:
    """Stars for all digits but the `first` and the `last` ones; separators stay."""
    places = [m.start() for m in re.finditer(rf"{_D}|[Xx]", number)]
    hidden = set(places[first : len(places) - last])
    return "".join("*" if i in hidden else c for i, c in enumerate(number))
