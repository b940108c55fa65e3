"""Short ways to write what was heard on a call."""

from dataclasses import replace

from alerts.playbook import BUNDLED, parse
from streamer.events import (
    AudioEvent,
    CallClosed,
    CallId,
    CallInfo,
    Draft,
    Emotion,
    Party,
    Silence,
    Transcript,
)

CALL = CallId("7dd5e34e")
PLAYBOOK = parse(BUNDLED.read_text(encoding="utf-8"))
INFO = CallInfo(CALL, agent_id="8001", queue="after-sales", customer="13800001234")


def said(
    text="嗯，好的。",
    *,
    at=0.0,
    lasted=3.0,
    angry=0.0,
    party=Party.CUSTOMER,
    number=1,
    call=CALL,
    unknown=0.0,
):
    emotion_p = {
        Emotion.ANGRY: angry,
        Emotion.UNKNOWN: unknown,
        Emotion.NEUTRAL: max(0.0, 1.0 - angry - unknown),
    }
    emotion = max(emotion_p, key=emotion_p.__getitem__)
    return Transcript(
        call=call,
        number=number,
        party=party,
        start=at,
        end=at + lasted,
        speech_end_clock=1000.0 + at + lasted,
        text=text,
        language="zh",
        language_p=0.98,
        emotion=emotion,
        emotion_p=emotion_p,
        events=(AudioEvent.SPEECH,),
        events_p={AudioEvent.SPEECH: 1.0},
        tokens=tuple((c, at) for c in text),
        raw=f"<|zh|><|{emotion}|><|Speech|><|withitn|>{text}",
    )


def quiet(since, lasted, *, last=Party.CUSTOMER, ended=False, call=CALL):
    return Silence(call, since, lasted, last, 1000.0 + since + lasted, ended)


def closed(at=300.0, call=CALL):
    return CallClosed(call, at, "ended")


def laughing(transcript, p=0.9):
    """The same, with laughter in it."""
    return replace(
        transcript,
        events=(*transcript.events, AudioEvent.LAUGHTER),
        events_p={AudioEvent.SPEECH: 1 - p, AudioEvent.LAUGHTER: p},
    )


def feeling(transcript, emotion, p=0.9):
    """The same, said so."""
    return replace(
        transcript, emotion=emotion, emotion_p={emotion: p, Emotion.NEUTRAL: 1.0 - p}
    )


def draft(transcript):
    return Draft(transcript)


MET = (
    said("您好，请讲。", at=-9.0, lasted=1.0, party=Party.AGENT, number=1),
    said("我想问一下。", at=-5.0, lasted=1.0, number=2),
)
"""Two people have been heard: from now on silence is one between them."""
