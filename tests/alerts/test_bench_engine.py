from bench.engine import OPEN, SENTENCES, measure


def test_it_hears_every_sentence_and_the_same_ones_for_the_same_seed():
    found = measure(1, seed=7)
    assert found["sentences"] == OPEN * SENTENCES
    assert found["sentences_per_second"] > 0
    assert found["bytes_per_call"] > 0
    assert {"ANGRY", "KEYWORD", "LAUGHTER", "SILENCE", "ESCALATION"} <= set(found["alerts"])
    assert found["longest_plain_ms"] <= found["longest_masking_ms"] + found["longest_rules_ms"]
    assert measure(1, seed=7)["alerts"] == found["alerts"]
