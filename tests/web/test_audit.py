import asyncio

import msgspec

from web_dashboard.audit import Audit, Entry


def entry(n):
    return Entry("2026-11-22T08:30:11Z", "boss", "call_view", f"c{n}", "127.0.0.1")


def written(path):
    return [msgspec.json.decode(line, type=Entry) for line in path.read_bytes().splitlines()]


async def test_a_full_queue_makes_the_one_who_acts_wait(tmp_path):
    audit = Audit(tmp_path / "var" / "audit.log", waiting=2)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        acting = tasks.create_task(act(audit, 50))
        await asyncio.sleep(0)
        assert not acting.done()
        running = tasks.create_task(audit.run())
        await acting
        running.cancel()
    assert written(tmp_path / "var" / "audit.log") == [entry(n) for n in range(50)]


async def act(audit, times):
    for n in range(times):
        await audit.record(entry(n))


async def test_what_was_there_stays_there(tmp_path):
    for n in range(2):
        audit = Audit(tmp_path / "audit.log")
        await audit.record(entry(n))
        running = asyncio.ensure_future(audit.run())
        await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert written(tmp_path / "audit.log") == [entry(0), entry(1)]


async def test_where_the_disk_refuses_the_record_goes_to_the_log(tmp_path, caplog):
    audit = Audit(tmp_path)  # a folder, not a file
    await audit.record(entry(7))
    running = asyncio.ensure_future(audit.run())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert '"what":"c7"' in caplog.text
