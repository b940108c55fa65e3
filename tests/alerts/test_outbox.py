from hypothesis import given
from hypothesis import strategies as st

from alerts.outbox import Letter, Outbox, Worth

DRAFT, STATE, TRANSCRIPT, ALERT = Worth


def letter(number, worth=TRANSCRIPT, about=""):
    return Letter(number, worth, "ew:calls", "slot", "ew:call:c", about, 0.0)


def filled(limit, *letters, keep_sent=100):
    it = Outbox(limit, keep_sent)
    for one in letters:
        it.post(one)
    return it


def numbers(letters):
    return [one.number for one in letters]


def test_letters_leave_in_the_order_they_came_whatever_their_worth():
    it = filled(9, letter(1, ALERT), letter(2, DRAFT), letter(3), letter(4, ALERT))
    assert numbers(it.batch(3)) == [1, 2, 3]
    assert numbers(it.confirm(3)) == [1, 2, 3]
    assert numbers(it.batch(3)) == [4]


def test_when_full_the_oldest_draft_goes_then_the_oldest_transcript():
    it = filled(3, letter(1, ALERT), letter(2), letter(3, DRAFT), letter(4), letter(5))
    assert numbers(it.batch(9)) == [1, 4, 5]
    assert it.dropped == 2


def test_alerts_never_go_but_for_what_a_newer_revision_superseded():
    it = filled(2, *(letter(n, ALERT, "one") for n in (1, 2)), letter(3, ALERT, "two"))
    assert numbers(it.batch(9)) == [1, 2, 3]
    it.post(letter(4, ALERT, "one"))
    it.post(letter(5, ALERT, "one"))
    assert numbers(it.batch(9)) == [1, 3, 5]


def test_what_was_sent_can_be_sent_again_but_not_rung_again():
    it = filled(9, *(letter(n) for n in range(1, 6)))
    it.confirm(4)
    assert it.rewind(2) == (2, 0)
    assert [(one.number, one.channel) for one in it.batch(9)] == [
        (3, ""),
        (4, ""),
        (5, "ew:calls"),
    ]


def test_what_is_no_longer_kept_is_counted_as_lost():
    it = filled(99, *(letter(n) for n in range(1, 11)), keep_sent=4)
    it.confirm(10)
    assert it.rewind(0) == (4, 6)
    assert numbers(it.batch(9)) == [7, 8, 9, 10]


@given(
    st.lists(st.sampled_from(Worth) | st.integers(0, 5), max_size=80),
    st.integers(1, 8),
)
def test_order_bound_and_no_alert_lost(steps, limit):
    """A worth posts a letter; a number confirms that many."""
    it, number, arrived, alerts = Outbox(limit, 1000), 0, [], []
    for step in steps:
        if isinstance(step, Worth):
            number += 1
            it.post(letter(number, step, f"a{number}" if step is ALERT else ""))
            alerts += [number] if step is ALERT else []
            assert len(it) <= max(limit, len(alerts) + 1)
        elif batch := it.batch(step):
            arrived += numbers(it.confirm(batch[-1].number))
    arrived += numbers(it.confirm(number))
    assert arrived == sorted(set(arrived))
    assert set(alerts) <= set(arrived)
    assert len(arrived) + it.dropped == number


def test_of_a_call_s_state_only_the_newest_waits_and_it_goes_before_what_was_said():
    it = filled(9, letter(1), letter(2, STATE, "a"), letter(3, STATE, "b"))
    it.post(letter(4, STATE, "a"))
    assert numbers(it.batch(9)) == [1, 3, 4]
    assert it.dropped == 0
    it = filled(3, letter(1), letter(2, STATE, "a"), letter(3, ALERT), letter(4), letter(5))
    assert numbers(it.batch(9)) == [3, 4, 5]
    assert it.dropped == 2


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), min_size=1, max_size=40),
    st.integers(1, 6),
    st.sets(st.integers(0, 40)),
)
def test_a_batch_never_has_a_call_s_messages_without_the_state_after_them(events, block, pulls):
    """Each event: so many messages of a call, then its state. Some batches go out meanwhile."""
    it, number, arrived = Outbox(10_000, block=block), 0, []

    def pull():
        if batch := it.batch(1_000):
            arrived.extend(it.confirm(batch[-1].number))
            told = {one.key: one for one in arrived}  # the last one of each call
            assert all(one.worth is STATE for one in told.values())

    for turn, (call, messages) in enumerate(events):
        for worth in [TRANSCRIPT] * messages + [STATE]:
            number += 1
            about = call if worth is STATE else ""
            bound = worth is not STATE
            it.post(Letter(number, worth, "", "s", call, about, 0.0, bound=bound))
        if turn in pulls:
            pull()
    while it:
        pull()
    words = [one.number for one in arrived if one.worth is TRANSCRIPT]
    assert len(words) == sum(messages for _, messages in events)
    assert words == sorted(words)
