"""A call as it is read after it, and where there is sound of it."""

import msgspec
import pytest

from alerts import wire
from insights.call import read_call
from insights.search import Filters, Search, find
from streamer.events import Emotion
from tests.insights import published as p

HEARD = "/api/v1/calls/c1/clip?from=7.000&to=12.500"


def quoted(clip=HEARD, alert="A1", rev=9):
    quote = wire.Evidence(8.0, 10.0, p.C, "你们是不是压单啊", Emotion.ANGRY, 0.9, clip)
    return msgspec.structs.replace(p.alert(rev), id=alert, evidence=(quote,))


@pytest.fixture
def heard(archive):
    archive.take([*p.call(), quoted()])
    archive.take([p.began("c2", 100, "8002"), p.said(2, "我要退货", "ANGRY", call="c2")])
    return archive


def read(archive, number):
    with archive.reading() as connection:
        return read_call(connection, number)


def look(archive, text="", **filters):
    with archive.reading() as connection:
        return find(connection, archive.index, Search(text, Filters(**filters)), {}).hits


def number_of(archive, call):
    return next(hit.call for hit in look(archive) if hit.call_id == call)


def test_a_call_is_read_from_its_beginning_to_its_end(heard):
    call = read(heard, number_of(heard, "c1"))
    assert (call.call["call_id"], call.call["duration"]) == ("c1", 30.0)
    said = [(one["utterance"], one["text"], one["unheard"]) for one in call.sentences]
    assert said == [
        (1, "我要退货", ""), (2, "你们是不是壓單啊", ""), (3, "退不了货吗", ""),
        (4, "我帮您查一下", ""), (5, "", "shed"),
    ]  # fmt: skip
    assert call.sentences[1]["feels"] == {"ANGRY": 1.0}
    assert [(one["since"], one["lasted"]) for one in call.silences] == [
        (10.0, 1.4),
        (22.0, 7.0),
    ]
    kinds = [one["kind"] for one in call.holds]
    assert kinds == ["hold", "unhold", "swapped", "as_told"]
    assert [(one["id"], one["rev"]) for one in call.alerts] == [("A1", 9)]
    assert [one["state"] for one in call.prompts] == ["accepted"]
    assert [(one["text"], one["from"]) for one in call.messages] == [("可以换", "林岚")]
    assert not {"plain", "raw", "tokens", "id"} & set(call.sentences[0])


def test_of_no_other_call_anything_is_read(heard):
    call = read(heard, number_of(heard, "c2"))
    assert [one["text"] for one in call.sentences] == ["我要退货"]
    rest = (call.silences, call.holds, call.alerts, call.prompts, call.messages)
    assert rest == ((),) * 5
    assert read(heard, 4711) is None


def test_a_hit_has_the_clip_in_which_it_begins(heard):
    number = number_of(heard, "c1")
    clips = {hit.sentence.utterance: hit.clip for hit in look(heard) if hit.call_id == "c1"}
    address = f"/api/v1/archive/calls/{number}/clip?from=7.000&to=12.500"
    assert clips == {1: "", 2: address, 3: address, 4: "", 5: ""}
    assert [hit.clip for hit in look(heard) if hit.call_id == "c2"] == [""]


def test_of_two_clips_the_later_one(heard):
    heard.take([quoted("/api/v1/calls/c1/clip?from=8.000&to=13.000", "A2")])
    (hit,) = look(heard, "退不了货")
    assert hit.clip.endswith("clip?from=8.000&to=13.000")


def test_whose_sentences(heard):
    assert {hit.sentence.text for hit in look(heard, party="agent")} == {"我帮您查一下"}
    assert [hit.sentence.text for hit in look(heard, "[ANGRY]", party="agent")] == []
    assert len(look(heard, "[ANGRY]", party="customer")) == 3
