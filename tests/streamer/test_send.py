"""The sender, against a real server."""

import argparse
import asyncio
import io
import json
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from commands import send as command
from streamer import events as ev
from streamer.events import Party
from streamer.recording import Recording, RecordingError, demo, load
from streamer.send import Manner, Report, SendError, send
from tests.streamer.shell import NoKeys, TwoKeys, house, settings

RATE = 8000
TONE = (8000 * np.sin(np.arange(RATE) * 0.6)).astype(np.int16)
HUSH = np.zeros(RATE, np.int16)
CUSTOMER, AGENT = np.concatenate([TONE, HUSH, HUSH]), np.concatenate([HUSH, TONE, HUSH])
STEREO = np.column_stack([CUSTOMER, AGENT])
BOTH = (Party.CUSTOMER, Party.AGENT)


def wav(path, samples, rate=RATE, subtype="PCM_16"):
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def parties(house, call):
    return sorted(heard.party for heard in house.sinks.of(call, ev.Transcript))


@pytest.mark.parametrize("encoding", ["pcm_s16le", "mulaw", "alaw"])
@pytest.mark.parametrize("two_sockets", [False, True])
async def test_both_parties_arrive(encoding, two_sockets):
    async with house() as it:
        manner = Manner(call_id="c", encoding=encoding, speed=0, two_sockets=two_sockets)
        report = await send(Recording(BOTH, RATE, STEREO), it.url, manner)
        assert (report.close_code, report.seconds) == (1000, 3.0)
        assert parties(it, "c") == [Party.AGENT, Party.CUSTOMER]
        assert it.tally.audio_seconds == pytest.approx(6.0)
        assert it.tally.connections_total == (2 if two_sockets else 1)


@pytest.mark.parametrize("two_sockets", [False, True])
@pytest.mark.parametrize("path", ["/freeswitch", "/asterisk", "/twilio", "/funasr"])
async def test_both_parties_arrive_over_other_protocols(path, two_sockets):
    async with house() as it:
        manner = Manner(call_id="c", speed=0, two_sockets=two_sockets)
        report = await send(Recording(BOTH, RATE, STEREO), it.at(path), manner)
        assert (report.close_code, report.seconds) == (1000, 3.0)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert parties(it, "c") == [Party.AGENT, Party.CUSTOMER]
        assert it.tally.audio_seconds == pytest.approx(6.0)


async def test_both_parties_arrive_from_a_pbx_that_has_one_connection_for_them():
    async with house() as it:
        manner = Manner(call_id="c", speed=0)
        report = await send(Recording(BOTH, RATE, STEREO), it.at("/yeastar"), manner)
        assert (report.close_code, report.seconds) == (1000, 3.0)
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "ended"
        assert parties(it, "c") == [Party.AGENT, Party.CUSTOMER]


@pytest.mark.parametrize("encoding", ["mulaw", "alaw"])
@pytest.mark.parametrize("path", ["/asterisk", "/twilio"])
async def test_the_audio_comes_in_several_codes(path, encoding):
    async with house() as it:
        manner = Manner(call_id="c", encoding=encoding, speed=0)
        await send(Recording(BOTH, RATE, STEREO), it.at(path), manner)
        await it.sinks.until("c", ev.CallClosed)
        assert parties(it, "c") == [Party.AGENT, Party.CUSTOMER]


@pytest.mark.parametrize(
    ("path", "manner", "reason"),
    [
        ("/freeswitch", Manner(encoding="mulaw"), "FreeSWITCH sends pcm_s16le only"),
        ("/twilio", Manner(subscribe=True), "nothing is sent back"),
        ("/asterisk", Manner(subscribe=True), "nothing is sent back"),
        ("/funasr", Manner(encoding="alaw"), "clients send pcm_s16le only"),
        ("/yeastar", Manner(encoding="alaw"), "Yeastar sends pcm_s16le only"),
        ("/yeastar", Manner(subscribe=True), "nothing is sent back"),
    ],
)
async def test_what_a_protocol_cannot_carry_is_not_sent(path, manner, reason):
    with pytest.raises(SendError, match=reason):
        await send(Recording(BOTH, RATE, STEREO), f"ws://127.0.0.1:1{path}", manner)


async def test_what_freeswitch_subscribes_to_comes_back():
    heard = []
    async with house() as it:
        manner = Manner(
            call_id="c",
            speed=0,
            subscribe=True,
            hear=heard.append,
            progress=lambda _: (
                it.sinks.lines["c"].reply("psst") if "c" in it.sinks.lines else 0
            ),
        )
        await send(Recording(BOTH, RATE, STEREO), it.at("/freeswitch"), manner)
    assert "psst" in heard


@pytest.mark.parametrize(
    "path", ["/raw", "/freeswitch", "/asterisk", "/twilio", "/funasr", "/yeastar"]
)
async def test_what_is_said_of_the_call_arrives(path):
    async with house() as it:
        recording = Recording((Party.CUSTOMER,), RATE, CUSTOMER[:, None], {"agent_id": "8001"})
        await send(recording, it.at(path), Manner(call_id="c", speed=0, language="zh"))
        info = it.sinks.lines["c"].info
        assert (info.agent_id, info.language) == ("8001", "zh")


async def test_it_keeps_pace_with_the_clock():
    async with house() as it:
        clock = asyncio.get_running_loop().time
        began, at = clock(), []
        recording = Recording((Party.CUSTOMER,), RATE, CUSTOMER[: RATE // 2, None])
        manner = Manner(speed=2.0, progress=lambda seconds: at.append((clock(), seconds)))
        await send(recording, it.url, manner)
        assert [seconds for _, seconds in at] == pytest.approx([0.02 * n for n in range(1, 26)])
        assert all(now - began >= seconds / 2.0 for now, seconds in at)


async def test_a_call_that_is_not_ended_waits_for_its_grace_time():
    async with house(settings(grace=0.05)) as it:
        recording = Recording((Party.CUSTOMER,), RATE, CUSTOMER[:, None])
        async with asyncio.timeout(20):  # less than the server's patience
            await send(recording, it.url, Manner(call_id="c", speed=0, end=False))
        (closed,) = await it.sinks.until("c", ev.CallClosed)
        assert closed.reason == "lost"


async def test_what_a_subscriber_is_sent_is_heard():
    heard = []
    async with house() as it:
        recording = Recording((Party.CUSTOMER,), RATE, CUSTOMER[:, None])

        def answer(seconds):
            if "c" in it.sinks.lines and not heard:
                it.sinks.lines["c"].reply("hello")

        manner = Manner("c", speed=0, subscribe=True, progress=answer, hear=heard.append)
        await send(recording, it.url, manner)
    assert set(heard) == {"hello"}


async def test_a_call_the_server_closes_is_reported():
    async with house() as it:
        recording = Recording((Party.CUSTOMER, Party.CUSTOMER), RATE, STEREO)
        report = await send(recording, it.url, Manner(speed=0))
        assert report.close_code == 1002
        assert report.close_reason


async def test_refusals_are_told_as_they_are():
    recording = Recording((Party.CUSTOMER,), RATE, CUSTOMER[:, None])
    async with house(settings(max_calls=0), keys=TwoKeys()) as it:
        with pytest.raises(SendError, match="401: A gateway key is needed") as refused:
            await send(recording, it.url, Manner())
        assert refused.value.status == 401
        with pytest.raises(SendError, match=r"503: No room .* Try again in 5 s"):
            await send(recording, it.url, Manner(key="first key"))
        with pytest.raises(SendError, match="404"):
            await send(recording, it.url + "x", Manner())
        port = it.server.port
    with pytest.raises(SendError, match=r"no server at ws://127\.0\.0\.1") as absent:
        await send(recording, f"ws://127.0.0.1:{port}/raw?token=secret", Manner())
    assert "secret" not in str(absent.value)
    with pytest.raises(SendError, match="no websocket address"):
        await send(recording, "http://127.0.0.1/", Manner())


async def test_what_is_said_of_a_fault_says_what_to_do():
    async with house(keys=TwoKeys()) as it:
        with pytest.raises(SendError, match=r"Here: --key KEY, or \$EARWITNESS_GATEWAY_KEY"):
            await send(demo(1), it.url, Manner())
        with pytest.raises(
            SendError, match=r"\. Compare the port, and ws:// or wss://"
        ) as wrong:
            await send(demo(1), it.url.replace("ws://", "wss://"), Manner())
        assert ": ." not in str(wrong.value)
        gone = it.url
    with pytest.raises(SendError, match=r"Start it \(run_server.py serve\), or say where"):
        await send(demo(1), gone, Manner())


@pytest.mark.parametrize(
    "wrong", [("--speed", "x"), ("--speed", "-1"), ("--calls", "0"), ("--calls", "many")]
)
def test_a_number_that_is_none_is_told_with_what_it_has_to_be(capsys, wrong):
    with pytest.raises(SystemExit):
        run("--demo", "1", *wrong)
    assert "has to be" in capsys.readouterr().err


def test_files_become_parties(tmp_path):
    customer, agent = wav(tmp_path / "c.wav", CUSTOMER), wav(tmp_path / "a.wav", AGENT[:-80])
    assert load([customer]).parties == (Party.CUSTOMER,)
    two = load([customer, agent])
    assert (two.parties, two.samples.shape) == (BOTH, STEREO.shape)
    assert np.array_equal(two.samples, STEREO)
    stereo = load([wav(tmp_path / "s.wav", STEREO, subtype="ULAW")])
    assert (stereo.parties, stereo.sample_rate) == (BOTH, RATE)


@pytest.mark.parametrize(
    ("file_rate", "asked", "rate"),
    [(8000, None, 8000), (16000, None, 16000), (44100, None, 16000), (8000, 16000, 16000)],
)
def test_other_rates_are_resampled(tmp_path, file_rate, asked, rate):
    path = wav(tmp_path / "x.wav", np.tile(TONE, 2), file_rate)
    recording = load([path], asked)
    assert recording.sample_rate == rate
    assert recording.seconds == pytest.approx(2 * RATE / file_rate, abs=0.001)


def test_a_wav_that_is_no_wav_is_said_to_be_none(tmp_path):
    (tmp_path / "bad.wav").write_bytes(b"RIFF\x00\x00\x00\x00WAVEjunk")
    wav(tmp_path / "none.wav", HUSH[:0])
    wav(tmp_path / "three.wav", np.column_stack([HUSH] * 3))
    wav(tmp_path / "two.wav", STEREO)
    for names, why in {
        ("bad.wav",): "bad.wav: it is no audio file",
        ("gone.wav",): "gone.wav: it is not there",
        ("none.wav",): "holds no sound",
        ("three.wav",): "3 channels",
        ("two.wav", "two.wav"): "each has to be mono",
        (): "one file, or two",
    }.items():
        with pytest.raises(RecordingError, match=why):
            load([tmp_path / name for name in names])


def test_a_demo_call_that_is_not_there_names_those_that_are():
    with pytest.raises(RecordingError, match="there are 1, 2, 3, 4"):
        demo(99)


class Outside:
    """A server in its own thread, for commands that run their own loop."""

    def __init__(self, keys=None):
        self._keys, self._ready = keys or NoKeys(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self):
        async with house(keys=self._keys) as it:
            self.it, self._loop, self._stop = it, asyncio.get_running_loop(), asyncio.Event()
            self._ready.set()
            await self._stop.wait()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(10)
        return self.it

    def __exit__(self, *exc):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


def run(*arguments):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(argument) for argument in arguments]))


def test_the_command_sends_several_calls(tmp_path, capsys):
    path = wav(tmp_path / "s.wav", STEREO)
    with Outside() as it:
        status = run(path, "--to", it.url, "--speed", 0, "--calls", 3, "--call-id", "c")
        assert status == 0
        assert all(it.sinks.of(call, ev.CallClosed) for call in ("c", "c-1", "c-2"))
    said = capsys.readouterr().out
    assert said.count("3.0 s sent") == 3
    assert "3 of 3 calls heard to their end, 9.0 s sent" in said


def test_the_summary_counts_each_fault(tmp_path, capsys):
    path = wav(tmp_path / "s.wav", STEREO)
    with Outside(TwoKeys()) as it:
        status = run(path, "--to", it.url, "--key", "", "--speed", 0, "--calls", 3)
    assert status == 2
    *_, first, fault = capsys.readouterr().out.splitlines()
    assert first.startswith("0 of 3 calls heard to their end, 0.0 s sent")
    assert fault.startswith("  3 x refused with 401: ")
    lost = Report("c", 1.0, 0.5, 1006, "")
    told = command.summary([lost, replace(lost, close_code=1000), lost], [1, 0, 1])
    assert told.splitlines() == [
        "1 of 3 calls heard to their end, 3.0 s sent, latest frame 500 ms late",
        "  2 x closed with 1006",
    ]


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("where", "quiet", "shown"),
    [(Terminal, False, True), (Terminal, True, False), (io.StringIO, False, False)],
)
def test_progress_is_for_who_looks(monkeypatch, where, quiet, shown):
    monkeypatch.setattr("sys.stderr", where())
    bar = command.Progress(2.0, calls=2, quiet=quiet)
    bar.show(0, 2.0)
    bar.show(1, 1.0)  # it is the farthest behind
    bar.end()
    said = sys.stderr.getvalue()
    assert bool(said) is shown
    assert ("50% [" in said and "1 of 2 s, 2 calls" in said) is shown
    assert "100%" not in said


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    path = wav(tmp_path / "s.wav", STEREO)
    assert run() == 2
    assert run(tmp_path / "gone.wav") == 2
    with Outside(TwoKeys()) as it:
        assert run(path, "--to", it.url, "--key", "") == 2
        assert run(path, "--to", it.url, "--key", "first key", "--speed", 0) == 0
    assert run(path, "--to", "ws://127.0.0.1:1/raw") == 2
    said = capsys.readouterr().err
    for why in ("give one or two files", "it is not there", "401", "no server at"):
        assert why in said


def test_words_alerts_and_prompts_are_printed(capsys):
    alert = {"type": "alert", "call_id": "c", "at": 87.4, "kind": "ANGRY", "state": "active"}
    command.hear(json.dumps({**alert, "text": "压单"}))
    say = {"state": "shown", "title": {"zh": "客户已沉默"}, "say": ["您好"]}
    command.hear(json.dumps({"type": "prompt", "call_id": "c", "at": 2.0, **say}))
    words = {"text": "压单", "party": "customer", "emotion": "ANGRY", "events": ["Speech"]}
    command.hear(json.dumps({"type": "transcript", "call_id": "c", "at": 3.0, **words}))
    command.hear(json.dumps({"type": "silence", "call_id": "c", "at": 4.0}))
    shown = {"interpretations": [{"transcript": "您好"}]}
    heard = {"channelId": 1, "offset": "PT5.5S", "alternatives": [shown]}
    entities = [{"type": "transcript", "data": heard}, {"type": "x.alert", "data": alert}]
    alert["text"], alert["state"], alert["type"] = "再压", "resolved", "alert"
    command.hear(json.dumps({"type": "event", "parameters": {"entities": entities}}))
    command.hear("no json")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "c 87.4 s  ANGRY active: 压单",
        "c 2.0 s  prompt shown: 客户已沉默 您好",
        "c 3.0 s  customer: 压单[ANGRY]",
        "5.5 s  channel 1: 您好",
        "c 87.4 s  ANGRY resolved: 再压",
    ]
