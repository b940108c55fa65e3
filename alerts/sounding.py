"""How words are written and how they sound: 繁 as 简, and each character as its syllable.

Recognition errors keep the sound and lose the character (投诉 heard as 投素). Tones and what
the dialects do not tell apart are dropped: n/l, zh/z, ch/c, sh/s, f/h, -ng/-n.
"""

import os
import re
from functools import lru_cache

from opencc import OpenCC

# Characters are read one by one here. The dictionary of phrases, which pypinyin would load
# beside them, and its copies of both cost 45 MB (docs/performance.md);
# it looks at its environment when it is imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

from pypinyin import Style, lazy_pinyin

_CJK = "\u3400-\u9fff"
_GAP = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_ASCII_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_FIRST = 0xF0000  # private use: syllables stand there, one code point each

_simplified = OpenCC("t2s")


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """As words are looked for in it: 简, small letters, no spaces around characters. Rules,
    prompts and checklist ask for the same sentence one after the other."""
    if text.isascii():
        return text.casefold()
    simple = str(_simplified.convert(text)).translate(_ASCII_DIGITS).casefold()
    gaps = " " in simple or not simple.isprintable()
    return _GAP.sub("", simple) if gaps else simple


@lru_cache(maxsize=1024)
def sounds(said: str) -> str:
    """`plain` text of the same length, in which what sounds alike is the same."""
    return said.translate(_table)


class _Syllables(dict[int, int]):
    """Code point of a character -> of its syllable; worked out when first met. Others stay."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, int] = {}

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if not "\u3400" <= character <= "\u9fff":
            return code
        sound = _blurred(lazy_pinyin(character, Style.NORMAL)[0])
        self[code] = self._known.setdefault(sound, _FIRST + len(self._known))
        return self[code]


_BLURRED = (
    (r"^([zcs])h", r"\1"),
    (r"^l", "n"),
    (r"^hu(?=[aeo])", "f"),
    (r"([aei])ng$", r"\1n"),
)


def _blurred(syllable: str) -> str:
    for pattern, same in _BLURRED:
        syllable = re.sub(pattern, same, syllable)
    return syllable


_table = _Syllables()
