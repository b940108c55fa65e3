"""`/freeswitch`."""

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

FREESWITCH = Protocol(
    path="/freeswitch",
    begin=(json.dumps({"call_id": CALL, "sample_rate": 8000}),),
    said=interleaved(1),
    end='{"event":"bye"}',
    words=texts(
        {"call_id": st.text()},
        channels=parties,
        role=st.sampled_from(["customer", "agent", "unknown"]),
        mixType=st.sampled_from(["mono", "mixed", "stereo"]) | st.text(),
        sampleRate=st.sampled_from([8000, 16000]) | st.integers(),
        **fields,
    )
    | texts({"event": events}, digit=st.text(), dtmf=st.text()),
    bad=("{", "[]", '{"event":"dtmf"}', '{"call_id":"another"}'),
)
