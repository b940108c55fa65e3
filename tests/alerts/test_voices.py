"""Clips are kept when all that is said in them is known."""

from dataclasses import dataclass, field, replace

import pytest

from alerts.clips import ClipStore
from alerts.masking import hidden_in, mask_transcript
from alerts.voices import PATIENCE, Voices
from alerts.wire import Alert, Evidence, Words
from streamer.events import Emotion, Party
from tests.alerts.heard import CALL, said


@dataclass
class Line:
    """One on which a party speaks over everything `until` its words are known."""

    clear: bool = True
    held: bool = True
    asked: list = field(default_factory=list)

    def voice(self, start, end):
        self.asked.append((start, end))
        return (b"all of it" if self.clear else b"with a tone") if self.held else b""

    def is_clear(self, start, end):
        return self.clear


def alert(*ends):
    evidence = tuple(Evidence(e - 3, e, Party.CUSTOMER, "", Emotion.ANGRY, 0.9) for e in ends)
    return Alert(
        *("id", 1, CALL, "ANGRY", "r", "3f2a", "high", "active", Party.CUSTOMER),
        at=ends[-1],
        since=0.0,
        text="",
        count=1,
        score=0.9,
        evidence=evidence,
        why=Words("", ""),
    )


@pytest.fixture
def clips(tmp_path):
    return ClipStore(tmp_path)


def kept(clips, start, end):
    found = clips.find(CALL, start, end)
    return found.read_bytes() if found else None


async def test_a_clip_in_which_all_is_known_is_cut_when_the_alert_is_raised(clips):
    line = Line()
    voices = Voices(line, clips, CALL)
    voices.want(alert(13.0))
    assert voices.of(13.0) == "/api/v1/calls/7dd5e34e/clip?from=5.5&to=13.5"
    line.clear = False  # somebody begins to speak before it is written
    await voices.keep(13.1)
    assert kept(clips, 5.5, 13.5) == b"all of it"
    voices.want(alert(13.0, 18.0))
    assert line.asked == [(5.5, 13.5), (10.5, 18.5)]


async def test_a_clip_waits_for_what_is_not_known_yet_but_has_its_address(clips):
    line = Line(clear=False)
    voices = Voices(line, clips, CALL)
    voices.want(alert(13.0))
    assert voices.of(13.0)
    await voices.keep(14.0)
    assert kept(clips, 5.5, 13.5) is None
    line.clear = True
    await voices.keep(15.0)
    assert kept(clips, 5.5, 13.5) == b"all of it"


@pytest.mark.parametrize(("at", "last"), [(13.5 + PATIENCE + 0.1, False), (15.0, True)])
async def test_what_never_becomes_known_is_a_tone_in_the_clip(clips, at, last):
    voices = Voices(Line(clear=False), clips, CALL)
    voices.want(alert(13.0))
    await voices.keep(13.5 + PATIENCE)
    assert kept(clips, 5.5, 13.5) is None
    await voices.keep(at, last=last)
    assert kept(clips, 5.5, 13.5) == b"with a tone"


async def test_without_a_voice_there_is_no_address(clips):
    voices = Voices(Line(held=False), clips, CALL)
    voices.want(alert(13.0))
    assert voices.of(13.0) == voices.of(99.0) == ""
    await voices.keep(14.0, last=True)
    assert not list(clips.directory.iterdir())


def test_the_seconds_of_masked_words_are_known_from_the_tokens():
    heard = replace(
        said("打13800001234", at=0.0, lasted=9.0),
        tokens=(("打", 1.0), ("138", 2.0), ("0000", 3.0), ("1234", 4.0)),
    )
    assert hidden_in(heard, mask_transcript(heard)) == [(2.75, 4.15)]
    last = replace(heard, text="验证码12", tokens=(("验证码", 1.0), ("12", 2.0), ("34", 3.0)))
    assert hidden_in(last, mask_transcript(last)) == [(1.75, 3.15), (2.75, 9.15)]


def test_without_tokens_all_of_the_utterance_is_hidden():
    heard = replace(said("打13800001234", at=1.0, lasted=9.0), tokens=())
    assert hidden_in(heard, mask_transcript(heard)) == [(1.0, 10.0)]
    assert hidden_in(said("你好"), mask_transcript(said("你好"))) == []
