from web_dashboard.sessions import Local, Sessions
from web_dashboard.tries import Tries

HOUR = 3600.0
LIN, A = Local("lin", "hash"), Local("a", "hash")


def test_a_token_is_good_until_it_is_ended():
    it = Sessions()
    token = it.begin(LIN, now=0.0)
    assert it.find(token, now=1.0) == LIN
    it.end(token)
    it.end(token)
    assert it.find(token, now=2.0) is None


def test_what_is_no_token_is_nobody():
    it = Sessions()
    it.begin(LIN, now=0.0)
    for wrong in (None, "", "x", "\udcff"):
        assert it.find(wrong, now=0.0) is None


def test_it_ends_after_twelve_idle_hours():
    it = Sessions()
    token = it.begin(LIN, now=0.0)
    assert it.find(token, now=12 * HOUR - 1) == LIN
    assert it.find(token, now=24 * HOUR - 2) == LIN
    assert it.find(token, now=36 * HOUR - 2) is None
    assert len(it) == 0


def test_it_ends_after_seven_days_whatever_happens():
    it = Sessions()
    token = it.begin(LIN, now=0.0)
    for hour in range(11, 7 * 24, 11):
        assert it.find(token, now=hour * HOUR) == LIN
    assert it.find(token, now=7 * 24 * HOUR) is None


def test_when_full_the_one_unused_for_longest_goes():
    it = Sessions(limit=2)
    first, second = it.begin(A, now=0.0), it.begin(LIN, now=1.0)
    it.find(first, now=2.0)
    it.begin(LIN, now=3.0)
    assert it.find(second, now=4.0) is None
    assert it.find(first, now=4.0) == A


def test_five_tries_and_then_a_wait():
    it = Tries(limit=5, window=300.0)
    for second in range(5):
        assert it.wait("lin", now=second) == 0
        it.begin("lin", now=second)
    assert it.wait("lin", now=10.0) == 290.0
    assert it.wait("chen", now=10.0) == 0
    assert it.wait("lin", now=299.9) > 0
    assert it.wait("lin", now=300.0) == 0
    it.begin("lin", now=300.0)
    assert it.wait("lin", now=300.5) == 0.5


def test_the_right_password_forgives():
    it = Tries(limit=2)
    it.begin("lin", now=0.0)
    it.begin("lin", now=0.0)
    it.right("lin")
    assert it.wait("lin", now=0.0) == 0


def test_no_more_keys_are_kept_than_allowed():
    it = Tries(limit=1, keys=2)
    for name in ("a", "b", "c"):
        it.begin(name, now=0.0)
    assert it.wait("a", now=0.0) == 0
    assert it.wait("c", now=0.0) > 0
