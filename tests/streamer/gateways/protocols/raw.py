"""`/raw`."""

import json

from hypothesis import strategies as st

from tests.streamer.gateways.protocols.protocol import (
    CALL,
    Protocol,
    events,
    fields,
    interleaved,
    parties,
    texts,
)

RAW = Protocol(
    path="/raw",
    begin=(
        json.dumps(
            {"v": 1, "call_id": CALL, "channels": ["customer", "agent"], "sample_rate": 8000}
        ),
    ),
    said=interleaved(1),
    end='{"event":"end"}',
    words=texts({"v": st.just(1), "call_id": st.text(), "channels": parties}, **fields)
    | texts({"event": events}, digit=st.text()),
    bad=("{", "[]", '{"event":"dtmf"}'),
)
