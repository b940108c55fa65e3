import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.playbook import BUNDLED, parse, silence_marks
from streamer.errors import SettingsError

TEXT = BUNDLED.read_text(encoding="utf-8")


def faults(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(SettingsError) as raised:
        parse(text)
    return str(raised.value).splitlines()[1:]


def test_the_bundled_one_is_fit_and_versioned_by_its_text():
    playbook = parse(TEXT)
    assert re.fullmatch(r"[0-9a-f]{4}", playbook.version)
    assert parse(TEXT + "\n# one more remark\n").version != playbook.version


def test_the_marks_are_those_of_the_tag_the_prompt_and_the_alert():
    assert silence_marks(parse(TEXT)) == (1.2, 2.0, 4.0, 5.0, 10.0, 30.0, 40.0)
    longer = TEXT.replace("# critical = 30.0", "critical = 30.0")
    assert silence_marks(parse(longer)) == (1.2, 2.0, 4.0, 5.0, 10.0, 30.0, 40.0, 60.0)


FIRST = """
[angry]
rule = "angry-customer"
enter = 0.5
exit = 0.3
enough = 2
of_last = 3
full_after = 2.0
shortest = 0.4
least_known = 0.1
critical_count = 5
cooldown = 30.0
[angry.risk]
phrases = ["投诉"]
[silence]
rule = "dead-air"
tag = 1.2
prompt = 2.0
alert = 10.0
cooldown = 10.0
[[prompt]]
situation = "silence"
because = { zh = "没有人说话", en = "Nobody speaks" }
title = { zh = "请说话：", en = "Please speak:" }
say = ["您好，我还在线上。"]
"""


def test_a_playbook_of_the_first_days_still_serves():
    """Whoever has written one must not have to write it anew for what came later."""
    playbook, bundled = parse(FIRST), parse(TEXT)
    assert (playbook.rule, playbook.words, playbook.checklist) == ((), {}, ())
    assert playbook.storm == bundled.storm
    assert playbook.angry.within == bundled.angry.within
    assert playbook.angry.enough_seconds == bundled.angry.enough_seconds


def test_every_fault_is_listed_with_its_line():
    listed = faults(
        ("enter = 0.5", "enter = 1.5"),
        ("exit = 0.3", 'exit = "low"'),
        ("tag = 1.2", "tga = 1.2"),
        ('situation = "silence_after_question"', 'situation = "Oops!"\nfoo = 1'),
        ('"您好，我还在线上。"', '""'),
    )
    lines = TEXT.splitlines()
    place = {name: i for i, line in enumerate(lines, 1) if (name := line.split(" =")[0])}
    assert len(listed) == 7
    assert f"line {place['enter']}: angry.enter" in listed[0]
    assert f"line {place['exit']}: angry.exit" in listed[1]
    assert any("silence.tga is not known" in fault for fault in listed)
    assert any("silence.tag is missing" in fault for fault in listed)
    assert any("prompt[5].foo" in fault for fault in listed)
    assert any("prompt[5].situation" in fault for fault in listed)
    assert any("prompt[6].say[0]" in fault for fault in listed)
    assert all(fault.strip().startswith("line ") for fault in listed)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("exit = 0.3", "exit = 0.5", "angry.exit"),
        ("enough = 2", "enough = 4", "angry.enough"),
        ("shortest = 0.4", "shortest = 4.0", "angry.shortest"),
        ("prompt = 2.0", "prompt = 10.0", "silence.prompt"),
        ("thinking = 5.0", "thinking = 10.0", "silence.thinking"),
        ("cooldown = 10.0", "cooldown = 30.0", "silence.cooldown"),
        ("# critical = 30.0", "critical = 9.0", "silence.critical"),
        ("often = 3", "often = 7", "silence.often"),
        ("most_prompts = 6", "most_prompts = -1", "silence.most_prompts"),
        ("prompt = 30.0", "prompt = 2.0", "silence.patience.prompt"),
        ("prompt = 30.0", "prompt = 40.0", "silence.patience.prompt"),
        ("prompt = 30.0\nalert = 40.0", "prompt = 5.0\nalert = 10.0", "silence.patience.alert"),
        (
            "[silence.patience]\nphrases",
            "[silence.patience]\nphrases=[]\nf",
            "silence.patience.f",
        ),
        ('situation = "silence"', 'situation = "silence"\ncustomer = ["x"]', "prompt[6]"),
        ('after = "promise"', 'after = "promise"\nagent = ["x"]', "prompt[7]"),
        ('after = "promise"', 'after = "nobody"', "prompt[7].after"),
        ('after = "promise"', "", "prompt[6]"),
        (
            'say = ["让您久等了，我还在为您核对。", "有结果马上告诉您。"]',
            "say = []",
            "prompt[7].say",
        ),
        ('id = "identity"', 'id = "greeting"', "checklist[1].id"),
        ('id = "identity"', 'id = "Who?"', "checklist[1].id"),
        ('id = "identity"', 'id = "identity"\nfoo = 1', "checklist[1].foo"),
        ('label = { zh = "问候", en = "Greeting" }', 'label = "问候"', "checklist[0].label"),
        ("[angry.risk]", 'version = "x"\n[angry.risk]', "angry.version"),
        ("[angry]", 'version = "x"\n[angry]', "version"),
        ("[angry]", "extra = 1\n[angry]", "extra"),
        ("when = '[STALLED]'", "when = '[STALED]'", "rule[8].when"),
        ("when = '[STALLED]'", "when = 'NOT [STALLED]'", "rule[8].when"),
        ("when = '[STALLED]'", "when = 'words:none'", "rule[8].when"),
        ("when = '[STALLED]'", "when = '('", "rule[8].when"),
        ("when = '[STALLED]'", "when = '[STALLED]'\ncritical = 'OR'", "rule[8].critical"),
        (
            "when = '[STALLED]'",
            "when = '[STALLED]'\nhigh = '退货'",
            "rule[8].high",
        ),  # no graver
        ('rule = "stream-stopped"', 'rule = "sarcasm"', "rule[8].rule"),
        ('rule = "stream-stopped"', 'rule = "angry-customer"', "rule[8].rule"),
        ('kind = "STALLED"', 'kind = "STALED"', "rule[8].kind"),
        ('kind = "STALLED"', 'kind = "HELP"', "rule[8].kind"),
        ("laughs = ", 'risk = ["x"]\nlaughs = ', "words.risk"),
        ("legal = [", "legal = 3\nlegal_ = [", "words.legal"),
        ("of_one_call = 4", "of_one_call = 0", "storm.of_one_call"),
    ],
)
def test_values_that_do_not_fit_together_are_faults(old, new, path):
    [fault] = faults((old, new))
    assert re.search(rf"line \d+: {re.escape(path)} ", fault)


def test_a_list_that_holds_nothing_is_a_fault():
    start = TEXT.index("[[checklist]]")
    item = '[[checklist]]\nid = "x"\nlabel = { zh = "问", en = "a" }\nphrases = []\n'
    listed = faults((TEXT[start:], item), ("acknowledgements = [", "acknowledgements_ = ["))
    assert any("checklist[0].phrases must hold at least one phrase" in one for one in listed)
    assert any("silence.patience.acknowledgements is missing" in one for one in listed)


def test_without_its_new_parts_a_playbook_still_serves():
    """One written before there were any: no patience, no checklist."""
    start = TEXT.index("[silence.patience]")
    end = TEXT.index("# ----", start)
    text = TEXT[:start] + TEXT[end : TEXT.index("[[checklist]]")]
    for line in (
        "thinking = 5.0\n",
        "most_prompts = 6\n",
        "often = 3\n",
        "often_hold = 60.0\n",
    ):
        text = text.replace(line, "")
    playbook = parse(text)
    assert (playbook.checklist, playbook.silence.patience) == ((), None)
    assert silence_marks(playbook) == (1.2, 2.0, 4.0, 5.0, 10.0)


def test_contradictions_and_wrong_values_come_in_one_list():
    listed = faults(("exit = 0.3", "exit = 0.7"), ("tag = 1.2", "tag = -1.0"))
    assert len(listed) == 2


def test_an_enter_of_zero_is_refused():
    listed = faults(("enter = 0.5", "enter = 0.0"), ("exit = 0.3", "exit = 0.0"))
    assert any("angry.enter" in fault for fault in listed)


@pytest.mark.parametrize(
    "text", ["", "[angry", "angry = 3", "prompt = 1", "\0", "angry.enter=1"]
)
def test_what_is_no_playbook_is_a_settings_error(text):
    with pytest.raises(SettingsError):
        parse(text)


@given(st.text(st.sampled_from('[]=".\n aenrgyxit0123{}#,prompt'), max_size=80))
def test_no_text_raises_anything_else(text):
    with pytest.raises(SettingsError):
        parse(text)
