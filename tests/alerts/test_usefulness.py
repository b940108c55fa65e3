import pytest
from msgspec.structs import replace

from alerts import metrics
from alerts.following import Following
from alerts.lifecycle import Desk
from alerts.precision import Precision
from alerts.usefulness import Usefulness
from tests.alerts.test_lifecycle import alert, prompt


def answer(key, state, situation="silence"):
    return replace(prompt(state, key), situation=situation)


def test_it_is_the_share_of_the_answered_that_was_used():
    it = Usefulness()
    assert it.of("silence") is None
    for key, state in (("a", "accepted"), ("b", "dismissed"), ("c", "not_useful")):
        assert it.hear(answer(key, state)) == "silence"
    it.hear(answer("d", "accepted", "agent_pause"))
    assert it.of("silence") == pytest.approx(1 / 3)
    assert it.of("agent_pause") == 1.0


def test_only_first_answers_count():
    it = Usefulness()
    for state in ("shown", "replaced", "expired"):
        assert it.hear(answer("a", state)) == ""
    assert it.hear(alert()) == ""
    assert it.hear(answer("a", "accepted")) == "silence"
    assert it.hear(answer("a", "accepted")) == ""
    assert it.hear(answer("a", "dismissed")) == ""
    assert it.of("silence") == 1.0


def test_only_the_latest_are_kept():
    it = Usefulness(keep=1)
    it.hear(answer("a", "dismissed"))
    it.hear(answer("b", "accepted"))
    assert it.of("silence") == 1.0


def test_prometheus_sees_it():
    following = Following(Desk(), Precision(), lambda message: message)
    following.hear(answer("a", "accepted", "seen"))
    following.hear(answer("b", "not_useful", "seen"))
    assert metrics.prompt_usefulness.labels("seen")._value.get() == pytest.approx(0.5)
