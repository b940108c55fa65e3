"""Calls, clips, alerts and prompts over HTTP."""

import json
import wave

from alerts.clips import ClipStore
from alerts.wire import CallEnded
from tests.web.scenes import alert, open_house, prompt, said, started


def published(house, kind):
    return [m for _, m in house.log.entries if type(m).__name__ == kind]


async def test_acknowledging_is_published_and_the_first_one_has_it(house):
    house.parts.desk.update(alert())
    async with house.browser("boss") as client:
        first = (
            await client.post("/api/v1/alerts/a1/acknowledge", json={"note": "我来"})
        ).json()
        again = (await client.post("/api/v1/alerts/a1/acknowledge", json={})).json()
    assert (first["state"], first["owner"], first["rev"]) == ("acknowledged", "boss", 2)
    assert first["note"] == "我来"
    assert again == first
    assert len(published(house, "Alert")) == 1


async def test_resolve_note_and_false_alarm(house):
    house.parts.desk.update(alert())
    async with house.browser("boss") as client:
        note = await client.post("/api/v1/alerts/a1/note", json={"note": "老客户"})
        body = {"outcome": "refund"}
        resolved = await client.post("/api/v1/alerts/a1/resolve", json=body)
        wrong = await client.post("/api/v1/alerts/a1/false_alarm", json={})
    assert (note.json()["note"], note.json()["state"]) == ("老客户", "active")
    assert (resolved.json()["state"], resolved.json()["outcome"]) == ("resolved", "refund")
    assert wrong.json()["state"] == "false_alarm"
    assert [m.rev for m in published(house, "Alert")] == [2, 3, 4]


async def test_what_was_raised_before_a_restart_can_still_be_taken(house):
    house.log.publish(alert(rev=7))
    house.log.publish(prompt())
    await house.folded()
    async with house.browser("boss") as client:
        taken = (await client.post("/api/v1/alerts/a1/acknowledge", json={})).json()
    async with house.browser("lin") as client:
        answered = (await client.post("/api/v1/prompts/p1/accepted")).json()
    assert (taken["rev"], taken["state"]) == (8, "acknowledged")
    assert answered["state"] == "accepted"


async def test_a_malformed_act_is_refused_and_changes_nothing(house):
    house.parts.desk.update(alert())
    bodies = [b"{", b"[]", b'{"note":5}', b'{"owner":"me"}', b'{"note":"%s"}' % (b"x" * 3000)]
    async with house.browser("boss") as client:
        for body in bodies:
            answer = await client.post("/api/v1/alerts/a1/acknowledge", content=body)
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), body
    assert house.parts.desk.alert("a1").state == "active"
    assert house.log.entries == []


async def test_the_first_answer_to_a_prompt_counts(house):
    house.parts.desk.show(prompt())
    async with house.browser("lin") as client:
        first = (await client.post("/api/v1/prompts/p1/not_useful")).json()
        again = (await client.post("/api/v1/prompts/p1/accepted")).json()
    assert (first["state"], again["state"]) == ("not_useful", "not_useful")
    assert len(published(house, "Prompt")) == 1


async def test_a_call_and_its_messages(house):
    house.log.publish(started())
    house.log.publish(said())
    await house.folded()
    async with house.browser("boss") as client:
        told = (await client.get("/api/v1/calls/c1")).json()
    assert told["call"]["call_id"] == "c1"
    assert [e["type"] for e in told["events"]] == ["call_started", "transcript"]


async def test_a_call_that_has_left_the_board_is_read_from_the_log(house):
    house.log.publish(started())
    house.log.publish(said())
    house.log.publish(CallEnded("c1", 60.0, "ended"))
    await house.folded()
    house.parts.feed.board = house.parts.feed.new_board()
    async with house.browser("boss") as client:
        told = (await client.get("/api/v1/calls/c1")).json()
        house.log.go(away=True)
        away = await client.get("/api/v1/calls/c1")
    assert told["call"]["ended"]
    assert len(told["events"]) == 3
    assert (away.status_code, away.json()["code"]) == (503, "log_away")


def a_wav(path):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(4 * 8000))
    return path.read_bytes()


async def test_a_clip_plays_for_those_who_may_hear_it(tmp_path):
    store = ClipStore(tmp_path / "clips")
    wav = a_wav(tmp_path / "made.wav")
    await store.save("c1", 81.4, 89.4, wav)
    async with open_house(tmp_path, clips=store) as house:
        house.log.publish(started())
        await house.folded()
        for who in ("boss", "lin"):
            async with house.browser(who) as client:
                answer = await client.get("/api/v1/calls/c1/clip?from=81.4&to=89.4")
                assert answer.content == wav
                assert answer.headers["content-type"] == "audio/wav"
                assert answer.headers["cache-control"] == "no-store"
    lines = (tmp_path / "audit.log").read_text().splitlines()
    plays = [e for e in map(json.loads, lines) if e["act"] == "clip_play"]
    assert [(e["who"], e["what"]) for e in plays] == [
        ("boss", "c1 81.4-89.4"),
        ("lin", "c1 81.4-89.4"),
    ]


async def test_a_clip_that_is_not_there_says_why(house):
    house.log.publish(started("c1"))
    house.log.publish(said(call="c1", start=92.0, end=95.0))
    house.log.publish(started("c3", record=False))
    await house.folded()
    async with house.browser("boss") as client:
        for call, word in (("c1", "expired"), ("c3", "agree"), ("never", "expired")):
            answer = await client.get(f"/api/v1/calls/{call}/clip?from=1&to=2")
            assert (answer.status_code, answer.json()["code"]) == (404, "no_clip")
            assert word in answer.json()["message"]["en"]
        answer = await client.get("/api/v1/calls/c1/clip?from=92&to=100")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_clip_yet")
        assert answer.headers["Retry-After"] == "1"


STRETCHES = ["", "from=1", "from=x&to=2", "from=2&to=1", "from=nan&to=2", "from=1&to=inf",
             "from=0&to=1000", "from=-inf&to=2"]  # fmt: skip


async def test_a_stretch_that_is_none_is_refused(house):
    async with house.browser("boss") as client:
        for query in STRETCHES:
            answer = await client.get(f"/api/v1/calls/c1/clip?{query}")
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), query
