"""What is Asterisk's own; what all protocols have in common is in `test_contract`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.asterisk import AsteriskCodec, AsteriskSettings
from streamer.pcm import from_alaw, from_mulaw
from streamer.ports import Farewell
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.asterisk import START
from tests.streamer.gateways.protocols.protocol import handshake
from tests.streamer.shell import QUIET, SAID, eventually, goodbye, house, settings

AT = "/asterisk"
UNKNOWN = ev.Party.UNKNOWN
# As Asterisk 22.10.1 sent it.
PLAIN = (
    "MEDIA_START connection_id:assist channel:WebSocket/assist/0x7f3940004800 "
    "channel_id:1795353711.5 format:ulaw optimal_frame_size:160 ptime:20"
)


def start(form="json", **fields):
    if form == "json":
        return json.dumps({**json.loads(START), **fields})
    return PLAIN.replace("format:ulaw", f"format:{fields['format']}")


def codec(query="?call_id=c&role=customer", settings=None):
    return AsteriskCodec(settings, handshake(AT + query))


def begun(query="?call_id=c&role=customer", settings=None, **variables):
    started, _ = codec(query, settings).receive(start(channel_variables=variables))
    return started


def heard(events):
    return b"".join(event.pcm for event in events if isinstance(event, ev.AudioChunk))


@pytest.mark.parametrize("form", ["json", "plain-text"])
@pytest.mark.parametrize(
    ("name", "rate", "decode"),
    [
        ("ulaw", 8000, from_mulaw),
        ("alaw", 8000, from_alaw),
        ("slin", 8000, bytes),
        ("slin16", 16000, bytes),
    ],
)
def test_the_codecs_it_speaks_in_both_forms_of_control(form, name, rate, decode):
    it = codec()
    started, _ = it.receive(start(form, format=name))
    assert (started.sample_rate, started.ends_by_closing) == (rate, True)
    audio = bytes(range(256))
    assert heard(it.receive(audio)) == decode(audio)


@pytest.mark.parametrize("form", ["json", "plain-text"])
def test_another_codec_is_refused_with_those_that_are_heard(form):
    with pytest.raises(ProtocolError, match=r"opus.*c\(ulaw\).*c\(slin16\)"):
        codec().receive(start(form, format="opus"))


@given(st.lists(st.integers(0, 50)))
def test_a_sample_may_be_cut_in_two(sizes):
    it, audio = codec(), bytes(range(250))
    it.receive(start(format="slin16"))
    pieces, at = [], 0
    for size in sizes:
        pieces.append(audio[at : at + size])
        at += size
    pcm = b"".join(heard(it.receive(piece)) for piece in [*pieces, audio[at:]])
    assert pcm == audio


def test_the_address_may_say_all_that_raw_says():
    query = (
        "?call_id=1795353705.0&role=agent&agent_id=8001&queue=vip&from=%2B8613800000000&to=95588"
        "&order_id=7&language=zh&record=true&emotion=false&token=secret&vip=yes"
    )
    info = ev.CallInfo(
        ev.CallId("1795353705.0"),
        agent_id="8001",
        queue="vip",
        customer="+8613800000000",
        dialled="95588",
        order_id="7",
        language="zh",
        record=True,
        emotion=False,
        meta={"vip": "yes"},
    )
    assert begun(query) == ev.CallStarted(info, (AGENT,), 8000, ends_by_closing=True)


def test_channel_variables_with_our_name_say_what_the_address_does_not():
    told = {
        "EARWITNESS_CALL_ID": "x",
        "EARWITNESS_ROLE": "agent",
        "EARWITNESS_QUEUE": "vip",
        "DIALEDPEERNUMBER": "assist/c(slin16)",
        "ROLE": "unknown",
    }
    started = begun("", **told)
    assert (started.info.call, started.info.queue, started.info.meta) == ("x", "vip", {})
    assert started.parties == (AGENT,)
    assert begun("?call_id=c&role=customer", **told).info.call == "c"
    assert begun("?call_id=c&role=customer", **told).parties == (CUSTOMER,)


@pytest.mark.parametrize("party", list(ev.Party))
def test_who_it_is_is_said_or_a_setting_and_never_guessed(party):
    its = AsteriskSettings(party)
    assert begun("?call_id=c", its).parties == (party,)
    assert begun("?call_id=c&role=agent", its).parties == (AGENT,)
    assert begun("?call_id=c").parties == (UNKNOWN,)


@pytest.mark.parametrize("query", ["", "?call_id=", "?role=customer", "?call_id=c&role=boss"])
def test_without_a_call_or_with_a_role_that_is_none_nothing_begins(query):
    it = codec(query)
    with pytest.raises(ProtocolError):
        it.receive(start())


@pytest.mark.parametrize(
    ("form", "answer", "hangup"),
    [
        ("json", '{"command":"ANSWER"}', '{"command":"HANGUP"}'),
        ("plain-text", "ANSWER", "HANGUP"),
    ],
)
def test_it_is_answered_and_hung_up_in_its_own_form(form, answer, hangup):
    it = codec()
    assert it.farewell(1008, "too late") == Farewell()
    _, answered = it.receive(start(form, format="ulaw"))
    assert answered == ev.Send(answer)
    assert it.farewell(1000, "call over") == Farewell((hangup,))
    assert max(len(answer), len(hangup)) <= 128  # what is longer Asterisk passes over


def test_nothing_that_is_published_is_sent_back():
    it = codec()
    it.receive(START)
    assert it.relay('{"type":"alert"}') == []


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ('{"event":"DTMF_END","channel_id":"1795353705.2","digit":"5"}', ["5"]),
        ("DTMF_END digit:# channel_id:1795353711.5", ["#"]),
        ("DTMF_END digit:a channel_id:1795353711.5", ["A"]),
        ("DTMF_END digit:f channel_id:1795353711.5", []),  # a fax tone
    ],
)
def test_keys_of_the_phone(said, digits):
    it = codec()
    it.receive(START)
    assert it.receive(said) == [ev.DigitPressed(digit) for digit in digits]


@pytest.mark.parametrize(
    "said",
    [
        "MEDIA_XOFF",
        "MEDIA_XON",
        '{"event":"MEDIA_XOFF","channel_id":"1"}',
        '{"event":"QUEUE_DRAINED","channel_id":"1"}',
        '{"event":"MEDIA_BUFFERING_COMPLETED","channel_id":"1","correlation_id":"x"}',
        "MEDIA_BUFFERING_COMPLETED x",
        "MEDIA_MARK_PROCESSED 17",
        "STATUS channel_id:1 queue_length:0 xon_level:800 xoff_level:900 queue_full:false",
        '{"event":"STATUS","channel_id":"1","queue_length":0,"queue_full":false}',
        "ERROR channel_id:1 error_text:HANGUP is: not supported",
        '{"event":"ERROR","channel_id":"1","error_text":"Unable to parse JSON command"}',
        '{"event":"WHAT_COMES_NEXT","more":[1]}',
    ],
)
def test_what_concerns_audio_that_asterisk_is_sent_concerns_nobody(said):
    it = codec()
    it.receive(START)
    assert it.receive(said) == []
    assert heard(it.receive(b"\x55" * 160))


@pytest.mark.parametrize(
    "early", [b"\x55" * 160, "MEDIA_XON", '{"event":"DTMF_END","digit":"5"}']
)
def test_nothing_comes_before_media_start(early):
    with pytest.raises(ProtocolError, match="MEDIA_START"):
        codec().receive(early)


def leg(it, role, call="c"):
    return it.connect(f"?call_id={call}&role={role}", at=AT, subprotocols=["media"])


@pytest.mark.parametrize("roles", [("customer", "agent"), ("agent", "customer")])
async def test_two_connections_are_one_call_whichever_comes_first(roles):
    async with house() as it:
        async with leg(it, roles[0]) as first, leg(it, roles[1]) as second:
            assert first.subprotocol == second.subprotocol == "media"
            for socket in (first, second):
                await socket.send(start(format="slin"))
                assert await socket.recv() == '{"command":"ANSWER"}'
            for audio in (SAID[:16000], QUIET):
                await first.send(audio)
                await second.send(QUIET if audio == SAID[:16000] else SAID[:16000])
            await first.send(QUIET)
            await second.send(QUIET)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert len(it.sinks.of("c", ev.CallOpened)) == 1
        parties = [heard.party for heard in it.sinks.of("c", ev.Transcript)]
        assert sorted(parties) == [AGENT, CUSTOMER]


async def test_a_leg_whose_other_one_never_comes_is_a_call():
    async with house() as it:
        async with leg(it, "customer") as socket:
            await socket.send(start(format="slin"))
            await socket.send(SAID)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert [said.party for said in it.sinks.of("c", ev.Transcript)] == [CUSTOMER]


async def test_the_call_lasts_as_long_as_its_last_leg():
    async with house() as it:
        async with leg(it, "agent") as agent:
            await agent.send(start(format="slin"))
            async with leg(it, "customer") as customer:
                await customer.send(start(format="slin"))
                await customer.send(SAID)
                await it.sinks.until("c", ev.Transcript)
            await agent.send(QUIET)
            await eventually(lambda: it.tally.connections == 1)
            assert not it.sinks.of("c", ev.CallClosed)
        await it.sinks.until("c", ev.CallClosed)


async def test_when_the_call_is_over_here_asterisk_is_told_to_hang_up():
    async with house(settings(grace=30.0)) as it, leg(it, "customer") as socket:
        await socket.send(start("plain-text", format="ulaw"))
        assert await socket.recv() == "ANSWER"
        await it.sinks.until("c", ev.CallOpened)
        await it.server.drain(0.5)
        assert await socket.recv() == "HANGUP"
        assert await goodbye(socket) == (1001, "shutdown")


async def test_two_legs_of_one_party_are_no_call_of_two():
    async with house() as it, leg(it, "customer") as first, leg(it, "customer") as second:
        await first.send(start(format="slin"))
        await it.sinks.until("c", ev.CallOpened)
        await second.send(start(format="slin"))
        code, reason = await goodbye(second)
        assert (code, "customer" in reason) == (1008, True)
        await first.send(SAID)
        await it.sinks.until("c", ev.Transcript)
