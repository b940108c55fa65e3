"""What the tests of the contract ask of each protocol."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from hypothesis import strategies as st

from streamer.events import Party
from streamer.handshake import Handshake
from streamer.pcm import interleave

CALL = "c1"


@dataclass(frozen=True, repr=False)
class Protocol:
    """`begin` are the messages that start a call of a customer and an agent at 8 kHz; `said`
    makes messages of what each says (16-bit PCM), cut into the smallest pieces there may be, of
    which so many are in one message; `end` says that it is over, None where only closing says
    so. `words` are texts that mean something, or nearly do; `bad` is refused within a call.
    `query` is said at the handshake, for protocols whose messages have no place for it.
    `answers`: it speaks at all. `parties` are those that one connection carries: what others
    say is not among what is `said`. `parts`: it is for the gateway to close. Without
    `begins` no message says that a call begins: the first of any kind does."""

    path: str
    begin: tuple[str, ...]
    said: Callable[[bytes, bytes, int], list[str | bytes]]
    end: str | None
    words: st.SearchStrategy[str]
    bad: tuple[str | bytes, ...]
    query: str = ""
    answers: bool = False
    parties: tuple[Party, ...] = (Party.CUSTOMER, Party.AGENT)
    parts: bool = False
    begins: bool = True

    def __repr__(self):
        return self.path


def handshake(target="/", **headers):
    """As the server makes it of a request."""
    path, _, query = target.partition("?")
    told = {name: values[-1] for name, values in parse_qs(query).items()}
    return Handshake(path, target, told, {name: [value] for name, value in headers.items()})


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
