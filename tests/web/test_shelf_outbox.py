import msgspec
from hypothesis import given
from hypothesis import strategies as st

from web_dashboard.outbox import Outbox
from web_dashboard.shelf import Shelf

RAW = msgspec.Raw(b"{}")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 5)), max_size=50))
def test_a_shelf_never_holds_more_than_its_limit(puts):
    shelf = Shelf(4, stays=lambda thing: None if thing % 2 else thing)
    for now, (thing, later) in enumerate(puts):
        shelf.put(str(thing), thing, now)
        assert shelf.get(str(thing)) is not None or len(shelf) == 4
        shelf.sweep(now + later)
        assert len(shelf) <= 4


def test_what_would_leave_soonest_goes_first_then_the_oldest():
    shelf = Shelf(2, stays={"stays": None, "soon": 5, "also": None}.get)
    shelf.put("stays", "stays", 0)
    shelf.put("soon", "soon", 1)
    shelf.put("also", "also", 2)
    assert list(shelf) == ["stays", "also"]
    shelf.put("more", "stays", 3)
    assert shelf.get("stays") is None
    assert list(shelf) == ["also", "stays"]


def test_things_leave_exactly_when_their_time_is_over():
    shelf = Shelf(9, stays=lambda _: 10)
    shelf.put("a", "a", 100)
    shelf.sweep(109)
    assert len(shelf) == 1
    shelf.sweep(110)
    assert len(shelf) == 0


def test_an_outbox_gives_everything_once_in_order():
    outbox = Outbox(limit=3)
    outbox.put("1-0", RAW)
    outbox.put("2-0", RAW)
    assert len(outbox.take()) == 2
    assert outbox.take() == ()
    assert outbox.last == "2-0"


def test_an_outbox_that_overflows_holds_nothing_more():
    outbox = Outbox(limit=2)
    for n in range(9):
        outbox.put(f"{n}-0", RAW)
        assert len(outbox) <= 2
    assert outbox.overflowed
    assert outbox.take() == ()
