"""The garbage collector leaves alone what was loaded before the first call."""

import gc
import weakref

import pytest

from commands.collecting import keep_for_good


@pytest.fixture(autouse=True)
def collecting_as_before():
    yield
    gc.unfreeze()


class Thing:
    """In a circle, so that only the collector can free it."""

    def __init__(self):
        self.itself = self


def test_what_lives_by_then_is_not_gone_through_again_and_what_comes_later_is():
    before = Thing()
    keep_for_good()
    later = Thing()
    followed = gc.get_objects()
    assert not any(each is before for each in followed)
    assert any(each is later for each in followed)


def test_what_is_garbage_by_then_is_freed():
    gone = weakref.ref(Thing())
    keep_for_good()
    assert gone() is None
