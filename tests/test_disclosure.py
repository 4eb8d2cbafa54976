"""What the public is told of counts of people: the rule, and what who knows it can make of all that is told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import FEW, LEAST_TOLD, SMALLEST, few_text, overlapping, rounded, told_together, uniform
from tests.long.sizes import many

KEY = b"a key of sixteen"
counts_below = st.integers(0, 10_000)
chance = st.floats(0, 1, exclude_max=True)


def test_few_are_told_as_few_and_zero_is_not_told_apart():
    told = rounded(np.arange(SMALLEST, dtype=float), np.full(SMALLEST, 0.99))
    assert (told == FEW).all()
    assert [few_text(lang) for lang in ("zh", "en")] == ["<10", "<10"]


@given(counts_below, chance)
@settings(max_examples=many(300))
def test_what_is_told_is_a_multiple_of_three_within_two_and_nobody_is_told_as_fewer_than_ten(count, at):
    (told,) = rounded(np.array([float(count)]), np.array([at]))
    if count < SMALLEST:
        assert told == FEW
        return
    assert told % 3 == 0
    assert told >= LEAST_TOLD
    assert abs(told - count) <= 2
    assert told == count or count % 3 or count < LEAST_TOLD


@given(counts_below, counts_below, chance)
@settings(max_examples=many(300))
def test_more_people_never_give_a_smaller_number(one, other, at):
    few, more = sorted((one, other))
    told = rounded(np.array([few, more], dtype=float), np.array([at, at]))
    assert told[0] <= told[1]


def test_on_average_the_rounding_adds_nothing():
    chances = np.array([uniform(KEY, "community", str(at)) for at in range(20_000)])
    for count in (30, 31, 32, 100):
        told = rounded(np.full(len(chances), float(count)), chances)
        assert told.mean() == pytest.approx(count, abs=0.05)


def test_a_cell_has_one_chance_that_its_name_and_the_key_give_and_nothing_else():
    cell = ("community", "A", "elders", "2026-10-01")
    assert uniform(KEY, *cell) == uniform(KEY, *cell)
    others = [uniform(b"another", *cell), *(uniform(KEY, *cell[:at], "x", *cell[at + 1 :]) for at in range(4))]
    assert len({uniform(KEY, *cell), *others}) == 6
    assert all(0 <= one < 1 for one in others)
    # Names cannot be run together into another cell's.
    assert uniform(KEY, "a", "bc") != uniform(KEY, "ab", "c")


def test_what_shares_people_with_a_few_is_not_told_and_the_rest_is():
    members = [frozenset("ab"), frozenset("a"), frozenset("b"), frozenset("c")]
    told = told_together(np.array([44.0, 40.0, 4.0, 30.0]), np.full(4, 0.99), overlapping(members))
    np.testing.assert_array_equal(told, [np.nan, 39, FEW, 30])


def test_a_cell_that_nobody_reported_stays_unknown_and_takes_nothing_along():
    told = told_together(np.array([np.nan, 40.0]), np.full(2, 0.99), overlapping([frozenset("ab"), frozenset("a")]))
    np.testing.assert_array_equal(told, [np.nan, 39])


# An attacker who knows the rule, all cells' outputs, and the distribution that the truth is drawn from
#
# The prior: in each of three communities of a street six kinds of people, each kind at two snapshots; the first count
# is negative binomial with mean 8 and dispersion 2 (many small cells, some of dozens), and by the second snapshot each
# person has gone with probability 0.1 while Poisson of a tenth of the mean came. Worlds are drawn from it, and for what
# an attacker sees of two or three cells the best guess of a cell below ten is the count that is most frequent among the
# worlds that look the same. Its rate of success on other worlds is held against that of who sees only which of the same
# cells are "<10".

COMMUNITIES, KINDS, SNAPSHOTS = 3, 6, 2
WORLDS = 80_000
PAIRS = 500
UNIONS = ((0, 1), (1, 2), (0, 1, 2), (2, 3, 4), (3, 4, 5))
SETS = (*[frozenset({kind}) for kind in range(KINDS)], *map(frozenset, UNIONS))
"""Which kinds the filters of all schemes choose: bands, unions of bands that hold one another, and some that cross."""


def cells():
    """Every cell that is ever told: (snapshot, communities in it, kinds), communities and the street alike."""
    areas = [frozenset({at}) for at in range(COMMUNITIES)] + [frozenset(range(COMMUNITIES))]
    return [(day, area, kinds) for day in range(SNAPSHOTS) for area in areas for kinds in SETS]


def worlds(random, number):
    """(number, snapshots, communities, kinds) people."""
    mean = random.gamma(2.0, 4.0, size=(number, COMMUNITIES, KINDS))
    first = random.poisson(mean)
    second = random.binomial(first, 0.9) + random.poisson(0.8, size=first.shape)
    return np.stack([first, second], axis=1)


def counted(world):
    """The counts of all cells: (worlds, cells)."""
    return np.stack(
        [world[:, day][:, sorted(area)][:, :, sorted(kinds)].sum(axis=(1, 2)) for day, area, kinds in cells()], axis=1
    ).astype("float32")


def told_overlaps():
    """Cells that share people: the same snapshot, and an area and a kind in common."""
    return overlapping([frozenset((day, a, k) for a in area for k in kinds) for day, area, kinds in cells()])


def drawn_of(random, targets):
    """A cell below ten and one or two others that say most of it, or any: pairs and triples of filters, dates, levels
    and schemes."""
    every = cells()
    overlap = told_overlaps()
    for _ in range(PAIRS):
        target = int(random.choice(targets))
        near = np.flatnonzero(overlap[target])
        day, area, kinds = every[target]
        later = [at for at, cell in enumerate(every) if cell[0] != day and cell[1:] == (area, kinds)]
        pool = [*near.tolist(), *later] if random.random() < 0.8 else list(range(len(every)))
        pool = [at for at in pool if at != target]
        yield target, tuple(random.choice(pool, size=min(len(pool), int(random.integers(1, 3))), replace=False))


def closing_triples():
    """The triples that would give a cell by subtraction: a union, all but one of its parts, and that part."""
    every = {cell: at for at, cell in enumerate(cells())}
    for (day, area, kinds), at in every.items():
        if len(area) == 1 and kinds in (frozenset((0, 1)), frozenset((1, 2))):
            one, other = sorted(kinds)
            yield every[day, area, frozenset({one})], (at, every[day, area, frozenset({other})])


def gain(truth, seen, flags, asked):
    """By how much the best guess of ``asked[0]`` below ten is right more often with all that is told of the cells than
    with what of them is told as few: learnt on one half of the worlds and tried on the other."""
    target, others = asked
    inside = np.flatnonzero(truth[:, target] < SMALLEST)
    right = []
    for of in (seen, flags):
        code = np.zeros(len(inside), dtype="int64")
        for at in others:
            code = code * 400 + (np.nan_to_num(of[inside, at], nan=-2) + 2).astype("int64").clip(0, 399)
        _, code = np.unique(code, return_inverse=True)
        count, half = truth[inside, target].astype("int64"), np.arange(len(inside)) % 2 == 0
        table = np.zeros((code.max() + 1, SMALLEST))
        np.add.at(table, (code[half], count[half]), 1)
        # What was never seen is guessed as what is most frequent at all.
        table += 1e-3 * table.sum(axis=0)
        right.append((table.argmax(axis=1)[code[~half]] == count[~half]).mean())
    return right[0] - right[1]


@pytest.fixture(scope="module")
def made():
    random = np.random.default_rng(20_261_201)
    truth = counted(worlds(random, WORLDS))
    chances = random.random(truth.shape, dtype="float32")
    return truth, chances, told_together(truth, chances, told_overlaps())


def test_an_attacker_gains_no_more_than_five_points_on_any_cell_below_ten(made):
    truth, _, seen = made
    flags = np.where(seen == FEW, FEW, 0)
    random = np.random.default_rng(7)
    small = np.flatnonzero((truth < SMALLEST).mean(axis=0) > 0.05)
    asked = [*closing_triples(), *drawn_of(random, small)]
    gains = [gain(truth, seen, flags, one) for one in asked]
    assert len(gains) >= PAIRS
    assert max(gains) <= 0.05, sorted(gains)[-5:]


def test_the_same_attacker_finds_what_rounding_alone_gives_away(made):
    """So that the test above can fail: rounded, but told beside what shares people with it."""
    truth, chances, _ = made
    seen = rounded(truth, chances)
    flags = np.where(seen == FEW, FEW, 0)
    gains = [gain(truth, seen, flags, one) for one in closing_triples()]
    assert min(gains) > 0.05, gains
