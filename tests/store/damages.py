"""Offices whose records are made up, as files an office would send, and what can go wrong with such a file.

An office is drawn: its areas, feeds, kinds, headers and words, and a scheme with a count, a rate, balances, a share and
findings of checks. What is true is kept in codes; a file is what :meth:`Office.file` writes of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.scheme import Scheme
from tests.scoring.small_world import indicator, scheme
from tests.store.exports import words as invented

HEADERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "areas": {
        "area_id": ("area_id", "区域编码", "网格编码"),
        "name": ("name", "名称"),
        "level": ("level", "层级"),
        "parent_id": ("parent_id", "上级编码"),
        "population": ("population", "常住人口", "人口"),
    },
    "incidents": {
        "incident_id": ("incident_id", "工单编号", "事件编号", "case_no"),
        "area_id": ("area_id", "网格编码", "区域编码"),
        "occurred_at": ("occurred_at", "发生时间", "事发日期", "event_date"),
        "category": ("category", "类别", "事件类型", "complaint_type"),
        "channel": ("channel", "渠道", "来源渠道", "reported_via"),
        "status": ("status", "状态", "办理状态", "case_status"),
        "due_at": ("due_at", "到期时间", "截止日期", "deadline"),
        "closed_at": ("closed_at", "办结时间", "结案日期", "resolved_at"),
        "satisfied": ("satisfied", "是否满意"),
    },
    "checks": {
        "check_id": ("check_id", "走访编号", "visit_id"),
        "area_id": ("area_id", "网格编码", "区域编码"),
        "checked_at": ("checked_at", "走访时间", "检查日期", "visit_date"),
        "kind": ("kind", "走访类型", "check_type"),
        "outcome": ("outcome", "走访结果", "visit_result"),
    },
}
KEY = {"areas": "area_id", "incidents": "incident_id", "checks": "check_id"}
DAY = {"incidents": "occurred_at", "checks": "checked_at"}
DAYS = ("occurred_at", "due_at", "closed_at", "checked_at")
CODED = ("category", "channel", "status", "kind", "outcome")

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "category": {
        "noise": ("noise", "噪声"), "fever": ("fever", "发热"), "fire_hazard": ("fire_hazard", "消防隐患"),
        "dispute": ("dispute", "矛盾纠纷"), "sanitation": ("sanitation", "环境卫生"),
    },
    "channel": {
        "12345": ("12345",), "grid": ("grid", "网格上报"), "clinic": ("clinic", "门诊"), "patrol": ("patrol", "巡查"),
    },
    "status": {"open": ("open", "办理中"), "closed": ("closed", "已办结")},
    "kind": {"visit": ("visit", "走访"), "patrol": ("patrol", "巡查"), "inspection": ("inspection", "检查")},
    "outcome": {"done": ("done", "已完成"), "finding": ("finding",), "nobody_home": ("nobody_home", "无人在家")},
}  # fmt: skip
"""What codes are called: each office has drawn one word for each."""

STEADY = {"confirm_up_days": 3, "confirm_down_days": 5, "minimum_stay_days": 7, "one_step_down": True}


@dataclass(frozen=True, eq=False)
class Office:
    """``tables``: what is true, in codes. ``headers`` and ``words``: how this office writes it."""

    tables: Mapping[str, pd.DataFrame]
    headers: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]
    scheme: Scheme
    first: pd.Timestamp
    last: pd.Timestamp

    def file(self, table: str, frame: pd.DataFrame) -> bytes:
        """The rows as this office writes them."""
        cells = frame.copy()
        for column in cells:
            if column in DAYS:
                cells[column] = pd.to_datetime(cells[column]).dt.strftime("%Y-%m-%d")
            elif column in CODED:
                cells[column] = cells[column].map(lambda code, of=column: self.words[of].get(code, code))
        held = io.StringIO()
        cells.rename(columns=self.headers[table]).to_csv(held, index=False)
        return held.getvalue().encode("utf-8-sig")

    def read(self, table: str, content: bytes) -> pd.DataFrame:
        """What such a file says, in codes; a word or a header that is not the office's stays as it is."""
        frame = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig", encoding_errors="ignore")
        frame = frame.rename(columns={header: column for column, header in self.headers[table].items()})
        for column in HEADERS[table]:
            if column not in frame:
                frame[column] = None
            if column in DAYS:
                frame[column] = pd.to_datetime(frame[column], errors="coerce", format="%Y-%m-%d").astype(
                    "datetime64[us]"
                )
            elif column in CODED:
                meant = {word: code for code, word in self.words[column].items()}
                frame[column] = frame[column].map(lambda word, of=meant: of.get(word, word), na_action="ignore")
        return frame


def made_office(random: np.random.Generator) -> Office:
    """Two to four communities of four to eight grids, 60 to 120 days, one to twelve records a grid and week."""
    days = int(random.integers(60, 121))
    first = pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(random.integers(0, 200)))
    dates = pd.date_range(first, periods=days)
    areas = _areas(random)
    grids = areas.loc[areas["level"] == "grid", "area_id"].to_numpy()
    headers = {table: {column: str(random.choice(of)) for column, of in columns.items()}
               for table, columns in HEADERS.items()}  # fmt: skip
    words = {column: {code: str(random.choice(of)) for code, of in codes.items()} for column, codes in WORDS.items()}
    mean = random.gamma(2.0, random.uniform(0.1, 0.6), len(grids)) + 0.08
    incidents, checks = _incidents(random, dates, grids, mean), _checks(random, dates, grids, mean)
    tables = {"areas": areas, "incidents": incidents, "checks": checks}
    return Office(tables, headers, words, _scheme(random, incidents, checks, len(grids), days), first, dates[-1])


def _areas(random: np.random.Generator) -> pd.DataFrame:
    rows = []
    for above in range(int(random.integers(2, 5))):
        rows.append((f"C{above}", f"{above}社区", "community", "", ""))
        rows += [
            (f"G{above}{one:02}", f"{above}社区{one + 1}网格", "grid", f"C{above}", int(random.integers(300, 4000)))
            for one in range(int(random.integers(4, 9)))
        ]
    return pd.DataFrame(rows, columns=list(HEADERS["areas"]))


def _drawn(
    random: np.random.Generator, dates: pd.DatetimeIndex, grids: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, pd.DatetimeIndex, int]:
    """Areas and days of events whose counts vary twice as much as their mean."""
    drawn = random.negative_binomial(np.maximum(mean, 1e-3), 0.5, (len(dates), len(grids)))
    day, area = (np.repeat(index.ravel(), drawn.ravel()) for index in np.indices(drawn.shape))
    return grids[area], dates[day], len(day)


def _incidents(
    random: np.random.Generator, dates: pd.DatetimeIndex, grids: np.ndarray, mean: np.ndarray
) -> pd.DataFrame:
    area, occurred, n = _drawn(random, dates, grids, mean)
    kinds = random.permutation(list(WORDS["category"]))[: int(random.integers(3, 6))]
    channels = random.permutation(list(WORDS["channel"]))[: int(random.integers(2, 5))]
    named = [*channels[:-1], invented(random, 1)[0]] if random.random() < 0.5 else channels
    closed = pd.Series(occurred + pd.to_timedelta(random.integers(1, 25, n), "D")).where(random.random(n) < 0.85)
    closed = closed.where(closed <= dates[-1])
    return pd.DataFrame(
        {
            "incident_id": [f"{dates[0]:%Y}{at:05}" for at in range(n)],
            "area_id": area,
            "occurred_at": occurred.astype("datetime64[us]"),
            "category": random.choice(kinds, n, p=random.dirichlet(np.full(len(kinds), 3.0))),
            "channel": random.choice(named, n, p=random.dirichlet(np.full(len(named), 3.0))),
            "status": np.where(closed.notna(), "closed", "open"),
            "due_at": (occurred + pd.Timedelta(days=7)).astype("datetime64[us]"),
            "closed_at": closed.astype("datetime64[us]").to_numpy(),
            "satisfied": np.where(closed.isna(), None, np.where(random.random(n) < 0.7, "是", "否")),
        }
    )


def _checks(random: np.random.Generator, dates: pd.DatetimeIndex, grids: np.ndarray, mean: np.ndarray) -> pd.DataFrame:
    area, checked, n = _drawn(random, dates, grids, mean / 2 + 0.1)
    kinds = random.permutation(list(WORDS["kind"]))[: int(random.integers(1, 4))]
    return pd.DataFrame(
        {
            "check_id": [f"V{at:05}" for at in range(n)],
            "area_id": area,
            "checked_at": checked.astype("datetime64[us]"),
            "kind": random.choice(kinds, n),
            "outcome": random.choice(list(WORDS["outcome"]), n, p=[0.5, 0.35, 0.15]),
        }
    )


def _scheme(
    random: np.random.Generator, incidents: pd.DataFrame, checks: pd.DataFrame, grids: int, days: int
) -> Scheme:
    """Points grow with the value to about twice what is usual, so that every tier comes up."""
    kind = str(random.choice(incidents["category"].unique()))
    one = (incidents["category"] == kind).sum() / grids / days
    all_of, found = len(incidents) / grids / days, (checks["outcome"] == "finding").sum() / grids / days

    def to(high: float) -> dict[str, object]:
        return {"method": "linear", "linear": {"low": 0, "high": round(max(float(high), 0.5), 2)}}

    window = int(random.choice([7, 10, 14]))
    anything = {"where": None}
    cases = [
        indicator("cases", where={"category": [kind]}, window_days=window, points=to(2 * one * window)),
        indicator(
            "rate", **anything, window_days=14, measure="rate", per={"base": "population", "scale": 1000},
            points=to(2 * all_of * 14 / 1.5),
        ),
    ]  # fmt: skip
    work = [
        indicator("waiting", **anything, window_days=None, measure="open",
                  points=to((incidents["status"] == "open").sum() / grids * 2)),
        indicator("late", **anything, window_days=None, measure="overdue",
                  points=to(max(1, (incidents["status"] == "open").sum() / grids))),
        indicator("unhappy", where={"satisfied": False}, window_days=28, measure="share",
                  points=to(0.6)),
    ]  # fmt: skip
    visits = [
        indicator("findings", **{"from": "checks"}, where={"outcome": ["finding"]}, window_days=14,
                  points=to(2 * found * 14)),
    ]  # fmt: skip
    rule = {"stability": STEADY} if random.random() < 0.4 else {}
    return scheme(cases, work, visits, **rule)


@dataclass(frozen=True, eq=False)
class Damage:
    """A damaged file of ``table``. ``feed``: what it is said to be, column and word, where it is one feed that broke
    off on the day ``since``. ``renamed``: words that nobody knows."""

    table: str
    content: bytes
    feed: tuple[str, str] | None = None
    since: pd.Timestamp | None = None
    renamed: tuple[str, ...] = field(default=())


Maker = Callable[[np.random.Generator, Office], Damage]


def _any_table(random: np.random.Generator) -> str:
    return str(random.choice(["incidents", "checks"], p=[0.75, 0.25]))


def _of(office: Office, table: str, frame: pd.DataFrame, **said: object) -> Damage:
    return Damage(table, office.file(table, frame), **said)  # type: ignore[arg-type]


def some_rows(random: np.random.Generator, office: Office) -> Damage:
    """Any rows, few or most."""
    table = _any_table(random)
    frame = office.tables[table]
    share = random.choice([0.01, 0.05, 0.1, 0.3, 0.5, 0.8]) * random.uniform(0.5, 1)
    kept = random.random(len(frame)) >= share
    kept[random.integers(len(frame))] = False
    return _of(office, table, frame[kept])


def last_days(random: np.random.Generator, office: Office) -> Damage:
    """The last days of a table."""
    table = _any_table(random)
    frame = office.tables[table]
    since = office.last - pd.Timedelta(days=int(random.integers(0, 30)))
    return _of(office, table, frame[frame[DAY[table]] < since], feed=("", ""), since=since)


def cut_file(random: np.random.Generator, office: Office) -> Damage:
    """A file that ends somewhere, perhaps in the middle of a line; in whatever order it was."""
    table = str(random.choice(["incidents", "checks", "areas"], p=[0.6, 0.2, 0.2]))
    frame = office.tables[table]
    order = [column for column in (KEY[table], "area_id", DAY.get(table, "name"), "category") if column in frame]
    content = office.file(table, frame.sort_values(str(random.choice(order)), kind="stable"))
    return Damage(table, content[: int(len(content) * random.uniform(0.3, 0.98))])


def one_value(column: str, *, table: str = "incidents", from_day: bool = False) -> Maker:
    """Every row of one feed, area or kind, or its rows from a day on."""

    def damage(random: np.random.Generator, office: Office) -> Damage:
        frame = office.tables[table]
        value = str(random.choice(frame[column].unique()))
        gone = frame[column] == value
        since = None
        if from_day:
            since = office.last - pd.Timedelta(days=int(random.integers(1, 45)))
            gone &= frame[DAY[table]] >= since
        return _of(office, table, frame[~gone], feed=(column, value), since=since)

    return damage


def renamed(column: str, *, table: str = "incidents", known: bool = False) -> Maker:
    """One word or code is another, in all rows or from a day on: one that nobody knows, or one that is there."""

    def damage(random: np.random.Generator, office: Office) -> Damage:
        frame = office.tables[table]
        there = frame[column].dropna().unique()
        value = str(random.choice(there))
        others = [one for one in there if one != value]
        to = str(random.choice(others)) if known and others else f"{invented(random, 1)[0]}甪"
        chosen = frame[column] == value
        if random.random() < 0.5 and table in DAY:
            chosen &= frame[DAY[table]] >= office.last - pd.Timedelta(days=int(random.integers(1, 40)))
        changed = frame.assign(**{column: frame[column].mask(chosen, to)})
        return _of(office, table, changed, renamed=() if known and others else (to,))

    return damage


def emptied(column: str, *, table: str = "incidents") -> Maker:
    """Some or all cells of a column are empty, or the column is gone."""

    def damage(random: np.random.Generator, office: Office) -> Damage:
        frame = office.tables[table]
        share = random.choice([0.1, 0.4, 1.0])
        if share == 1 and random.random() < 0.5:
            return _of(office, table, frame.drop(columns=column))
        return _of(office, table, frame.assign(**{column: frame[column].mask(random.random(len(frame)) < share)}))

    return damage


def shifted(column: str, *, table: str = "incidents") -> Maker:
    """Days are others, of all rows or of one area or feed."""

    def damage(random: np.random.Generator, office: Office) -> Damage:
        frame = office.tables[table]
        by = pd.Timedelta(days=int(random.choice([-365, -30, -7, -1, 1, 7, 30])))
        chosen = np.ones(len(frame), dtype=bool)
        if random.random() < 0.4:
            of = str(random.choice(["area_id", "channel" if table == "incidents" else "kind"]))
            chosen = (frame[of] == random.choice(frame[of].unique())).to_numpy()
        return _of(office, table, frame.assign(**{column: frame[column].mask(chosen, frame[column] + by)}))

    return damage


def turned(column: str, value: str, to: str, *, table: str = "incidents") -> Maker:
    """Some cells say the opposite."""

    def damage(random: np.random.Generator, office: Office) -> Damage:
        frame = office.tables[table]
        chosen = (frame[column] == value) & (random.random(len(frame)) < random.uniform(0.1, 1))
        return _of(office, table, frame.assign(**{column: frame[column].mask(chosen, to)}))

    return damage


def other_ids(random: np.random.Generator, office: Office) -> Damage:
    """Numbers are written in another way, in some rows or in all."""
    table = _any_table(random)
    frame = office.tables[table]
    some = random.random(len(frame)) < random.choice([0.05, 0.6, 1.0])
    return _of(office, table, frame.assign(**{KEY[table]: frame[KEY[table]].mask(some, "Q" + frame[KEY[table]])}))


def no_rows(random: np.random.Generator, office: Office) -> Damage:
    """A file with its headers and nothing below."""
    table = _any_table(random)
    return _of(office, table, office.tables[table].iloc[:0])


def fewer_areas(random: np.random.Generator, office: Office) -> Damage:
    """A list of areas that lacks some of its grids."""
    frame = office.tables["areas"]
    gone = (frame["level"] == "grid") & (random.random(len(frame)) < random.choice([0.05, 0.2, 0.6]))
    return _of(office, "areas", frame[~gone])


def other_people(random: np.random.Generator, office: Office) -> Damage:
    """The people of areas: in another unit, in another order, of another area, or not there."""
    frame = office.tables["areas"]
    of_grid = (frame["level"] == "grid").to_numpy()
    own = frame.loc[of_grid, "population"].astype(float)
    how = random.integers(4)
    some = random.random(len(own)) < random.choice([0.1, 0.5, 1.0])
    new = [
        lambda: own.mask(some, own * 10),
        lambda: pd.Series(random.permutation(own), index=own.index),
        lambda: own.mask(some),
        lambda: own * random.uniform(1, 1.2),
    ][how]()
    changed = frame["population"].astype(object).copy()
    changed[of_grid] = [None if pd.isna(one) else int(one) for one in new]
    return _of(office, "areas", frame.assign(population=changed))


DAMAGES: Mapping[str, Maker] = {
    "rows": some_rows,
    "last days": last_days,
    "cut file": cut_file,
    "a feed": one_value("channel"),
    "a feed from a day on": one_value("channel", from_day=True),
    "an area": one_value("area_id"),
    "an area from a day on": one_value("area_id", from_day=True),
    "a category": one_value("category"),
    "a category from a day on": one_value("category", from_day=True),
    "a kind of check": one_value("kind", table="checks"),
    "area renamed": renamed("area_id"),
    "area of another": renamed("area_id", known=True),
    "category renamed": renamed("category"),
    "category of another": renamed("category", known=True),
    "feed renamed": renamed("channel"),
    "status renamed": renamed("status"),
    "status of another": renamed("status", known=True),
    "outcome renamed": renamed("outcome", table="checks"),
    "outcome of another": renamed("outcome", table="checks", known=True),
    "answers turned": turned("satisfied", "否", "是"),
    "dates shifted": shifted("occurred_at"),
    "dates of checks shifted": shifted("checked_at", table="checks"),
    "due days shifted": shifted("due_at"),
    "closing days shifted": shifted("closed_at"),
    "status emptied": emptied("status"),
    "due days emptied": emptied("due_at"),
    "closing days emptied": emptied("closed_at"),
    "answers emptied": emptied("satisfied"),
    "feeds emptied": emptied("channel"),
    "outcomes emptied": emptied("outcome", table="checks"),
    "numbers": other_ids,
    "table": no_rows,
    "areas of the list": fewer_areas,
    "area code of the list": renamed("area_id", table="areas"),
    "people of areas": other_people,
}
"""What can happen to a file that takes the place of another one, or is the first of its table."""
