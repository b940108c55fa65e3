import httpx
import pytest

from alerts.outbox import BusState
from tests.web.scenes import House, MemoryLog, started
from web_dashboard.app import create_app
from web_dashboard.view import LoadStatus, ModelStatus


async def test_ready_when_everything_is_there(house):
    house.log.publish(started())
    await house.folded()
    async with house.browser() as client:
        answer = await client.get("/ready")
        assert (await client.get("/live")).json() == {"live": True}
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True, "missing": {}, "model": "tiny", "demonstration": True,
        "version": "0.1.0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("model", {"model": ModelStatus("tiny", "loading")}),
        ("model", {"model": ModelStatus("tiny", "failed", detail="no such file")}),
        ("load", {"load": LoadStatus(200, 200, 1500, overloaded=True)}),
        ("redis", {"bus": BusState(up=False, since="2026-11-22T08:30:11Z", kept=7, dropped=0)}),
        ("server", {"draining": True}),
    ],
)
async def test_not_ready_says_what_is_missing(house, part, change):
    for name, value in change.items():
        setattr(house, name, value)
    async with house.browser() as client:
        answer = await client.get("/ready")
    assert answer.status_code == 503
    assert part in answer.json()["missing"]


async def test_not_ready_before_the_log_was_read(tmp_path):
    (tmp_path / "static").mkdir()
    house = House(tmp_path, MemoryLog())
    house.build(listen=False)
    async with neighbour(house, "127.0.0.1") as client:
        assert (await client.get("/ready")).json()["missing"].keys() == {"board"}


def neighbour(house, address):
    transport = httpx.ASGITransport(create_app(house.parts), client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.9", {}, 401),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.9"}, 401),
        ("192.0.2.9", {"Authorization": "Bearer metrics-key"}, 200),
        ("192.0.2.9", {"Authorization": "Bearer wrong"}, 401),
        ("192.0.2.9", {"Authorization": "Basic metrics-key"}, 401),
    ],
)
async def test_who_may_see_the_figures(tmp_path, address, headers, status):
    (tmp_path / "static").mkdir()
    house = House(tmp_path, MemoryLog())
    house.build(listen=False)
    async with neighbour(house, address) as client:
        for path in ("/live", "/metrics"):
            assert (await client.get(path, headers=headers)).status_code == status


async def test_the_figures_are_prometheus_text(house):
    async with house.browser() as client:
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "earwitness_feed_viewers 0.0" in answer.text


async def test_the_status_that_the_screens_show(house):
    async with house.browser("boss") as client:
        status = (await client.get("/api/v1/status")).json()
    assert status["model"]["demonstration"] is True
    assert status["redis"]["state"] == "up"
    assert status["load"]["limit"] == 200
