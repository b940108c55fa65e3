"""What a server might publish of one call."""

from alerts import wire
from alerts.wire import Words
from streamer.events import AudioEvent, Emotion, Party

C, A = Party.CUSTOMER, Party.AGENT


def wall(second: float) -> str:
    return f"2026-11-24T08:{int(second) // 60:02d}:{second % 60:06.3f}Z"


def began(call: str = "c1", at: float = 0, agent: str = "8001", queue: str = "after-sales"):
    return wire.CallStarted(
        call, agent, queue, "138****0000", "95588", "o1", "auto", True, True, wall=wall(at)
    )


def said(number: int, text: str, emotion: str = "NEUTRAL", *, party=C, call="c1", events=()):
    """From 4 s times its number, for 2 s."""
    start = 4.0 * number
    felt = {Emotion(emotion): 0.6, Emotion.UNKNOWN: 0.4}
    return wire.Transcript(
        call, number, party, start, start + 2, text, "zh", 0.98, Emotion(emotion), felt,
        (AudioEvent.SPEECH, *events), {e: 0.9 for e in events}, ((text[:1], start),),
        f"<|zh|>{text}", start + 2, wall=wall(start + 2.5),
    )  # fmt: skip


def quiet(since: float, lasted: float, *, ended: bool = True, call: str = "c1"):
    at = since + lasted
    return wire.Silence(call, since, lasted, C, ended, at, wall=wall(at))


def unheard(number: int, call: str = "c1"):
    start = 4.0 * number
    return wire.Unheard(
        call, number, C, start, start + 2, "shed", start + 2, wall=wall(start + 3)
    )


def alert(
    rev: int, state: wire.AlertState = "active", severity: wire.Severity = "high", at=10.0
):
    return wire.Alert(
        "A1", rev, "c1", "ANGRY", "angry-customer", "3f2a", severity, state, C, at, 6.0,
        "你们是不是压单啊", rev, 0.9, (), Words("生气", "angry"), "8001", note=f"note {rev}",
        raised_at=wall(10), wall=wall(10 + rev),
    )  # fmt: skip


def prompt(state: wire.PromptState = "shown"):
    title = Words("沉默", "silence")
    at = wall(12 + 3 * (state != "shown"))
    return wire.Prompt(
        "P1", "c1", "8001", "silence", title, title, ("稍等",), 2, state, 12.0, wall=at
    )


def whisper(*, seen: bool):
    return wire.Whisper("W1", "c1", "8001", "林岚", "可以换", seen, 13.0, wall=wall(13 + seen))


def ended(at: float = 30.0, call: str = "c1", wall_at: float | None = None):
    return wire.CallEnded(
        call, at, "ended", "8001", wall=wall(at if wall_at is None else wall_at)
    )


def call() -> list[wire.Message]:
    """All of it, in order."""
    return [
        began(),
        said(1, "我要退货"),
        said(2, "你们是不是壓單啊", "ANGRY"),
        quiet(10.0, 1.2, ended=False),
        alert(1),
        quiet(10.0, 1.4),
        said(3, "退不了货吗", "ANGRY", events=(AudioEvent.LAUGHTER,)),
        prompt(),
        alert(2, severity="critical"),
        wire.Held("c1", 12.0, wall=wall(12)),
        wire.Unheld("c1", 13.0, wall=wall(13)),
        wire.Swapped("c1", 13.0, True, "林岚", wall=wall(13)),
        wire.Swapped("c1", 13.0, False, wall=wall(13)),
        whisper(seen=False),
        prompt("accepted"),
        whisper(seen=True),
        said(4, "我帮您查一下", party=A),
        unheard(5),
        quiet(22.0, 7.0),
        alert(3, "acknowledged"),
        ended(),
        alert(4, "resolved"),
    ]  # fmt: skip
