"""No small count of people can be derived from what is published, by someone who knows the rule and all that is."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analytics.disclosure import (
    FLOOR,
    SETTING,
    TOP,
    SuppressionMark,
    _families,
    is_small,
    mark_text,
    protect,
    protect_sets,
    smallest_count,
    suppress,
)
from analytics.errors import UserError
from tests.long.sizes import many

STREET = np.array([TOP, 0, 0, 1, 1, 2, 2, 2])
"""A street, two communities, two and three grids."""


def ambiguous(truths, published):
    """For each data set and cell, whether some other data set that is published alike has another count there."""
    _, group = np.unique(np.nan_to_num(published, nan=-1.0), axis=0, return_inverse=True)
    group = group.reshape(-1)
    low = np.full((group.max() + 1, truths.shape[1]), np.inf)
    high = -low
    np.minimum.at(low, group, truths)
    np.maximum.at(high, group, truths)
    return (low < high)[group]


def every(values, cells):
    return np.array(list(product(values, repeat=cells)), dtype=float)


def small(counts, k):
    return (counts > 0) & (counts < k)


@pytest.mark.parametrize("k", [5, 6])
def test_no_small_piece_and_no_small_total_of_a_street_can_be_told(k):
    """Every street of two communities whose grids count 0 to k, all of them at once."""
    truths = every(range(k + 1), 5)
    counts = np.hstack([np.full((len(truths), 3), np.nan), truths])
    published = protect(counts, STREET, k)
    totals = np.column_stack([truths.sum(1), truths[:, :2].sum(1), truths[:, 2:].sum(1)])
    everything = np.hstack([totals, truths])
    assert (ambiguous(everything, published) | ~small(everything, k)).all()


def test_the_ten_of_the_default_is_safe_for_a_community_of_four_grids():
    truths = every(range(11), 4)
    published = protect(np.hstack([np.full((len(truths), 1), np.nan), truths]), np.array([TOP, 0, 0, 0, 0]), 10)
    everything = np.hstack([truths.sum(1)[:, None], truths])
    assert (ambiguous(everything, published) | ~small(everything, 10)).all()


def test_records_that_name_a_community_alone_are_a_piece_that_cannot_be_told():
    """The community's total less its grids would give them."""
    truths = every(range(7), 4)
    published = protect(truths, np.array([TOP, 0, 1, 1]), 5)
    assert (ambiguous(truths, published) | ~small(truths, 5)).all()


def test_a_part_and_its_rest_cannot_be_told_where_the_whole_is_known():
    """Every two grids of up to 12 people; of a whole under the smallest count only the protected one is known."""
    cells = every(range(13), 4)
    cells = cells[(cells[:, :2] + cells[:, 2:] <= 12).all(axis=1)]
    none = np.full((len(cells), 1), np.nan)
    part, whole = np.hstack([none, cells[:, :2]]), np.hstack([none, cells[:, :2] + cells[:, 2:]])
    parent = np.array([TOP, 0, 0])
    published = np.hstack([protect(part, parent, 5, whole), protect(whole, parent, 5)])
    assert (ambiguous(cells, published) | ~small(cells, 5)).all()


hierarchies = st.lists(
    st.lists(st.one_of(st.integers(0, 3), st.integers(0, 14), st.integers(0, 60)), min_size=1, max_size=6),
    min_size=3,
    max_size=6,
)


def laid_out(communities):
    """Counts and parents of a street of these communities, and which community each grid is in."""
    number = np.repeat(np.arange(len(communities)), [len(grids) for grids in communities])
    parent = np.concatenate([[TOP], np.zeros(len(communities), dtype=int), number + 1])
    above = np.full(len(communities) + 1, np.nan)
    return np.concatenate([above, np.concatenate(communities).astype(float)]), parent, number


@settings(max_examples=many(60))
@given(hierarchies, st.sampled_from([5, 7, 10, 11]))
def test_the_linear_system_of_all_published_totals_leaves_every_small_count_open(communities, k):
    counts, parent, number = laid_out(communities)
    published = protect(counts, parent, k)
    grids = counts[len(communities) + 1 :]
    shown = published[len(communities) + 1 :]
    for at, community in enumerate(communities):
        inside = np.flatnonzero((number == at) & small(grids, k))
        if not len(inside):
            continue
        large = shown[(number == at) & ~small(grids, k)].sum()
        total = published[1 + at]
        low, high = len(inside) + k / 2 - 1, len(inside) * (k - 1) - k / 2 + 1
        # A total at an end of its range, or small, tells only on which side the true one lies.
        least = 0 if total - large <= low or is_small(total, k) else total - large
        most = k - 1 if is_small(total, k) else np.inf if total - large >= high else total - large
        true = sum(community) - large
        assert least <= true <= most
        sums = np.vstack([np.ones(len(inside)), -np.ones(len(inside))])
        for cell in range(len(inside)):
            goal = np.eye(len(inside))[cell]
            ends = [
                linprog(sign * goal, A_ub=sums, b_ub=[min(most, 1e6), -least], bounds=(1, k - 1)).fun * sign
                for sign in (1, -1)
            ]
            assert np.floor(ends[1] + 1e-6) - np.ceil(ends[0] - 1e-6) >= k // 2 - 1
    assert published[0] == pytest.approx(published[1 : 1 + len(communities)].sum())


@settings(max_examples=many(100))
@given(hierarchies, st.data(), st.sampled_from([5, 10]), st.booleans())
def test_more_people_lower_no_published_count(communities, data, k, with_rest):
    counts, parent, _ = laid_out(communities)
    rest = np.where(np.isnan(counts), np.nan, data.draw(st.integers(0, 40))) if with_rest else np.zeros(len(counts))
    at = data.draw(st.integers(len(communities) + 1, len(counts) - 1))
    more = counts.copy()
    more[at] += 1
    before, after = (protect(held, parent, k, held + rest if with_rest else None) for held in (counts, more))
    both = ~np.isnan(before) & ~np.isnan(after)
    both &= ~np.isnan(before[at]) & ~np.isnan(after[at])
    assert (after >= before)[both].all()


@settings(max_examples=many(100))
@given(hierarchies, st.sampled_from([5, 10]))
def test_a_total_is_off_by_less_than_half_the_smallest_count_for_each_community(communities, k):
    counts, parent, number = laid_out(communities)
    published = protect(counts, parent, k)
    grids = counts[len(communities) + 1 :]
    true = np.bincount(number, weights=grids)
    assert (abs(published[len(communities) + 1 :] - grids) < k / 2).all()
    assert (abs(published[1 : 1 + len(communities)] - true) < k / 2).all()


def test_large_counts_zeros_and_areas_without_records_stay_as_they_are():
    published = protect(np.array([np.nan, 0.0, 10.0, 250.0, np.nan]), np.array([TOP, 0, 0, 0, 0]), 10)
    np.testing.assert_array_equal(published, [260, 0, 10, 250, np.nan])


def test_two_small_neighbours_hide_each_other_and_their_total_is_exact():
    published = protect(np.array([np.nan, 4.0, 7.0, 80.0]), np.array([TOP, 0, 0, 0]), 10)
    np.testing.assert_array_equal(published, [91, 5, 5, 80])
    np.testing.assert_array_equal(is_small(published, 10), [False, True, True, False])


def test_days_and_snapshots_are_protected_each_by_itself():
    counts = np.array([[np.nan, 4.0, 80.0], [np.nan, 12.0, 80.0]])
    np.testing.assert_array_equal(protect(counts, np.array([TOP, 0, 0]), 10), [[85, 5, 80], [92, 12, 80]])


def test_a_small_rest_is_hidden_behind_a_part_of_the_known_whole():
    whole = np.array([np.nan, 100.0, 100.0])
    published = protect(np.array([np.nan, 97.0, 40.0]), np.array([TOP, 0, 0]), 10, whole)
    np.testing.assert_array_equal(published, [135, 95, 40])


@pytest.mark.parametrize(("rests", "community"), [((2, 3), 55), ((4, 5), 55), ((5, 5), 50)])
def test_a_small_total_of_small_rests_is_hidden_as_one_and_one_of_exactly_the_smallest_count_is_not(rests, community):
    """Two grids of 30 with a few others each. While the others together are fewer than ten, they stand as five: 60 − 5.
    At ten the parts beyond what ten would leave, 20 and 20, and 20 − 10, which lies within 6 … 14, are added: 50."""
    whole = np.array([np.nan, 30.0, 30.0])
    published = protect(np.array([np.nan, 30.0 - rests[0], 30.0 - rests[1]]), np.array([TOP, 0, 0]), 10, whole)
    np.testing.assert_array_equal(published, [community, 25, 25])


@pytest.mark.parametrize(
    ("pieces", "community"),
    [((9,), 5), ((4, 5), 5), ((5, 5), 10), ((1, 1), 5), ((9, 9), 14), ((1,) * 5, 5), ((1,) * 6, 10), ((9,) * 6, 50)],
)
def test_the_sum_of_small_pieces_is_small_itself_or_stays_within_its_bounds(pieces, community):
    """With ten and m pieces: up to five of them that sum to less than ten are five; else m + 4 … 9 m − 4."""
    counts = np.array([np.nan, *map(float, pieces)])
    published = protect(counts, np.array([TOP, *[0] * len(pieces)]), 10)
    np.testing.assert_array_equal(published, [community, *[5] * len(pieces)])


@pytest.mark.parametrize(
    ("part", "whole", "published"),
    [(9, 100, 5), (10, 100, 10), (91, 100, 95), (90, 100, 90), (1, 19, np.nan), (9, 20, 5), (11, 20, 15), (10, 20, 10),
     (10, 10, 10), (0, 19, 0), (19, 19, 19), (3, 9, 5), (1, 10, np.nan)],
)  # fmt: skip
def test_a_part_and_its_rest_at_the_bounds_of_what_may_be_told(part, whole, published):
    """From 1 to 9 of the part, or of the rest, is five; of a whole of 10 to 19 neither is shown."""
    found = protect(np.array([float(part)]), np.array([TOP]), 10, np.array([float(whole)]))
    np.testing.assert_array_equal(found, [published])


def test_a_kind_that_an_area_has_no_record_of_takes_nothing_from_its_other_kinds():
    counts = np.array([[40.0, np.nan], [np.nan, np.nan]])
    members = np.array([[True, True]])
    np.testing.assert_array_equal(protect_sets(counts, members, np.array([TOP, TOP]), 10), [[40, np.nan]])


def test_the_difference_of_two_sets_of_people_is_protected_too():
    """Elders alone are among the elders: 40 and 43 would tell of three others."""
    counts = np.array([[40.0], [3.0], [500.0]])
    members = np.array([[True, False, False], [True, True, False]])
    np.testing.assert_array_equal(protect_sets(counts, members, np.array([TOP]), 10), [[40], [45]])


def test_sets_that_merely_overlap_are_protected_by_themselves():
    members = np.array([[True, True, False, False], [False, True, True, False], [False] * 4])
    assert [list(family) for family in _families(members)] == [[2], [1], [0]]
    counts = np.array([[30.0], [3.0], [40.0], [100.0]])
    np.testing.assert_array_equal(protect_sets(counts, members, np.array([TOP]), 10), [[33], [43], [0]])


@pytest.mark.parametrize(("members", "sets"), [([[1, 0, 0], [1, 1, 0]], 2), ([[1, 0, 0], [0, 1, 0], [1, 1, 0]], 3)])
def test_no_small_difference_of_nested_sets_can_be_told(members, sets):
    truths = every(range(9), 2)
    counts = np.column_stack([truths, np.full(len(truths), 50)]).T[:, :, None]
    published = protect_sets(counts, np.array(members, dtype=bool), np.array([TOP]), 5)
    assert published.shape == (sets, len(truths), 1)
    everything = np.column_stack([truths, truths.sum(1)])
    alike = ambiguous(everything, published[:, :, 0].T)
    assert (alike | ~small(everything, 5)).all()


def with_totals(inner):
    table = pd.DataFrame(inner)
    table["total"] = table.sum(axis=1)
    table.loc["total"] = table.sum()
    return table


tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 9), st.integers(0, 40)), min_size=width, max_size=width),
        min_size=1,
        max_size=5,
    )
)


@settings(max_examples=many(50))
@given(tables, st.sampled_from([5, 10]))
def test_no_small_cell_of_a_table_can_be_derived_from_its_rows_columns_and_totals(inner, k):
    table = with_totals(inner)
    marks = suppress(table, k).to_numpy()
    cells = table.to_numpy()
    assert (marks[cells == 0] == SuppressionMark.SHOWN).all()
    assert (marks[(cells > 0) & (cells < k)] != SuppressionMark.SHOWN).all()
    whole_table = not (marks == SuppressionMark.SMALL).any()
    bounds = []
    for cell, mark in zip(cells.ravel(), marks.ravel(), strict=True):
        least = 1 if whole_table else k
        ends = {
            SuppressionMark.SHOWN: (cell, cell),
            SuppressionMark.SMALL: (1, k - 1),
            SuppressionMark.WITHHELD: (least, None),
        }
        bounds.append(ends[SuppressionMark(mark)])
    rows, columns = cells.shape
    place = np.arange(cells.size).reshape(cells.shape)
    system = np.zeros((rows + columns, cells.size))
    for row in range(rows):
        system[row, place[row, :-1]], system[row, place[row, -1]] = 1, -1
    for column in range(columns):
        system[rows + column, place[:-1, column]], system[rows + column, place[-1, column]] = 1, -1
    for hidden in np.flatnonzero((marks.ravel() != SuppressionMark.SHOWN) & (cells.ravel() < k)):
        goal = np.eye(cells.size)[hidden]
        found = [linprog(sign * goal, A_eq=system, b_eq=np.zeros(len(system)), bounds=bounds) for sign in (1, -1)]
        least = found[0].fun
        most = np.inf if found[1].status == 3 else -found[1].fun
        assert most - least > 0.5, (hidden, table)


def test_a_single_small_cell_takes_the_smallest_neighbours_with_it():
    marks = suppress(with_totals([[3, 40, 20], [50, 60, 70], [30, 11, 90]]), 10).to_numpy()
    assert marks[0, 0] == SuppressionMark.SMALL
    assert [tuple(cell) for cell in np.argwhere(marks == SuppressionMark.WITHHELD)] == [(0, 1), (2, 0), (2, 1)]


def test_totals_that_are_none_are_refused():
    with pytest.raises(ValueError, match="totals"):
        suppress(pd.DataFrame([[1, 2], [3, 4]]), 10)


def test_the_smallest_count_is_ten_unless_the_installation_says_otherwise(monkeypatch):
    monkeypatch.delenv(SETTING, raising=False)
    assert smallest_count() == 10
    monkeypatch.setenv(SETTING, "20")
    assert smallest_count() == 20
    assert mark_text(SuppressionMark.SMALL).text("zh") == "<20"
    assert mark_text(SuppressionMark.SMALL).text("en") == "<20"
    assert mark_text(SuppressionMark.WITHHELD).text("en") == "not shown"


@pytest.mark.parametrize("written", ["4", "0", "-10", "ten", "7.5"])
def test_a_setting_under_the_floor_is_refused_with_a_sentence(monkeypatch, written):
    monkeypatch.setenv(SETTING, written)
    with pytest.raises(UserError) as caught:
        smallest_count()
    for lang in ("zh", "en"):
        assert SETTING in caught.value.text(lang)
        assert str(FLOOR) in caught.value.text(lang)
