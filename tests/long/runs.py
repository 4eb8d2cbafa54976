"""The long runs: which tests each of them makes longer, and how many times as long as in the suite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LongRun:
    """``tests`` as pytest is asked for them, and how many ``times`` as many cases they draw, unless said otherwise."""

    what: str
    tests: tuple[str, ...]
    times: int


def _of(file: str, *names: str) -> tuple[str, ...]:
    return tuple(f"tests/{file}::{name}" for name in names)


RUNS: Mapping[str, LongRun] = {
    "damage": LongRun(
        "damaged files of every kind: records whose account adds up, or one sentence",
        _of(
            "loaders/test_damage.py",
            "test_every_row_of_every_kind_of_file_is_accepted_repaired_or_refused",
            "test_read_is_accepted_repaired_and_refused_under_damage",
            "test_any_cells_end_in_records_or_one_sentence",
            "test_any_features_end_in_records_or_one_sentence",
        ),
        20,
    ),
    "hostile": LongRun(
        "any bytes, and damaged files: a sheet or one sentence",
        _of(
            "loaders/test_hostile_files.py",
            "test_any_bytes_are_a_sheet_or_one_sentence",
            "test_a_damaged_file_is_a_sheet_or_one_sentence",
        ),
        50,
    ),
    "writing": LongRun(
        "every setting of a scheme changed: written back as it was meant, with its comments",
        _of("scheme/test_writing.py", "test_every_change_is_read_back_as_it_was_meant_and_keeps_the_comments"),
        6,
    ),
    "laws": LongRun(
        "the laws of the method for any scheme",
        _of(
            "scoring/test_laws.py",
            "test_worse_never_lowers_a_tier",
            "test_the_order_of_areas_and_indicators_changes_nothing",
            "test_missing_never_makes_a_tier_milder",
            "test_the_parts_shown_sum_to_the_score_shown",
            "test_a_score_exactly_on_a_cut_off_has_the_tier_that_begins_there",
            "test_the_counts_of_the_legend_are_the_counts_of_the_table",
            "test_worse_never_lowers_a_tier_in_random_configurations",
        )
        + _of(
            "scoring/test_orders.py",
            "test_orders_only_raise_end_by_themselves_and_their_order_changes_nothing",
            "test_one_day_is_told_as_in_the_whole_history",
            "test_worse_records_are_never_milder_under_orders",
        )
        + _of("test_benchmarks.py", "test_the_fast_scores_are_those_of_the_tree_to_the_last_digit"),
        20,
    ),
    "stability": LongRun(
        "histories under any rule of stability",
        _of(
            "scoring/test_stability.py",
            "test_the_clocks_give_what_the_windows_of_the_docstring_give",
            "test_worse_on_any_days_never_lowers_a_tier_on_any_day",
            "test_a_worse_today_after_the_same_past_never_lowers_a_tier",
            "test_a_longer_history_gives_the_same_past",
            "test_the_next_change_comes_when_and_whither_it_is_foretold",
        )
        + _of(
            "scoring/test_carrying.py",
            "test_what_is_carried_never_falls_and_ends_only_in_nothing",
            "test_carried_days_are_those_without_a_computed_tier",
            "test_the_wait_is_so_many_limited_days",
            "test_it_rises_to_what_is_surely_so_after_the_days_that_confirm_it",
            "test_what_fell_since_the_last_record_is_taken_back",
            "test_a_longer_history_gives_the_same_past",
            "test_where_more_is_surely_so_no_tier_is_lower",
            "test_a_second_reckoning_publishes_the_same",
        ),
        50,
    ),
    "silence": LongRun(
        "offices of which nothing is lost, for a year: so many false alarms; and feeds that stop: how soon it is told",
        _of(
            "scoring/test_silence_rule.py",
            "test_an_office_that_loses_nothing_has_at_most_one_false_alarm_a_year",
            "test_the_smallest_rate_whose_stop_is_told_within_two_weeks",
        ),
        5,
    ),
    "losses": LongRun(
        "damaged files over an earlier load and on a first one: no published tier is milder in silence",
        _of(
            "store/test_never_milder_in_silence.py",
            "test_over_an_earlier_load_every_loss_is_told_exactly_and_no_tier_is_milder_in_silence",
            "test_on_a_first_load_no_loss_that_the_rule_can_tell_makes_a_tier_milder_in_silence",
        ),
        28,
    ),
    "releases": LongRun(
        "pairs of releases: counts reconcile, causes add up, bulletins are true",
        _of(
            "releases/test_compare.py",
            "test_old_and_new_counts_reconcile_in_random_pairs_and_the_causes_add_up",
        )
        + _of(
            "releases/test_bulletin.py",
            "test_whatever_the_releases_the_bulletin_is_true_and_speaks_both_languages",
        )
        + _of(
            "releases/test_causes.py",
            "test_the_causes_add_up_are_found_again_and_none_is_named_whose_part_is_the_same",
        ),
        20,
    ),
    "store": LongRun(
        "loads in any order against a model; processes killed at random moments; any decisions and their trail",
        _of("store/test_laws.py", "TestStoreAgainstModel")
        + _of("store/test_crash.py", "test_a_process_that_is_killed_at_random_moments_leaves_whole_loads")
        + _of(
            "store/test_ledger.py",
            "test_any_decisions_are_told_again_by_the_trail_and_no_order_of_them_by_another",
        ),
        10,
    ),
    "datums": LongRun(
        "coordinates in another datum are told from good ones",
        _of(
            "loaders/test_datums.py",
            "test_points_in_another_datum_are_noticed_and_named",
            "test_good_points_and_points_with_random_errors_raise_no_alarm",
            "test_points_that_name_no_area_are_noticed_by_those_that_fall_outside_all",
            "test_a_share_of_wrong_area_codes_does_not_hide_the_datum",
        ),
        20,
    ),
}
