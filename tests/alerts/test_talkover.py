from dataclasses import replace

import pytest

from alerts.sounding import plain
from alerts.talkover import Overlaps
from streamer.events import Party
from tests.alerts.heard import PLAYBOOK, said

LONG = "我先把这件事情说完您再说行不行"


def spoken(text, at, lasted, party=Party.CUSTOMER):
    """Its characters evenly over its length."""
    step = lasted / len(text)
    tokens = tuple((c, at + i * step) for i, c in enumerate(text))
    return replace(said(text, at=at, lasted=lasted, party=party), tokens=tokens)


def overlap(*sentences):
    it = Overlaps(PLAYBOOK.talkover)
    return [it.hear(one, plain(one.text)) for one in sentences][-1]


@pytest.mark.parametrize(
    ("customer", "agent", "seconds"),
    [
        ((LONG, 0.0, 5.0), (LONG, 2.0, 5.0), 3.0),
        ((LONG, 0.0, 5.0), (LONG, 3.5, 5.0), 0.0),  # 1.5 s
        ((LONG, 0.0, 5.0), (LONG, 6.0, 5.0), 0.0),
        ((LONG, 0.0, 9.0), (LONG, 3.0, 3.0), 3.0),  # one within the other
        ((LONG, 0.0, 5.0), ("嗯嗯，好的", 1.0, 3.0), 0.0),
        ((LONG, 0.0, 5.0), ("好的好的，嗯", 1.0, 3.0), 0.0),
        ((LONG, 0.0, 5.0), ("等一下", 1.0, 3.0), 0.0),  # three characters
        ((LONG, 0.0, 5.0), ("等一下啊", 1.0, 3.0), 3.0),
        ((LONG, 0.0, 5.0), ("等，一，下", 1.0, 3.0), 0.0),  # signs are no characters
        (("我说，", 0.0, 9.0), (LONG, 1.0, 5.0), 0.0),
    ],
)
def test_both_must_speak_long_enough_and_say_something(customer, agent, seconds):
    one, other = spoken(*customer), spoken(*agent, party=Party.AGENT)
    assert overlap(one, other) == pytest.approx(seconds)
    assert overlap(other, one) == pytest.approx(seconds)


def test_nobody_talks_over_oneself():
    assert overlap(spoken(LONG, 0.0, 5.0), spoken(LONG, 1.0, 5.0)) == 0.0


def test_of_several_the_longest_counts():
    agent = [spoken(LONG, at, 3.0, Party.AGENT) for at in (0.0, 3.5)]
    assert overlap(*agent, spoken(LONG, 0.5, 9.0)) == pytest.approx(3.0)
