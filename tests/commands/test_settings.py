import pytest

from commands.assembly.listening import gates
from commands.settings import Settings
from commands.settings.layers import (
    KINDS,
    SECTIONS,
    descriptions,
    from_environment,
    from_flags,
    resolve,
)
from streamer.errors import SettingsError
from streamer.recognizer.gates import Gates


def test_flags_go_over_the_environment_and_that_over_the_file():
    layers = [
        ("earwitness.toml", {"grace": 10, "stall_after": 4.0, "max_calls": 7}),
        from_environment(
            {"EARWITNESS_GRACE": "20", "EARWITNESS_STALL_AFTER": "6", "HOME": "/"}
        ),
        from_flags({"grace": "25", "max_calls": None}),
    ]
    found = resolve(layers)
    it = found.listening
    assert (it.grace, it.stall_after, it.max_calls) == (25.0, 6.0, 7)


def test_text_becomes_lists_tables_and_switches():
    found = resolve(
        [
            from_environment(
                {
                    "EARWITNESS_LANGUAGES": "zh, en",
                    "EARWITNESS_AGENTS": "8001=王晓敏,8002=刘洋",
                    "EARWITNESS_AGENT_EMOTION": "true",
                }
            )
        ]
    )
    assert found.recognition.languages == ("zh", "en")
    assert found.alerting.agents == {"8001": "王晓敏", "8002": "刘洋"}
    assert found.alerting.agent_emotion is True


def test_every_fault_is_listed_with_where_it_comes_from():
    layers = [
        ("earwitness.toml", {"stream_port": 70_000, "gracee": 1}),
        from_environment({"EARWITNESS_VAD_MODE": "loud"}),
        from_flags({"tls_cert": "chain.pem"}),
    ]
    with pytest.raises(SettingsError) as raised:
        resolve(layers)
    text = str(raised.value)
    assert "stream_port (in earwitness.toml)" in text
    assert "gracee (in earwitness.toml): no such setting" in text
    assert "vad_mode (in the environment)" in text
    assert "tls_cert and tls_key go together" in text


def test_a_key_for_sending_calls_in_the_environment_does_not_keep_the_server_from_starting():
    found = from_environment(
        {"EARWITNESS_GATEWAY_KEY": "ew_1", "EARWITNESS_SETTINGS": "x.toml"}
    )
    assert resolve([found]) == Settings()


def test_what_is_not_given_has_its_default():
    assert resolve([]) == Settings()


def test_every_setting_says_what_it_is():
    assert all(description for _, description, _ in descriptions())


def test_no_name_is_in_two_sections():
    assert len(KINDS) == sum(len(section.__struct_fields__) for section in SECTIONS.values())


def test_what_is_masked_is_chosen_from_what_can_be():
    assert resolve([from_environment({"EARWITNESS_MASK": "mobile, code"})]).alerting.mask == (
        "mobile",
        "code",
    )
    assert resolve([from_environment({"EARWITNESS_MASK": ""})]).alerting.mask == ()
    assert set(resolve([]).alerting.mask) == {
        *("mobile", "landline", "id_card", "bank_card", "code", "email")
    }
    with pytest.raises(SettingsError, match="mask"):
        resolve([from_flags({"mask": "mobiles"})])


def test_what_is_heard_is_gated_as_the_settings_say():
    given = {
        "min_dbfs": "-50",
        "min_speech_p": "0.3",
        "filler_speech_p": "0.7",
        "lead_in": "0.2",
    }
    settings = resolve([from_flags({**given, "languages": "zh,ja"})])
    assert gates(settings) == Gates(frozenset({"zh", "ja"}), -50.0, 0.3, 0.7, 0.2)
    assert gates(Settings()) == Gates()
