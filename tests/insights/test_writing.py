"""Whatever comes again, or in another order, or in other portions: the archive is the same."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from insights.archive import Archive
from insights.tables import (
    alert_steps,
    alerts,
    calls,
    holds,
    notes,
    prompts,
    sentences,
    silences,
)
from tests.insights import published as p
from tests.insights.contents import contents


def rows(archive: Archive, table):
    with archive.reading() as connection:
        return connection.execute(select(table)).mappings().all()


def test_a_whole_call_is_kept(archive):
    archive.take(p.call())
    (call,) = rows(archive, calls)
    assert (call["call_id"], call["agent_id"], call["duration"]) == ("c1", "8001", 30.0)
    assert (call["reason"], call["ended"], call["started"]) == ("ended", p.wall(30), True)
    kept = sorted(rows(archive, sentences), key=lambda row: row["utterance"])
    assert [row["text"] for row in kept][:2] == ["我要退货", "你们是不是壓單啊"]
    assert kept[1]["plain"] == "你们是不是压单啊"
    assert kept[1]["feels"] == {"ANGRY": 1.0}  # EMO_UNKNOWN is no evidence
    assert [row["silence_after"] for row in kept] == [0.0, 1.4, 0.0, 0.0, 7.0]
    assert kept[4]["unheard"] == "shed"


def test_from_where_on_the_parties_were_swapped_is_kept(archive):
    archive.take(p.call())
    kept = {(row["kind"], row["at"]) for row in rows(archive, holds)}
    assert kept == {("hold", 12.0), ("unhold", 13.0), ("swapped", 13.0), ("as_told", 13.0)}


def test_an_alert_has_its_latest_word_and_its_whole_life(archive):
    archive.take(p.call())
    (alert,) = rows(archive, alerts)
    assert (alert["rev"], alert["state"], alert["raised"]) == (4, "resolved", p.wall(10))
    assert alert["body"]["note"] == "note 4"
    life = sorted(rows(archive, alert_steps), key=lambda row: row["rev"])
    assert [row["state"] for row in life] == ["active", "active", "acknowledged", "resolved"]


def test_a_prompt_and_a_message_have_their_end(archive):
    archive.take(p.call())
    assert [row["state"] for row in rows(archive, prompts)] == ["accepted"]
    assert [row["body"]["seen"] for row in rows(archive, notes)] == [True]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_it_is_the_same_in_any_portions_and_told_twice(archive, tmp_path, size):
    once = Archive(f"sqlite:///{tmp_path}/once.db")
    once.open()
    once.take(p.call())
    told = p.call()
    for at in range(0, len(told), size):
        archive.take(told[at : at + size])
        archive.take(told[max(0, at - 2) : at + size])
    assert contents(archive) == contents(once)
    once.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cuts=st.lists(st.integers(1, 20), max_size=4))
def test_two_readers_may_tell_it_in_any_order(tmp_path, seed, cuts):
    """Two servers share the log: what one of them got may be written long after the rest."""
    shuffled = p.call()
    random.Random(seed).shuffle(shuffled)
    one, other = (Archive(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "other"))
    for archive in (one, other):
        archive.open()
    one.take(p.call())
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), None], strict=True):
        other.take(shuffled[start:end])
    assert contents(other) == contents(one)
    one.close()
    other.close()
    for file in tmp_path.iterdir():
        file.unlink()


def test_a_call_id_that_is_used_again_is_another_call(archive):
    archive.take(p.call())
    later = [p.began(at=2000, agent="8002"), p.ended(9.0, wall_at=2009)]
    archive.take(later)
    archive.take(later)
    archive.take(p.call())  # told again, after that
    assert sorted((r["agent_id"], r["duration"]) for r in rows(archive, calls)) == [
        ("8001", 30.0),
        ("8002", 9.0),
    ]


def test_a_call_whose_beginning_was_never_told_is_kept_all_the_same(archive):
    archive.take([p.said(4, "喂")])
    (call,) = rows(archive, calls)
    assert (call["started"], call["began"]) == (False, p.wall(18.5))


def test_what_was_heard_after_all_takes_the_place_of_unheard(archive):
    archive.take([p.began(), p.unheard(1)])
    archive.take([p.said(1, "退货")])
    archive.take([p.unheard(1)])
    assert [(r["text"], r["unheard"]) for r in rows(archive, sentences)] == [("退货", "")]


def test_a_batch_is_written_whole_or_not_at_all(archive, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("insights.settling.Settling._reindex", broken)
    with pytest.raises(RuntimeError):
        archive.take(p.call())
    with archive.reading() as connection:
        for table in (calls, sentences, silences, alerts):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
