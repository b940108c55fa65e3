from alerts.wire import CallEnded, decode, encode, stamped


def test_media_times_go_out_to_the_millisecond_and_nothing_else_changes():
    ended = CallEnded("c", 60.135999999999996, "ended", "8001")
    sent = stamped(ended, "2026-11-22T08:30:11.120Z")
    assert (sent.at, sent.wall) == (60.136, "2026-11-22T08:30:11.120Z")
    assert decode(encode(sent)) == sent
    assert stamped(sent, sent.wall) == sent
