"""Written rules that look at sentences which still go on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine import Engine
from alerts.ids import counted
from alerts.playbook import BUNDLED, parse
from alerts.wire import Alert
from streamer.errors import SettingsError
from streamer.events import Draft, Held, Party, Unheard
from tests.alerts.heard import CALL, INFO, PLAYBOOK, closed, said
from tests.alerts.test_written import engine, rule


def told(events, it=None):
    it = engine(it or rule("退货", drafts=True))
    return [a for e in events for a in it.observe(e) if isinstance(a, Alert) and a.rule == "it"]


def so_far(number, at, lasted, text="我要退货", **fields):
    return Draft(said(text, at=at, lasted=lasted, number=number, **fields))


def brief(found):
    return [(a.id, a.rev, a.severity, a.state, a.outcome, a.at) for a in found]


def test_a_draft_raises_watch_and_its_sentence_decides():
    events = [so_far(1, 0.0, 2.0), so_far(1, 0.0, 4.0), said("我要退货", lasted=6.0)]
    found = told(events)
    assert brief(found) == [
        ("id0001", 1, "watch", "active", "", 2.0),
        ("id0001", 2, "watch", "active", "", 4.0),
        ("id0001", 3, "high", "active", "", 6.0),
    ]
    assert [a.count for a in found] == [1, 1, 1]
    assert found[0].why.zh == "因，说到“退货”（话还没说完）"
    assert found[0].why.en == 'why, said "退货" (still speaking)'
    assert found[2].why.zh == "因，说到“退货”"
    assert [e.text for e in found[0].evidence] == ["我要退货"]


@pytest.mark.parametrize(
    "over",
    [
        said("我要推货", lasted=6.0),
        Unheard(CALL, 1, Party.CUSTOMER, 0.0, 6.0, "shed"),
    ],
)
def test_what_the_sentence_does_not_bear_out_is_over(over):
    assert [(a.severity, a.outcome) for a in told([so_far(1, 0.0, 2.0), over])] == [
        ("watch", ""),
        ("watch", "not_confirmed"),
    ]


def test_only_rules_that_say_so_look_at_drafts():
    assert told([so_far(1, 0.0, 2.0)], rule("退货")) == []


def test_the_other_party_s_sentence_decides_nothing():
    """Both speak at once: the one that began first may be over last."""
    agent = said("好的", at=1.0, number=2, party=Party.AGENT)
    events = [so_far(1, 0.0, 3.0), agent, said("我要退货", lasted=6.0)]
    assert [(a.severity, a.state) for a in told(events)] == [
        ("watch", "active"),
        ("high", "active"),
    ]
    late = [agent, so_far(1, 0.0, 3.0)]
    assert [a.severity for a in told(late)] == ["watch"]


def test_a_draft_counts_beside_what_was_said_before_it():
    it = rule("party:customer 退货 count>=2 within:60s", drafts=True)
    events = [said("退货", number=1), so_far(2, 10.0, 2.0), said("退货", at=10.0, number=2)]
    found = told(events, it)
    assert [(a.severity, a.count) for a in found] == [("watch", 2), ("high", 2)]


def test_a_draft_after_its_sentence_or_within_an_episode_says_nothing():
    assert told([said("好", number=1), so_far(1, 0.0, 2.0)]) == []
    assert len(told([said("退货", number=1), so_far(2, 5.0, 2.0)])) == 1


def test_a_graver_severity_waits_for_the_sentence():
    it = rule("退货", critical="起诉", drafts=True)
    [found] = told([so_far(1, 0.0, 2.0, "退货，我要起诉")], it)
    assert found.severity == "watch"


def test_what_is_said_on_hold_to_nobody_is_over_too():
    agent = Party.AGENT
    events = [
        so_far(1, 0.0, 2.0, party=agent),
        Held(CALL, 2.0, on=True),
        so_far(1, 0.0, 7.0, party=agent),
        said("退货", lasted=9.0, party=agent),
    ]
    assert [(a.severity, a.outcome) for a in told(events)] == [
        ("watch", ""),
        ("watch", "not_confirmed"),
    ]


def test_over_a_restart_the_sentence_decides_still():
    first, second = (engine(rule("退货", drafts=True)) for _ in range(2))
    first.observe(so_far(1, 0.0, 2.0))
    second.restore(first.state())
    [ended] = second.observe(said("好", number=1))
    assert ended.outcome == "not_confirmed"
    assert second.observe(so_far(1, 0.0, 2.0)) == []


@pytest.mark.parametrize(
    ("when", "fault"),
    [
        ("退款 NOT 运费", "has NOT, and what it excludes may still be said"),
        ("退款 NOT [ANGRY] within:30s", "has NOT, and what it excludes may still be said"),
        ("退款 [SILENCE]>=4s", "has [SILENCE], which no unfinished sentence has"),
        ("退款 OR [TALKOVER]", "has [TALKOVER], which no unfinished sentence has"),
        ("退款 [ANGRY]<0.5", "asks for little [ANGRY], and more may still come"),
    ],
)
def test_what_half_a_sentence_cannot_tell_is_a_fault_with_its_line(when, fault):
    text = (
        BUNDLED.read_text("utf-8")
        + f"""
[[rule]]
rule = "it"
kind = "KEYWORD"
severity = "watch"
drafts = true
when = '{when}'
because = {{ zh = "因", en = "why" }}
"""
    )
    with pytest.raises(SettingsError) as raised:
        parse(text)
    line = text.splitlines().index(f"when = '{when}'") + 1
    place = f"line {line}: rule[{len(PLAYBOOK.rule)}].when {fault}"
    assert place in str(raised.value)
    parse(text.replace("drafts = true", "drafts = false"))
    parse(text.replace(when, "party:customer [ANGRY]>=0.5 退款 NOT queue:sales"))


texts = st.sampled_from(["好", "退货", "退货，我要投诉", "不退货"])
sentences = st.tuples(texts, texts, st.sampled_from(list(Party)), st.booleans())


@st.composite
def calls(draw):
    """(events with drafts, the same without)."""
    at, events = 0.0, []
    for number, each in enumerate(draw(st.lists(sentences, max_size=25)), 1):
        text, guess, party, heard = each
        final = said(text, at=at, lasted=6.0, party=party, number=number)
        events += [
            so_far(number, at, cut, guess, party=party)
            for cut in sorted(draw(st.lists(st.floats(0.5, 6.0), max_size=3)))
        ]
        events.append(final if heard else Unheard(CALL, number, party, at, final.end, "shed"))
        at = final.end + draw(st.sampled_from([0.3, 12.0, 40.0]))
    events.append(closed(at))
    return events, [e for e in events if not isinstance(e, Draft)]


def in_the_end(found):
    """All that is more than watched, but for identity."""
    return [
        msgspec.structs.replace(a, id="", rev=0, context=(), curve=())
        for a in found
        if a.severity != "watch"
    ]


@given(calls())
def test_drafts_change_nothing_of_what_the_sentences_end_in(both):
    drafted, finals = ([*told(events, _graver())] for events in both)
    assert in_the_end(drafted) == in_the_end(finals)


@given(calls())
def test_with_drafts_too_one_alert_at_a_time_and_none_is_left(both):
    running = None
    for alert in told(both[0], _graver()):
        if running is None:
            assert alert.rev == 1
        else:
            assert (alert.id, alert.rev) == (running.id, running.rev + 1)
        running = None if alert.state == "resolved" else alert
    assert running is None


def _graver():
    return rule("退货", critical="投诉", drafts=True)


def test_no_bundled_rule_looks_at_drafts_unless_it_is_told_to():
    it = Engine(INFO, PLAYBOOK, counted())
    assert it.observe(so_far(1, 0.0, 2.0, "你去投诉吧", party=Party.AGENT)) == []


def test_a_sentence_decides_also_where_the_parties_have_changed_places_meanwhile():
    agent = said("我要推货", lasted=6.0, number=1, party=Party.AGENT)
    assert [a.outcome for a in told([so_far(1, 0.0, 2.0), agent])] == ["", "not_confirmed"]
