import math

import pytest

from alerts.playbook import BUNDLED, parse
from commands.assembly import Assembly
from commands.assembly.gateways import audiosocket, client_secrets, gateways, signatures
from commands.assembly.listening import session, worker
from commands.assembly.oidc import provider
from commands.assembly.pages import stream_door
from commands.settings.layers import from_flags, resolve
from streamer.credentials import ClientSecrets, TwilioSignature
from streamer.errors import SettingsError
from streamer.events import Party
from streamer.gateways import GatewaySettings
from streamer.gateways.audiohook_open import EVERYTHING
from streamer.session import SessionSettings

RULES = parse(BUNDLED.read_text("utf-8"))


def given(**settings):
    return resolve([("the test", settings)])


def test_a_call_is_listened_to_as_set():
    its = session(given(longest=9, draft_every=0.9, lead_in=0.2, stall_after=7, grace=8), RULES)
    assert (its.endpointing.longest, its.endpointing.lead_in) == (9.0, 0.2)
    assert (its.stall_after, its.grace, its.draft_every) == (7.0, 8.0, 0.9)
    assert session(given(draft_every=0), RULES).draft_every == 0


def test_what_is_not_set_is_as_the_streamer_has_it():
    assert session(given(), RULES) == SessionSettings(
        silence_marks=session(given(), RULES).silence_marks
    )


def test_on_a_gpu_padding_costs_nothing_and_drafts_hold_nobody_up():
    on_cpu, on_gpu = worker(given()), worker(given(device="cuda"))
    assert (on_cpu.padding, on_gpu.padding) == (1.25, math.inf)
    assert on_cpu.draft_batch_seconds < on_gpu.draft_batch_seconds


@pytest.mark.parametrize("every", [-1, 21, "often"])
def test_drafts_come_at_a_time_that_can_be(every):
    with pytest.raises(SettingsError, match="draft_every"):
        given(draft_every=every)


def test_who_is_on_which_channel_is_a_setting():
    from_text = resolve([from_flags({"freeswitch_parties": "agent,customer"})])
    assert gateways(from_text).freeswitch.parties == (Party.AGENT, Party.CUSTOMER)
    assert gateways(given(freeswitch_replies="wrapped")).freeswitch.replies == "wrapped"
    assert gateways(given()) == GatewaySettings()


def test_who_is_on_a_leg_of_asterisk_is_a_setting():
    assert gateways(given(asterisk_party="customer")).asterisk.party == Party.CUSTOMER
    assert gateways(given()).asterisk.party == Party.UNKNOWN


def test_who_is_on_which_track_is_a_setting():
    its = gateways(given(twilio_parties=["agent", "customer"])).twilio
    assert its.parties == (Party.AGENT, Party.CUSTOMER)


def test_who_is_on_a_funasr_stream_is_a_setting():
    assert gateways(given(funasr_party="agent")).funasr.party is Party.AGENT


def test_what_a_yeastar_pbx_does_not_say_is_a_setting():
    its = gateways(given(yeastar_sample_rate=16000, yeastar_extensions="1[0-9]{3}")).yeastar
    assert (its.sample_rate, its.extensions) == (16000, "1[0-9]{3}")


def test_extensions_that_are_no_expression_are_no_setting():
    with pytest.raises(SettingsError, match="yeastar_extensions is no regular expression"):
        given(yeastar_extensions="1[0-9")


def test_a_signature_is_checked_where_there_is_something_to_check_it_by():
    its = given(twilio_auth_token="secret", twilio_url="wss://a.example/twilio")
    assert signatures(its) == {"/twilio": TwilioSignature("secret", "wss://a.example/twilio")}
    assert signatures(given()) == {}


@pytest.mark.parametrize("name", ["twilio_auth_token", "twilio_url"])
def test_of_the_two_neither_comes_alone(name):
    with pytest.raises(SettingsError, match="twilio_auth_token and twilio_url go together"):
        given(**{name: "wss://a.example/twilio"})


def test_what_genesys_signs_with_and_is_told_are_settings():
    flags = {
        "audiohook_secrets": "genesys=c2VjcmV0cw==,other=eA==",
        "audiohook_url": "wss://a.example/audiohook",
        "audiohook_events": "transcripts,alerts",
    }
    its = resolve([from_flags(flags)])
    assert client_secrets(its) == ClientSecrets(
        "/audiohook", {"genesys": b"secrets", "other": b"x"}, "wss://a.example/audiohook"
    )
    assert "secrets" not in repr(client_secrets(its)).replace("ClientSecrets", "")
    assert gateways(its).audiohook.events == EVERYTHING
    assert gateways(given(languages=["en"])).audiohook.languages == ("en",)


@pytest.mark.parametrize("secret", ["", "?", "a"])
def test_a_client_secret_is_base64(secret):
    with pytest.raises(SettingsError, match="audiohook_secrets: the one of genesys"):
        given(audiohook_secrets={"genesys": secret})


def test_only_what_there_is_can_be_sent_back():
    with pytest.raises(SettingsError, match="audiohook_events"):
        given(audiohook_events=["drafts"])


@pytest.mark.parametrize("parties", [["agent"], ["agent", "agent"], ["boss", "agent"]])
def test_tracks_that_cannot_be_told_apart_are_no_setting(parties):
    with pytest.raises(SettingsError, match="twilio_parties"):
        given(twilio_parties=parties)


@pytest.mark.parametrize("parties", [[], ["agent", "agent"], ["boss"], ["agent"] * 3])
def test_parties_that_cannot_be_told_apart_are_no_setting(parties):
    with pytest.raises(SettingsError, match="freeswitch_parties"):
        given(freeswitch_parties=parties)


def test_pages_know_the_door_that_was_really_opened(tmp_path):
    assembly = Assembly.of(given(state_dir=str(tmp_path), stream_port=0, model="tiny"))
    assert stream_door(assembly) is None
    assembly.stage.port = 40123
    door = stream_door(assembly)
    assert (door.host, door.port, door.tls, door.keyed) == ("127.0.0.1", 40123, False, False)
    assert {"/raw", "/freeswitch"} <= set(door.paths)
    assembly.keys.add("pbx", "gateway")
    assert stream_door(assembly).keyed


def test_audiosocket_is_heard_where_it_is_told_to_and_on_this_machine_unless_accepted():
    assert audiosocket(given()) is None
    assert audiosocket(given(audiosocket_port=9092)) == ("127.0.0.1", 9092)
    open_to_all = {"audiosocket_port": 9092, "audiosocket_host": "0.0.0.0"}
    with pytest.raises(SettingsError, match="audiosocket_unencrypted"):
        given(**open_to_all)
    its = given(**open_to_all, audiosocket_unencrypted=True)
    assert audiosocket(its) == ("0.0.0.0", 9092)


OIDC = {
    "oidc_issuer": "https://id.example",
    "oidc_client_id": "ew",
    "oidc_roles": {"a": "admin"},
}


def test_an_identity_provider_needs_to_know_where_to_send_people_back():
    assert provider(given()) is None
    with pytest.raises(SettingsError, match="needs public_url"):
        provider(given(**OIDC))
    its = provider(given(**OIDC, public_url="https://board.example/")).settings
    assert its.redirect == "https://board.example/api/v1/oidc/callback"
    assert its.meanings.roles == {"a": "admin"}


@pytest.mark.parametrize(
    "wrong",
    [{"oidc_roles": {}}, {"oidc_roles": {"a": "boss"}}, {"oidc_client_id": ""},
     {"oidc_issuer": "http://id.example"}],
)  # fmt: skip
def test_a_provider_without_what_it_needs_is_a_fault(wrong):
    with pytest.raises(SettingsError, match="oidc"):
        given(**{**OIDC, **wrong})


def test_roles_may_be_given_as_text():
    its = resolve([from_flags({**OIDC, "oidc_roles": "a=admin,b=agent"})])
    assert its.oidc.oidc_roles == {"a": "admin", "b": "agent"}
