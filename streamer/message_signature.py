"""HTTP Message Signatures (draft 11) as Genesys AudioHook uses them: HMAC-SHA256 over six parts
of the request, with a secret that never travels.

Read strictly: what is signed has to be spelt exactly as a signer spells it, so that no two
readings of one header are possible.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hmac import compare_digest, digest
from typing import Final

from streamer.errors import EarwitnessError
from streamer.events import Seconds
from streamer.handshake import Handshake

REQUIRED: Final = (
    "@request-target",
    "@authority",
    "audiohook-organization-id",
    "audiohook-session-id",
    "audiohook-correlation-id",
    "x-api-key",
)
SKEW: Final = 3
"""Seconds. By so much two clocks may differ."""
OLDEST: Final = 10
"""Seconds. A signature that is older is no longer taken, whatever `expires` says."""
SHORTEST_NONCE: Final = 22

_STRING = r'"(?:[ !#-\[\]-~]|\\["\\])*"'
_NAME = r"[a-z*][a-z0-9_.*-]*"
_PARAMETER = rf";({_NAME})=({_STRING}|-?\d{{1,15}})"
_INPUT: Final = re.compile(
    rf"(?P<label>{_NAME})=(?P<signed>\((?P<parts>{_STRING}(?: {_STRING})*)\)"
    rf"(?P<parameters>(?:;{_NAME}=(?:{_STRING}|-?\d{{1,15}}))+))"
)
_SIGNATURE: Final = re.compile(rf"(?P<label>{_NAME})=:(?P<value>[A-Za-z0-9+/]+={{0,2}}):")
_KINDS: Final[Mapping[str, type]] = {
    "alg": str,
    "created": int,
    "expires": int,
    "keyid": str,
    "nonce": str,
}


class SignatureError(EarwitnessError):
    """The request is not signed, or not rightly: it is refused. The text is for the log; a
    stranger learns only that it is so."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the headers `Signature-Input` and `Signature` say. `signed` is the former without
    its label: it is signed, too."""

    parts: tuple[str, ...]
    parameters: Mapping[str, str | int]
    signed: str
    value: bytes = field(repr=False)


def check(request: Handshake, secret: bytes, now: Seconds) -> None:
    """Raises `SignatureError` unless the holder of `secret` has made this request just now.
    `now`: seconds since 1970, as the signer counts."""
    shown = shown_by(request)
    _check_parameters(shown.parameters, request.header("x-api-key"), now)
    if missing := [part for part in REQUIRED if part not in shown.parts]:
        raise SignatureError(f"the signature does not cover {', '.join(missing)}")
    right = digest(secret, base(shown.parts, shown.signed, request), "sha256")
    if not compare_digest(right, shown.value):
        raise SignatureError("the signature is another one: compare the client secret")


def shown_by(request: Handshake) -> Shown:
    """Raises `SignatureError` where there is none that can be read."""
    signed = _matched(_INPUT, request.headers.get("signature-input", ()), "signature-input")
    value = _matched(_SIGNATURE, request.headers.get("signature", ()), "signature")
    if signed["label"] != value["label"]:
        raise SignatureError("signature and signature-input bear two labels")
    parts = tuple(_text(part) for part in re.findall(_STRING, signed["parts"]))
    if len(set(parts)) < len(parts):
        raise SignatureError("signature-input names one part twice")
    return Shown(
        parts,
        _parameters(re.findall(_PARAMETER, signed["parameters"])),
        signed["signed"],
        _bytes(value["value"]),
    )


def base(parts: Sequence[str], signed: str, request: Handshake) -> bytes:
    """What is signed. Raises `SignatureError` for a part that the request does not have."""
    lines = [f'"{part}": {_part(part, request)}' for part in parts]
    return "\n".join([*lines, f'"@signature-params": {signed}']).encode(errors="replace")


def sign(request: Handshake, secret: bytes, nonce: str, now: int) -> dict[str, str]:
    """The two headers of a request that has all the others already: as a client signs."""
    listed = " ".join(f'"{part}"' for part in REQUIRED)
    key = request.header("x-api-key")
    signed = (
        f'({listed});keyid="{key}";nonce="{nonce}";alg="hmac-sha256"'
        f";created={now};expires={now + 30}"
    )
    value = b64encode(digest(secret, base(REQUIRED, signed, request), "sha256")).decode()
    return {"Signature-Input": f"sig1={signed}", "Signature": f"sig1=:{value}:"}


def _matched(form: re.Pattern[str], lines: Sequence[str], name: str) -> re.Match[str]:
    if not lines:
        raise SignatureError(f"no header {name}")
    found = form.fullmatch(lines[0].strip()) if len(lines) == 1 else None
    if found is None:
        raise SignatureError(f"the header {name} is not one signature as AudioHook writes it")
    return found


def _parameters(found: Sequence[tuple[str, str]]) -> dict[str, str | int]:
    parameters: dict[str, str | int] = {}
    for name, text in found:
        value = _text(text) if text.startswith('"') else int(text)
        if name in parameters or not isinstance(value, _KINDS.get(name, type(None))):
            raise SignatureError(f"signature-input has a parameter {name} that cannot be")
        parameters[name] = value
    return parameters


def _check_parameters(given: Mapping[str, str | int], key: str, now: Seconds) -> None:
    created, expires = given.get("created"), given.get("expires")
    if given.get("alg", "hmac-sha256") != "hmac-sha256":
        raise SignatureError(f"alg is {given['alg']}, not hmac-sha256")
    if len(str(given.get("nonce", ""))) < SHORTEST_NONCE:
        raise SignatureError(f"nonce has less than {SHORTEST_NONCE} characters")
    if not key or given.get("keyid") != key:
        raise SignatureError("keyid is not what X-API-KEY says")
    if not isinstance(created, int) or created > now + SKEW:
        raise SignatureError("created is missing, or in the future: compare the clocks")
    if created + OLDEST < now + SKEW or (isinstance(expires, int) and expires < now + SKEW):
        raise SignatureError("the signature has expired: compare the clocks")


def _part(name: str, request: Handshake) -> str:
    match name:
        case "@request-target":
            return request.target
        case "@authority":
            return _header("host", request).lower()
        case _ if name.startswith("@") or name in ("signature", "signature-input"):
            raise SignatureError(f"{name} cannot be signed here")
        case _:
            return _header(name, request)


def _header(name: str, request: Handshake) -> str:
    lines = request.headers.get(name, ())
    if not any(lines):
        raise SignatureError(f"no header {name}, and it is signed")
    return ", ".join(line.strip() for line in lines)


def _text(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted[1:-1])


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise SignatureError("the signature is no base64") from error
