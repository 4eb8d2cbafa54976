"""What a load takes away is counted exactly, and more than chance takes waits to be confirmed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.errors import HeldLoadError
from analytics.store import Store, load_into
from analytics.store.guard import falls_beyond_chance
from tests.long.sizes import many
from tests.store import exports, made

FALSE_HOLDS = 0.02
"""Of undamaged exports that come one after the other."""


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: None)
    return Store.open(tmp_path / "home")


def told_of(store, loaded, confirmed=""):
    """The sentences by their keys, and whether the load was held."""
    try:
        notes = store.add(loaded, made.ME, confirmed).notes
    except HeldLoadError as held:
        return list(held.problems), True
    return list(notes), False


def one(notes, key, **params):
    """The only sentence with this key and these values; None where there is none."""
    texts = {name: str(value) for name, value in params.items()}
    found = [note.params for note in notes if note.key == key]
    found = [told for told in found if all(said(told[name]) == text for name, text in texts.items())]
    assert len(found) <= 1
    return found[0] if found else None


def said(value):
    return value.key.rpartition(".")[2] if hasattr(value, "key") else str(value)


@pytest.mark.parametrize("spread", [1.0, 2.0])
@pytest.mark.parametrize("damage", exports.DAMAGES)
def test_every_loss_is_told_exactly(store, damage, spread):
    random = np.random.default_rng([len(damage), int(spread), *damage.encode()])
    for round_ in range(many(2)):
        before = exports.rows(random, 60, spread=spread, first=f"{2000 + round_}-01-01")
        after = exports.DAMAGES[damage](random, before)
        source = f"{round_}.csv"
        store.add(exports.export(before, source), made.ME)
        notes, held = told_of(store, exports.export(after, source))
        for note in notes:
            assert note.text("zh")
            assert note.text("en")
        if len(after) * 2 < len(before):
            # It takes the place of none, since it has less than half of the ids; what it lacks goes on counting.
            cut = one(notes, "guard.cut")
            assert (cut["before"], cut["after"]) == rows_in_days_of(before, after)
            continue
        gone = before[~before["incident_id"].isin(after["incident_id"])]
        assert one(notes, "guard.rows")["before"] == len(before)
        assert one(notes, "guard.rows")["after"] == len(after)
        told = one(notes, "guard.gone_named")
        assert (told["n"] if told else 0) == len(gone)
        days_before, days_after = (frame["occurred_at"].dt.normalize() for frame in (before, after))
        told = one(notes, "guard.days_gone")
        assert (told["n"] if told else 0) == len({*days_before} - {*days_after})
        for column in ("area_id", "category", "channel"):
            lost = {*before[column]} - {*after[column]}
            told = one(notes, "guard.rows_none_left", column=f"column_{column}")
            assert (told["n"] if told else 0) == len(lost)
            assert (told["rows"] if told else 0) == before[column].isin(lost).sum()
        both = before.set_index("incident_id").loc[after["incident_id"]]
        now = after.set_index("incident_id")
        for column in ("closed_at", "due_at"):
            told = one(notes, "guard.emptied", column=f"column_{column}")
            assert (told["n"] if told else 0) == (both[column].notna() & now[column].isna()).sum()
        for column in ("area_id", "category", "channel"):
            told = one(notes, "guard.changed", column=f"column_{column}")
            assert (told["n"] if told else 0) == (both[column] != now[column]).sum()
        moved = (both["occurred_at"].dt.normalize() != now["occurred_at"].dt.normalize()).sum()
        told = one(notes, "guard.days_moved")
        assert (told["n"] if told else 0) == moved
        assert held or not falls_beyond_chance(len(before), len(after))
        assert held or not falls_beyond_chance(len(before), len(before) - int(moved))
        assert held or len(gone) <= max(13, len(before) / 10)
        if held:
            assert made_of(store, source) == 1, "nothing was written"
            assert not told_of(store, exports.export(after, source), "load")[1]


def rows_in_days_of(before, after):
    there = before[before["occurred_at"] >= after["occurred_at"].min()]
    there = there[there["occurred_at"] <= after["occurred_at"].max()]
    return len(there), int(there["incident_id"].isin(after["incident_id"]).sum())


def made_of(store, source):
    return sum(load.source == source for load in store.loads())


def test_undamaged_exports_are_seldom_held(tmp_path, monkeypatch):
    """Each has more days than the one before, or begins later too; late records come in, some are withdrawn, some get
    another kind, and open ones are closed."""
    monkeypatch.setattr("os.fsync", lambda _: None)
    held = 0
    number = many(100)
    for turn in range(number):
        random = np.random.default_rng([20, turn])
        whole = exports.rows(random, 90, spread=[1.0, 2.0][turn % 2], first=f"{1900 + turn}-01-01")
        day = (whole["occurred_at"] - whole["occurred_at"].min()).dt.days
        late = random.random(len(whole)) < 0.02
        first = whole[(day < 60) & ~(late & (day > 50))]
        withdrawn, other = random.random(len(whole)) < 0.01, random.random(len(whole)) < 0.02
        begins = 0 if turn % 3 else 7
        store = Store.open(tmp_path / f"{turn}")
        second = whole.assign(category=whole["category"].mask(other, whole["category"].iloc[0]))[~withdrawn]
        second = second[((day < 67) & (day >= begins))[second.index]]
        name = f"{turn}.csv" if turn % 5 else f"{turn}-later.csv"
        store.add(exports.export(first.assign(closed_at=first["closed_at"].where(day < 55)), f"{turn}.csv"), made.ME)
        held += told_of(store, exports.export(second, name))[1]
    assert held <= max(1, FALSE_HOLDS * number), held


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [
        (14, 0, True),
        (13, 0, False),
        (100, 53, True),
        (100, 54, False),
        (1000, 839, True),
        (1000, 840, False),
        (0, 0, False),
        (5, 9, False),
    ],
)
def test_the_rule_is_as_it_is_stated(before, after, falls):
    assert falls_beyond_chance(before, after) is falls


def test_the_rule_is_the_tail_of_counts_with_twice_the_variance():
    from scipy.stats import nbinom

    for before in (1, 14, 60, 199, 250, 900, 20_000):
        fewest = next(after for after in range(before, -2, -1) if after < 0 or falls_beyond_chance(before, after))
        exact = int(nbinom.ppf(1e-4, before, 0.5))
        assert abs(fewest - (exact - 1)) <= max(1, before // 5000), before


def test_a_cut_export_under_another_name_is_held_and_a_correction_is_not(store):
    random = np.random.default_rng(5)
    whole = exports.rows(random, 90)
    day = (whole["occurred_at"] - whole["occurred_at"].min()).dt.days
    store.add(exports.export(whole[day < 60], "until-march.csv"), made.ME)
    later = whole[(day >= 30) & (random.random(len(whole)) < 0.5)]
    notes, held = told_of(store, exports.export(later, "april.csv"))
    assert held
    there = whole[(day >= 30) & (day < 60)]
    told = one(notes, "guard.cut")
    assert (told["before"], told["after"]) == (len(there), int(there["incident_id"].isin(later["incident_id"]).sum()))
    corrected = whole[day < 60].sample(13, random_state=1).assign(category="other")
    notes, held = told_of(store, exports.export(corrected, "corrected.csv"))
    assert not held
    assert one(notes, "guard.changed", column="column_category")["n"] == 13


def test_ids_that_are_written_in_another_way_are_asked_about_and_not_added_up(store):
    random = np.random.default_rng(6)
    whole = exports.rows(random, 40)
    store.add(exports.export(whole), made.ME)
    again = whole.assign(incident_id="X" + whole["incident_id"])
    notes, held = told_of(store, exports.export(again))
    assert held
    assert notes[-1].key == "guard.held_same_name"
    assert not told_of(store, exports.export(again), "load")[1]
    assert len(store.table("incidents")) == len(whole)


def test_the_days_of_another_feed_under_the_same_name_add_up(store):
    random = np.random.default_rng(7)
    store.add(exports.export(exports.rows(random, 40).assign(channel="one")), made.ME)
    other = exports.rows(random, 40).assign(channel="two")
    other["incident_id"] = "Y" + other["incident_id"]
    assert not told_of(store, exports.export(other))[1]


def people(random, areas, as_of, bands, scale=1.0):
    frame = pd.MultiIndex.from_product([areas, bands], names=["area_id", "age_band"]).to_frame(index=False)
    mean = random.uniform(50, 400, len(frame)) * scale
    return made.of(
        "residents",
        frame.assign(count=random.poisson(mean), lives_alone=pd.Series([None] * len(frame), dtype="boolean"),
                     tenure=None, origin=None, as_of=pd.Series([as_of] * len(frame), dtype="datetime64[us]")),
        f"{as_of}.csv",
    )  # fmt: skip


def test_a_newer_snapshot_that_lacks_a_group_is_held(store):
    random = np.random.default_rng(8)
    areas, bands = [f"A{at}" for at in range(5)], exports.words(random, 4)
    store.add(people(random, areas, "2026-03-31", bands), made.ME)
    cut = people(random, areas, "2026-06-30", bands[:-1])
    notes, held = told_of(store, cut)
    assert held
    assert one(notes, "guard.people_none_left", column="column_age_band")["n"] == 1


def test_a_newer_snapshot_of_much_the_same_people_is_taken(store):
    random = np.random.default_rng(9)
    loaded = people(random, ["A1", "A2"], "2026-03-31", ["p", "q"])
    store.add(loaded, made.ME)
    newer = loaded.frame.assign(count=loaded.frame["count"] + 3, as_of=pd.Timestamp("2026-06-30").as_unit("us"))
    assert not told_of(store, made.of("residents", newer, "june.csv"))[1]


def test_what_the_same_records_say_otherwise_is_told_for_every_column_and_the_course_of_things_holds_nothing(store):
    random = np.random.default_rng(10)
    whole = exports.rows(random, 60)
    store.add(exports.export(whole), made.ME)
    closed = whole["status"] == "closed"
    later = pd.Timedelta(days=9)
    now = whole.assign(
        status="closed",
        satisfied=~whole["satisfied"],
        closed_at=whole["closed_at"].where(whole["closed_at"].isna(), whole["closed_at"] + later),
    )
    notes, held = told_of(store, exports.export(now))
    assert not held
    assert one(notes, "guard.changed", column="column_status")["n"] == (~closed).sum()
    assert one(notes, "guard.changed", column="column_satisfied")["n"] == len(whole)
    assert one(notes, "guard.days_moved", column="column_closed_at")["n"] == closed.sum()
    # When a matter is due does not change by itself.
    notes, held = told_of(store, exports.export(now.assign(due_at=now["due_at"] + later)))
    assert held
    assert one(notes, "guard.days_moved", column="column_due_at")["days"] == "+9"


def test_a_file_of_another_name_that_leaves_a_word_or_a_day_nowhere_says_so(store):
    random = np.random.default_rng(11)
    whole = exports.rows(random, 40)
    store.add(exports.export(whole, "one.csv"), made.ME)
    word = whole["category"].iloc[0]
    rows = int((whole["category"] == word).sum())
    notes, _ = told_of(store, exports.export(whole.assign(category=whole["category"].replace(word, "x")), "two.csv"))
    told = one(notes, "guard.rows_none_left", column="column_category")
    assert (told["n"], told["rows"]) == (1, rows)
    day = whole["occurred_at"].max()
    moved = whole.assign(occurred_at=whole["occurred_at"].mask(whole["occurred_at"] == day, day - pd.Timedelta(days=1)))
    notes, _ = told_of(store, exports.export(moved, "three.csv"))
    assert one(notes, "guard.days_gone")["rows"] == (whole["occurred_at"] == day).sum()


@pytest.mark.parametrize("source", ["areas.csv", "newer.csv"])
def test_people_of_areas_that_change_places_are_told_though_their_sum_is_the_same(store, source):
    people = {f"A{at}": 100 + at for at in range(6)}
    store.add(made.areas(people), made.ME)
    changed = {**people, "A1": people["A4"], "A4": people["A1"]}
    notes, held = told_of(store, made.areas(changed, source))
    told = one(notes, "guard.changed_areas", column="column_population")
    assert not held
    assert (told["n"], told["of"], told["areas"]) == (2, 6, ["A1", "A4"])


def test_words_are_told_as_people_say_them(store):
    whole = exports.rows(np.random.default_rng(12), 40).assign(channel="clinic")
    store.add(exports.export(whole), made.ME)
    notes, _ = told_of(store, exports.export(whole.assign(channel=None)))
    told = one(notes, "guard.rows_none_left", column="column_channel")
    assert [name.text("zh") for name in told["names"]] == [f"门诊（{len(whole)}）"]


@pytest.mark.parametrize("source", ["areas.csv", "newer.csv"])
@pytest.mark.parametrize("after", ["street", "grid", None])
@pytest.mark.parametrize("filled", [True, False])
def test_an_area_that_leaves_its_level_is_told_and_held_where_records_lie_in_it(store, source, after, filled):
    random = np.random.default_rng([len(source), filled, *(after or "").encode()])
    areas = made.areas({f"A{at}": 100 + at for at in range(5)}, level="community")
    store.add(areas, made.ME)
    code = f"A{random.integers(1, 5)}"
    rows = exports.rows(random, 30)
    rows["area_id"] = code if filled else "A0"
    store.add(exports.export(rows), made.ME)
    frame = areas.frame.assign(level=areas.frame["level"].where(areas.frame.index != code, after))
    newer = made.of("areas", frame, source)
    notes, held = told_of(store, newer)
    told = one(notes, "guard.areas_levels")
    if after is None and source == "newer.csv":
        # What the newest list leaves open is as the list before says.
        assert told is None
        assert not held
        return
    assert told["rows"] == (len(rows) if filled else 0)
    assert code in told["names"][0].text("zh")
    assert held == filled
    assert not told_of(store, newer, "load")[1]


def test_a_list_that_replaces_one_of_which_nothing_is_left_is_held_against_what_took_it_over(store):
    people = {f"A{at}": 100 + at for at in range(4)}
    store.add(made.areas(people, "a.csv"), made.ME)
    store.add(made.areas({**people, "A1": 140}, "b.csv"), made.ME)
    notes, _ = told_of(store, made.areas({**people, "A1": 150}, "a.csv"))
    assert one(notes, "guard.rows") is None
    assert one(notes, "guard.changed_areas", column="column_population")["areas"] == ["A1"]


def of_bands(bands, source, area="A1"):
    """People of one area by age band, of no day."""
    frame = made.residents([area] * len(bands)).frame
    return made.of(
        "residents",
        frame.assign(
            age_band=list(bands),
            count=list(bands.values()),
            tenure=None,
            as_of=pd.Series(pd.NaT, frame.index, "datetime64[us]"),
        ),
        source,
    )


@pytest.mark.parametrize("seed", range(8))
def test_people_whose_ages_are_cut_in_another_way_are_not_added_up_unasked(store, seed):
    random = np.random.default_rng(seed)
    first, width = int(random.integers(40, 80)), int(random.integers(4, 15))
    middle = first + int(random.integers(1, width))
    whole = of_bands({f"{first}-{first + width}": 390}, "spring.csv")
    parts = {f"{first}-{middle - 1}": 250, f"{middle}-{first + width}": 150, f"{first + width + 1}+": 20}
    one, other = (whole, of_bands(parts, "autumn.csv"))[:: int(random.choice([1, -1]))]
    store.add(one, made.ME)
    assert told_of(store, other)[1]
    assert not told_of(store, of_bands(parts, "elsewhere.csv", "A2"))[1]
    beside = of_bands({f"{first + 40}+" if one is whole else f"0-{first - 1}": 9}, "beside.csv")
    assert not told_of(store, beside)[1]


def register(ids, source, kind="rental"):
    loaded = made.places({place: f"A{at % 3}" for at, place in enumerate(ids)}, source)
    return made.of("places", loaded.frame.assign(kind=kind), source)


@pytest.mark.parametrize("shared", [0, 20])
def test_a_newer_register_under_another_name_is_not_added_to_the_older_one_unasked(store, shared):
    ids = [f"P{at}" for at in range(60)]
    store.add(register(ids, "2025.csv"), made.ME)
    newer = register([*ids[:shared], *(f"Q{at}" for at in range(50 - shared))], "2026.csv")
    notes, held = told_of(store, newer)
    assert held
    assert one(notes, "guard.held_register") is not None
    assert not told_of(store, newer, "load")[1]
    assert len(store.table("places")) == 50


def test_other_kinds_other_areas_and_what_is_added_to_a_register_count_beside_it(store):
    ids = [f"P{at}" for at in range(60)]
    store.add(register(ids, "2025.csv"), made.ME)
    more = register([f"N{at}" for at in range(20)], "new.csv")
    shops = register([f"S{at}" for at in range(60)], "shops.csv", "shop")
    grown = register([*ids[:57], *(f"G{at}" for at in range(40))], "grown.csv")
    elsewhere = register([f"E{at}" for at in range(60)], "elsewhere.csv")
    elsewhere = made.of("places", elsewhere.frame.assign(area_id="B" + elsewhere.frame["area_id"]), "elsewhere.csv")
    assert not any(told_of(store, loaded)[1] for loaded in (grown, more, shops, elsewhere))


@pytest.mark.parametrize("with_names", [True, False])
def test_a_table_of_figures_of_some_areas_takes_no_area_out_of_the_list(store, with_names):
    whole = "编码,名称,层级,人口\n" + "".join(f"K{n},第{n}社区,社区,{900 + n}\n" for n in range(6))
    load_into(store, "areas", ("a.csv", whole.encode()), date(2026, 5, 1), made.ME)
    header, named = ("编码,名称,老人占比", "第{0}社区,") if with_names else ("编码,老人占比", "")
    rows = "".join(f"K{n},{named.format(n)}0.{n + 1}\n" for n in range(4))
    load_into(store, "areas", ("b.csv", f"{header}\n{rows}".encode()), date(2026, 5, 1), made.ME)
    areas = store.table("areas")
    assert len(areas) == 6
    assert areas["老人占比"].notna().sum() == 4
    assert areas["population"].notna().all()
