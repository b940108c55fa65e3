"""Hold music and announcements on the agent's side are not the agent speaking."""

from dataclasses import replace

import pytest

from streamer import events as ev
from streamer.events import AudioEvent, CallId, CallInfo, Emotion
from streamer.played import Played, played_on
from streamer.sounds import Verdict, verdict
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.shell import END, SAID, ScriptedRecognizer, goodbye, house, settings, start
from tests.streamer.shell import transcript as scripted

ANNOUNCED = "您好，为了保证服务质量，您的通话可能会被录音。"
UTTERANCE = ev.Utterance(CallId("c1"), 1, AGENT, 0.0, 1.0, 1.2, 0.0, 8000, b"", "auto")
SONG = (AudioEvent.MUSIC,)


def heard(text, party=AGENT, events=(AudioEvent.SPEECH,)):
    return replace(scripted(replace(UTTERANCE, party=party)), text=text, events=events)


@pytest.mark.parametrize(
    ("said", "played"),
    [
        (ANNOUNCED, True),
        ("为了保证服务质量您的通话", True),  # cut by a pause
        ("您好为了保正服务质量您的通话可能会被录音", True),  # misheard
        ("您好", False),  # so does every agent begin
        ("您好，请问有什么可以帮您？", False),
        ("您的通话我这边听得不太清楚，可能是线路的问题", False),
        ("", False),
    ],
)
def test_an_announcement_is_known_by_its_words(said, played):
    found = Played(announcements=[ANNOUNCED]).without(heard(said))
    assert (found.text == "" and bool(said)) is played
    assert (verdict(found) is Verdict.MUSIC) is played


def test_of_what_is_played_nothing_is_left_that_a_rule_could_take_for_speech():
    said = replace(
        heard("月亮代表我的心", events=SONG), tokens=(("月", 0.1),), raw="<|zh|>月亮"
    )
    song = Played(music=True).without(said)
    assert song.raw == said.raw  # what the model heard, for whoever wants to know
    assert (song.text, song.tokens, song.emotion) == ("", (), Emotion.UNKNOWN)
    assert song.emotion_p == {Emotion.UNKNOWN: 1.0}
    assert song.events == SONG


def test_music_counts_only_where_it_is_said_to_be_played():
    song = heard("月亮代表我的心", events=SONG)
    assert Played().without(song) is song
    assert Played(music=True).without(heard("请稍等我查一下")).text
    his = heard("月亮代表我的心", CUSTOMER, SONG)
    assert Played(music=True, announcements=["月亮代表我的心"]).without(his) is his


def test_who_says_a_number_is_somebody_and_masking_has_to_hear_it():
    for number in ("13812345678", "一三八一二三四"):
        said = heard(f"您的号码是{number}对吗", events=SONG)
        assert Played(music=True).without(said) is said


def test_the_gateway_knows_better_than_the_setting():
    assert played_on(CallInfo(CallId("c"), agent_music=True), Played()).music
    assert not played_on(CallInfo(CallId("c"), agent_music=False), Played(music=True)).music
    assert played_on(CallInfo(CallId("c")), Played(music=True)).music


class Jukebox(ScriptedRecognizer):
    async def transcribe(self, utterance):
        return heard_as(await super().transcribe(utterance))

    async def draft(self, so_far):
        return heard_as(await super().draft(so_far))


def heard_as(it):
    return replace(it, text=ANNOUNCED)


@pytest.mark.parametrize("party", ["agent", "customer"])
async def test_a_silence_goes_on_over_an_announcement(party):
    its = settings(played=Played(announcements=(ANNOUNCED,)))
    async with house(its, recognizer=Jukebox()) as it, it.connect() as socket:
        await socket.send(start(channels=(party,)))
        await socket.send(SAID)
        await it.sinks.until("c1", ev.Transcript)
        await socket.send(END)
        assert await goodbye(socket) == (1000, "call over")
        [said] = it.sinks.of("c1", ev.Transcript)
        assert bool(said.text) is (party == "customer")
