"""What every gateway may say of a call, in texts by name."""

import msgspec
import pytest

from streamer.gateways.call_fields import call_info, from_parameters


@pytest.mark.parametrize(("said", "meant"), [("true", True), ("0", False), (None, None)])
def test_whether_music_is_played_on_the_agents_side(said, meant):
    told = {} if said is None else {"agentMusic": said}
    info = call_info("c1", from_parameters(told))
    assert (info.agent_music, info.meta) == (meant, {})


def test_a_parameter_that_means_nothing_is_refused():
    with pytest.raises(msgspec.ValidationError):
        from_parameters({"agent_music": "perhaps"})
