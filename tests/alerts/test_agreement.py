"""Two servers, one log: their desks come to the same word, and nothing a person did is lost."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.agreement import agreed
from alerts.lifecycle import Desk
from tests.alerts.test_lifecycle import LATER, WALL, alert, prompt


class Town:
    """Two servers that follow one log, each at its own pace. The call is heard on the first."""

    def __init__(self):
        self.log = []
        self.desks = [Desk(name="one"), Desk(name="two")]
        self.read = [0, 0]
        self.count = 1
        self.publish(self.desks[0].update(alert()))
        self.desks[1].restore(self.log[0])

    def publish(self, revision):
        if revision is not None:
            self.log.append(revision)

    def rule(self, **changes):
        self.count += 1
        found = alert(self.count, count=self.count, at=10.0 + self.count, **changes)
        self.publish(self.desks[0].update(found))

    def act(self, who, deed, *said):
        before = self.desks[who].alert("a1")
        after = getattr(self.desks[who], deed)("a1", *said)
        self.publish(after if after is not before else None)

    def follow(self, who):
        if self.read[who] < len(self.log):
            self.read[who] += 1
            self.publish(self.desks[who].learn(self.log[self.read[who] - 1]))

    def settle(self):
        for _ in range(200):
            self.follow(0)
            self.follow(1)
        assert self.read == [len(self.log)] * 2, "they talk without end"

    @property
    def board(self):
        """As every viewer folds the log."""
        latest = self.log[0]
        for revision in self.log:
            latest = revision if revision.rev > latest.rev else latest
        return latest

    def words(self):
        return [replace(a, wall="", desk="", rev=0) for a in
                (self.desks[0].alert("a1"), self.desks[1].alert("a1"), self.board)]  # fmt: skip


def test_what_was_taken_elsewhere_stays_taken_through_later_revisions():
    town = Town()
    town.act(1, "acknowledge", "林岚", WALL)
    town.follow(0)
    town.follow(0)
    town.rule()
    town.settle()
    assert (town.board.state, town.board.owner, town.board.count) == ("acknowledged", "林岚", 2)
    assert len(town.log) == 3


def test_the_rule_and_a_person_at_the_same_moment():
    town = Town()
    town.rule(severity="critical")
    town.act(1, "acknowledge", "林岚", WALL)
    town.settle()
    board = town.board
    assert (board.severity, board.count) == ("critical", 2)
    assert (board.state, board.owner) == ("acknowledged", "林岚")


def test_two_take_it_at_the_same_moment_and_the_first_has_it():
    town = Town()
    town.act(0, "acknowledge", "林岚", LATER)
    town.act(1, "acknowledge", "陈洁", WALL, "我来")
    town.settle()
    assert (town.board.owner, town.board.owned_at, town.board.note) == ("陈洁", WALL, "我来")


def test_an_agent_s_answer_given_elsewhere_stands():
    desk = Desk(name="one")
    desk.show(prompt())
    assert desk.learn(prompt("accepted")) is None
    assert desk.show(prompt("expired")) is None
    # Of a call that may go on here: its prompter does not know of the answer.
    assert desk.learn(prompt("accepted", "unknown here")) is None
    assert desk.show(prompt("expired", "unknown here")) is None


def test_one_s_own_word_read_back_changes_nothing():
    desk = Desk(name="one")
    first = desk.update(alert())
    noted = desk.note("a1", "回电")
    cleared = desk.note("a1", "")
    for echo in (first, noted, cleared):
        assert desk.learn(echo) is None
    assert desk.alert("a1") is cleared


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("rule"), st.sampled_from(["high", "critical"])),
        st.just(("end",)),
        st.tuples(st.just("follow"), st.integers(0, 1)),
        st.tuples(
            st.just("act"),
            st.integers(0, 1),
            st.sampled_from(["acknowledge", "resolve", "false_alarm"]),
            st.sampled_from(["林岚", "陈洁"]),
            st.sampled_from([WALL, LATER]),
            st.sampled_from(["", "一", "二"]),
        ),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_happens_in_whatever_order_all_come_to_the_same_word(steps):
    town = Town()
    far = ["active", "acknowledged", "resolved", "false_alarm"]
    farthest = 0
    for step in steps:
        match step:
            case ("rule", severity):
                town.rule(severity=severity)
            case ("end",):
                town.rule(state="resolved", outcome="hysteresis")
            case ("follow", who):
                town.follow(who)
            case ("act", *act):
                town.act(*act)
        farthest = max(far.index(revision.state) for revision in town.log)
    town.settle()
    one, other, board = town.words()
    assert one == other == board
    assert far.index(board.state) == farthest
    if any(revision.owner for revision in town.log):
        assert board.owner


@given(st.permutations(["owner", "note", "outcome"]), st.integers(1, 3), st.integers(1, 3))
def test_it_does_not_matter_who_is_asked(fields, one, other):
    ours = alert(one, state="acknowledged", owned_at=WALL, **{fields[0]: "甲"})
    theirs = alert(other, state="resolved", owned_at=LATER, **{fields[1]: "乙"})
    assert agreed(ours, theirs) == agreed(theirs, ours)
