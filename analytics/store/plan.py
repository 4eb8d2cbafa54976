"""What a load does to the loads before it: nothing new, replace some of them, take over single rows, or add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analytics.loaders import Loaded
from analytics.loaders.areas import FIGURES_ALONE
from analytics.loaders.bands import overlap
from analytics.store.area_lists import ListChange, list_change
from analytics.store.commits import Commit, Load, Log, Undo
from analytics.store.counts import DATE_COLUMN
from analytics.store.earlier import EarlierLoads
from analytics.store.frames import KEY

PEOPLE_KEY = ("area_id", "as_of", "age_band", "lives_alone", "tenure", "origin")
"""What makes two rows of people the same group of the same area and day."""

SAME_DAYS = 14
"""From so many records in the same days on, two files of one name without a common id are asked about."""

FEWEST_PLACES, MOST_LEFT_OUT = 10, 1 / 10
"""Of a register that is asked about; and of the places there, what a newer register may leave out unasked."""

FEWEST_AREAS = 3
"""Of a list that is asked about."""

_READ_AGAINST = {"checks": ("areas", "places")}
"""The tables that rows of a table name, which can be read when these are there: areas, if nothing else is said."""


@dataclass(frozen=True, eq=False)
class Plan:
    """``already``: the live load that is the same, if there is one; nothing else counts then.

    ``replaced``: live loads that go; ``replaces``: these, and what they had replaced before.
    ``takes_over``: earlier load -> how many of its ids are in the new load too; ``taken``: these ids; ``superseded``:
    how many rows that moves.
    ``doubled``: live loads that hold the same groups of people of the same areas and day, or groups that overlap them,
    or a file of this name with records of the same days, or areas of the same levels, and other ids, or a register of
    the same kinds of places in the same areas: whether these add up is asked.
    ``doubled_areas``: how many areas that are.
    ``areas``: what a new list of areas changes.
    """

    already: Load | None = None
    replaced: tuple[int, ...] = ()
    replaces: tuple[int, ...] = ()
    takes_over: Mapping[int, int] = field(default_factory=dict)
    taken: pd.Index | None = None
    superseded: int = 0
    doubled: tuple[int, ...] = ()
    doubled_areas: int = 0
    areas: ListChange = field(default_factory=ListChange)


@dataclass(frozen=True)
class Seen:
    """A ``load`` of a file, and the load ``later`` that has its rows by now, None where no other one has."""

    load: Load
    later: int | None = None


def seen(log: Log, table: str, source: str, digest: str, datum: str) -> Seen | None:
    """The load of this very file, where to load it once more brings nothing: it was not undone and no row was refused,
    nor came areas since that its rows may name. None where it may bring something.

    Where other loads have its rows by now, nothing but older words about the same records would come of it.
    """
    wanted = (table, source, digest, datum)
    found = [one for one in log.loads if (one.table, one.source, one.digest, one.datum) == wanted]
    found = [one for one in found if one.status != "undone"]
    if not found:
        return None
    load = found[-1]
    if load.status != "live":
        replacing = [one.number for one in log.loads if one.status != "undone" and load.number in one.replaces]
        return Seen(load, max(replacing, default=log.folded.get(load.number)))
    if taking := [one.number for one in log.live(table) if log.takes_from(one, load)]:
        return Seen(load, max(taking))
    read_against = _READ_AGAINST.get(table, ("areas",))
    return (
        None
        if load.refused or any(_table(log, one) in read_against for one in log.commits[load.number :])
        else Seen(load)
    )


def _table(log: Log, commit: Commit) -> str | None:
    """The table of which a commit brings rows, or takes them back."""
    of = log.commits[commit.undoes - 1] if isinstance(commit, Undo) else commit
    return of.table if isinstance(of, Load) else None


def plan(loaded: Loaded, sha256: str, earlier: EarlierLoads, areas: pd.DataFrame | None, confirmed: str = "") -> Plan:
    """What ``loaded`` does, whose rows as they would be written have the digest ``sha256``.

    ``areas``: those that are there, None of none. ``confirmed``: what was said where loads are ``doubled``, or areas
    leave the list: ``load``, that the new load takes their place, or ``add``, that both count.
    """
    log = earlier.log
    live = log.live(loaded.table)
    for load in live:
        # The same rows, of whatever file: an export that is loaded again, or the same file twice. With other areas, or
        # read in another way, the same file may give other rows. Where a later load has taken rows of it over, to load
        # it again means that they shall count again; and with another datum, or its words meaning something else, the
        # account of the same rows is another.
        read_alike = (load.datum, load.values) == (loaded.reading.datum, loaded.reading.values)
        account = load.digest != loaded.digest or read_alike
        if sha256 in log.shas(load) and account and not any(log.takes_from(later, load) for later in live):
            return Plan(already=load)
    if loaded.table == "agreements":
        # What is agreed now takes the place of what was agreed before.
        return Plan(replaced=_numbers(list(live)), replaces=_with_replaced(list(live)))
    if loaded.table == "reports":
        # A corrected file of the same name and days takes the place of the wrong one; that of another day adds to it.
        spoken = days_of_reports(loaded.frame)
        again = [
            load
            for load in live
            if load.digest == loaded.digest
            or (load.source == loaded.report.source and spoken & days_of_reports(earlier.rows(load)))
        ]
        return Plan(replaced=_numbers(again), replaces=_with_replaced(again))
    if loaded.table in KEY:
        return _keyed(loaded, live, earlier, areas, confirmed)
    return _people(loaded, live, earlier, confirmed) if loaded.table == "residents" else Plan()


def _keyed(
    loaded: Loaded, live: tuple[Load, ...], earlier: EarlierLoads, areas: pd.DataFrame | None, confirmed: str
) -> Plan:
    """The newest row of an id counts. Loads that may come back are asked too: their rows would come back with them."""
    column = KEY[loaded.table]
    standing = earlier.log.standing(loaded.table)
    common = earlier.in_common(standing, [column])
    found = common["load"].value_counts()
    replaced = [
        load
        for load in standing
        if load.status == "live"
        and (
            load.digest == loaded.digest
            or (load.source == loaded.report.source and 2 * found.get(load.number, 0) >= load.rows)
        )
    ]
    doubled = () if replaced else _same_name(loaded, live, earlier, found)
    if confirmed == "load":
        replaced += [load for load in live if load.number in doubled]
    replaces = _with_replaced(replaced)
    both = common[~common["load"].isin(replaces)]
    moved = both.loc[both["load"].isin([load.number for load in live]), column].nunique()
    takes_over = {load.number: int(found[load.number]) for load in standing if load.number in both["load"].unique()}
    changed = ListChange()
    if loaded.table == "areas" and areas is not None:
        of_whole = [(_indexed(earlier.rows(load)), load in replaced) for load in live]
        listed = loaded.frame
        if any(note.key == FIGURES_ALONE for note in loaded.report.notes):
            # What it says of levels is what was known before: it lists no areas.
            listed = listed.assign(level=pd.Series(None, index=listed.index, dtype="str"))
        changed = list_change(areas, listed, of_whole)
        if confirmed == "add":
            changed = replace(changed, left=())
    taken = pd.Index(both[column].unique(), dtype="str")
    return Plan(None, _numbers(replaced), replaces, takes_over, taken, moved, doubled, areas=changed)


def _same_name(loaded: Loaded, live: tuple[Load, ...], earlier: EarlierLoads, found: pd.Series) -> tuple[int, ...]:
    """Live loads of a file of this name with records of the same days and feeds and not one id in common: ids that are
    written in another way, or numbers of rows. Both would count."""
    if loaded.table == "areas":
        return _same_name_of_list(loaded, live, earlier)
    if loaded.table == "places":
        return _same_register(loaded, live, earlier)
    if loaded.table not in DATE_COLUMN:
        return ()
    same = [load for load in live if load.source == loaded.report.source and load.number not in found.index]
    day = DATE_COLUMN[loaded.table]
    kind = "channel" if "channel" in loaded.frame else "kind"
    doubled = []
    for load in same:
        older, new = (frame[[day, kind]].fillna({kind: ""}) for frame in (earlier.counting(load), loaded.frame))
        beside, own = (
            frame[day].between(other[day].min(), other[day].max()) & frame[kind].isin(other[kind])
            for frame, other in ((older, new), (new, older))
        )
        if beside.sum() >= SAME_DAYS and own.sum() >= SAME_DAYS and 2 * own.sum() >= len(new):
            doubled.append(load.number)
    return tuple(doubled)


def _same_name_of_list(loaded: Loaded, live: tuple[Load, ...], earlier: EarlierLoads) -> tuple[int, ...]:
    """Live lists of areas of this name with areas of the same levels, of which less than half are in the new one: codes
    that are written in another way, or the list of another place."""
    new = loaded.frame
    same = [load for load in live if load.source == loaded.report.source and load.rows >= FEWEST_AREAS <= len(new)]
    return tuple(
        load.number for load in same if earlier.rows(load, ["level"])["level"].isin(new["level"].dropna()).any()
    )


def _same_register(loaded: Loaded, live: tuple[Load, ...], earlier: EarlierLoads) -> tuple[int, ...]:
    """Live loads that are a register of the kinds of places in the areas of which the new one holds at least half as
    many, and leaves out more than a tenth: a newer one under another name, or with other numbers. Both would count.
    What is added to a register from time to time is less than that."""
    older, new = earlier.counting_together(live), loaded.frame
    if older is None:
        return ()
    pairs = ["area_id", "kind"]
    beside = pd.MultiIndex.from_frame(older[pairs]).isin(pd.MultiIndex.from_frame(new[pairs]))
    own = pd.MultiIndex.from_frame(new[pairs]).isin(pd.MultiIndex.from_frame(older[pairs]))
    older_ids, new_ids = earlier.ids.comparable(older["place_id"], new["place_id"])
    left = beside & ~older_ids.isin(new_ids).to_numpy()
    if min(own.sum(), left.sum()) < FEWEST_PLACES or 2 * own.sum() < max(len(new), beside.sum()):
        return ()
    if left.sum() <= MOST_LEFT_OUT * beside.sum():
        return ()
    mostly = pd.Series(beside).groupby(older["load"].to_numpy()).mean()
    concerned = set(older["load"][left])
    return tuple(load.number for load in live if load.number in concerned and 2 * mostly[load.number] >= 1)


def _people(loaded: Loaded, live: tuple[Load, ...], earlier: EarlierLoads, confirmed: str) -> Plan:
    """People have no id: loads add up, unless a file of the same name holds the same days. The same groups of the same
    areas and day, or of no day, are not added up unasked."""
    days = _days(loaded.frame)
    same = [load for load in live if load.source == loaded.report.source]
    replaced = [load for load in live if load.digest == loaded.digest]
    replaced += [load for load in same if load not in replaced and _days(earlier.rows(load, ["as_of"])) == days]
    others = [load for load in live if load not in replaced]
    # People of no day stand before those of any day, and would count for nothing beside them.
    undated = loaded.frame["as_of"].isna().all()
    keys = [key for key in PEOPLE_KEY if key != "as_of" or not undated]
    both = pd.concat([earlier.in_common(others, keys), _overlapping(loaded.frame, others, earlier, keys)])
    doubled = tuple(int(number) for number in sorted(both["load"].unique()))
    if confirmed == "load":
        replaced += [load for load in others if load.number in doubled]
    return Plan(
        replaced=_numbers(replaced),
        replaces=_with_replaced(replaced),
        doubled=doubled,
        doubled_areas=both["area_id"].nunique(),
    )


def _overlapping(new: pd.DataFrame, others: list[Load], earlier: EarlierLoads, keys: Sequence[str]) -> pd.DataFrame:
    """The groups of the ``others`` whose ages overlap those of a group of ``new`` that is the same in all other
    ``keys``: tables of the same people that are cut in another way."""
    same = [key for key in keys if key != "age_band"]
    found = [pd.DataFrame({"load": pd.Series(dtype="int64"), "area_id": pd.Series(dtype="str")})]
    groups = new[new["age_band"].notna()][keys].drop_duplicates()
    concerned = set(earlier.in_common(others, same)["load"])
    for load in others if len(groups) else ():
        if load.number not in concerned:
            continue
        older = earlier.rows(load, [*keys]).drop_duplicates()
        older = older[older["age_band"].notna() & older["area_id"].isin(groups["area_id"])]
        both = older.merge(groups, on=same, suffixes=("", "_new"))
        bands = zip(both["age_band"], both["age_band_new"], strict=True)
        other = [one != two and overlap(one, two) for one, two in bands]
        found.append(both.loc[other, ["area_id"]].assign(load=load.number))
    return pd.concat(found, ignore_index=True)


def _days(people: pd.DataFrame) -> set[str]:
    return set(people["as_of"].astype("str").fillna(""))


def days_of_reports(reports: pd.DataFrame) -> set[tuple[str, pd.Timestamp]]:
    """The days of which zero reports speak, each with its table."""
    spans = reports[["table", "from_day", "to_day"]].drop_duplicates()
    return {
        (table, day)
        for table, first, last in spans.itertuples(index=False, name=None)
        for day in pd.date_range(first, last)
    }


def _indexed(areas: pd.DataFrame) -> pd.DataFrame:
    return areas.set_index("area_id")


def _numbers(loads: list[Load]) -> tuple[int, ...]:
    return tuple(load.number for load in loads)


def _with_replaced(loads: list[Load]) -> tuple[int, ...]:
    return tuple(sorted({number for load in loads for number in (load.number, *load.replaces)}))
