import pytest
from sqlalchemy import select

from insights.keeping import Asked, Keeping, expire, forget, hold
from insights.search import Search, find
from insights.tables import acts, calls
from tests.insights import published as p
from tests.insights.contents import contents

ASKED = Asked("林岚", p.wall(3000))


@pytest.fixture
def two(archive):
    archive.take(p.call())
    archive.take([p.began("c2", 1000), p.said(1, "退货", call="c2"), p.ended(9.0, "c2", 1009)])
    return archive


def kept(archive):
    with archive.reading() as connection:
        return sorted(connection.scalars(select(calls.c.call_id)))


def found(archive, text="退货"):
    with archive.reading() as connection:
        return [h.call_id for h in find(connection, archive.index, Search(text)).hits]


def apply(archive, work, *rest, **named):
    with archive.writing() as connection:
        return work(connection, *rest, **named)


def test_old_calls_go_whole(two):
    keeping = Keeping(calls=p.wall(500))
    assert apply(two, expire, two.index, keeping) == 1
    assert apply(two, expire, two.index, keeping) == 0
    assert (kept(two), found(two)) == (["c2"], ["c2"])
    left = contents(two)
    assert all(not left[name] for name in ("alerts", "alert_steps", "prompts", "silences"))
    assert len(left["words"]) == 1  # nor can it be found by its words


def test_old_words_go_and_that_there_was_an_alert_stays(two):
    assert apply(two, expire, two.index, Keeping(words=p.wall(500))) == 1
    assert apply(two, expire, two.index, Keeping(words=p.wall(500))) == 0
    left = contents(two)
    assert (kept(two), found(two)) == (["c1", "c2"], ["c2"])
    assert [row["state"] for row in left["alerts"]] == ["resolved"]
    assert "压单" not in repr(left)
    assert "note" not in repr([row["note"] for row in left["alert_steps"]])


def test_under_legal_hold_nothing_goes(two):
    assert apply(two, hold, 1, ASKED, held=True)
    assert apply(two, expire, two.index, Keeping(p.wall(500), p.wall(500))) == 0
    assert apply(two, forget, two.index, calls.c.call_id == "c1", ASKED) == 0
    assert apply(two, hold, 1, ASKED, held=False)
    assert apply(two, forget, two.index, calls.c.call_id == "c1", ASKED) == 1
    assert kept(two) == ["c2"]


def test_who_deletes_and_holds_is_noted_without_what_was_said(two):
    apply(two, hold, 1, ASKED, held=True)
    apply(two, forget, two.index, calls.c.customer == "138****0000", ASKED)
    assert not apply(two, hold, 99, ASKED, held=True)
    with two.reading() as connection:
        noted = connection.execute(select(acts.c.who, acts.c.act, acts.c.what, acts.c.calls))
        assert noted.all() == [("林岚", "hold", "1", 1), ("林岚", "delete", "2", 1)]


def test_what_is_told_after_a_deletion_begins_anew(two):
    apply(two, forget, two.index, calls.c.call_id == "c1", ASKED)
    two.take([p.said(9, "喂")])
    assert kept(two) == ["c1", "c2"]
