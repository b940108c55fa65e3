"""`/yeastar`."""

import json
from base64 import b64encode

from hypothesis import strategies as st

from streamer.gateways.yeastar_voices import PARTIES
from tests.streamer.gateways.protocols.protocol import CALL, Protocol, texts


def message(channel, number, audio=b"", status="process", **fields):
    return json.dumps(
        {
            "callid": CALL,
            "callflow": "",
            "number": number,
            "status": status,
            "channelid": channel,
            "audio": b64encode(audio).decode(),
            **fields,
        }
    )


def trunk(audio=b"", **fields):
    return message("PJSIP/carrier-00000004", "13800000000", audio, **fields)


def extension(audio=b"", **fields):
    return message("PJSIP/1009-00000005", "1009", audio, **fields)


def both_say(customer, agent, pieces):
    """Pieces of a byte, the two channels by turns."""
    return [
        said(audio[at : at + pieces])
        for at in range(0, len(customer), pieces)
        for said, audio in ((trunk, customer), (extension, agent))
    ]


YEASTAR = Protocol(
    path="/yeastar",
    begin=(trunk(), extension()),
    said=both_say,
    end=None,
    words=texts(
        {
            "callid": st.just(CALL) | st.text(),
            "channelid": st.sampled_from(["PJSIP/1009-5", "PJSIP/x-4", "1"]) | st.text(),
            "status": st.sampled_from(["process", "end"]) | st.text(),
        },
        number=st.sampled_from(["1009", ""]) | st.text(),
        callflow=st.sampled_from(["", "queue", "conference"]) | st.text(),
        audio=st.binary().map(lambda audio: b64encode(audio).decode()) | st.text(),
    ),
    bad=(
        "{",
        "[]",
        bytes(4),
        extension(audio=b"", callid="another"),
        extension(audio=b"", callflow="conference"),
        extension(status="perhaps"),
        '{"callid":"c1","channelid":"PJSIP/1009-00000005","status":"process","audio":"?"}',
    ),
    parties=PARTIES,
    begins=False,
)
