"""What is FunASR's own, besides the contract of all protocols."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import wire
from streamer import events as ev
from streamer.errors import ProtocolError
from streamer.events import Party
from streamer.gateways.funasr import FunasrCodec
from streamer.gateways.funasr_form import joined
from streamer.gateways.funasr_results import MOST_HELD
from streamer.gateways.funasr_start import FunasrSettings
from tests.streamer.fakes import AGENT, CUSTOMER
from tests.streamer.gateways.protocols.protocol import handshake
from tests.streamer.shell import SAID, goodbye, house
from tests.web import scenes

AT = "/funasr"
END = '{"is_speaking": false}'
END_ACKNOWLEDGED = '{"is_speaking": false, "is_end": true}'


def config(**fields):
    return json.dumps(
        {"mode": "2pass", "wav_name": "c1/customer", "is_speaking": True, **fields}
    )


def codec(settings=None, at=AT, **fields):
    it = FunasrCodec(settings, handshake(at, **{"sec-websocket-key": "a key"}))
    it.receive(config(**fields))
    return it


def started(settings=None, at=AT, first=None, **fields):
    it = FunasrCodec(settings, handshake(at, **{"sec-websocket-key": "a key"}))
    (event,) = it.receive(first or config(**fields))
    return event


def said(text, number=1, *, party="customer", kind="transcript", tokens=(), end=2.0):
    return json.dumps(
        {
            "v": 1,
            "type": kind,
            "call_id": "c1",
            "utterance": number,
            "party": party,
            "end": end,
            "text": text,
            "tokens": tokens,
        }
    )


def draft(text, number=1):
    return said(text, number, kind="draft")


def told(messages):
    """Mode, text, finality of each."""
    read = [json.loads(message) for message in messages]
    assert all(each["wav_name"] == "c1/customer" for each in read)
    return [(each["mode"], each["text"], each["is_final"]) for each in read]


def last(it, code=1000, reason="call over"):
    farewell = it.farewell(code, reason)
    assert farewell.wait is (code == 1000)
    return farewell.messages


@pytest.mark.parametrize(
    ("fields", "at", "call", "party"),
    [
        ({"wav_name": "7dd5e34e"}, AT, "7dd5e34e", Party.UNKNOWN),
        ({"wav_name": "7dd5e34e/agent"}, AT, "7dd5e34e", AGENT),
        ({"wav_name": "calls/7dd5e34e/customer"}, AT, "calls/7dd5e34e", CUSTOMER),
        ({"wav_name": "calls/7.wav"}, AT, "calls/7.wav", Party.UNKNOWN),
        ({"wav_name": "demo"}, f"{AT}?call_id=c7&role=agent", "c7", AGENT),
        ({"wav_name": "x/agent", "role": "customer"}, f"{AT}?role=agent", "x", CUSTOMER),
        ({"wav_name": "x", "call_id": "said"}, f"{AT}?call_id=c7", "said", Party.UNKNOWN),
    ],
)
def test_which_call_it_is_and_who_speaks(fields, at, call, party):
    event = started(None, at, **fields)
    assert (event.info.call, event.parties) == (call, (party,))


def test_who_speaks_where_nobody_says_is_a_setting():
    its = FunasrSettings(AGENT)
    assert started(its, wav_name="x").parties == (AGENT,)
    assert started(its, wav_name="x/customer").parties == (CUSTOMER,)


@pytest.mark.parametrize("name", ["demo", "microphone", "h5", "", "demo/customer", None])
def test_a_name_that_every_client_gives_is_no_calls_name(name):
    fields = {} if name is None else {"wav_name": name}
    first = json.dumps({"mode": "2pass", **fields})
    one = started(first=first).info.call
    other = FunasrCodec(None, handshake(AT, **{"sec-websocket-key": "another"}))
    (event,) = other.receive(first)
    assert one.startswith("funasr-")
    assert one != event.info.call


def test_what_else_is_known_of_the_call():
    at = f"{AT}?agent_id=8001&queue=vip&record=false&shop=7&token=secret"
    event = started(None, at, **{"from": "13800000000", "queue": "gold", "svs_lang": "yue"})
    info = event.info
    assert (info.agent_id, info.queue, info.customer) == ("8001", "gold", "13800000000")
    assert (info.record, info.emotion, info.language) == (False, True, "yue")
    assert info.meta == {"shop": "7"}


@pytest.mark.parametrize(
    ("fields", "at", "language"),
    [
        ({"language": "en"}, AT, "en"),
        ({"language": "en", "svs_lang": "zh"}, f"{AT}?language=ja", "en"),
        ({"svs_lang": "zh"}, f"{AT}?language=ja", "zh"),
        ({}, f"{AT}?language=ja", "ja"),
    ],
)
def test_its_language(fields, at, language):
    assert started(None, at, **fields).info.language == language


def test_its_defaults_are_funasrs():
    event = started(first="{}")
    assert (event.sample_rate, event.info.language) == (16000, "auto")
    it = FunasrCodec()
    first, *heard = it.receive(bytes(640))
    assert isinstance(first, ev.CallStarted)
    assert [event.pcm for event in heard] == [bytes(640)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"wav_format": "mp3"}, "wav_format mp3: only pcm is heard here"),
        ({"wav_format": "others"}, "only pcm"),
        ({"audio_fs": 44100}, "audio_fs 44100: only 8000 and 16000 are heard here"),
        ({"mode": "3pass"}, "$.mode"),
        ({"svs_lang": "tlh"}, "$.svs_lang"),
        ({"role": "boss"}, "$.role"),
        ({"wav_name": "a\nb"}, "control characters"),
        ({"call_id": "x" * 129}, "$.call_id"),
    ],
)
def test_no_start_is_refused_with_the_reason(fields, reason):
    with pytest.raises(ProtocolError) as refused:
        started(**fields)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"chunk_size": "5,10,5"},
        {"chunk_size": [5, 10, 5], "encoder_chunk_look_back": 4, "chunk_interval": "10"},
        {"hotwords": '{"阿里巴巴":20}'},
        {"hotwords": "阿里巴巴 通义"},
        {"hotwords": {"阿里巴巴": 20}},
        {"itn": False, "svs_itn": True},
        {"audio_fs": "8000", "wav_format": "PCM"},
    ],
)
def test_what_means_nothing_here_is_accepted_in_any_form(fields):
    assert isinstance(started(**fields), ev.CallStarted)


@pytest.mark.parametrize(
    "end",
    [
        END,
        END_ACKNOWLEDGED,
        '{"is_end": true}',
        '{"is_final": true}',
        '{"chunk_size":[5,10,5],"wav_name":"h5","is_speaking":false,"mode":"2pass"}',
    ],
)
def test_every_form_of_the_end(end):
    assert codec().receive(end) == [ev.LegEnded()]
    assert FunasrCodec().receive(end) == [ev.LegEnded()]


def test_two_passes_draft_and_then_put_it_right():
    it = codec()
    assert told(it.relay(draft("你好。"))) == [("2pass-online", "你好", False)]
    assert told(it.relay(draft("你好，我是。"))) == [("2pass-online", "，我是", False)]
    assert it.relay(draft("你号我是张")) == []  # what was told cannot be taken back
    assert told(it.relay(draft("你好，我是张三"))) == [("2pass-online", "张三", False)]
    assert told(it.relay(said("您好，我是张三。"))) == [
        ("2pass-offline", "您好，我是张三。", False)
    ]
    assert told(it.relay(draft("你", 2))) == [("2pass-online", "你", False)]


def test_online_tells_only_what_lasts():
    it = codec(mode="online")
    assert it.relay(draft("你好。")) == []
    assert told(it.relay(draft("你好，我"))) == [("online", "你好", False)]
    assert told(it.relay(draft("你好，我是张"))) == [("online", "，我", False)]
    assert told(it.relay(said("你好，我是张三。"))) == [("online", "是张三。", False)]
    assert told(it.relay(said("在吗？", 2))) == [("online", "在吗？", False)]


def test_offline_tells_all_of_it_at_the_end():
    it = codec(mode="offline")
    assert [
        m for one in (draft("你"), said("你好。"), said("在吗？", 2)) for m in it.relay(one)
    ] == []
    it.receive(END)
    assert told(last(it)) == [("offline", "你好。在吗？", True)]


def test_offline_keeps_so_much_and_no_more():
    it = codec(mode="offline")
    results = [m for n in range(MOST_HELD) for m in it.relay(said("好", n + 1))]
    assert told(results) == [("offline", "好" * MOST_HELD, False)]
    it.receive(END)
    assert told(last(it)) == [("offline", "", True)]


@pytest.mark.parametrize("mode", ["2pass", "online"])
def test_the_last_of_it_is_final_and_nothing_before(mode):
    it = codec(mode=mode)
    assert [final for *_, final in told(it.relay(said("一")))] == [False]
    it.receive(END)
    assert it.relay(draft("二", 2)) == []
    assert it.relay(said("二", 2)) == []
    assert it.relay(said("三", 3)) == []
    assert [(text, final) for _, text, final in told(last(it))] == [("二", False), ("三", True)]


def test_where_nothing_more_was_said_an_empty_one_is():
    it = codec()
    it.relay(said("一"))
    it.receive(END)
    assert told(last(it)) == [("2pass-offline", "", True)]


def test_who_asks_for_it_gets_an_acknowledgement_of_the_end():
    it = codec()
    it.receive(END_ACKNOWLEDGED)
    it.relay(said("一"))
    *results, done = last(it)
    assert told(results) == [("2pass-offline", "一", False)]
    assert json.loads(done) == {
        "mode": "2pass-offline",
        "wav_name": "c1/customer",
        "text": "",
        "is_final": True,
        "is_end": True,
    }


def test_a_failure_says_so_and_is_not_final():
    it = codec()
    it.receive(END)
    it.relay(said("一"))
    first, error = (json.loads(message) for message in last(it, 1002, "wav_format mp3"))
    assert (first["text"], first["is_final"]) == ("一", False)
    assert (error["is_final"], error["is_end"], error["error"]) == (
        False,
        True,
        "wav_format mp3",
    )


def test_only_its_own_party_and_only_words():
    it = codec()
    assert it.relay(said("别人说的", party="agent")) == []
    assert it.relay(said("")) == []
    for kind in ("alert", "prompt", "silence", "unheard", "call_started"):
        assert it.relay(json.dumps({"type": kind, "party": "", "text": "x", "end": None})) == []


def test_times_in_the_form_of_paraformer():
    tokens = [["▁hello", 0.1], ["，", 0.5], ["你", 0.6], ["好", 0.9], ["。", 1.2]]
    (message,) = codec().relay(said("hello，你好。", tokens=tokens, end=1.25))
    result = json.loads(message)
    assert json.loads(result["timestamp"]) == [[100, 500], [600, 900], [900, 1200]]
    assert result["stamp_sents"] == [
        {"text_seg": "hello", "punc": "，", "start": 100, "end": 500, "ts_list": [[100, 500]]},
        {
            "text_seg": "你 好",
            "punc": "。",
            "start": 600,
            "end": 1200,
            "ts_list": [[600, 900], [900, 1200]],
        },
    ]


def test_without_times_it_does_without():
    (message,) = codec().relay(said("你好"))
    assert "timestamp" not in json.loads(message)


@given(st.lists(st.text(), max_size=5), st.text(), st.booleans())
def test_however_the_drafts_go_what_was_told_is_never_taken_back(drafts, final, online):
    it = codec(mode="online" if online else "2pass")
    line = ""
    for text in drafts:
        for message in it.relay(draft(text)):
            line += json.loads(message)["text"]
    assert any(text.startswith(line) for text in ["", *drafts])
    if online:
        rest = [json.loads(message)["text"] for message in it.relay(said(final))]
        assert "".join(rest) == final[len(line) :]


def test_english_is_joined_with_spaces():
    assert joined(["hello.", "how are you?", "你好。", "ok"]) == "hello. how are you?你好。ok"


def test_what_is_published_here_is_what_it_reads():
    """The real thing, and not only what this file takes it for."""
    message = wire.encode(scenes.said("你好。", tokens=(("你好", 1.5),))).decode()
    assert [text for _, text, _ in told(codec().relay(message))] == ["你好。"]


@pytest.mark.parametrize("offered", [None, ["binary"]])
async def test_two_of_its_connections_are_one_call_and_each_gets_its_last_word(offered):
    async with (
        house() as it,
        it.connect(at=AT, subprotocols=offered) as customer,
        it.connect(at=AT, subprotocols=offered) as agent,
    ):
        assert customer.subprotocol == (offered and "binary")
        for socket, role in ((customer, "customer"), (agent, "agent")):
            await socket.send(config(wav_name=f"c1/{role}", audio_fs=8000))
        await customer.send(SAID)
        await it.sinks.until("c1", ev.Transcript)
        it.sinks.lines["c1"].reply(said("客户说的"))
        it.sinks.lines["c1"].reply(said("坐席说的", 2, party="agent"))
        for socket, text in ((customer, "客户说的"), (agent, "坐席说的")):
            await socket.send(END)
            results = [json.loads(await socket.recv()) for _ in range(2)]
            assert [result["text"] for result in results] == [text, ""]
            assert [result["is_final"] for result in results] == [False, True]
            await socket.send(END)  # as the client from PyPI does
            await socket.close()
        (closed,) = await it.sinks.until("c1", ev.CallClosed)
        assert closed.reason == "ended"


async def test_a_refusal_is_told_in_its_own_words_too():
    async with house() as it, it.connect(at=AT) as socket:
        await socket.send(config(wav_format="mp3"))
        error = json.loads(await socket.recv())
        assert error["error"] == "wav_format mp3: only pcm is heard here"
        assert await goodbye(socket) == (1002, error["error"])
