"""The sender's side of each protocol, read by the receiver's."""

import json
from urllib.parse import urlencode

import pytest

from streamer import events as ev
from streamer.gateways import GatewaySettings, codecs
from streamer.pcm import from_mulaw, interleave
from streamer.wires import alone, wire
from streamer.wires.stream import Stream
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.protocol import handshake

CODECS = codecs(GatewaySettings())
OURS, THEIRS = from_mulaw(b"\x11" * 160), from_mulaw(b"\x22" * 160)  # as some send it
every = pytest.mark.parametrize("path", CODECS)
together = pytest.mark.parametrize("path", [at for at in CODECS if not alone(at)])

apart = pytest.mark.parametrize("path", [at for at in CODECS if alone(at)])


def stream(path, parties=(CUSTOMER, AGENT), subscribe=False):
    its = Stream("c", parties, 8000, "pcm_s16le", subscribe, {"queue": "vip"})
    return wire(f"ws://127.0.0.1:9090{path}?token=x", its)


def reader(path, sender):
    query = urlencode({"call_id": "c", **sender.opening().query})
    return CODECS[path](handshake(f"{path}?{query}", **sender.opening().headers))


def begins_the_end(events):
    (over,) = events
    return isinstance(over, ev.CallEnded | ev.LegEnded)


@together
def test_what_is_sent_is_what_is_read(path):
    sender = stream(path)
    codec = reader(path, sender)
    begun = [event for message in sender.begin() for event in codec.receive(message)]
    (started,) = [event for event in begun if not isinstance(event, ev.Send)]
    assert (started.info.call, started.info.queue) == ("c", "vip")
    assert started.parties[:2] == (CUSTOMER, AGENT)
    heard = [
        event
        for message in sender.play(interleave([OURS, THEIRS]), 0.0)
        for event in codec.receive(message)
    ]
    assert heard == [ev.AudioChunk(CUSTOMER, OURS), ev.AudioChunk(AGENT, THEIRS)]
    end = sender.end(last=True)
    assert started.ends_by_closing if end is None else begins_the_end(codec.receive(end))


@apart
@pytest.mark.parametrize("party", [CUSTOMER, AGENT])
def test_what_is_sent_of_one_party_is_what_is_read(path, party):
    sender = stream(path, (party,))
    codec = reader(path, sender)
    begun = [event for message in sender.begin() for event in codec.receive(message)]
    started = next(event for event in begun if isinstance(event, ev.CallStarted))
    assert (started.info.call, started.info.queue, started.parties) == ("c", "vip", (party,))
    heard = [event for m in sender.play(OURS, 0.0) for event in codec.receive(m)]
    assert heard == [ev.AudioChunk(party, OURS)]


@every
def test_no_connection_speaks_for_another_that_still_plays(path):
    sender = stream(path, (AGENT,))
    codec = reader(path, sender)
    for message in sender.begin():
        codec.receive(message)
    said = sender.end(last=False)
    assert said is None or codec.receive(said) == [ev.LegEnded()]


def test_twilios_messages_say_when_and_in_which_order():
    sender = stream("/twilio")
    played = [json.loads(m) for at in (0.0, 0.02) for m in sender.play(bytes(640), at)]
    assert [said["sequenceNumber"] for said in played] == ["1", "2", "3", "4"]
    assert [said["media"]["timestamp"] for said in played] == ["0", "0", "20", "20"]
    assert [said["media"]["track"] for said in played] == ["inbound", "outbound"] * 2


@pytest.mark.parametrize(("subscribe", "replies"), [(True, "plain"), (False, "none")])
def test_freeswitch_asks_for_replies_only_if_it_is_told_to(subscribe, replies):
    (metadata,) = stream("/freeswitch", subscribe=subscribe).begin()
    assert json.loads(metadata)["replies"] == replies
