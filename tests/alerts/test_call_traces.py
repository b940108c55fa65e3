"""What the rules were told, recorded so that another playbook can be tried on it."""

import json
import os
import stat
from dataclasses import replace

import pytest

from alerts import call_traces, metrics
from alerts.call_traces import TraceFolder
from alerts.replay import replayed
from alerts.traces import read, row
from streamer.events import CallClosed, CallId, CallOpened
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, draft, quiet, said

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path):
    return TraceFolder(tmp_path / "traces", keep_days=7, most=1_000_000)


def whole(call=CALL):
    """A call of an angry customer, then silence."""
    info = replace(INFO, call=call, order_id="D1", dialled="400", meta={"note": "王先生"})
    rant = [said("你们到底发不发货", at=5.0 * i, angry=0.9, number=i + 2) for i in (1, 2, 3)]
    return [
        CallOpened(info), *MET, draft(rant[0]), *rant, quiet(18.0, 10.0), closed(40.0, call),
    ]  # fmt: skip


def rows(events):
    """To four digits."""
    return [row(event) for event in events]


async def kept(folder, events, **how):
    trace = folder.call(events[0].info, **how)
    for event in events:
        await trace.keep(event)
    return trace


async def test_what_is_recorded_can_be_tried_and_raises_the_same(folder):
    events = whole()
    await kept(folder, events)
    found = read(folder.path(CALL).read_text("utf-8"), "it")[CALL]
    assert [type(e) for e in found] == [type(e) for e in events]
    assert rows(found[1:]) == rows(events[1:])
    assert replayed(found, PLAYBOOK) == replayed(events, PLAYBOOK) != []


async def test_it_is_for_its_owner_alone_and_no_number_or_gateway_s_word_is_in_it(folder):
    await kept(folder, whole())
    path = folder.path(CALL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    opened = json.loads(path.read_text("utf-8").splitlines()[0])["info"]
    assert opened.pop("record")
    assert opened.pop("emotion")
    assert {k: v for k, v in opened.items() if v} == {
        "call": CALL, "agent_id": "8001", "queue": "after-sales", "language": "auto",
    }  # fmt: skip


def test_without_consent_to_be_recorded_nothing_is(folder):
    assert folder.call(replace(INFO, record=False)) is None


async def test_events_are_written_some_at_a_time_and_all_at_the_end(folder):
    trace = folder.call(INFO)
    for number in range(20):
        await trace.keep(said(number=number))
    assert len(folder.path(CALL).read_text("utf-8").splitlines()) == 16
    await trace.flush()
    await trace.flush()
    assert len(folder.path(CALL).read_text("utf-8").splitlines()) == 20


async def test_a_call_of_the_same_id_takes_the_place_of_the_one_before(folder):
    await kept(folder, whole())
    await kept(folder, [*whole()[:2], closed()])
    assert len(folder.path(CALL).read_text("utf-8").splitlines()) == 3


async def test_a_call_that_comes_back_goes_on_and_one_from_another_server_is_opened(
    folder, tmp_path
):
    events = whole()
    trace = await kept(folder, events[:4])
    await trace.flush()
    again = folder.call(INFO, resumed=True)
    for event in events[4:]:
        await again.keep(event)
    found = read(folder.path(CALL).read_text("utf-8"), "it")[CALL]
    assert rows(found[1:]) == rows(events[1:])

    elsewhere = TraceFolder(tmp_path / "other", keep_days=7, most=1_000_000)
    there = elsewhere.call(INFO, resumed=True)
    for event in events[4:]:
        await there.keep(event)
    found = read(elsewhere.path(CALL).read_text("utf-8"), "it")[CALL]
    assert found[0].info.agent_id == "8001"
    assert rows(found[1:]) == rows(events[4:])


async def test_past_the_bound_the_oldest_calls_go(tmp_path):
    ids = [CallId(f"call-{n}") for n in range(6)]
    size = await _size(tmp_path, whole(ids[0]))
    folder = TraceFolder(tmp_path / "traces", keep_days=7, most=round(3.5 * size))
    for n, call in enumerate(ids):
        await kept(folder, whole(call))
        os.utime(folder.path(call), (n, n))
        total = sum(p.stat().st_size for p in (tmp_path / "traces").iterdir())
        assert total <= 3.5 * size
    assert [folder.path(call).exists() for call in ids] == 3 * [False] + 3 * [True]
    # What lies there already counts after a restart, too.
    anew = TraceFolder(tmp_path / "traces", keep_days=7, most=round(3.5 * size))
    await kept(anew, whole(CallId("one more")))
    assert not anew.path(ids[3]).exists()


async def _size(tmp_path, events):
    folder = TraceFolder(tmp_path / "one", keep_days=7, most=1_000_000)
    await kept(folder, events)
    return folder.path(events[0].info.call).stat().st_size


async def test_a_call_without_end_does_not_fill_the_disk(folder, monkeypatch):
    monkeypatch.setattr(call_traces, "MOST_OF_A_CALL", 20_000)
    trace = folder.call(INFO)
    for number in range(1000):
        await trace.keep(said(number=number))
    size = folder.path(CALL).stat().st_size
    assert 20_000 <= size < 40_000
    await trace.keep(CallClosed(CALL, 1.0, "ended"))
    assert folder.path(CALL).stat().st_size == size


async def test_traces_expire(folder):
    for call in ("old", "new"):
        await kept(folder, whole(CallId(call)))
    os.utime(folder.path(CallId("old")), (0, 0))
    os.utime(folder.path(CallId("new")), (5 * DAY, 5 * DAY))
    assert await folder.sweep(8 * DAY) == 1
    assert not folder.path(CallId("old")).exists()
    assert folder.path(CallId("new")).exists()


async def test_a_disk_that_is_gone_ends_the_trace_and_not_the_call(folder, tmp_path, caplog):
    before = metrics.traces_failed._value.get()
    trace = folder.call(INFO)
    (tmp_path / "traces").rmdir()
    for number in range(100):
        await trace.keep(said(number=number))
    assert [record.message for record in caplog.records] == ["a call's trace breaks off"]
    assert metrics.traces_failed._value.get() == before + 1


async def test_a_link_is_not_followed(folder, tmp_path):
    folder.path(CALL).symlink_to(tmp_path / "elsewhere")
    await kept(folder, whole(), resumed=True)
    assert not (tmp_path / "elsewhere").exists()
