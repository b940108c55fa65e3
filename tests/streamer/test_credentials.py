"""Who signs what it asks for needs no key. Keys themselves: `test_admission`."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from websockets.exceptions import InvalidStatus

from streamer import events as ev
from streamer.credentials import TwilioSignature
from streamer.handshake import Handshake
from tests.streamer.gateways.protocols import CALL, TWILIO
from tests.streamer.shell import NoKeys, TwoKeys, house, settings

TOKEN, URL = "test-auth-token-0123456789abcdef", "wss://assist.example.com/twilio/media"
HOSTS = ["assist.example.com", "assist.example.com:8443", "例.example"]
RIGHT, SLASHED = "s5JbjtL99oNjYN/RwV8azBrJdZ8=", "pzIe6NG7ZGEKhFQ4IT3AAP/8BXo="
SIGNATURE = TwilioSignature(TOKEN, URL)


def shown_in(signatures):
    return Handshake(headers={"x-twilio-signature": signatures})


ITS = replace(settings(), signatures={"/twilio": SIGNATURE})


def test_the_signatures_that_twilios_own_validator_gives():
    assert SIGNATURE.fits(shown_in([RIGHT]))
    assert TwilioSignature(TOKEN, f"{URL}/").fits(shown_in([SLASHED]))


@given(
    token=st.text(min_size=1),
    url=st.builds(
        "wss://{}/{}".format,
        st.sampled_from(HOSTS),
        st.from_regex(r"[A-Za-z0-9/_.~-]*", fullmatch=True),
    ),
)
def test_twilios_own_validator_agrees_on_any_address(token, url):
    """The official library, on both sides: what it signs fits here, and what is right here it
    takes for right."""
    official = RequestValidator(token)
    signature = official.compute_signature(url, {})
    ours = TwilioSignature(token, url)
    assert ours.fits(shown_in([signature]))
    assert official.validate(url, {}, signature)
    other = RequestValidator(f"{token}x").compute_signature(url, {})
    assert not ours.fits(shown_in([other]))
    assert not TwilioSignature(token, f"{url}/").fits(shown_in([signature]))


@pytest.mark.parametrize(
    "shown",
    [[], [""], [SLASHED], [RIGHT[:-1]], [f"{RIGHT} "], [RIGHT, RIGHT], ["签名"], ["\udcff"]],
)
def test_any_other_is_wrong(shown):
    assert not SIGNATURE.fits(shown_in(shown))


def test_the_token_is_not_shown():
    assert TOKEN not in repr(SIGNATURE)


@pytest.mark.parametrize("keys", [NoKeys(), TwoKeys()])
async def test_a_right_signature_comes_in_without_a_key(keys):
    headers = {"X-Twilio-Signature": RIGHT}
    async with (
        house(ITS, keys=keys) as it,
        it.connect(at="/twilio", additional_headers=headers) as socket,
    ):
        for message in TWILIO.begin:
            await socket.send(message)
        await it.sinks.until(CALL, ev.CallOpened)


async def test_so_does_a_right_key():
    async with house(ITS, keys=TwoKeys()) as it, it.connect("?token=first+key", at="/twilio"):
        assert it.tally.rejected.total() == 0


@pytest.mark.parametrize("keys", [NoKeys(), TwoKeys()])
@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": SLASHED}])
async def test_nobody_else_does(keys, headers):
    async with house(ITS, keys=keys) as it:
        with pytest.raises(InvalidStatus) as refused:
            await it.connect(at="/twilio", additional_headers=headers)
        assert refused.value.response.status_code == 401
        assert URL in refused.value.response.body.decode()


async def test_a_signature_is_worth_nothing_elsewhere():
    headers = {"X-Twilio-Signature": RIGHT}
    async with house(ITS, keys=TwoKeys()) as it:
        with pytest.raises(InvalidStatus):
            await it.connect(at="/raw", additional_headers=headers)
