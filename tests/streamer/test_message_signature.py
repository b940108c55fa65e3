"""The signature of Genesys AudioHook, with the vectors of its documentation, of its reference
client, and of the draft."""

from base64 import b64decode, b64encode
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.handshake import Handshake
from streamer.message_signature import (
    OLDEST,
    REQUIRED,
    SKEW,
    SignatureError,
    base,
    check,
    shown_by,
    sign,
)

SECRET = b64decode("TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU=")
KEY = "SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh"
NOW = 1795353043
PARTS = (
    '("@request-target" "@authority" "audiohook-organization-id" "audiohook-session-id"'
    ' "audiohook-correlation-id" "x-api-key")'
)
INPUT = (
    f'sig1={PARTS};keyid="{KEY}";nonce="xu4gsbAPlG+PK+oNpCKXoV2i";alg="hmac-sha256"'
    f";created={NOW};expires={NOW + 30}"
)
HEADERS = {
    "host": "127.0.0.1:19301",
    "audiohook-organization-id": "d90d9d17-e280-4c1f-b4a3-99117ce46a5a",
    "audiohook-session-id": "036cb981-9888-4155-8f33-eb0aa7a27e41",
    "audiohook-correlation-id": "59710b6b-a20f-4980-bbbf-f9fa59a86a9b",
    "x-api-key": KEY,
    "signature-input": INPUT,
    "signature": "sig1=:lzak6bXG+pIJF79UXbtI3C1qzULAcNdnLVyh9TpiCyk=:",
}
TARGET = "/api/v1/audiohook/ws"


def request(target=TARGET, /, **changed):
    """The one of the reference client, with other headers; None leaves one out."""
    headers = HEADERS | {name.replace("_", "-"): value for name, value in changed.items()}
    told = {name: [value] for name, value in headers.items() if value is not None}
    return Handshake(target.partition("?")[0], target, {}, told)


def signed(parameters, *, parts=REQUIRED, secret=SECRET, asked=None):
    """Signed rightly, whatever is said of it."""
    asked = asked or request()
    listed = " ".join(f'"{part}"' for part in parts)
    its = f"({listed}){parameters}"
    value = digest(secret, base(parts, its, asked), "sha256")
    headers = {**asked.headers, "signature-input": [f"sig1={its}"]}
    headers["signature"] = [f"sig1=:{b64encode(value).decode()}:"]
    return Handshake(asked.path, asked.target, {}, headers)


NONCE = "n" * 22
USUAL = f';keyid="{KEY}";nonce="{NONCE}";alg="hmac-sha256";created={NOW};expires={NOW + 30}'


def refused(asked, now=NOW, secret=SECRET):
    with pytest.raises(SignatureError) as wrong:
        check(asked, secret, now)
    return str(wrong.value)


def test_the_reference_clients_request():
    check(request(), SECRET, NOW)


def test_the_documentations_example():
    example = Handshake(
        "/api/v1/voicebiometrics/ws",
        "/api/v1/voicebiometrics/ws",
        {},
        {
            "host": ["audiohook.example.com"],
            "audiohook-organization-id": ["d7934305-0972-4844-938e-9060eef73d05"],
            "audiohook-session-id": ["30b0e395-84d3-4570-ac13-9a62d8f514c0"],
            "audiohook-correlation-id": ["e160e428-53e2-487c-977d-96989bf5c99d"],
            "x-api-key": [KEY],
            "signature": ["sig1=:NZBwyBHRRyRoeLqy1IzOa9VYBuI8TgMFt2GRDkDuJh4=:"],
            "signature-input": [
                f'sig1={PARTS};keyid="{KEY}";nonce="VGhpc0lzQVVuaXF1ZU5vbmNl"'
                ';alg="hmac-sha256";created=1641013200;expires=3282026430'
            ],
        },
    )
    check(example, SECRET, 1641013200)


def test_the_drafts_example():
    """draft-ietf-httpbis-message-signatures-11, B.2.5: less is covered than AudioHook asks."""
    secret = b64decode(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    )
    example = Handshake(
        headers={
            "date": ["Tue, 20 Apr 2021 02:07:55 GMT"],
            "host": ["example.com"],
            "content-type": ["application/json"],
            "signature-input": [
                'sig-b25=("date" "@authority" "content-type");created=1618884473'
                ';keyid="test-shared-secret"'
            ],
            "signature": ["sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"],
        }
    )
    shown = shown_by(example)
    assert shown.value == digest(secret, base(shown.parts, shown.signed, example), "sha256")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"host": "127.0.0.1:19302"}, "another one"),
        ({"audiohook_session_id": "036cb981-9888-4155-8f33-eb0aa7a27e42"}, "another one"),
        ({"audiohook_correlation_id": None}, "no header audiohook-correlation-id"),
        ({"x_api_key": "another"}, "keyid is not"),
        ({"x_api_key": None}, "keyid is not"),
        ({"signature": None}, "no header signature"),
        ({"signature_input": None}, "no header signature-input"),
        ({"signature": "sig2" + HEADERS["signature"][4:]}, "two labels"),
        ({"signature": "sig1=:lzak:"}, "another one"),
        ({"signature": "sig1=:lzak=6:"}, "not one signature"),
        ({"signature": "sig1=:a:"}, "no base64"),
        ({"signature": "sig1=lzak"}, "not one signature"),
        ({"signature_input": INPUT.replace(";alg", "; alg")}, "not one signature"),
        ({"signature_input": f'{INPUT};tag="x"'}, "parameter tag"),
        ({"signature_input": f"{INPUT};created={NOW}"}, "parameter created"),
        ({"signature_input": INPUT.replace(f"={NOW};", f'="{NOW}";')}, "parameter created"),
        ({"signature_input": f"{INPUT}, {INPUT}"}, "not one signature"),
        ({"signature_input": INPUT.replace('"x-api-key")', '"x-api-key";sf)')}, "not one sig"),
    ],
)
def test_what_is_not_as_it_was_signed_is_refused(changed, why):
    assert why in refused(request(**changed))


def test_another_target_or_secret_is_refused():
    assert "another one" in refused(request("/api/v1/audiohook/ws?x=1"))
    assert "another one" in refused(request(), secret=b"")


@pytest.mark.parametrize("part", REQUIRED)
def test_each_part_has_to_be_signed(part):
    rest = [each for each in REQUIRED if each != part]
    assert f"does not cover {part}" in refused(signed(USUAL, parts=rest))


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ("@method", "cannot be signed here"),
        ("@signature-params", "cannot be signed here"),
        ("signature", "cannot be signed here"),
        ("x-missing", "no header x-missing"),
    ],
)
def test_no_other_part_is_made_up(part, why):
    listed = PARTS.replace(")", f' "{part}")')
    assert why in refused(request(signature_input=INPUT.replace(PARTS, listed)))


def test_nor_counted_twice():
    listed = PARTS.replace(")", ' "x-api-key")')
    assert "twice" in refused(request(signature_input=INPUT.replace(PARTS, listed)))


def test_more_may_be_signed_in_any_order():
    asked = request(**{"user_agent": "  Genesys  "})
    parts = ("user-agent", *reversed(REQUIRED))
    check(signed(USUAL, parts=parts, asked=asked), SECRET, NOW)


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        (USUAL.replace("hmac-sha256", "rsa-v1_5-sha256"), "alg is"),
        (USUAL.replace(NONCE, NONCE[1:]), "nonce"),
        (USUAL.replace(f';nonce="{NONCE}"', ""), "nonce"),
        (USUAL.replace(f'keyid="{KEY}"', 'keyid="x"'), "keyid"),
        (USUAL.replace(f";created={NOW}", ""), "created is missing"),
        (USUAL.replace(f"created={NOW}", f"created={NOW + SKEW + 1}"), "in the future"),
        (USUAL.replace(f"expires={NOW + 30}", f"expires={NOW + SKEW - 1}"), "expired"),
        (USUAL.replace(f"created={NOW}", f"created={NOW + SKEW - OLDEST - 1}"), "expired"),
    ],
)
def test_what_is_signed_has_to_hold(parameters, why):
    assert why in refused(signed(parameters))


@pytest.mark.parametrize(
    "parameters",
    [
        USUAL,
        USUAL.replace(';alg="hmac-sha256"', ""),
        USUAL.replace(f";expires={NOW + 30}", ""),
        USUAL.replace(f"created={NOW}", f"created={NOW + SKEW}"),
        USUAL.replace(f"created={NOW}", f"created={NOW + SKEW - OLDEST}"),
        USUAL.replace(f"expires={NOW + 30}", f"expires={NOW + SKEW}"),
    ],
)
def test_and_no_more_than_that(parameters):
    check(signed(parameters), SECRET, NOW)


def test_a_request_is_signed_as_the_reference_client_signs():
    unsigned = request(signature=None, signature_input=None)
    headers = sign(unsigned, SECRET, "xu4gsbAPlG+PK+oNpCKXoV2i", NOW)
    assert headers["Signature-Input"] == INPUT
    assert headers["Signature"] == HEADERS["signature"]


lines = st.text(max_size=80) | st.sampled_from([INPUT, HEADERS["signature"]])


@given(st.lists(lines, max_size=2), st.lists(lines, max_size=2))
def test_whatever_is_shown_is_right_or_a_signature_error(inputs, values):
    shown = {**request().headers, "signature-input": inputs, "signature": values}
    asked = Handshake(TARGET, TARGET, {}, shown)
    if (inputs, values) == ([INPUT], [HEADERS["signature"]]):
        check(asked, SECRET, NOW)
    else:
        refused(asked)
