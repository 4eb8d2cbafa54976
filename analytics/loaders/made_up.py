"""Made-up rows for trying things out: no office's and no person's, the same each time for the same day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analytics.loaders.points import finest
from analytics.words import Language, say

_ROWS = 20
_COMMUNITIES = 3
_SEED = 2020
_BANDS = ("0-17", "18-59", "60-69", "70-79", "80+")
_CATEGORIES = ("noise", "fire_hazard", "illegal_parking", "street_vending", "elder_help", "sanitation")
_CHANNELS = ("12345", "grid", "patrol", "platform")
_PLACE_KINDS = ("building", "shop", "rental", "venue")
_CHECK_KINDS = ("visit", "patrol", "inspection", "sweep", "call")
_OUTCOMES = ("done", "done", "done", "partly", "nobody_home", "refused", "not_applicable")


def made_up_rows(table: str, lang: Language, areas: pd.DataFrame | None, today: date) -> pd.DataFrame:
    """20 made-up records of ``table`` (a name of ``TABLES``): canonical columns, codes, and times before ``today``.

    They lie in the finest of ``areas``, or without these in the areas that this function invents for the table areas,
    so that the made-up rows of all tables fit each other. Only ``due_at`` and ``fix_by`` may lie
    ahead.
    """
    dice = np.random.default_rng(_SEED)
    invented = _areas(lang, dice)
    if table == "areas":
        return invented
    known = finest(invented.set_index("area_id") if areas is None else areas)
    codes = np.resize(known.index.to_numpy(dtype=object), _ROWS)
    rows = {
        "residents": _residents,
        "incidents": _incidents,
        "places": _places,
        "checks": _checks,
        "teams": _teams,
        "holidays": _holidays,
        "given_values": _given_values,
        "agreements": _agreements,
        "reports": _reports,
        "orders": _orders,
    }
    return pd.DataFrame(rows[table](lang, codes, today, dice))


def _areas(lang: Language, dice: np.random.Generator) -> pd.DataFrame:
    def area(code: str, name: str, level: str, parent: str | None) -> dict:
        return {"area_id": code, "name": name, "level": level, "parent_id": parent}

    rows = [area("MU1", say(lang, "templates.invented_street"), "street", None)]
    for community in range(1, _COMMUNITIES + 1):
        name = say(lang, "templates.invented_community", n=community)
        rows.append(area(f"MU1-{community}", name, "community", "MU1"))
    for grid in range(_ROWS - len(rows)):
        community, number = grid % _COMMUNITIES + 1, grid // _COMMUNITIES + 1
        name = say(lang, "templates.invented_grid", community=community, n=number)
        rows.append(area(f"MU1-{community}-{number:02}", name, "grid", f"MU1-{community}"))
    found = pd.DataFrame(rows)
    for measure, low, high in (
        ("population", 400, 1500),
        ("households", 150, 500),
        ("buildings", 8, 40),
        ("shops", 5, 60),
    ):
        of_grids = pd.Series(dice.integers(low, high, len(found)), found.index).where(found["level"] == "grid")
        in_community = of_grids.groupby(found["parent_id"]).sum()
        in_street = pd.Series({"MU1": of_grids.sum()})
        found[measure] = of_grids.fillna(found["area_id"].map(pd.concat([in_community.drop("MU1"), in_street])))
    return found.assign(official_code=None, name_en=None, on_site=None)


def _residents(_lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    bands = np.resize(np.array(_BANDS, dtype=object), _ROWS)
    old = np.isin(bands, ("70-79", "80+"))
    return {
        "area_id": codes,
        "count": dice.integers(12, 90, _ROWS),
        "age_band": bands,
        "lives_alone": np.where(old, dice.random(_ROWS) < 0.5, None),
        "tenure": dice.choice(["own", "rent", "lodge"], _ROWS, p=[0.6, 0.3, 0.1]),
        "origin": dice.choice(["local", "elsewhere"], _ROWS, p=[0.7, 0.3]),
        "as_of": pd.Timestamp(today) - pd.Timedelta(days=1),
    }


def _incidents(_lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    occurred_at = _times(today, dice, days=30)
    closed_at = occurred_at + pd.to_timedelta(dice.integers(1, 5 * 24, _ROWS), unit="h")
    closed = closed_at < pd.Timestamp(today)
    return {
        "incident_id": [f"MU-{number:04}" for number in range(1, _ROWS + 1)],
        "area_id": codes,
        "lon": None,
        "lat": None,
        "occurred_at": occurred_at,
        "reported_at": (occurred_at + (pd.Timestamp(today) - occurred_at) / 8).floor("min"),
        "category": dice.choice(_CATEGORIES, _ROWS),
        "channel": dice.choice(_CHANNELS, _ROWS),
        "severity": dice.choice(["serious", "slight"], _ROWS, p=[0.2, 0.8]),
        "status": np.where(closed, "closed", "open"),
        "due_at": occurred_at.normalize() + pd.Timedelta(days=5),
        "closed_at": closed_at.where(closed),
        "satisfied": np.where(closed, dice.random(_ROWS) < 0.8, None),
        "repeated": dice.random(_ROWS) < 0.1,
        "returned": dice.random(_ROWS) < 0.05,
        "extended": dice.random(_ROWS) < 0.05,
        "signed_for": dice.random(_ROWS) < 0.95,
    }


def _places(lang: Language, codes: np.ndarray, _today: date, dice: np.random.Generator) -> dict:
    return {
        "place_id": _place_ids(),
        "area_id": codes,
        "lon": None,
        "lat": None,
        "kind": dice.choice(_PLACE_KINDS, _ROWS),
        "capacity": dice.integers(4, 200, _ROWS),
        "use": say(lang, "templates.invented_use"),
        "registered": dice.random(_ROWS) < 0.8,
        "beds": dice.integers(1, 16, _ROWS),
    }


def _checks(lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    made = {
        "check_id": [f"MU-C{number:02}" for number in range(1, _ROWS + 1)],
        "place_id": _place_ids(),
        "area_id": codes,
        "kind": dice.choice(_CHECK_KINDS, _ROWS),
        "checked_at": _times(today, dice, days=14),
        "outcome": dice.choice(_OUTCOMES, _ROWS),
        "team_id": dice.choice(_team_ids(), _ROWS),
    }
    # The newest check has found something, and the one before it something that went to a department.
    of_finding = np.arange(_ROWS) >= _ROWS - 2
    handed = np.arange(_ROWS) == _ROWS - 2
    told = pd.Series(made["checked_at"]).dt.normalize().where(of_finding)
    return made | {
        "outcome": np.where(of_finding, "finding", made["outcome"]),
        "told_at": told,
        "fix_by": told + pd.Timedelta(days=7),
        "handed_to": np.where(handed, say(lang, "templates.invented_department"), None),
        "handed_number": np.where(handed, say(lang, "templates.invented_basis"), None),
    }


def _teams(lang: Language, codes: np.ndarray, _today: date, dice: np.random.Generator) -> dict:
    return {
        "team_id": _team_ids(),
        "name": [say(lang, "templates.invented_team", n=number) for number in range(1, _ROWS + 1)],
        "department": say(lang, "templates.invented_department"),
        "members": dice.integers(3, 12, _ROWS),
        "home_area_id": codes,
        "skills": say(lang, "templates.invented_skill"),
        "hours_per_day": dice.choice([4.0, 7.5, 8.0], _ROWS),
        "lead_post": say(lang, "templates.invented_post"),
    }


def _agreements(lang: Language, _codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    return {
        "table": "incidents",
        "feed": np.resize(np.array(_CHANNELS, dtype=object), _ROWS),
        "unit": say(lang, "templates.invented_unit"),
        "every": dice.choice(["day", "week"], _ROWS),
        "by_hour": "17:00",
        "zero_report": dice.random(_ROWS) < 0.5,
        "post": say(lang, "templates.invented_post"),
        "since": pd.Timestamp(today),
    }


def _reports(_lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    first = _times(today, dice, days=30).normalize()
    return {
        "table": "incidents",
        "feed": dice.choice(_CHANNELS, _ROWS),
        "area_id": codes,
        "from_day": first,
        "to_day": first,
    }


def _orders(lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    first = _times(today, dice, days=30).normalize()
    return {
        "order_id": [f"MU-{number:02}" for number in range(1, _ROWS + 1)],
        "at_least": dice.choice(["orange", "yellow"], _ROWS),
        "area_id": codes,
        "basis": say(lang, "templates.invented_basis"),
        "from_day": first,
        "to_day": first + pd.Timedelta(days=3),
        "measure": say(lang, "templates.invented_action"),
        "scheme": None,
    }


def _holidays(lang: Language, _codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    return {
        "day": _days_before(today).strftime("%Y-%m-%d"),
        "working": dice.random(_ROWS) < 0.3,
        "name": say(lang, "templates.invented_holiday"),
    }


def _given_values(_lang: Language, codes: np.ndarray, today: date, dice: np.random.Generator) -> dict:
    days = _days_before(today)
    return {
        "area_id": codes,
        "day": days,
        "value_id": [f"{code} {day:%Y-%m-%d}" for code, day in zip(codes, days, strict=True)],
        "value": dice.integers(0, 100, _ROWS).astype("float64"),
    }


def _days_before(today: date) -> pd.DatetimeIndex:
    return pd.date_range(end=pd.Timestamp(today) - pd.Timedelta(days=1), periods=_ROWS, freq="D")


def _times(today: date, dice: np.random.Generator, days: int) -> pd.DatetimeIndex:
    """Whole minutes between ``days`` before today and the night before it."""
    minutes = np.sort(dice.integers(1, days * 24 * 60, _ROWS))[::-1]
    return pd.Timestamp(today) - pd.to_timedelta(minutes, unit="min")


def _place_ids() -> list[str]:
    return [f"MU-P{number:02}" for number in range(1, _ROWS + 1)]


def _team_ids() -> list[str]:
    return [f"MU-T{number:02}" for number in range(1, _ROWS + 1)]
