"""What is Yeastar's own, besides the contract of all protocols."""

import json

import pytest

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.events import Party
from streamer.gateways.yeastar import YeastarCodec, YeastarSettings
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.protocol import CALL, handshake
from tests.streamer.gateways.protocols.yeastar import extension, message, trunk
from tests.streamer.shell import SAID, house

AT = "/yeastar"
FRAME = b"\1\2" * 320  # 40 ms at 8 kHz
ANOTHER = "PJSIP/1010-00000006"


def codec(at=AT, **settings):
    return YeastarCodec(YeastarSettings(**settings), handshake(at))


def read(it, *messages):
    return [event for each in messages for event in it.receive(each)]


def who(events):
    """Who is heard, in turn."""
    parties = [event.party for event in events if isinstance(event, ev.AudioChunk)]
    return [party for i, party in enumerate(parties) if parties[i - 1 : i] != [party]]


def test_a_call_begins_once_both_are_there_and_so_much_is_known_of_it():
    it = codec()
    assert read(it, trunk(FRAME)) == []
    started, *heard = read(it, extension(FRAME, callflow="queue"))
    info = started.info
    assert (info.call, info.agent_id, info.customer) == (CALL, "1009", "13800000000")
    assert info.meta == {"callflow": "queue"}
    assert started.ends_by_closing
    assert who(heard) == [CUSTOMER, AGENT]
    assert sum(len(event.pcm) for event in heard) == 2 * len(FRAME)


@pytest.mark.parametrize("size", [80, 3200])
def test_who_is_alone_is_not_waited_with_for_ever(size):
    it, sent = codec(), 0
    events = []
    while not events:
        events = read(it, trunk(bytes(size)))
        sent += 1
    assert sent == min(16000 // size, 100)
    started, *heard = events
    assert (started.info.agent_id, started.info.customer) == ("", "13800000000")
    assert sum(len(event.pcm) for event in heard) == sent * size
    assert who(read(it, extension(FRAME))) == [AGENT]


def test_a_call_so_short_that_nobody_else_came_is_told_too():
    started, *heard, over = read(codec(), trunk(FRAME), trunk(status="end"))
    assert isinstance(started, ev.CallStarted)
    assert who(heard) == [CUSTOMER]
    assert over == ev.LegEnded()


def test_it_is_over_when_every_channel_has_ended():
    it = codec()
    read(it, trunk(FRAME), extension(FRAME))
    assert read(it, trunk(status="end")) == []
    assert read(it, extension(status="end")) == [ev.LegEnded()]
    assert read(it, extension(FRAME), "{") == []


def test_after_a_transfer_another_extension_is_the_agent():
    it = codec()
    read(it, trunk(FRAME), extension(FRAME))
    assert read(it, extension(status="end")) == []
    assert who(read(it, message(ANOTHER, "1010", FRAME))) == [AGENT]


def test_between_two_extensions_one_is_unknown_and_a_third_is_too_many():
    it = codec()
    read(it, extension(FRAME))
    _, *heard = read(it, message(ANOTHER, "1010", FRAME))
    assert who(heard) == [AGENT, Party.UNKNOWN]
    with pytest.raises(ProtocolError, match="more voices"):
        read(it, message("PJSIP/1011-00000007", "1011", FRAME))


@pytest.mark.parametrize(
    ("extensions", "channel", "number", "party"),
    [
        ("", "PJSIP/1009-00000005", "1009", AGENT),
        ("", "PJSIP/carrier-a-00000004", "1009", CUSTOMER),
        ("", "PJSIP/10-09-00000004", "10-09", AGENT),
        ("", "PJSIP/-00000004", "", Party.UNKNOWN),
        ("", "1009", "1009", Party.UNKNOWN),
        ("", "PJSIP/1009-00000005", "", Party.UNKNOWN),
        ("1[0-9]{3}", "SIP/x", "1009", AGENT),
        ("1[0-9]{3}", "PJSIP/13800000000-5", "13800000000", CUSTOMER),
        ("1[0-9]{3}", "PJSIP/1009-5", "10090", CUSTOMER),
    ],
)
def test_who_is_the_agent_is_said_by_the_channel_or_a_setting(
    extensions, channel, number, party
):
    events = read(codec(extensions=extensions), message(channel, number, FRAME, status="end"))
    assert who(events) == [party]


@pytest.mark.parametrize(
    ("at", "setting", "rate"),
    [(AT, 8000, 8000), (AT, 16000, 16000), (f"{AT}?sample_rate=16000", 8000, 16000)],
)
def test_the_sample_rate_is_a_setting_or_in_the_address(at, setting, rate):
    started, *_ = read(codec(at, sample_rate=setting), trunk(), extension())
    assert started.sample_rate == rate
    assert started.info.meta == {}


def test_a_sample_rate_that_is_none_is_refused():
    with pytest.raises(ProtocolError, match=r"\$.sample_rate"):
        read(codec(f"{AT}?sample_rate=44100"), trunk())


def test_the_address_may_say_what_else_is_known():
    at = f"{AT}?queue=vip&agent_id=8001&record=false&shop=7&token=secret"
    started, *_ = read(codec(at), trunk(), extension())
    info = started.info
    assert (info.queue, info.agent_id, info.record) == ("vip", "8001", False)
    assert info.meta == {"shop": "7"}


@pytest.mark.parametrize("callflow", ["conference", "multicast_paging"])
def test_what_is_no_call_of_two_is_refused(callflow):
    with pytest.raises(ProtocolError, match=f"{callflow}: only calls of two"):
        read(codec(), trunk(callflow=callflow))


def test_a_sample_that_is_cut_is_put_together_for_each_channel():
    it = codec()
    read(it, trunk(), extension())
    events = read(it, trunk(b"\1"), extension(b"\3"), trunk(b"\2"), extension(b"\4"))
    assert [(event.party, event.pcm) for event in events] == [
        (CUSTOMER, b"\1\2"),
        (AGENT, b"\3\4"),
    ]


async def test_nothing_is_ever_sent_to_a_pbx_and_its_end_ends_the_call():
    async with house() as it, it.connect(at=AT) as socket:
        for each in (trunk(SAID[:16000]), extension(bytes(16000))):
            await socket.send(each)
        await it.sinks.until(CALL, ev.CallOpened)
        it.sinks.lines[CALL].reply(json.dumps({"type": "alert"}))
        for each in (trunk(status="end"), extension(status="end")):
            await socket.send(each)
        assert [text async for text in socket] == []
        (closed,) = await it.sinks.until(CALL, ev.CallClosed)
        assert closed.reason == "ended"
