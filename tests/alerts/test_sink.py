"""A call's events in, the expected messages out: masking, rules, desk and a real Redis."""

import asyncio
import json
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from alerts import metrics, traces, wire
from alerts.call_traces import TraceFolder
from alerts.clips import ClipStore
from alerts.ids import counted
from alerts.lifecycle import Desk
from alerts.playbook import Playbook
from alerts.redis_bus import RedisBus
from alerts.sink import sink_factory
from streamer import events as ev
from tests.alerts.heard import CALL, INFO, MET, PLAYBOOK, closed, quiet, said

pytestmark = pytest.mark.redis
PLAIN = msgspec.structs.replace(PLAYBOOK, checklist=())
TRACES = Path(__file__).with_name("traces")
WALL = "2026-11-22T08:30:11.120Z"


@dataclass
class FakeLine:
    info: ev.CallInfo = INFO
    asked: list[tuple[float, float]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    cleared: list[tuple[int, list | None]] = field(default_factory=list)

    def voice(self, start, end):
        self.asked.append((start, end))
        return b"RIFF" if self.info.record else b""

    def is_clear(self, start, end):
        return True

    def clear(self, utterance, hidden):
        self.cleared.append((utterance, hidden))

    def told(self):
        pass

    def remember(self, recall):
        self.recall = recall

    def reply(self, message):
        self.replies.append(message)


@dataclass
class Stage:
    bus: RedisBus
    desk: Desk
    clips: ClipStore
    now: float = 0.0
    playbook: Playbook = PLAIN

    def sink(self, line, **options):
        return self.factory(**options)(line)

    def factory(self, **options):
        names = {"8001": "王晓敏"}
        return sink_factory(
            lambda: self.playbook,
            self.desk,
            self.bus,
            self.clips,
            names,
            lambda: self.now,
            counted(),
            lambda: WALL,
            **options,
        )

    async def play(self, line, events, **options):
        observe = self.sink(line, **options)
        for event in events:
            self.now = _clock(event) + 0.3
            await observe(event)
        return await self.published()

    async def published(self):
        assert await self.bus.drain(20) == 0
        return [message for _, message in await self.bus.log.recent()]


def _clock(event):
    return getattr(event, "speech_end_clock", getattr(event, "mark_clock", 0.0))


@pytest.fixture
async def stage(redis_server, tmp_path):
    bus = RedisBus(redis_server.url, wall=lambda: WALL)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bus.run())
        yield Stage(bus, Desk(), ClipStore(tmp_path / "clips"))
        running.cancel()
    await bus.close()


def load(name):
    """A trace: one JSON line an event, its type beside its fields."""
    kinds = {kind.__name__: kind for kind in ev.CallEvent.__args__}
    for line in (TRACES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        yield msgspec.convert(fields, kinds[fields.pop("type")])


def brief(message):
    match message:
        case wire.Alert(kind=kind, rev=rev, severity=severity, state=state, count=count):
            return f"alert {kind} {rev} {severity} {state} {count}"
        case wire.Prompt(situation=situation, state=state):
            return f"prompt {situation} {state}"
        case wire.Transcript(party=party, text=text):
            return f"{party}: {text}"
        case wire.Silence(lasted=lasted, ended=ended):
            return f"silence {lasted:g}{' ended' if ended else ''}"
        case _:
            return type(message).__name__


async def test_an_angry_call_from_its_trace(stage):
    line = FakeLine()
    published = await stage.play(line, load("angry"))
    expected = (TRACES / "angry.expected").read_text(encoding="utf-8").splitlines()
    assert [brief(message) for message in published] == expected
    assert [json.loads(reply) for reply in line.replies] == [
        json.loads(wire.encode(message)) for message in published
    ]


async def test_a_draft_is_masked_and_sent_to_the_gateway_but_not_logged(stage):
    line = FakeLine()
    draft = ev.Draft(said("我的手机是13800001234"))
    published = await stage.play(line, [ev.CallOpened(INFO), draft])
    assert [brief(message) for message in published] == ["CallStarted"]
    sent = wire.decode(line.replies[-1])
    assert isinstance(sent, wire.Draft)
    assert sent.text == "我的手机是138****1234"


async def test_an_alert_carries_all_a_supervisor_needs(stage):
    events = [ev.CallOpened(INFO), *(said("压单", at=t, angry=0.9) for t in (10.0, 15.0))]
    *_, alert = await stage.play(FakeLine(), events)
    assert isinstance(alert, wire.Alert)
    assert (alert.agent_name, alert.queue, alert.latency_ms) == ("王晓敏", "after-sales", 300)
    assert (alert.wall, alert.raised_at) == (WALL, WALL)
    assert [e.clip for e in alert.evidence] == [
        "/api/v1/calls/7dd5e34e/clip?from=5.5&to=13.5",
        "/api/v1/calls/7dd5e34e/clip?from=10.5&to=18.5",
    ]
    assert stage.clips.find(CALL, 10.5, 18.5).read_bytes() == b"RIFF"
    assert stage.desk.alert(alert.id).text == "压单"


async def test_a_number_over_two_sentences_or_half_said_in_a_draft_is_not_published(stage):
    events = [
        ev.CallOpened(INFO),
        ev.Draft(said("手机是1380000123", at=1.0)),
        said("手机是1380000", at=1.0),
        said("1234", at=5.0),
    ]
    line = FakeLine()
    await stage.play(line, events)
    texts = [json.loads(reply).get("text") for reply in line.replies]
    assert texts == [None, "手机是138*******", "手机是138****", "****"]


async def test_only_the_chosen_kinds_are_hidden(stage):
    events = [ev.CallOpened(INFO), said("验证码1234，手机13900005678", at=1.0)]
    line = FakeLine()
    await stage.play(line, events, mask=("code",))
    assert "验证码****，手机13900005678" in line.replies[1]
    assert INFO.customer in line.replies[0]


async def test_the_line_is_told_which_of_its_voice_is_personal_and_what_was_never_heard(stage):
    line = FakeLine()
    tokens = tuple(zip("打13900005678吧", (t / 2 for t in range(2, 15)), strict=True))
    events = [
        ev.CallOpened(INFO),
        replace(said("打13900005678吧", at=1.0, lasted=6.5, number=1), tokens=tokens),
        said("好的", at=8.0, number=2),
        ev.Unheard(CALL, 3, ev.Party.AGENT, 11.0, 12.0, "shed"),
    ]
    await stage.play(line, events)
    [(first, hidden), *others] = line.cleared
    assert others == [(2, []), (3, None)]
    assert (first, len(hidden)) == (1, 4)
    assert (hidden[0][0], hidden[-1][1]) == (3.0 - 0.25, 5.0 + 0.15)


async def test_the_same_evidence_is_kept_once_and_keeps_its_clip(stage):
    line = FakeLine()
    events = [ev.CallOpened(INFO), *(said("压单", at=t, angry=0.9) for t in (10.0, 15.0, 20.0))]
    *_, alert = await stage.play(line, events)
    assert len(line.asked) == 3
    assert all(e.clip for e in alert.evidence)


async def test_without_consent_to_record_there_is_no_clip(stage):
    info = replace(INFO, record=False)
    events = [ev.CallOpened(info), *(said("压单", at=t, angry=0.9) for t in (10.0, 15.0))]
    *_, alert = await stage.play(FakeLine(info), events)
    assert [e.clip for e in alert.evidence] == ["", ""]
    assert not stage.clips.directory.exists()


async def test_nothing_personal_is_published(stage):
    events = [
        ev.CallOpened(INFO),
        said("我的手机是13900005678", at=1.0, angry=0.9),
        said("投诉，打13900005678", at=5.0, angry=0.9),
        closed(),
    ]
    line = FakeLine()
    await stage.play(line, events)
    everything = "".join(line.replies)
    assert "13900005678" not in everything
    assert INFO.customer not in everything
    assert '"from":"138****1234"' in everything
    assert "139****5678" in everything


@pytest.mark.parametrize(
    ("info", "party", "felt"),
    [
        (INFO, ev.Party.CUSTOMER, True),
        (INFO, ev.Party.AGENT, False),
        (INFO, ev.Party.UNKNOWN, False),
        (replace(INFO, emotion=False), ev.Party.CUSTOMER, False),
    ],
)
async def test_an_emotion_is_published_only_where_it_may_be_inferred(stage, info, party, felt):
    events = [ev.CallOpened(info), said("嗯", angry=0.9, party=party)]
    _, transcript = await stage.play(FakeLine(info), events)
    assert (transcript.emotion is ev.Emotion.ANGRY) is felt
    assert ("ANGRY" in transcript.raw) is felt
    assert (ev.Emotion.ANGRY in transcript.emotion_p) is felt


async def test_the_agent_s_emotion_only_where_the_operator_answers_for_it(stage):
    events = [ev.CallOpened(INFO), said("嗯", angry=0.9, party=ev.Party.AGENT)]
    _, transcript = await stage.play(FakeLine(), events, agent_emotion=True)
    assert transcript.emotion is ev.Emotion.ANGRY


async def test_what_a_supervisor_closed_stays_closed_while_it_goes_on(stage):
    observe = stage.sink(FakeLine())
    await observe(ev.CallOpened(INFO))
    for at in (10.0, 15.0):
        await observe(said("压单", at=at, angry=0.9))
    stage.desk.false_alarm("id0001", "林岚", WALL)
    await observe(said("我要投诉", at=20.0, angry=0.9))
    await observe(closed())
    published = await stage.published()
    assert [m.rev for m in published if isinstance(m, wire.Alert)] == [1]
    assert brief(published[-1]) == "CallEnded"


async def test_an_answered_prompt_does_not_expire(stage):
    observe = stage.sink(FakeLine())
    await observe(ev.CallOpened(INFO))
    for event in (*MET, quiet(6.0, 2.0)):
        await observe(event)
    stage.desk.answer("id0001", "accepted")
    await observe(closed())
    published = await stage.published()
    assert [m.state for m in published if isinstance(m, wire.Prompt)] == ["shown"]


async def test_the_checklist_goes_to_its_agent_at_the_start_and_when_it_changes(stage):
    stage.playbook = PLAYBOOK
    line = FakeLine()
    published = await stage.play(line, [ev.CallOpened(INFO), *MET])
    lists = [m for m in published if isinstance(m, wire.Checklist)]
    assert [[(i.id, i.by) for i in one.items if i.done] for one in lists] == [
        [],
        [("greeting", 1)],
    ]
    assert {one.agent_id for one in lists} == {"8001"}
    assert sum('"checklist"' in reply for reply in line.replies) == 2


async def test_one_event_gone_wrong_costs_only_itself(stage, caplog):
    lost = metrics.sink_errors._value.get()
    observe = stage.sink(FakeLine())
    await observe(said("早了"))  # before the opening
    await observe(ev.CallOpened(INFO))
    with caplog.at_level(logging.ERROR):
        await observe(replace(said("坏的"), emotion_p=None))
    await observe(said("好的"))
    published = await stage.published()
    assert [brief(m) for m in published] == ["CallStarted", "customer: 好的"]
    assert metrics.sink_errors._value.get() == lost + 2
    assert "坏的" not in caplog.text


async def test_a_full_disk_costs_the_clip_not_the_alert(stage, caplog):
    stage.clips.directory.write_text("no directory")
    events = [ev.CallOpened(INFO), *(said("压单", at=t, angry=0.9) for t in (10.0, 15.0))]
    *_, alert = await stage.play(FakeLine(), events)
    assert isinstance(alert, wire.Alert)
    assert "clip was not kept" in caplog.text


async def test_every_kind_of_event_has_its_message(stage):
    events = [
        ev.CallOpened(INFO),
        ev.Held(CALL, 1.0, True),
        ev.Held(CALL, 2.0, False),
        ev.Swapped(CALL, 2.5, True, "林岚"),
        ev.Stalled(CALL, 3.0, 5.0),
        ev.Unheard(CALL, 4, ev.Party.CUSTOMER, 5.0, 6.0, "shed"),
        quiet(6.0, 1.2),
        closed(9.0),
    ]
    published = await stage.play(FakeLine(), events)
    assert [type(m).__name__ for m in published] == [
        "CallStarted",
        "Held",
        "Unheld",
        "Swapped",
        "Stalled",
        "Alert",
        "Unheard",
        "Silence",
        "Alert",
        "CallEnded",
    ]
    assert [m.at for m in published] == [0.0, 1.0, 2.0, 2.5, 3.0, 3.0, 6.0, 7.2, 7.2, 9.0]
    assert {m.agent_id for m in published} == {"8001"}


async def test_a_storm_is_summed_up_and_each_of_its_alerts_is_in_the_log(stage):
    stage.playbook = msgspec.structs.replace(
        PLAYBOOK, storm=msgspec.structs.replace(PLAYBOOK.storm, of_one_call=1)
    )
    line = FakeLine()
    events = [*MET, said("我要投诉", at=0.0, angry=0.9), quiet(3.0, 10.0), closed(20.0)]
    published = await stage.play(line, [ev.CallOpened(INFO), *events])
    alerts = [m for m in published if isinstance(m, wire.Alert)]
    assert [(a.kind, a.state) for a in alerts] == [
        ("ANGRY", "active"),
        ("SILENCE", "active"),
        ("STORM", "active"),
        ("ANGRY", "resolved"),
        ("SILENCE", "resolved"),
        ("STORM", "resolved"),
    ]
    summary = alerts[2]
    assert summary.members == (alerts[0].id, alerts[1].id)
    assert summary.raised_at == WALL
    assert stage.desk.alert(summary.id).state == "resolved"
    assert len(line.replies) == len(published)


async def test_a_gateway_does_not_hear_of_another_call_s_summary(stage):
    storm = msgspec.structs.replace(PLAYBOOK.storm, of_all_calls=1)
    stage.playbook = msgspec.structs.replace(PLAYBOOK, storm=storm)
    line, other = FakeLine(), FakeLine(replace(INFO, call=ev.CallId("other")))
    factory = stage.factory()
    for one in (line, other):
        sink = factory(one)
        await sink(ev.CallOpened(one.info))
        for at in (0.0, 5.0):
            await sink(said("我要投诉", at=at, angry=0.9, call=one.info.call))
    kinds = [json.loads(reply).get("kind") for reply in line.replies]
    assert "STORM" not in kinds
    summary = [m for m in await stage.published() if getattr(m, "kind", "") == "STORM"]
    assert [(a.call_id, a.count) for a in summary] == [("other", 2)]


async def test_the_alert_of_a_draft_is_late_by_what_was_heard_and_keeps_no_voice(stage):
    line = FakeLine()
    draft = ev.Draft(said("你们到底", angry=0.9))
    *_, alert = await stage.play(line, [ev.CallOpened(INFO), draft])
    assert (alert.severity, alert.evidence[0].clip, line.asked) == ("watch", "", [])


async def test_what_is_recorded_of_a_call_is_masked_and_needs_consent(stage, tmp_path):
    folder = TraceFolder(tmp_path / "traces", keep_days=7, most=1_000_000)
    events = [said("我的手机是13812345678", number=1), closed()]
    await stage.play(FakeLine(), [ev.CallOpened(INFO), *events], traces=folder)
    [call] = traces.read(folder.path(CALL).read_text("utf-8"), "it").values()
    assert [e.text for e in call if isinstance(e, ev.Transcript)] == ["我的手机是138****5678"]

    private = replace(INFO, call=ev.CallId("private"), record=False)
    told = [ev.CallOpened(private), closed(call=private.call)]
    await stage.play(FakeLine(private), told, traces=folder)
    assert not folder.path(private.call).exists()

    unfelt = replace(INFO, emotion=False)
    told = [ev.CallOpened(unfelt), said(angry=0.9), closed()]
    await stage.play(FakeLine(unfelt), told, traces=folder)
    assert "ANGRY" not in folder.path(CALL).read_text("utf-8")


async def test_what_was_told_before_a_call_moves_is_recorded_here(stage, tmp_path):
    folder = TraceFolder(tmp_path / "traces", keep_days=7, most=1_000_000)
    moved = [ev.CallOpened(INFO), said(), ev.CallMoved(CALL)]
    await stage.play(FakeLine(), moved, traces=folder)
    resumed = [ev.CallResumed(INFO, 9.0), said(at=10.0, number=2), closed()]
    await stage.play(FakeLine(), resumed, traces=folder)
    [call] = traces.read(folder.path(CALL).read_text("utf-8"), "it").values()
    assert [type(e).__name__ for e in call] == [
        "CallOpened", "Transcript", "Transcript", "CallClosed",
    ]  # fmt: skip
