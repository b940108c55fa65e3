from datetime import UTC, datetime

from alerts.ids import counted, new_ulid, ulid
from alerts.wall import seconds_between, utc_now


def test_a_ulid_sorts_by_time_and_is_as_long_as_the_standard_says():
    assert ulid(0, 0) == "0" * 26
    assert ulid(1469918176385, 0)[:10] == "01ARYZ6S41"  # the specification's own example
    assert ulid(1, 0) < ulid(2, 0)
    assert len(new_ulid()) == 26
    assert new_ulid() != new_ulid()


def test_counted_ids_are_the_same_every_time():
    assert [counted("p")(), counted("p")()] == ["p0001", "p0001"]


def test_the_wall_clock_is_rfc_3339_in_utc():
    assert datetime.fromisoformat(utc_now()).tzinfo == UTC
    assert len(utc_now()) == len("2026-11-22T08:30:11.120Z")
    assert seconds_between("2026-11-22T08:30:11.120Z", "2026-11-22T08:30:12.620Z") == 1.5
    assert seconds_between("", utc_now()) is None
