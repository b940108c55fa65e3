"""The course of a training run, without a network."""

import random
from itertools import islice

from training.clips import Item
from training.recipe import Recipe, epoch, schedule


def item(number: int, group: str = "zh") -> Item:
    return Item(number, group, "zh", "NEUTRAL", "Speech")


def test_the_learning_rate_rises_stays_and_falls():
    recipe = Recipe(steps=1000, warmup=100, rate=1.0, decay_from=0.2)
    rates = [recipe.learning_rate(step) for step in (50, 100, 200, 600, 1000)]
    assert rates[0] == 0.5
    assert rates[1] == rates[2] == 1.0
    assert 0.5 < rates[3] < 0.52
    assert abs(rates[4] - 0.02) < 1e-9


def test_alignments_count_first_and_not_last():
    recipe = Recipe(steps=1000)
    weights = [recipe.align_weight(step) for step in (0, 100, 425, 750, 1000)]
    assert weights[:2] == [1.0, 1.0]
    assert abs(weights[2] - 0.5) < 1e-9
    assert weights[3:] == [0.0, 0.0]


def test_an_epoch_meets_every_clip_at_most_once_in_batches_of_like_length():
    lengths = {i: 100 + i for i in range(200)}
    groups = list(epoch(lengths, 1500, 2, random.Random(0)))
    met = [i for group in groups for batch in group for i in batch]
    assert len(met) == len(set(met)) > 150
    assert all(len(group) == 2 for group in groups)
    for group in groups:
        sizes = [lengths[i] for batch in group for i in batch]
        assert max(sizes) < 2 * min(sizes)


def test_short_clips_of_core_voices_come_first():
    items = [item(i, "wide" if i % 2 else "zh") for i in range(40)]
    lengths = [500 if i % 4 == 0 else 100 for i in range(40)]
    recipe = Recipe(steps=100, frames=300, ranks=1, short_share=0.1, core_share=0.2)
    steps = [group[0] for group in schedule(items, lengths, recipe, 0)]
    assert len(steps) == 100
    assert all(i % 4 == 2 for batch in steps[:10] for i in batch)
    assert all(i % 2 == 0 for batch in steps[:20] for i in batch)
    assert {i % 4 for batch in steps[20:] for i in batch} == {0, 1, 2, 3}


def test_every_process_sees_the_same_schedule():
    items, lengths = [item(i) for i in range(40)], [100 + i for i in range(40)]
    recipe = Recipe(steps=50, frames=300, ranks=2, core_share=0, short_share=0)
    one, two = (list(islice(schedule(items, lengths, recipe, 7), 20)) for _ in range(2))
    assert one == two
