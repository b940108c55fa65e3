from tests.web.scenes import alert, prompt, said, started
from web_dashboard.feed import Board
from web_dashboard.sight import EVERYTHING, of_agent, of_members


def test_a_team_is_of_agents_and_queues():
    it = of_members(["8001", "queue:vip"])
    assert it.takes_in("8001")
    assert it.takes_in("8009", "vip")
    assert not it.takes_in("8002", "after-sales")
    assert not it.takes_in("vip", "8001")
    assert not it.whole


def test_a_team_without_members_sees_nothing_and_neither_does_a_call_of_nobody():
    for it in (of_members([]), of_members(["queue:"]), of_agent("")):
        assert not it.takes_in("8001", "vip")
        assert not it.takes_in("", "")


def test_everything_takes_in_also_what_nobody_has():
    assert EVERYTHING.takes_in("", "")


def test_what_a_board_shows_is_what_the_sight_takes_in():
    board, north = Board(), of_members(["8001"])
    messages = (
        started("c1", "8001"), started("c2", "8002"), said(call="c1"), said(call="c2"),
        alert("a1", call="c1"), alert("a2", call="c2", agent_id="8002"),
        prompt("p1", "8001", "c1"), prompt("p2", "8002", "c2"),
    )  # fmt: skip
    told = [board.apply(f"{n}-0", message) for n, message in enumerate(messages, 1)]
    seen = [board.visible(folded.message, north) for folded in told]
    assert seen == [True, False] * 4
    picture = board.picture(north)
    shown = (picture.calls, picture.alerts, picture.prompts)
    assert [len(each) for each in shown] == [1, 1, 1]
    assert not board.within(north, "gone")
    assert board.within(EVERYTHING, "gone")


def test_an_alert_outlives_its_call_on_the_board():
    board = Board()
    board.apply("1-0", alert("a1", call="gone", agent_id="8001"))
    assert board.picture(of_members(["8001"])).alerts
    assert not board.picture(of_members(["8002"])).alerts
