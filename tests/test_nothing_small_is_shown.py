"""The proof on the sample data: no small count of people can be derived from all that the schemes publish of them.

What is published is what the assessments of all shipped schemes at every level hold; the proof first finds out that it
speaks of the same numbers.

Attacker: knows the rule, every published value of every people indicator of every shipped scheme at all levels, and
the exact number of people of each area of 10 or more. What is unknown is how many people of each kind live in each.
"""

import io
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from analytics.disclosure import SMALLEST, TOP, _families, is_small, protect, protect_sets
from analytics.exhibits.overview import reason_table
from analytics.loaders import load_records, sample_datasets
from analytics.scheme import pack_ids, scheme_named
from analytics.scoring import Gap, area_counts_for, assess
from analytics.store.counts import Counts
from tests.scoring.small_world import indicator, records, scheme

SAMPLES = Path(__file__).parents[1] / "sample_data"
KIND = ["age_band", "lives_alone", "tenure", "origin"]


def people_indicators():
    """The indicators of all shipped schemes that count people or households."""
    return [item for name in pack_ids() for item in scheme_named(name).indicators if item.source == "residents"]


@cache
def loaded(dataset):
    """The records of a sample, and the day that it opens on."""
    info = {found.id: found for found in sample_datasets(SAMPLES)}[dataset]
    files = {table: info.folder / name for table, name in info.files.items()}
    return load_records(files, pd.Timestamp("2026-11-01").date())[0], pd.DatetimeIndex([info.default_date])


def sample(dataset):
    """Counts (kinds, areas) of a sample's residents, the kinds, and each area's parent."""
    areas, people = loaded(dataset)[0].areas, loaded(dataset)[0].residents
    assert people["as_of"].min() == people["as_of"].max()
    parent = np.where(areas["parent_id"].isna(), TOP, areas.index.get_indexer(areas["parent_id"]))
    kinds = people[KIND].drop_duplicates().reset_index(drop=True)
    keyed = people.merge(kinds.reset_index(names="kind"), on=KIND, how="left")
    counts = np.zeros((len(kinds), len(areas)))
    np.add.at(counts, (keyed["kind"], areas.index.get_indexer(keyed["area_id"])), keyed["count"].to_numpy("float64"))
    mentioned = np.isin(np.arange(len(areas)), areas.index.get_indexer(people["area_id"]))
    return np.where(mentioned, counts, np.nan), kinds, parent


def chosen(kinds, where):
    """Which kinds of people a ``where`` selects."""
    mask = np.ones(len(kinds), dtype=bool)
    for column, wanted in where.items():
        mask &= kinds[column].isin(wanted if isinstance(wanted, tuple) else (wanted,)).fillna(False).to_numpy(bool)
    return mask


def published(dataset):
    """What is published of a sample: the counts (kinds, areas), each area's parent, the sets of kinds that are shown,
    the parts that their values are sums of: (kinds of the part, protected counts, counts of its whole or None), and the
    protected counts (indicators, areas) with those of their wholes."""
    counts, kinds, parent = sample(dataset)
    unheard = np.isnan(counts).all(axis=0)

    def held(mask):
        return np.where(unheard, np.nan, np.nansum(counts[mask], axis=0))

    everyone = np.ones(len(kinds), dtype=bool)
    shown, parts = [everyone], [(everyone, protect(held(everyone), parent, SMALLEST), None)]
    items = people_indicators()
    sets = np.array([chosen(kinds, item.where) & chosen(kinds, item.of) for item in items])
    heard = [kinds[list({**item.where, **item.of})].notna().all(axis=1).to_numpy() for item in items]
    whole = np.array([held(mask & chosen(kinds, item.of)) for mask, item in zip(heard, items, strict=True)])
    values = protect_sets(counts, sets, parent, SMALLEST, whole)
    shown.extend(sets)
    for family in _families(sets):
        groups, number = np.unique(sets[family], axis=1, return_inverse=True)
        number = number.reshape(-1)
        of = whole[family[0]] if (sets[family] == sets[family[0]]).all() else None
        made = np.zeros((len(family), len(parent)))
        for at, inside in enumerate(groups.T):
            part = protect(held(number == at), parent, SMALLEST, of)
            made += np.outer(inside, part)
            if inside.any():
                parts.append((number == at, part, of))
        np.testing.assert_array_equal(made, values[family])
    wholes = np.array(
        [
            protect(held(mask & chosen(kinds, item.of)), parent, SMALLEST)
            for mask, item in zip(heard, items, strict=True)
        ]
    )
    return counts, parent, shown, parts, values, wholes


def below(parent):
    """(areas, areas): whether the second is the first or lies in it."""
    inside = np.eye(len(parent), dtype=bool)
    for _ in range(3):
        child = parent != TOP
        np.logical_or.at(inside, parent[child], inside[child])
    return inside


def known(parts, parent) -> Iterator[tuple[np.ndarray, int, float, float]]:
    """What the published values say of the true counts: kinds, area, and the least and the most there can be.

    An area with none below it: the count itself, or 1 to 9, or all but 1 to 9 of its whole. A total is at most 4 off
    for each community that has anything small; one that has nothing small in any area is exact.
    """
    inside = below(parent)
    above = np.isin(np.arange(len(parent)), parent)
    half = SMALLEST / 2
    for kind, values, whole in parts:
        small = is_small(values, SMALLEST)
        high = np.zeros(len(values), dtype=bool) if whole is None else (whole - values == half) & ~small & ~above
        for area in np.flatnonzero(~np.isnan(values)):
            if small[area]:
                ends = (1, SMALLEST - 1)
            elif high[area]:
                ends = (whole[area] - SMALLEST + 1, whole[area] - 1)
            else:
                off = sum((small | high)[parent == at].any() for at in np.flatnonzero(inside[area] & above)) * (
                    half - 1
                )
                ends = (values[area] - off, values[area] + off)
            yield kind, area, *ends


def derived(members):
    """Every set of people that is published, and the difference of any two of which one holds the other."""
    yield from members
    for inner, outer in permutations(members, 2):
        if (inner <= outer).all() and (inner < outer).any() and inner.any():
            yield outer & ~inner


def runs(dataset):
    """The assessments of a sample by every shipped scheme at every level that it has, with their facts."""
    held, days = loaded(dataset)
    counts = Counts.of_records(held)
    for name in pack_ids():
        for level in sorted(set(held.areas["level"].dropna())):
            chosen_scheme = scheme_named(name).model_copy(update={"level": level, "stability": None})
            facts = area_counts_for(counts, chosen_scheme)
            yield facts, assess(facts, chosen_scheme, days)


@pytest.mark.parametrize("dataset", ["demo_street", "trafford"])
def test_the_assessments_hold_the_protected_counts_and_no_others(dataset):
    *_, values, wholes = published(dataset)
    listed = people_indicators()
    seen = few = 0
    for facts, run in runs(dataset):
        places = facts.counts.areas.index.get_indexer(run.areas.index)
        for at, item in enumerate(run.scheme.indicators):
            if item.source != "residents":
                continue
            row, value = listed.index(item), run.values[0, :, at]
            protected = values[row][places]
            base = facts.rate_denominator(item.per.base) / item.per.scale if item.per else wholes[row][places]
            there = ~np.isnan(value)
            np.testing.assert_allclose(value[there], protected[there] / base[there], atol=1e-8)
            np.testing.assert_array_equal(run.small[0, there, at], is_small(protected, SMALLEST)[there])
            assert not run.small[0, ~there, at].any()
            seen += int(there.sum())
            few += int(run.small[0, :, at].sum())
    print(dataset, "values of people:", seen, "small ones:", few)
    assert few


@pytest.mark.parametrize("dataset", ["demo_street", "trafford"])
def test_every_small_cell_of_cards_and_files_reads_fewer_than_ten(dataset):
    for _, run in runs(dataset):
        if not run.small.any():
            continue
        table = pd.read_csv(io.StringIO(run.table().to_csv(index=False)), dtype=str, keep_default_na=False)
        for at, item in enumerate(run.scheme.indicators):
            column = table[f"value:{item.id}"]
            assert ((column == "<10") == run.small[0, :, at]).all()
            numbers = pd.to_numeric(column[(column != "<10") & (column != "")])
            assert (numbers.to_numpy() == run.values[0, numbers.index, at]).all()
        for area in run.areas.index[run.small[0].any(axis=1)][:12]:
            small = run.small[0, run.areas.index.get_loc(area)]
            for lang in ("zh", "en"):
                told = reason_table(lang, run, area, {})
                assert len(told) == len(small)
                assert [any("<10" in str(cell) for cell in row) for row in told.to_numpy()] == small.tolist()


def counted(item):
    """A scheme with nothing but the people whom an indicator chooses, as a number."""
    points = {"method": "linear", "linear": {"low": 0, "high": 60}}
    return scheme([indicator(**{"from": "residents"}, measure="stock", window_days=None, points=points, where=item)])


@pytest.mark.parametrize("where", [{"lives_alone": True, "age_band": ["66+", "70-79", "80+"]}, {"age_band": ["80+"]}])
@pytest.mark.parametrize("dataset", ["demo_street", "trafford"])
def test_no_file_or_card_of_a_sample_has_a_number_of_people_from_one_to_nine(dataset, where):
    held, days = loaded(dataset)
    for level in sorted(set(held.areas["level"].dropna())):
        wanted = counted(where).model_copy(update={"level": level})
        run = assess(area_counts_for(Counts.of_records(held), wanted), wanted, days)
        column = run.table()["value:fever_7d"].astype(str)
        numbers = pd.to_numeric(column[column != "<10"], errors="coerce").dropna()
        assert not numbers.between(0.001, SMALLEST - 0.001).any()
        assert (run.gaps[0, np.isnan(run.values[0, :, 0]), 0] != Gap.NONE).all()
        for area in run.areas.index[:25]:
            cell = value_of(run, area)
            number = cell.removesuffix("人").replace(",", "")
            assert not number.isdigit() or number == "0" or int(number) >= SMALLEST, cell


def value_of(run, area):
    """What is told of the value of the only indicator."""
    return reason_table("zh", run, area, {})["数值"].iloc[0]


def street_of(few, elders=(0, 40, 12)):
    """A community of four grids of 500 people, the first of which has so ``few`` elders living alone."""
    grids = [f"K{number}" for number in range(1, 5)]
    areas = [{"area_id": "K", "name": "K", "level": "community", "parent_id": "", "renter_share": 30}]
    areas += [
        {
            "area_id": grid,
            "name": grid,
            "level": "grid",
            "parent_id": "K",
            "population": 500,
            "households": 200,
            "renter_share": 30,
        }
        for grid in grids
    ]
    people = [
        {"area_id": grid, "count": count, "age_band": band, "lives_alone": alone}
        for grid, alone_there in zip(grids, (few, *elders), strict=True)
        for count, band, alone in ((alone_there, "80+", 1), (60, "80+", 0), (400, "19-35", 0))
    ]
    return records(areas=areas, residents=people)


DAY = pd.DatetimeIndex(["2020-02-20"])


@pytest.mark.parametrize("level", ["grid", "community"])
@pytest.mark.parametrize("name", ["elders", "epidemic"])
def test_nothing_downstream_can_tell_two_small_counts_apart(name, level):
    wanted = scheme_named(name).model_copy(update={"level": level})
    tables, said = [], []
    for few in (1, 4, 9):
        run = assess(area_counts_for(Counts.of_records(street_of(few)), wanted), wanted, DAY)
        tables.append(run.table())
        said.append([reason_table("zh", run, area, {}).to_csv() for area in run.areas.index])
    for table, told in zip(tables[1:], said[1:], strict=True):
        pd.testing.assert_frame_equal(table, tables[0])
        assert told == said[0]


def test_a_zero_is_shown_and_so_is_ten():
    wanted = counted({"lives_alone": True, "age_band": ["80+"]})
    run = assess(area_counts_for(Counts.of_records(street_of(3)), wanted), wanted, DAY)
    assert run.table()["value:fever_7d"].tolist() == ["<10", "0.0", "40.0", "12.0"]
    assert [value_of(run, area) for area in run.areas.index] == ["<10", "0人", "40人", "12人"]


@pytest.mark.parametrize("dataset", ["demo_street", "trafford"])
def test_no_small_count_of_people_of_a_sample_can_be_derived(dataset):
    counts, parent, members, parts, _, _ = published(dataset)
    inside = below(parent)
    # Kinds that no published set tells apart are one unknown.
    atoms, number = np.unique(np.array(members), axis=1, return_inverse=True)
    number = number.reshape(-1)
    true = np.array([np.nansum(counts[number == at], axis=0) for at in range(atoms.shape[1])])
    sets = [np.unique(number[kind]) for kind in derived(members)]
    leaf = ~np.isin(np.arange(len(parent)), parent) & ~np.isnan(counts).all(axis=0)
    place = np.full(true.shape, -1)
    place[:, leaf] = np.arange(true.shape[0] * leaf.sum()).reshape(true.shape[0], -1)
    facts = list(known(parts, parent))
    system = lil_array((len(facts), place.max() + 1))
    ends = np.array([(low, high) for _, _, low, high in facts])
    for row, (kind, area, _, _) in enumerate(facts):
        system[row, place[np.ix_(np.unique(number[kind]), np.flatnonzero(inside[area] & leaf))].ravel()] = 1
    held = system.tocsr()
    truth = np.zeros(place.max() + 1)
    truth[place[:, leaf].ravel()] = true[:, leaf].ravel()
    assert (held @ truth >= ends[:, 0] - 1e-6).all()
    assert (held @ truth <= ends[:, 1] + 1e-6).all()
    checked, given_away = 0, []
    for atoms_of in sets:
        for area in np.flatnonzero(~np.isnan(parts[0][1])):
            spots = place[np.ix_(atoms_of, np.flatnonzero(inside[area] & leaf))].ravel()
            if 0 < truth[spots].sum() < SMALLEST:
                # Without other areas in the system an area with none above it is as it is with them.
                near = np.flatnonzero(np.asarray(held[:, spots].sum(axis=1)).ravel() > 0)
                if (parent != TOP).any():
                    near = np.arange(len(facts))
                used = np.unique(np.concatenate([held[near].nonzero()[1], spots]))
                part = held[near][:, used]
                goal = np.isin(used, spots).astype(float)
                span = [
                    sign
                    * linprog(
                        sign * goal,
                        A_ub=np.vstack([part.toarray(), -part.toarray()]),
                        b_ub=np.concatenate([ends[near, 1], -ends[near, 0]]),
                        bounds=(0, None),
                    ).fun
                    for sign in (1, -1)
                ]
                checked += 1
                if np.floor(span[1] + 1e-6) - np.ceil(span[0] - 1e-6) < 1:
                    given_away.append((atoms_of.tolist(), int(area), truth[spots].sum(), span))
    print(dataset, "small counts checked:", checked)
    assert checked
    assert given_away == []
