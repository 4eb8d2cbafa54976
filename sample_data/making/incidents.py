"""What happens in the street: incidents with seasons, hours and two outbreaks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from making.people import Grids
from making.plan import DEGREE_DIGITS, METRES_PER_DEGREE_LAT

DAYS_PER_MONTH = 30.4
NEW_GRID_REPORTS_FOR_DAYS = 20  # a newly set up grid has reported only so long
SHARE_WITH_COORDINATES = 0.25
POINTS_OUTSIDE = 3
METRES_OUTSIDE = 6.0
FEWEST_DAYS_OPEN_FOR_GOOD = 5  # nothing younger counts as forgotten
DEGREES_PER_METRE = 1 / METRES_PER_DEGREE_LAT

_HOURS_DUE = {"urgent": 24, "serious": 72, "general": 168}
_SEVERITIES = ("general", "serious", "urgent")
_CHANNELS = ("12345", "grid", "patrol", "clinic", "platform")


@dataclass(frozen=True)
class _Category:
    """One category of incidents.

    ``monthly`` is the usual number a grid and month. ``season`` has one factor a month from January on; ``peaks`` are
    (hour, spread in hours, weight) of the day; ``severity`` and ``channel`` are chances in the order of the constants.
    ``drawn_by`` is the character of a grid that the number follows, against the mean of all grids.
    """

    monthly: float
    peaks: tuple[tuple[float, float, float], ...]
    severity: tuple[float, float, float]
    channel: tuple[float, float, float, float, float]
    season: tuple[float, ...] = (1.0,) * 12
    weekend: float = 1.0
    drawn_by: str | None = None
    hours_due: int | None = None  # set when the severity does not decide
    slow: float = 0.45  # usual time to closing as a share of the time allowed


_WINTER = (1.8, 1.5, 1.0, 0.8, 0.7, 0.6, 0.6, 0.6, 0.7, 0.9, 1.3, 1.7)
_FEVER_SEASON = (2.0, 1.6, 1.1, 0.8, 0.7, 0.6, 0.6, 0.6, 0.7, 0.9, 1.2, 1.8)
_SUMMER = (0.6, 0.6, 0.8, 1.0, 1.2, 1.5, 1.7, 1.7, 1.2, 0.9, 0.7, 0.6)
_WARM = (0.6, 0.7, 0.9, 1.1, 1.2, 1.3, 1.3, 1.3, 1.2, 1.1, 0.8, 0.6)
_DAYTIME = ((10, 2.5, 0.6), (16, 2.5, 0.4))
_RUSH = ((8, 1.2, 0.4), (18.5, 1.8, 0.6))

CATEGORIES = {
    "confirmed_case": _Category(
        monthly=0.05,
        peaks=((10, 2, 0.6), (15, 2, 0.4)),
        severity=(0, 0.7, 0.3),
        channel=(0, 0, 0, 0.9, 0.1),
        season=_FEVER_SEASON,
        hours_due=336,
        slow=0.8,
    ),
    "close_contact": _Category(
        monthly=0.12,
        peaks=_DAYTIME,
        severity=(0.6, 0.4, 0),
        channel=(0, 0.35, 0, 0.35, 0.3),
        season=_FEVER_SEASON,
        hours_due=168,
        slow=0.85,
    ),
    "fever": _Category(
        monthly=0.55,
        peaks=_DAYTIME,
        severity=(0.8, 0.17, 0.03),
        channel=(0.02, 0.13, 0, 0.75, 0.1),
        season=_FEVER_SEASON,
        hours_due=72,
    ),
    "gathering": _Category(
        monthly=0.6,
        peaks=((15, 2, 0.3), (20, 2, 0.7)),
        severity=(0.8, 0.18, 0.02),
        channel=(0.3, 0.2, 0.4, 0, 0.1),
        weekend=1.7,
    ),
    "noise": _Category(
        monthly=2.0,
        peaks=((22, 1.8, 0.75), (7, 1, 0.25)),
        severity=(0.93, 0.06, 0.01),
        channel=(0.6, 0.15, 0.1, 0, 0.15),
        season=_SUMMER,
        weekend=1.3,
    ),
    "fire_hazard": _Category(
        monthly=1.2,
        peaks=_DAYTIME,
        severity=(0.55, 0.35, 0.1),
        channel=(0.2, 0.3, 0.35, 0, 0.15),
        season=_WINTER,
    ),
    "illegal_parking": _Category(
        monthly=2.1,
        peaks=_RUSH,
        severity=(0.95, 0.05, 0),
        channel=(0.5, 0.1, 0.25, 0, 0.15),
        weekend=0.8,
    ),
    "street_vending": _Category(
        monthly=1.2,
        peaks=((18, 2, 0.8), (7, 1, 0.2)),
        severity=(0.95, 0.05, 0),
        channel=(0.3, 0.2, 0.4, 0, 0.1),
        season=_WARM,
        weekend=1.2,
        drawn_by="shops",
    ),
    "rental_dispute": _Category(
        monthly=0.8,
        peaks=((19, 2.5, 0.7), (11, 2, 0.3)),
        severity=(0.75, 0.22, 0.03),
        channel=(0.5, 0.35, 0.05, 0, 0.1),
        drawn_by="rent",
    ),
    "elder_help": _Category(
        monthly=1.2,
        peaks=_DAYTIME,
        severity=(0.75, 0.2, 0.05),
        channel=(0.25, 0.6, 0.05, 0, 0.1),
        season=_WINTER,
        drawn_by="alone",
    ),
    "fall": _Category(
        monthly=0.45,
        peaks=((7, 1.5, 0.4), (18, 3, 0.6)),
        severity=(0.2, 0.55, 0.25),
        channel=(0.15, 0.4, 0.05, 0.4, 0),
        season=_WINTER,
        drawn_by="alone",
    ),
    "sanitation": _Category(
        monthly=1.9,
        peaks=((9, 2.5, 0.6), (17, 3, 0.4)),
        severity=(0.95, 0.05, 0),
        channel=(0.4, 0.3, 0.2, 0, 0.1),
        season=_WARM,
    ),
}


@dataclass(frozen=True)
class Outbreak:
    """A cluster of cases: its grids, the grids around it, and the days (from the first day of data) of its cases."""

    core: np.ndarray
    around: np.ndarray
    first_case: int
    last_case: int
    cases: int
    fevers: int
    contacts: int


def outbreaks(grids: Grids, days: int, rng: np.random.Generator) -> list[Outbreak]:
    """One larger outbreak in the last weeks and a smaller one ten months before, for each 150 grids or so."""
    touching = _touching(grids)
    usable = np.flatnonzero(~grids.frame["uncounted"].to_numpy())
    found = []
    for _ in range(max(1, round(len(usable) / 150))):
        found.append(_outbreak(grids, touching, 3, days - 24, days - 3, (17, 34, 36), rng))
        if days > 310:
            found.append(_outbreak(grids, touching, 2, days - 298, days - 284, (6, 12, 14), rng))
    return found


def _touching(grids: Grids) -> dict[int, set[int]]:
    """For each grid the grids that share a side with it, those without a head count left out."""
    tree = shapely.STRtree(grids.polygons)
    a, b = tree.query(grids.polygons, predicate="touches")
    sides = shapely.length(shapely.intersection(grids.polygons[a], grids.polygons[b]))
    uncounted = grids.frame["uncounted"].to_numpy()
    real = (sides > 60 * DEGREES_PER_METRE) & ~uncounted[a] & ~uncounted[b]
    neighbours: dict[int, set[int]] = {i: set() for i in range(len(grids.polygons))}
    for i, j in zip(a[real].tolist(), b[real].tolist(), strict=True):
        neighbours[i].add(j)
    return neighbours


def _outbreak(
    grids: Grids,
    touching: dict[int, set[int]],
    size: int,
    first_case: int,
    last_case: int,
    counts: tuple[int, int, int],
    rng: np.random.Generator,
) -> Outbreak:
    community = grids.frame["parent_id"].to_numpy()
    pairs = [(i, j) for i in touching for j in sorted(touching[i]) if i < j]
    # In the smallest streets the river parts the communities, and no pair lies across their border.
    pairs = [(i, j) for i, j in pairs if community[i] != community[j]] or pairs
    core = set(pairs[int(rng.integers(len(pairs)))])
    beside = sorted(set.union(*(touching[i] for i in core)) - core)
    core |= set(rng.choice(beside, min(size - 2, len(beside)), replace=False).tolist())
    around = sorted(set.union(*(touching[i] for i in core)) - core)
    return Outbreak(np.array(sorted(core)), np.array(around), first_case, last_case, *counts)


def incidents(
    grids: Grids, first_day: np.datetime64, days: int, waves: list[Outbreak], rng: np.random.Generator
) -> pd.DataFrame:
    """All incidents in order of time, with due and closing times; open is what was not closed by the last day."""
    dates = first_day + np.arange(days)
    parts = [_usual(name, category, grids, dates, rng) for name, category in CATEGORIES.items()]
    parts += [_of_outbreak(wave, days, rng) for wave in waves]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[(rows["day"] >= 0) & (rows["day"] < days)].copy()
    new = grids.frame["new"].to_numpy()[rows["grid"]]
    rows = rows[~new | (rows["day"] >= days - NEW_GRID_REPORTS_FOR_DAYS)].reset_index(drop=True)
    rows["occurred"] = dates[rows["day"]].astype("datetime64[m]") + _minutes(rows["category"], rng)
    rows = rows.sort_values(["occurred", "grid", "category"], kind="stable", ignore_index=True)
    rows = _handled(rows, grids, (first_day + days).astype("datetime64[m]"), rng)
    return _located(rows, grids, rng)


def _usual(name: str, category: _Category, grids: Grids, dates: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Incidents by chance: grid × season × week, and a little more or less from week to week."""
    months = dates.astype("datetime64[M]").astype(int) % 12
    weekend = (dates.astype(int) + 3) % 7 >= 5  # day 0 was a Thursday
    weeks = np.arange(len(dates)) // 7
    by_day = np.array(category.season)[months] * np.where(weekend, category.weekend, 1.0)
    by_day = by_day * rng.gamma(60.0, 1 / 60.0, weeks.max() + 1)[weeks]
    by_grid = _pull(grids.frame, category.drawn_by)
    if name in ("confirmed_case", "close_contact", "fever"):
        by_grid = np.sqrt(by_grid)  # illness follows the liveliness of a quarter less than complaints do
    counts = rng.poisson(category.monthly / DAYS_PER_MONTH * np.outer(by_grid, by_day))
    at_grid, on_day = np.nonzero(counts)
    times = counts[at_grid, on_day]
    return pd.DataFrame({"grid": np.repeat(at_grid, times), "day": np.repeat(on_day, times), "category": name})


def _pull(frame: pd.DataFrame, drawn_by: str | None) -> np.ndarray:
    busy = frame["busy"].to_numpy()
    if drawn_by is None:
        return busy
    traits = {"shops": frame["shops"], "rent": frame["rent"], "alone": frame["elders"] * frame["elders_alone"]}
    trait = traits[drawn_by].to_numpy(float)
    return busy**0.5 * (0.35 + 0.65 * trait / trait.mean())


def _of_outbreak(wave: Outbreak, days: int, rng: np.random.Generator) -> pd.DataFrame:
    """Fever first, then contacts, then cases; most in the core, some around it."""
    span = wave.last_case - wave.first_case
    kinds = {
        "fever": (wave.fevers, wave.first_case - 9, span + 9, 0.3),
        "close_contact": (wave.contacts, wave.first_case - 4, span + 5, 0.4),
        "confirmed_case": (wave.cases, wave.first_case, span, 0.18),
    }
    parts = []
    for category, (count, start, length, share_around) in kinds.items():
        core_share = np.array([0.46, 0.34, 0.2])[: len(wave.core)]
        core = rng.choice(wave.core, count, p=core_share / core_share.sum())
        around = rng.choice(wave.around, count) if len(wave.around) else core
        day = start + np.floor(length * rng.beta(2.2, 1.7, count)).astype(int)
        where = np.where(rng.random(count) < share_around, around, core)
        parts.append(pd.DataFrame({"grid": where, "day": np.minimum(day, days - 1), "category": category}))
    return pd.concat(parts, ignore_index=True)


def _minutes(categories: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Minutes after midnight, by the hours at which each category is reported."""
    minutes = np.zeros(len(categories), dtype=int)
    for name, category in CATEGORIES.items():
        at = np.flatnonzero(categories.to_numpy() == name)
        hours, spreads, weights = (np.array(column, dtype=float) for column in zip(*category.peaks, strict=True))
        peak = rng.choice(len(hours), len(at), p=weights)
        drawn = rng.normal(hours[peak], spreads[peak])
        minutes[at] = np.floor(drawn * 60).astype(int) % 1440
    return minutes.astype("timedelta64[m]")


def _handled(rows: pd.DataFrame, grids: Grids, end: np.datetime64, rng: np.random.Generator) -> pd.DataFrame:
    """Severity, channel, due and closing times. Some grids are slower than others, and a few are forgotten."""
    count = len(rows)
    severity, channel = np.empty(count, dtype=object), np.empty(count, dtype=object)
    hours_due, pace = np.zeros(count), np.zeros(count)
    for name, category in CATEGORIES.items():
        at = np.flatnonzero(rows["category"].to_numpy() == name)
        severity[at] = rng.choice(np.array(_SEVERITIES, dtype=object), len(at), p=category.severity)
        channel[at] = rng.choice(np.array(_CHANNELS, dtype=object), len(at), p=category.channel)
        hours_due[at] = category.hours_due or pd.Series(severity[at]).map(_HOURS_DUE).to_numpy()
        spread = 0.15 if category.slow > 0.7 else 0.72  # days of isolation and treatment vary little
        pace[at] = category.slow * rng.lognormal(0, spread, len(at))
    pace = pace * np.exp(grids.frame["slow"].to_numpy()[rows["grid"]])
    occurred = rows["occurred"].to_numpy().astype("datetime64[m]")
    closed = occurred + np.maximum(20, np.round(hours_due * pace * 60)).astype("timedelta64[m]")
    age = (end - occurred) / np.timedelta64(1, "D")
    forgotten = (rng.random(count) < 0.03 * np.exp(-age / 75)) & (age > FEWEST_DAYS_OPEN_FOR_GOOD)
    still_open = forgotten | (closed >= end)
    due = occurred + (hours_due * 60).astype("timedelta64[m]")
    asked = (channel == "12345") & ~still_open & (rng.random(count) < 0.8)
    pleased = rng.random(count) < np.where(closed <= due, 0.88, 0.5)
    return rows.assign(
        severity=severity,
        channel=channel,
        status=np.where(still_open, "open", "closed"),
        due=due,
        closed=np.where(still_open, np.datetime64("NaT"), closed),
        satisfied=pd.array(np.where(asked, pleased.astype(float), np.nan), dtype="Int64"),
    )


def _located(rows: pd.DataFrame, grids: Grids, rng: np.random.Generator) -> pd.DataFrame:
    """A quarter of the rows carry coordinates instead of the code of a grid; a few of these fall just outside."""
    with_point = np.sort(rng.choice(len(rows), round(SHARE_WITH_COORDINATES * len(rows)), replace=False))
    points = _points_in(grids.polygons, rows["grid"].to_numpy()[with_point], rng)
    points[rng.choice(len(points), POINTS_OUTSIDE, replace=False)] = _points_outside(grids, rng)
    lon, lat = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    lon[with_point], lat[with_point] = np.round(points, DEGREE_DIGITS).T
    area_id = grids.frame.index.to_numpy()[rows["grid"]].astype(object)
    area_id[with_point] = None
    digits = max(5, len(str(len(rows))))
    return pd.DataFrame(
        {
            "incident_id": [f"SJ{n:0{digits}d}" for n in range(1, len(rows) + 1)],
            "area_id": area_id,
            "lon": lon,
            "lat": lat,
            "occurred_at": written(rows["occurred"]),
            "category": rows["category"],
            "channel": rows["channel"],
            "severity": rows["severity"],
            "status": rows["status"],
            "due_at": written(rows["due"]),
            "closed_at": written(rows["closed"]),
            "satisfied": rows["satisfied"],
        }
    )


def written(times: pd.Series) -> np.ndarray:
    text = np.datetime_as_string(times.to_numpy().astype("datetime64[m]"), unit="m")
    return np.where(text == "NaT", "", np.strings.replace(text, "T", " "))


def _points_in(polygons: np.ndarray, which: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random point well inside the polygon of each row: drawn from its box until it falls inside."""
    inner = shapely.buffer(polygons, -3 * DEGREES_PER_METRE)
    shapely.prepare(inner)
    boxes = shapely.bounds(inner)
    points = np.empty((len(which), 2))
    left = np.arange(len(which))
    while len(left):
        box = boxes[which[left]]
        drawn = rng.uniform(box[:, :2], box[:, 2:])
        points[left] = drawn
        left = left[~shapely.contains_xy(inner[which[left]], drawn[:, 0], drawn[:, 1])]
    return points


def _points_outside(grids: Grids, rng: np.random.Generator) -> np.ndarray:
    """Points a few metres beyond the outline."""
    land = shapely.coverage_union_all(grids.polygons)
    bank_to_bank = land.buffer(80 * DEGREES_PER_METRE).buffer(-80 * DEGREES_PER_METRE)  # the river between closed up
    beyond = bank_to_bank.buffer(METRES_OUTSIDE * DEGREES_PER_METRE).exterior
    spots = shapely.line_interpolate_point(beyond, rng.random(POINTS_OUTSIDE), normalized=True)
    return shapely.get_coordinates(spots)
