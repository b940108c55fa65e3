"""What is said of a connection before it comes."""

from uuid import UUID

import pytest

from streamer.announcements import Announcements
from streamer.errors import OverloadError, RefusedError
from tests.streamer.gateways.test_audiosocket import WHO

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)


def test_it_is_good_once():
    it = Announcements()
    it.add(ONE, WHO, until=60.0, now=0.0)
    assert it.take(TWO, 1.0) is None
    assert it.take(ONE, 59.9) == WHO
    assert it.take(ONE, 59.9) is None


def test_it_is_good_for_a_while():
    it = Announcements()
    it.add(ONE, WHO, until=60.0, now=0.0)
    assert it.take(ONE, 60.0) is None
    assert len(it) == 0


def test_nobody_announces_what_another_one_waits_for():
    it = Announcements()
    it.add(ONE, WHO, until=60.0, now=0.0)
    with pytest.raises(RefusedError):
        it.add(ONE, WHO, until=90.0, now=59.9)
    it.add(ONE, WHO, until=120.0, now=60.0)
    assert it.take(ONE, 100.0) == WHO


def test_too_many_are_refused_until_some_have_come_or_expired():
    it = Announcements(most=2)
    it.add(ONE, WHO, until=60.0, now=0.0)
    it.add(TWO, WHO, until=90.0, now=0.0)
    with pytest.raises(OverloadError):
        it.add(THREE, WHO, until=90.0, now=59.0)
    it.add(THREE, WHO, until=90.0, now=60.0)
    it.take(TWO, 61.0)
    it.add(ONE, WHO, until=90.0, now=62.0)
    assert len(it) == 2
