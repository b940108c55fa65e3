from alerts.wire import Alert, CallEnded, Evidence, Words, decode, encode, stamped
from streamer.events import Emotion, Party

WALL = "2026-11-22T08:30:11.120Z"


def test_media_times_go_out_to_the_millisecond_and_nothing_else_changes():
    ended = CallEnded("c", 60.135999999999996, "ended", "8001")
    sent = stamped(ended, WALL)
    assert (sent.at, sent.wall) == (60.136, WALL)
    assert decode(encode(sent)) == sent
    assert stamped(sent, sent.wall) == sent


def test_the_evidence_of_an_alert_carries_the_times_of_its_transcript():
    felt = (Party.CUSTOMER, "差评", Emotion.ANGRY, 0.9)
    alert = Alert(
        id="a",
        rev=1,
        call_id="c",
        kind="ANGRY",
        rule="angry-customer",
        rule_version="3f2a",
        severity="high",
        state="active",
        party=Party.CUSTOMER,
        at=60.135999999999996,
        since=58.019999999999996,
        text="差评",
        count=1,
        score=0.9,
        evidence=(Evidence(58.019999999999996, 60.135999999999996, *felt),),
        why=Words("", ""),
    )
    sent = stamped(alert, WALL)
    assert sent.evidence == (Evidence(58.02, 60.136, *felt),)
    assert (sent.since, sent.at) == (58.02, 60.136)
