"""`/funasr`."""

import json

from hypothesis import strategies as st

from tests.streamer.fakes import CUSTOMER
from tests.streamer.gateways.protocols.protocol import CALL, Protocol, fields, texts


def mono(customer, agent, pieces):
    """Pieces of a byte."""
    return [customer[i : i + pieces] for i in range(0, len(customer), pieces)]


FUNASR = Protocol(
    path="/funasr",
    begin=(
        json.dumps(
            {
                "mode": "2pass",
                "chunk_size": [5, 10, 5],
                "chunk_interval": 10,
                "audio_fs": 8000,
                "wav_name": f"{CALL}/customer",
                "wav_format": "pcm",
                "is_speaking": True,
                "hotwords": "",
                "itn": True,
            }
        ),
    ),
    said=mono,
    end='{"is_speaking": false, "is_end": true}',
    words=texts(
        {"mode": st.sampled_from(["online", "offline", "2pass"]) | st.text()},
        wav_name=st.text() | st.sampled_from(["c1/agent", "demo", "/customer"]),
        wav_format=st.sampled_from(["pcm", "PCM", "mp3"]) | st.text(),
        audio_fs=st.sampled_from([8000, 16000, "8000"]) | st.integers(),
        svs_lang=st.sampled_from(["auto", "zh"]) | st.text(),
        language=st.sampled_from(["auto", "en"]) | st.text(),
        role=st.sampled_from(["customer", "agent", "unknown"]) | st.text(),
        is_speaking=st.booleans() | st.text(),
        is_end=st.booleans(),
        is_final=st.booleans(),
        **fields,
    ),
    bad=("{", "[]", '{"mode":"2pass"}', '{"is_speaking":"perhaps"}'),
    parties=(CUSTOMER,),
    parts=True,
)
