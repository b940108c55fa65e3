"""What a gateway may say of a call, in the words of `/raw`: one reading for every protocol."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from streamer.events import CallInfo, Party
from streamer.gateways.fields import Consent, Id, Language, Name, Notes, call_id


class CallFields(Struct, frozen=True, rename={"customer": "from", "dialled": "to"}):
    """To be decoded from the same message as the protocol's own fields: each ignores the
    other's."""

    call_id: Id | UnsetType = UNSET
    agent_id: Name = ""
    queue: Name = ""
    customer: Name = ""
    dialled: Name = ""
    order_id: Name = ""
    language: Language = "auto"
    consent: Consent = Consent()
    agent_music: bool | UnsetType = UNSET
    meta: Notes = {}


class _Role(Struct, frozen=True):
    role: Party | UnsetType = UNSET


_CONSENT: Final = frozenset(field.encode_name for field in msgspec.structs.fields(Consent))
_TEXTS: Final = frozenset(field.encode_name for field in msgspec.structs.fields(CallFields)) - {
    "consent",
    "meta",
}
_KNOWN: Final = frozenset({*_TEXTS, *_CONSENT, "role", "token"})
"""Not for `meta`: a `token` is a key."""


def call_info(name: str, said: CallFields) -> CallInfo:
    """Of the call `name`, which need not be `said.call_id`. Raises `ProtocolError`."""
    return CallInfo(
        call_id(name),
        agent_id=said.agent_id,
        queue=said.queue,
        customer=said.customer,
        dialled=said.dialled,
        order_id=said.order_id,
        language=said.language,
        record=said.consent.record,
        emotion=said.consent.emotion,
        agent_music=None if said.agent_music is UNSET else said.agent_music,
        meta=said.meta,
    )


def from_parameters(told: Mapping[str, str]) -> CallFields:
    """For protocols that carry texts by name (an address's query, TwiML), in either style of
    spelling: `record` and `emotion` stand for `consent`, `role` is for `role_in`, and what has
    no meaning here is `meta`. Raises msgspec's errors."""
    spelt = {snake(name): text for name, text in told.items()}
    meant: dict[str, Any] = {name: text for name, text in spelt.items() if name in _TEXTS}
    consent = msgspec.convert(spelt, Consent, strict=False)
    rest = {name: text for name, text in told.items() if snake(name) not in _KNOWN}
    said = msgspec.convert({**meant, "meta": rest}, CallFields, strict=False)
    return replace(said, consent=consent)


def role_in(told: Mapping[str, str]) -> Party | UnsetType:
    """Who is on the stream, by the parameter `role`. Raises msgspec's errors."""
    return msgspec.convert({snake(name): text for name, text in told.items()}, _Role).role


def snake(name: str) -> str:
    """`callSid` and `call_sid` are one."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
