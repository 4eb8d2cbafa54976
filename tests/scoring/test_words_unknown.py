"""Words that nobody knows count neither way, and to map them never makes an area harder than it was told to be."""

import numpy as np
import pandas as pd
import pytest

from analytics import tiers
from analytics.loaders.columns import full_key
from analytics.scheme.measures import Gap
from analytics.scoring import area_counts_for
from analytics.scoring.area_counts import day_numbers
from analytics.scoring.doubt import words_in_doubt
from analytics.scoring.measures import measured
from analytics.store.counts import Counts
from analytics.store.words import Vocabulary
from tests.long.sizes import seeds
from tests.scoring.made_words import FIRST, codes_for, drawn
from tests.scoring.small_world import assessed, days, incident, indicator, records, scheme, three_areas
from tests.wording.second_tables import Tables

PER = {"base": "population", "scale": 100}
NOISE = {"category": ["noise"]}
ELDERS = {"age_band": ["70-79", "80+"]}
ITEMS = {
    "count": indicator("count", where=NOISE, never_seen="zero"),
    "two": indicator("two", where={"category": ["fever", "noise"]}, window_days=21, never_seen="zero"),
    "share": indicator("share", measure="share", where=NOISE, window_days=30, never_seen="zero"),
    "open": indicator("open", measure="open", where={}, window_days=None, never_seen="zero"),
    "open_noise": indicator("open_noise", measure="open", where=NOISE, window_days=None, never_seen="zero"),
    "overdue": indicator("overdue", measure="overdue", where={}, window_days=None, never_seen="zero"),
    "few": indicator("few", where=NOISE, harder_when="low", window_days=14, never_seen="zero"),
    "reached": indicator(
        "reached", **{"from": "checks"}, where={"outcome": ["done", "partly"]}, of={"kind": ["visit"]},
        measure="share", window_days=30, harder_when="low", never_seen="zero",
        points={"method": "linear", "linear": {"low": 0, "high": 1}},
    ),
    "found": indicator("found", **{"from": "checks"}, where={"outcome": "finding"}, never_seen="zero"),
    "elders": indicator(
        "elders", **{"from": "residents"}, where=ELDERS, measure="stock", window_days=None, never_seen="zero",
        points={"method": "linear", "linear": {"low": 0, "high": 900}},
    ),
    "renters": indicator(
        "renters", **{"from": "residents"}, where={"tenure": ["rent"]}, measure="stock_rate", window_days=None, per=PER,
        never_seen="zero",
    ),
}  # fmt: skip
DATES = pd.date_range(FIRST, FIRST + pd.Timedelta(days=50))


def schemed(*names):
    return scheme([ITEMS[name] for name in names or ITEMS])


def values_of(counts, chosen):
    facts = area_counts_for(counts, chosen)
    return {item.id: measured(facts, item, day_numbers(DATES))[:2] for item in chosen.indicators}


@pytest.mark.parametrize("seed", seeds(5))
def test_a_value_is_missing_where_a_second_way_finds_a_row_in_doubt_and_the_same_elsewhere(seed):
    world, chosen = drawn(np.random.default_rng(seed)), schemed()
    second = Tables(world, world.areas)
    for item in chosen.indicators:
        found, gaps = values_of(Counts.of_records(world), chosen)[item.id]
        if item.source == "residents":
            # How people are protected is reckoned elsewhere: here, which areas can be told at all.
            there = second._doubted(item, DATES).to_numpy()
            assert (np.isin(gaps, [Gap.UNKNOWN_WORD, Gap.GROUP_STRADDLES, Gap.COUNT_UNKNOWN]) == there).all(), item.id
        else:
            np.testing.assert_array_equal(found, second.value(item, DATES).to_numpy(), item.id)


def unknown_of(counts):
    return [(table, one.column, one.word) for table, one in counts.unknown()]


def mapped_by(chance, counts, *, void=True):
    said = {}
    for table, column, word in unknown_of(counts):
        code = codes_for(chance, table, column, void=void)
        said.setdefault(table, {}).setdefault(column, {})[full_key(word)] = code
    return said


@pytest.mark.parametrize("seed", seeds(15))
def test_whatever_a_word_turns_out_to_mean_no_area_was_milder_before(seed):
    chance = np.random.default_rng([seed, 1])
    world = drawn(chance)
    names = chance.choice(list(ITEMS), size=int(chance.integers(1, 4)), replace=False)
    chosen = schemed(*names)
    before = Counts.of_records(world)
    after = Counts.of_records(world, vocabulary=Vocabulary(mapped_by(chance, before)))
    told, mapped = values_of(before, chosen), values_of(after, chosen)
    for item in chosen.indicators:
        (was, _), (now, _) = told[item.id], mapped[item.id]
        known = ~np.isnan(was) & ~np.isnan(now)
        harder = was >= now if item.harder_when == "high" else was <= now
        assert harder[known].all(), item.id


@pytest.mark.parametrize("seed", seeds(6))
def test_all_that_is_mapped_is_told_and_other_words_stay_as_they_are(seed):
    chance = np.random.default_rng([seed, 2])
    world, chosen = drawn(chance), schemed()
    before = Counts.of_records(world)
    vocabulary = Vocabulary(mapped_by(chance, before))
    after = Counts.of_records(world, vocabulary=vocabulary)
    assert after.unknown() == ()
    assert not any(Gap.UNKNOWN_WORD in gaps for _, gaps in values_of(after, chosen).values())
    # The same as if the rows had come with the codes.
    tables = {}
    for table in ("incidents", "checks", "residents"):
        frame = getattr(world, table)
        tables[table] = frame.assign(
            **{one: vocabulary.replaced(table, one, frame[one]) for one in vocabulary.mapped.get(table, {})}
        )
    rest = {
        table: {
            column: {word: code for word, code in words.items() if code == "other"} for column, words in columns.items()
        }
        for table, columns in vocabulary.mapped.items()
    }
    at_once = Counts.of_records(
        type(world)(areas=world.areas, reports=world.reports, **tables), vocabulary=Vocabulary(rest)
    )
    for name, (found, gaps) in values_of(after, chosen).items():
        other, other_gaps = values_of(at_once, chosen)[name]
        np.testing.assert_array_equal(found, other, name)
        np.testing.assert_array_equal(gaps, other_gaps, name)


def test_a_void_record_is_no_incident_and_still_shows_that_the_feed_is_alive():
    rows = [incident(1, "A", "2020-02-10", status="withdrawn"), incident(2, "B", "2020-02-01", status="open")]
    chosen = scheme([indicator(never_seen="zero"), indicator("open", measure="open", window_days=None)])
    found = assessed(records(areas=three_areas(), incidents=rows), chosen, days("2020-02-12"))
    assert found.values[0].tolist() == [[0, 0], [0, 1], [0, 0]]


@pytest.mark.parametrize(
    ("wanted", "bands", "told"),
    [
        (["70-79", "80+"], ["70-74", "75-79", "80-89", "90+"], True),
        (["70-79", "80+"], ["65+", "0-64"], False),
        (["70-79", "80+"], ["70+", "0-14", "15-69"], True),
        (["60+"], ["0-14", "15-59", "60+"], True),
        (["60-69"], ["60-64", "65-69", "70+"], True),
        (["60-69"], ["0-59", "60+"], False),
        (["66+", "70-79", "80+"], ["60-69", "70-79", "80+"], True),
        (["66+", "70-79", "80+"], ["18-65", "66+"], True),
        (["66+", "70-79", "80+"], ["0-64", "65+"], False),
    ],
)
def test_groups_that_fit_are_summed_and_one_that_straddles_makes_the_area_missing(wanted, bands, told):
    rows = [{"area_id": "A", "count": 100, "age_band": band} for band in bands]
    rows += [{"area_id": "B", "count": 100, "age_band": "0-17"}]
    item = indicator(**{"from": "residents"}, measure="stock", window_days=None, where={"age_band": wanted})
    found = assessed(records(areas=three_areas(), residents=rows), scheme([item | {"never_seen": "zero"}]), DATES[:1])
    assert found.gaps[0, :, 0].tolist()[0] == (Gap.NONE if told else Gap.GROUP_STRADDLES)
    assert found.gaps[0, 1, 0] == Gap.NONE
    assert bool(found.doubtful) is not told


def test_a_kind_of_incident_leaves_only_those_in_doubt_whose_word_it_holds():
    rows = [
        incident(1, "A", "2020-02-10", "甪噪声曱"),
        incident(2, "B", "2020-02-10", "甪曱"),
        incident(3, "B", "2020-02-10"),
    ]
    counts = Counts.of_records(records(areas=three_areas(), incidents=rows))
    noise, fever = scheme([indicator("noise", where=NOISE, never_seen="zero"), indicator()]).indicators
    assert (words_in_doubt(counts, noise), words_in_doubt(counts, fever)) == (("甪噪声曱",), ())


def test_what_asks_for_done_counts_a_check_with_a_finding():
    rows = [
        {"check_id": at, "area_id": "A", "kind": "visit", "checked_at": "2020-02-10", "outcome": outcome}
        for at, outcome in enumerate(["done", "不合格", "nobody_home"])
    ]
    items = [
        indicator(name, **{"from": "checks"}, where={"outcome": [name]}) for name in ("done", "finding", "nobody_home")
    ]
    found = assessed(records(areas=three_areas(), checks=rows), scheme(items), days("2020-02-12"))
    assert found.values[0, 0].tolist() == [2, 1, 1]


@pytest.mark.parametrize("seed", seeds(8))
def test_a_group_whose_number_is_not_known_leaves_its_area_missing_and_no_milder_than_the_rest_of_it(seed):
    chance = np.random.default_rng([seed, 3])
    bands = ["0-17", "18-59", "60-69", "70-79", "80+"]
    table = pd.DataFrame(chance.integers(20, 400, (3, len(bands))), index=list("ABC"), columns=bands)
    unsized = pd.DataFrame(chance.random((3, len(bands))) < 0.3, index=table.index, columns=bands)
    written = str(chance.choice(["", "—", "*", "<10", "…", "若干", "-3", "12.5"]))
    rows = [
        {"area_id": area, "age_band": band, "count": written if unsized.loc[area, band] else int(table.loc[area, band])}
        for area in table.index for band in bands
    ]  # fmt: skip
    whole = indicator(
        **{"from": "residents"}, measure="stock", window_days=None, where=ELDERS, never_seen="zero",
        points={"method": "linear", "linear": {"low": 0, "high": 900}},
    )  # fmt: skip
    share = {**whole, "id": "share", "measure": "share"}
    found = assessed(records(areas=three_areas(), residents=rows), scheme([whole, share]), DATES[:1])
    asked = ["70-79", "80+"]
    missing = unsized[asked].any(axis=1).to_numpy()
    told = table.where(~unsized, 0)[asked].sum(axis=1).to_numpy()
    assert ((found.gaps[0, :, 0] == Gap.COUNT_UNKNOWN) == missing).all()
    assert (found.values[0, ~missing, 0] == told[~missing]).all()
    # Of a share all have to be known.
    assert ((found.gaps[0, :, 1] == Gap.COUNT_UNKNOWN) == unsized.any(axis=1).to_numpy()).all()
    # However many they turn out to be, the area is no milder than the groups that have a number make it.
    alone, nobody = (
        assessed(records(areas=three_areas(), residents=given), scheme([whole]), DATES[:1])
        for given in (rows, [row if row["count"] != written else row | {"count": 0} for row in rows])
    )
    assert (alone.least == nobody.computed).all()
    assert (alone.computed[0, missing] == tiers.RANK[tiers.UNKNOWN]).all()
