"""The line of every value, whatever TOML it is written in."""

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alerts.playbook import BUNDLED, parse
from alerts.toml_lines import key_lines
from streamer.errors import SettingsError

TEXT = '''\
# [not.a] table = 1
top = """
[no.table]
no_key = 1 # no comment
"""   # a comment = 1
"quoted key" = 'x # y'

[a]
b.c = 1
list = [
  "one", # 1 = 2
  ["deep",
   "er"],
  { k = 1, l = [
    "in"] },
]
day = 1979-05-27 07:32:00
[a.b2]
x = { y = { z = 1 } }
[[rule]]
name = "first"
[rule.sub]
q = 1
[[rule]]
name = \'\'\'
second = 1
\'\'\'
[[rule.more]]
r = 1
[[rule.more]]
r = 2
'''

LINES = {
    "top": 2, "quoted key": 6, "a": 8, "a.b.c": 9, "a.list": 10, "a.list[0]": 11,
    "a.list[1]": 12, "a.list[1][0]": 12, "a.list[1][1]": 13, "a.list[2]": 14,
    "a.list[2].k": 14, "a.list[2].l": 14, "a.list[2].l[0]": 15, "a.day": 17, "a.b2": 18,
    "a.b2.x": 19, "a.b2.x.y": 19, "a.b2.x.y.z": 19, "rule[0]": 20, "rule[0].name": 21,
    "rule[0].sub": 22, "rule[0].sub.q": 23, "rule[1]": 24, "rule[1].name": 25,
    "rule[1].more[0]": 28, "rule[1].more[0].r": 29, "rule[1].more[1]": 30,
    "rule[1].more[1].r": 31,
}  # fmt: skip


def test_every_value_has_its_line():
    tomllib.loads(TEXT)
    assert key_lines(TEXT) == LINES


def paths(value, path=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from paths(one, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from paths(one, f"{path}[{index}]")
    else:
        yield path


def test_every_value_of_the_bundled_playbook_has_one():
    text = BUNDLED.read_text("utf-8")
    assert set(paths(tomllib.loads(text))) <= key_lines(text).keys()


@given(st.text(st.sampled_from("ab[]{}=,.\n\"'# 1"), max_size=60))
@example("a=[=")
@example("a=[}]")
def test_no_text_hangs_or_breaks_it(text):
    key_lines(text)


@pytest.mark.parametrize(
    ("old", "new", "line_of", "path"),
    [
        ('  "法院", "律师",', '  "", "律师",', '  "", "律师",', "angry.risk.phrases["),
        ('{ zh = "客户生气地要退",', "{ zh = 3,", "zh = 3", "rule[0].because.zh"),
        ("when = 'party:customer words:legal NOT [ANGRY]'",
         "when = '''\nlegal = 1\n[x]\n'''\nexpect = 1", "expect = 1", "rule[1].expect"),
        ("enter = 0.5", "enter = 0.5\nenter = 0.6", "enter = 0.6", "line"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_own_line(old, new, line_of, path):
    text = BUNDLED.read_text("utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    line = text[: text.index(line_of)].count("\n") + 1
    with pytest.raises(SettingsError) as raised:
        parse(text)
    assert any(f"line {line}" in row and path in row for row in str(raised.value).splitlines())
