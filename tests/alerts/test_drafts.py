"""What is heard of speech that still goes on: published at once, never recorded."""

from alerts import wire
from alerts.letters import Names, letter
from alerts.news import news
from alerts.outbox import Worth
from streamer.events import Draft, Emotion
from tests.alerts.heard import INFO, said


def test_a_draft_is_published_as_a_transcript_of_another_type():
    heard = said("你们是不是", angry=0.8, number=18)
    draft, transcript = news(Draft(heard), INFO, "王"), news(heard, INFO, "王")
    assert isinstance(draft, wire.Draft)
    assert not isinstance(draft, wire.Transcript)
    assert wire.encode(draft) == wire.encode(transcript).replace(b'"transcript"', b'"draft"', 1)
    assert wire.decode(wire.encode(draft)) == draft


def test_a_draft_rings_but_is_never_in_the_log_and_goes_first_when_there_is_no_room():
    sent = letter(news(Draft(said("你们是不是")), INFO, ""), 1, Names(), 0.0)
    assert (sent.channel, sent.logged, sent.worth) == ("ew:calls", False, Worth.DRAFT)
    kept = letter(news(said("你们是不是"), INFO, ""), 2, Names(), 0.0)
    assert (kept.channel, kept.logged, kept.worth) == ("ew:calls", True, Worth.TRANSCRIPT)


def test_a_draft_knows_its_call():
    assert Draft(said("喂")).call == INFO.call
    assert Draft(said("喂")).so_far.emotion is Emotion.NEUTRAL
