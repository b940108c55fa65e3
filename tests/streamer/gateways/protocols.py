"""How the tests of the contract speak each protocol: one more is one more of `PROTOCOLS`."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from streamer.pcm import interleave

CALL = "c1"


@dataclass(frozen=True, repr=False)
class Protocol:
    """`begin` are the messages that start a call of a customer and an agent at 8 kHz; `said`
    makes messages of what each says (16-bit PCM), cut into the smallest pieces there may be, of
    which so many are in one message; `end` says that it is over. `words` are texts that mean
    something, or nearly do; `bad` is refused within a call."""

    path: str
    begin: tuple[str, ...]
    said: Callable[[bytes, bytes, int], list[str | bytes]]
    end: str
    words: st.SearchStrategy[str]
    bad: tuple[str | bytes, ...]

    def __repr__(self):
        return self.path


def interleaved(piece):
    """Pieces of `piece` bytes."""

    def said(customer, agent, pieces):
        audio, size = interleave([customer, agent]), piece * pieces
        return [audio[i : i + size] for i in range(0, len(audio), size)]

    return said


def texts(required, **optional):
    """JSON objects of these fields."""
    return st.fixed_dictionaries(required, optional=optional).map(json.dumps)


parties = st.lists(st.sampled_from(["customer", "agent", "unknown"]) | st.text(), max_size=3)
events = st.sampled_from(["hold", "unhold", "dtmf", "swap", "bye", "end"]) | st.text()
fields = {"meta": st.dictionaries(st.text(), st.text()), "from": st.text()}

RAW = Protocol(
    path="/raw",
    begin=(
        json.dumps(
            {"v": 1, "call_id": CALL, "channels": ["customer", "agent"], "sample_rate": 8000}
        ),
    ),
    said=interleaved(4),
    end='{"event":"end"}',
    words=texts({"v": st.just(1), "call_id": st.text(), "channels": parties}, **fields)
    | texts({"event": events}, digit=st.text()),
    bad=("{", "[]", '{"event":"dtmf"}', bytes(3)),
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

PROTOCOLS = (
    RAW,
    FREESWITCH,
)
