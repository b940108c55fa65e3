"""What is AudioHook's own; what all protocols share is in `test_contract`. Over real sockets:
`test_audiohook_sessions`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.gateways.audiohook import AudiohookCodec
from streamer.gateways.audiohook_open import EVERYTHING, AudiohookSettings
from streamer.pcm import from_mulaw
from streamer.ports import Farewell
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.audiohook import (
    NOBODY,
    OFFERED,
    ORGANIZATION,
    PARTICIPANT,
    SESSION,
    media,
    message,
    opened,
)
from tests.streamer.gateways.protocols.protocol import handshake

SECOND = bytes(range(200)) * 80  # of two channels


class Client:
    """Counts as Genesys Cloud does. `events` are those of the codec, without what it `said`."""

    def __init__(self, settings=None, **headers):
        self.codec = AudiohookCodec(settings, handshake("/audiohook", **headers))
        self.seq, self.said = 0, []

    def open(self, **parameters):
        self.seq += 1
        events = self._take(self.codec.receive(opened(seq=self.seq, **parameters)))
        if events:
            self.said += [json.loads(each) for each in self.codec.entered()]
        return events

    def say(self, kind, parameters=None, position="PT0S", **others):
        self.seq += 1
        said = message(kind, self.seq, parameters, position=position, **others)
        return self._take(self.codec.receive(said))

    def play(self, audio=SECOND):
        return self._take(self.codec.receive(audio))

    def relay(self, **published):
        said = [json.loads(each) for each in self.codec.relay(json.dumps(published))]
        self.said += said
        return said

    def farewell(self, code=1000, reason="call over"):
        farewell = self.codec.farewell(code, reason)
        self.said += [json.loads(each) for each in farewell.messages]
        return farewell.wait

    def _take(self, events):
        sends = [event for event in events if isinstance(event, ev.Send)]
        assert len(sends) <= 1  # or others might overtake it
        self.said += [json.loads(each.message) for each in sends]
        return [event for event in events if not isinstance(event, ev.Send)]

    @property
    def types(self):
        return [each["type"] for each in self.said]


def active(settings=None, **parameters):
    client = Client(settings)
    client.open(**parameters)
    return client


def refused(act):
    with pytest.raises(ProtocolError) as wrong:
        act()
    return str(wrong.value)


def seconds(events):
    return len(b"".join(e.pcm for e in events if e.party is CUSTOMER)) / 16000


def test_a_whole_session_as_the_reference_client_holds_it():
    """Captured from it; the server's side is what we say."""
    client = Client(**{"audiohook-session-id": SESSION})
    offered = [media("external", "internal"), media("external"), media("internal")]
    (started,) = client.open(
        call="bb891136-0466-49be-8f05-eaee0960c22f",
        participant={
            "ani": "+1-555-555-1234",
            "aniName": "John Doe",
            "dnis": "+1-800-555-6789",
        },
        offered=offered,
        customConfig={"lang": "zh"},
        language="zh-CN",
    )
    assert (started.info.call, started.info.language) == (
        "bb891136-0466-49be-8f05-eaee0960c22f",
        "zh",
    )
    assert (started.info.customer, started.info.dialled) == (
        "+1-555-555-1234",
        "+1-800-555-6789",
    )
    assert started.parties == (CUSTOMER, AGENT)
    heard = [event for _ in range(5) for event in client.play(bytes(3200))]
    assert seconds(heard) == pytest.approx(1.0)
    assert client.say("paused", position="PT1S") == [ev.HoldStarted()]
    assert client.say("ping", position="PT1S") == []
    resumed = {"start": "PT1S", "discarded": "PT0.6S"}
    assert client.say("resumed", resumed, "PT1.6S", serverseq=2) == [
        ev.AudioLost(0.6),
        ev.HoldEnded(),
    ]
    assert client.say("ping", {"rtt": "PT0.505780155S"}, "PT1.6S", serverseq=2) == []
    heard += [event for _ in range(17) for event in client.play(bytes(3200))]
    assert seconds(heard) == pytest.approx(4.4)
    assert client.say("close", {"reason": "end"}, "PT5S", serverseq=3) == [ev.LegEnded()]
    assert client.farewell()
    assert client.said == [
        {
            "version": "2",
            "type": kind,
            "seq": seq,
            "clientseq": clientseq,
            "id": SESSION,
            "parameters": parameters,
        }
        for seq, (kind, clientseq, parameters) in enumerate(
            [
                ("opened", 1, {"media": [offered[0]], "startPaused": False}),
                ("pong", 3, {}),
                ("pong", 5, {}),
                ("closed", 6, {}),
            ],
            1,
        )
    ]


@pytest.mark.parametrize(
    ("offered", "chosen", "parties"),
    [
        (OFFERED, 0, (CUSTOMER, AGENT)),
        ([media("internal", "external"), media("internal")], 0, (AGENT, CUSTOMER)),
        ([media("internal"), media("external")], 1, (CUSTOMER,)),
        ([media("internal")], 0, (AGENT,)),
        ([media("external"), media("internal", "external")], 1, (AGENT, CUSTOMER)),
        (
            [media("external", "internal", form="L16"), media("external", "internal")],
            1,
            (CUSTOMER, AGENT),
        ),
        ([media("external", "internal", form="L16"), media("external")], 0, (CUSTOMER, AGENT)),
        ([media("external", "internal", rate=16000), media("external")], 1, (CUSTOMER,)),
        ([media("external", "external"), media("internal")], 1, (AGENT,)),
        ([media("third"), {**media("external"), "type": "video"}, *OFFERED], 2, None),
    ],
)
def test_of_what_is_offered_the_best_is_chosen(offered, chosen, parties):
    client = Client()
    (started,) = client.open(offered=offered)
    assert client.said[0]["parameters"]["media"] == [offered[chosen]]
    assert parties is None or started.parties == parties


def test_the_channels_come_in_the_order_that_was_chosen():
    client = active(offered=[media("internal", "external")])
    voices = {event.party: event.pcm for event in client.play(b"\x11\x22" * 160)}
    assert voices == {AGENT: from_mulaw(b"\x11" * 160), CUSTOMER: from_mulaw(b"\x22" * 160)}


def test_linear_audio_is_little_endian():
    client = active(offered=[media("external", form="L16")])
    assert client.play(b"\1\0\2\0") == [ev.AudioChunk(CUSTOMER, b"\1\0\2\0")]


@pytest.mark.parametrize("offered", [[], [media("external", form="OPUS")], [media("x")]])
def test_without_anything_to_hear_there_is_no_session(offered):
    client = Client()
    assert "no media that we hear" in refused(lambda: client.open(offered=offered))
    assert client.farewell(1002, "no media")
    assert client.said[0]["parameters"] == {"reason": "error", "info": "no media"}


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-CN", "zh"),
        ("cmn-CN", "zh"),
        ("zh-HK", "yue"),
        ("yue-CN", "yue"),
        ("EN-us", "en"),
        ("ja-JP", "ja"),
        ("ko-KR", "ko"),
        ("pt-BR", "auto"),
        ("", "auto"),
    ],
)
def test_languages_are_those_that_are_heard_here(code, language):
    (started,) = Client().open(language=code)
    assert started.info.language == language


def test_custom_config_says_the_rest_and_wins():
    custom = {
        "agentId": "8001",
        "queue": "vip",
        "order_id": 20241105,
        "language": "yue",
        "record": False,
        "emotion": "false",
        "from": "+8613900000000",
        "tier": {"level": 3},
        "token": "secret",
    }
    (started,) = Client(**{"audiohook-correlation-id": "corr"}).open(
        call="c",
        participant={"ani": "tel:+8613800000000", "dnis": "tel:95588", "aniName": "Li"},
        language="en-US",
        customConfig=custom,
    )
    assert started.info == ev.CallInfo(
        ev.CallId("c"),
        agent_id="8001",
        queue="vip",
        customer="+8613900000000",
        dialled="95588",
        order_id="20241105",
        language="yue",
        record=False,
        emotion=False,
        meta={
            "organization_id": ORGANIZATION,
            "participant_id": PARTICIPANT,
            "participant_name": "Li",
            "session_id": SESSION,
            "correlation_id": "corr",
            "tier": '{"level":3}',
        },
    )
    assert "secret" not in str(started.info.meta)


def test_a_probe_is_answered_and_is_no_call():
    client = Client()
    assert client.open(call=NOBODY, participant={"id": NOBODY}) == []
    assert client.play() == []
    assert client.relay(type="alert") == []
    assert client.say("discarded", {"start": "PT0S", "discarded": "PT1S"}) == []
    assert client.say("ping") == []
    assert client.say("close", {"reason": "end"}) == [ev.LegEnded()]
    assert client.farewell()
    assert client.types == ["opened", "pong", "closed"]


def test_whoever_asks_is_told_the_languages():
    client = active(AudiohookSettings(languages=("zh", "yue")), supportedLanguages=True)
    assert client.said[0]["parameters"]["supportedLanguages"] == ["zh-CN", "zh-HK"]


def test_the_organization_is_that_of_the_request():
    client = Client(**{"audiohook-organization-id": PARTICIPANT})
    assert "organizationId" in refused(client.open)
    client.farewell(1002, "organizationId is another")
    assert client.said[-1]["parameters"]["reason"] == "unauthorized"
    assert Client(**{"audiohook-organization-id": ORGANIZATION.upper()}).open()


def test_the_session_is_that_of_the_request():
    client = Client(**{"audiohook-session-id": PARTICIPANT})
    assert "another session" in refused(client.open)


@pytest.mark.parametrize("kind", ["paused", "resumed", "discarded", "update", "dtmf", "x"])
def test_nothing_comes_before_open(kind):
    assert refused(lambda: Client().say(kind)) == f"{kind} before open"
    assert "audio before" in refused(Client().play)


def test_but_a_ping_does():
    client = Client()
    assert client.say("ping") == []
    assert client.types == ["pong"]


def test_in_a_pause_nothing_is_heard():
    client = active()
    assert client.say("paused") == [ev.HoldStarted()]
    assert client.say("paused") == []
    assert client.play() == []
    assert client.say("resumed", {"start": "PT0S", "discarded": "PT30S"}, "PT30S") == [
        ev.AudioLost(30.0),
        ev.HoldEnded(),
    ]
    assert len(client.play()) == 100


def test_resumed_without_a_pause_is_a_gap():
    left = {"start": "PT0S", "discarded": "PT2S"}
    assert active().say("resumed", left, "PT2S") == [ev.AudioLost(2.0)]
    assert active().say("resumed", left | {"discarded": "PT0S"}) == []


@pytest.mark.parametrize("position", ["PT1S", "PT1.5S"])
def test_what_is_discarded_leaves_its_time(position):
    """Some count it in the position at once, some with the next message."""
    client = active()
    client.play()
    left = {"start": "PT1S", "discarded": "PT0.5S"}
    assert client.say("discarded", left, position) == [ev.AudioLost(0.5)]
    assert client.say("ping", position="PT1.5S") == []
    client.play()
    assert client.say("ping", position="PT2.5S") == []


def test_a_position_ahead_of_the_audio_tells_what_was_lost():
    client = active(call="c")
    client.play()
    assert client.say("ping", position="PT1.9S") == []  # may be on its way
    assert client.say("ping", position="PT4S") == [ev.AudioLost(3.0)]
    assert client.say("ping", position="PT4S") == []
    client.play()
    assert client.say("ping", position="PT4.5S") == []  # behind: nothing is taken back


def test_a_session_may_begin_anywhere():
    client = Client()
    client.seq += 1
    said = json.loads(opened())
    said["position"] = "PT100S"
    client.codec.receive(json.dumps(said))
    assert client.say("ping", position="PT100S") == []
    assert client.say("ping", position="PT102S") == [ev.AudioLost(2.0)]


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda it: it.say("ping", position="PT86402S"), "more than a day"),
        (lambda it: it.say("discarded", {"start": "PT0S", "discarded": "PT1e5S"}), "not under"),
        (lambda it: it.say("discarded", {"start": "PT0S"}), "not understood"),
        (lambda it: it.say("error", {"code": 200, "message": ""}), "not understood"),
        (lambda it: it.say("dtmf", {"digit": "12"}), "not understood"),
        (lambda it: it.open(), "open already"),
    ],
)
def test_nonsense_is_refused(act, why):
    assert why in refused(lambda: act(active()))


def test_the_language_may_change():
    client = active()
    assert client.say("update", {"language": "en-US"}) == [ev.LanguageChanged("en")]
    assert client.types == ["opened", "updated"]


def test_a_bots_messages_do_no_harm():
    client = active()
    assert client.say("dtmf", {"digit": "5"}) == [ev.DigitPressed("5")]
    for kind in ("playback_started", "playback_completed", "newer_than_we_are"):
        assert client.say(kind) == []


def test_what_the_gateway_finds_wrong_is_told():
    said = active().say("error", {"code": 408, "message": "Timeout waiting for pong"})
    assert said == [ev.Complaint("AudioHook error 408: Timeout waiting for pong")]


@pytest.mark.parametrize(
    ("reason", "goes_on"),
    [("end", False), ("error", True), ("disconnect", True), ("reconnect", True)],
)
def test_only_the_end_ends_the_call(reason, goes_on):
    assert active().say("close", {"reason": reason}) == [ev.LegEnded(goes_on)]


def test_a_session_continues_others():
    before = [{"id": SESSION, "serverseq": 5, "clientseq": 9}]
    (started,) = Client(**{"audiohook-session-id": PARTICIPANT}).codec.receive(
        json.dumps({**json.loads(opened(continuedSessions=before)), "id": PARTICIPANT})
    )[:1]
    assert (started.session, started.continues) == (PARTICIPANT, frozenset([SESSION]))


@pytest.mark.parametrize(
    ("code", "why"),
    [(1000, "completed"), (1001, "completed"), (1008, "error"), (1013, "error")],
)
def test_we_never_close_first(code, why):
    client = active()
    assert client.farewell(code, "because")
    assert client.said[-1]["parameters"] == {"reason": why, "info": "because"}
    assert client.play() == []
    assert client.say("ping") == []
    assert client.say("ping", serverseq=99) == []  # whatever it says
    assert client.codec.receive("{") == []
    assert client.say("close", {"reason": "disconnect"}) == []
    assert client.codec.receive("{") == []
    assert client.types == ["opened", "disconnect", "pong", "pong", "closed"]
    assert client.codec.farewell(1000, "") == Farewell()


messages = st.sampled_from(["ping", "paused", "update", "dtmf", "x"])


@given(st.lists(st.tuples(messages, st.integers(-1, 2), st.integers(-1, 1)), max_size=8))
def test_messages_count_one_by_one_and_no_further(said):
    """Each side's numbers, whatever is said: taken if they are next, refused if not."""
    client, ours, theirs = active(), 1, 1
    parameters = {"update": {"language": "zh-CN"}, "dtmf": {"digit": "1"}}
    for kind, ahead, claimed in said:
        its = message(kind, theirs + ahead, parameters.get(kind), serverseq=ours + claimed)
        if ahead != 1 or claimed > 0:
            refused(lambda its=its: client.codec.receive(its))
            return
        theirs += 1
        sent = [e for e in client.codec.receive(its) if isinstance(e, ev.Send)]
        for each in sent:
            ours += 1
            answer = json.loads(each.message)
            assert (answer["seq"], answer["clientseq"]) == (ours, theirs)


TRANSCRIPT = {
    "type": "transcript",
    "call_id": "c",
    "utterance": 3,
    "party": "agent",
    "start": 1.2,
    "end": 2.0,
    "text": "您好",
    "language": "zh",
    "tokens": [["您", 1.2], ["好", 1.5]],
    "emotion": "NEUTRAL",
}
ALERT = {"type": "alert", "id": "01J", "kind": "ANGRY", "text": "压单", "rev": 1}
ALL = AudiohookSettings(EVERYTHING)


def test_finished_sentences_are_transcript_entities():
    client = active(ALL)
    client.relay(**TRANSCRIPT)
    (entity,) = client.said[-1]["parameters"]["entities"]
    its = entity["data"].pop("id")
    assert entity == {
        "type": "transcript",
        "data": {
            "channelId": 1,
            "isFinal": True,
            "offset": "PT1.2S",
            "duration": "PT0.8S",
            "alternatives": [
                {
                    "confidence": 1.0,
                    "languages": ["zh-CN"],
                    "interpretations": [
                        {
                            "type": "display",
                            "transcript": "您好",
                            "tokens": [
                                {
                                    "type": "word",
                                    "value": value,
                                    "confidence": 1.0,
                                    "offset": offset,
                                    "duration": duration,
                                }
                                for value, offset, duration in (
                                    ("您", "PT1.2S", "PT0.3S"),
                                    ("好", "PT1.5S", "PT0.5S"),
                                )
                            ],
                        }
                    ],
                }
            ],
        },
    }
    client.relay(**TRANSCRIPT)
    assert client.said[-1]["parameters"]["entities"][0]["data"]["id"] == its  # the same one


def test_alerts_go_as_they_are_published():
    client = active(ALL)
    client.relay(**ALERT)
    assert client.said[-1]["parameters"] == {
        "entities": [{"type": "earwitness.alert", "data": ALERT}]
    }


@pytest.mark.parametrize(
    ("events", "custom", "sent"),
    [
        ((), {}, []),
        (("transcripts",), {}, ["transcript"]),
        (("alerts",), {}, ["earwitness.alert"]),
        (("alerts", "transcripts"), {}, ["transcript", "earwitness.alert"]),
        ((), {"subscribe": True}, ["transcript", "earwitness.alert"]),
        (("alerts",), {"subscribe": False}, []),
    ],
)
def test_only_what_is_wanted_is_sent(events, custom, sent):
    client = active(AudiohookSettings(frozenset(events)), customConfig=custom)
    for published in (TRANSCRIPT, TRANSCRIPT | {"text": ""}, ALERT, {"type": "prompt"}):
        client.relay(**published)
    client.relay(**TRANSCRIPT | {"party": "unknown"})
    entities = [e for said in client.said[1:] for e in said["parameters"]["entities"]]
    assert [entity["type"] for entity in entities] == sent


def test_events_keep_to_what_the_gateway_takes():
    client = active(ALL)
    for number in range(60):
        client.relay(**ALERT | {"rev": number})
    assert len(client.said) == 1 + 25  # at once
    client.play()  # a second
    assert len(client.said) == 1 + 26  # those that waited go together
    assert len(client.said[-1]["parameters"]["entities"]) == 8
    for _ in range(20):
        client.play(SECOND[:3200])
    entities = [e for said in client.said[1:] for e in said["parameters"]["entities"]]
    assert [entity["data"]["rev"] for entity in entities] == list(range(60))
    assert [said["seq"] for said in client.said] == list(range(1, len(client.said) + 1))


def test_none_while_the_gateway_has_had_enough():
    client = active(ALL)
    client.say("error", {"code": 429, "message": "slow down", "retryAfter": "PT2S"})
    client.relay(**ALERT)
    client.play()
    assert client.types == ["opened"]
    client.play()
    assert client.types == ["opened", "event"]


def test_all_of_them_before_the_last_word():
    client = active(ALL)
    for number in range(30):
        client.relay(**ALERT | {"rev": number})
    client.say("close", {"reason": "end"})
    client.relay(**ALERT | {"rev": 30})
    client.farewell()
    assert client.types[-1] == "closed"
    entities = [e for said in client.said[1:-1] for e in said["parameters"]["entities"]]
    assert [entity["data"]["rev"] for entity in entities] == list(range(31))
    assert client.relay(**ALERT) == []
