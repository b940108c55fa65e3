import os
import stat

import pytest

from alerts.clips import ClipStore, around, clip_url

HOSTILE = [
    "../../etc/passwd",
    "/abs",
    "..",
    ".",
    "",
    "a/b\\c",
    "\0x",
    "客户" * 200,
    "\ud800",
    "a b?c#d",
]


@pytest.mark.parametrize("call_id", HOSTILE)
async def test_a_call_id_never_leaves_the_directory(tmp_path, call_id):
    store = ClipStore(tmp_path / "clips")
    await store.save(call_id, 1.0, 9.0, b"RIFF")
    found = store.find(call_id, 1.0, 9.0)
    assert found.read_bytes() == b"RIFF"
    assert found.resolve().is_relative_to(tmp_path / "clips")
    assert store.find(call_id + "x", 1.0, 9.0) is None


async def test_others_cannot_read_them(tmp_path):
    old = os.umask(0)
    try:
        store = ClipStore(tmp_path / "clips")
        await store.save("c", 1.0, 9.0, b"RIFF")
    finally:
        os.umask(old)
    path = store.find("c", 1.0, 9.0)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]
    assert [p.name for p in path.parent.iterdir()] == ["1000-9000.wav"]


@pytest.mark.parametrize(
    ("start", "end"),
    [(float("nan"), 1.0), (0.0, float("inf")), (-1.0, 7.0), (0.0, 1e300), (1.0, 9.01)],
)
async def test_what_was_not_saved_is_not_found(tmp_path, start, end):
    store = ClipStore(tmp_path)
    await store.save("c", 1.0, 9.0, b"RIFF")
    assert store.find("c", start, end) is None


async def test_the_address_leads_back_to_the_clip(tmp_path):
    store = ClipStore(tmp_path)
    start, end = around(87.41999)
    assert (start, end) == (79.92, 87.92)
    await store.save("c", start, end, b"RIFF")
    url = clip_url("c", start, end)
    assert url == "/api/v1/calls/c/clip?from=79.92&to=87.92"
    asked = [float(part.split("=")[1]) for part in url.split("?")[1].split("&")]
    assert store.find("c", *asked) is not None
    assert around(3.0) == (0.0, 3.5)
    assert clip_url("a/b c?", 0.0, 3.5) == "/api/v1/calls/a%2Fb%20c%3F/clip?from=0&to=3.5"


async def test_a_long_call_keeps_its_digits(tmp_path):
    start, end = around(123456.78)
    assert clip_url("c", start, end).endswith("from=123449.28&to=123457.28")


async def test_the_old_ones_are_swept(tmp_path):
    store = ClipStore(tmp_path / "clips", keep_days=1)
    assert await store.sweep(0.0) == 0
    await store.save("old", 1.0, 9.0, b"RIFF")
    await store.save("new", 1.0, 9.0, b"RIFF")
    old, new = store.find("old", 1.0, 9.0), store.find("new", 1.0, 9.0)
    os.utime(old, (1000.0, 1000.0))
    os.utime(new, (90_000.0, 90_000.0))
    assert await store.sweep(1000.0 + 86_400.0) == 0
    assert await store.sweep(1001.0 + 86_400.0) == 1
    assert not old.parent.exists()
    assert new.exists()


async def test_a_disk_that_refuses_says_so(tmp_path):
    blocked = tmp_path / "clips"
    blocked.write_text("a file where the directory should be")
    with pytest.raises(OSError, match="clips"):
        await ClipStore(blocked).save("c", 1.0, 9.0, b"RIFF")


async def test_a_clip_that_gets_its_name_meanwhile_does_not_end_the_sweep(tmp_path):
    """What is being saved is there under another name when the directory is listed."""
    store = ClipStore(tmp_path / "clips", keep_days=1)
    await store.save("old", 1.0, 9.0, b"RIFF")
    old = store.find("old", 1.0, 9.0)
    os.utime(old, (1000.0, 1000.0))
    (old.parent / "a.part").symlink_to(tmp_path / "renamed away")
    assert await store.sweep(1001.0 + 86_400.0) == 1
