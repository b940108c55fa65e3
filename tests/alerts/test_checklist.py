from alerts.checklist import Ticks
from alerts.wire import decode, encode
from streamer.events import CallOpened, Party
from tests.alerts.heard import INFO, PLAYBOOK, closed, quiet, said

AGENT = Party.AGENT


def ticks(items=PLAYBOOK.checklist):
    return Ticks(INFO, items)


def done(checklist):
    return {item.id: item.by for item in checklist.items if item.done}


def heard(it, *events):
    return [done(told) for event in events for told in it.observe(event)]


def test_it_is_told_at_the_start_and_whenever_the_agent_has_done_something():
    it = ticks()
    [start] = it.observe(CallOpened(INFO))
    assert [item.id for item in start.items] == ["greeting", "identity", "solution", "closing"]
    assert (start.agent_id, start.at, done(start)) == ("8001", 0.0, {})
    assert heard(
        it,
        said("您好，请问有什么可以帮您？", party=AGENT, number=1),
        said("你好，我要退款，订单号4702。", number=2),
        said("嗯。", party=AGENT, number=3),
        said("您好，请提供您的订单号，我帮您申请退款。", party=AGENT, number=4),
        quiet(6.0, 2.0),
        said("Is there anything else I can help you with?", party=AGENT, number=9),
        closed(),
    ) == [
        {"greeting": 1},
        {"greeting": 1, "identity": 4, "solution": 4},
        {"greeting": 1, "identity": 4, "solution": 4, "closing": 9},
    ]


def test_words_of_nobody_in_particular_tick_nothing():
    assert heard(ticks(), said("您好", party=Party.UNKNOWN), said("您好")) == []


def test_without_items_there_is_no_list():
    assert heard(ticks(()), CallOpened(INFO), said("您好", party=AGENT)) == []


def test_it_goes_on_elsewhere_and_over_the_wire():
    here, there = ticks(), ticks()
    heard(here, said("您好", party=AGENT, number=3))
    there.restore(here.state())
    [told] = there.observe(said("您的订单号是？", at=5.0, party=AGENT, number=5))
    assert done(told) == {"greeting": 3, "identity": 5}
    assert decode(encode(told)) == told
    assert heard(here, said("再见", party=AGENT, number=7)) == [{"greeting": 3, "closing": 7}]
