"""`/audiohook`."""

import json

from hypothesis import strategies as st

from streamer.pcm import interleave, to_mulaw
from tests.streamer.gateways.protocols.protocol import CALL, Protocol, texts

SESSION = "036cb981-9888-4155-8f33-eb0aa7a27e41"
ORGANIZATION = "d90d9d17-e280-4c1f-b4a3-99117ce46a5a"
PARTICIPANT = "8480f56b-c1e2-4be6-8e17-fb03a5273533"
NOBODY = "00000000-0000-0000-0000-000000000000"


def message(
    kind, seq, parameters=None, *, serverseq=0, position="PT0S", session=SESSION, **others
):
    """What Genesys Cloud says."""
    said = {
        "version": "2",
        "type": kind,
        "id": session,
        "seq": seq,
        "serverseq": serverseq,
        "position": position,
        "parameters": parameters or {},
    }
    return json.dumps(said | others)


def media(*channels, form="PCMU", rate=8000):
    return {"type": "audio", "format": form, "channels": [*channels], "rate": rate}


OFFERED = [media("external", "internal"), media("external"), media("internal")]


def opened(call=CALL, seq=1, offered=OFFERED, participant=None, **parameters):
    """The message `open`."""
    told = {
        "organizationId": ORGANIZATION,
        "conversationId": call,
        "participant": {"id": PARTICIPANT, "ani": "", "aniName": "", "dnis": ""}
        | (participant or {}),
        "media": offered,
    }
    return message("open", seq, told | parameters)


def said(customer, agent, pieces):
    """Pieces of one byte."""
    audio = to_mulaw(interleave([customer, agent]))
    return [audio[i : i + pieces] for i in range(0, len(audio), pieces)]


durations = st.sampled_from(["PT0S", "PT1.5S", "PT.5S", "PT86401S", "P1D"]) | st.text()
words = texts(
    {
        "version": st.just("2"),
        "type": st.sampled_from(
            [
                "open",
                "ping",
                "paused",
                "resumed",
                "discarded",
                "update",
                "error",
                "close",
                "dtmf",
                "playback_started",
            ]
        )
        | st.text(),
        "id": st.sampled_from([SESSION, ORGANIZATION]),
        "seq": st.integers(1, 4) | st.integers(),
        "serverseq": st.integers(0, 2),
        "position": durations,
        "parameters": st.fixed_dictionaries(
            {},
            optional={
                "start": durations,
                "discarded": durations,
                "reason": st.sampled_from(["end", "error", "disconnect", "reconnect"]),
                "code": st.sampled_from([400, 429]) | st.integers(),
                "message": st.text(),
                "retryAfter": durations,
                "language": st.sampled_from(["zh-CN", "en-US"]) | st.text(),
                "digit": st.sampled_from("1*") | st.text(),
                "organizationId": st.just(ORGANIZATION),
                "conversationId": st.sampled_from([NOBODY, CALL]) | st.text(),
                "participant": st.just({"id": PARTICIPANT}),
                "media": st.lists(st.sampled_from([*OFFERED, media("x"), {}]), max_size=3),
                "customConfig": st.dictionaries(
                    st.sampled_from(["language", "record", "subscribe"]) | st.text(),
                    st.text() | st.booleans() | st.none() | st.integers(),
                ),
                "continuedSessions": st.just([{"id": SESSION, "serverseq": 1, "clientseq": 1}]),
            },
        ),
    }
)

AUDIOHOOK = Protocol(
    path="/audiohook",
    begin=(opened(),),
    said=said,
    end=message("close", 2, {"reason": "end"}),
    words=words,
    bad=(
        "{",
        "[]",
        message("ping", 3),
        message("ping", 1),
        message("ping", 2, serverseq=9),
        message("ping", 2, session=ORGANIZATION),
        message("ping", 2, version="1"),
        message("ping", 2, position="soon"),
        message("ping", 2, position="PT999999S"),
        message("discarded", 2, {"start": "PT0S", "discarded": "-1"}),
        message("close", 2, {"reason": "whatever"}),
        opened(seq=2),
    ),
    answers=True,
    parts=True,
)
