"""Records and schemes small enough to be checked by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import yaml

from analytics.loaders import Records, load_records
from analytics.scheme import Scheme
from analytics.scheme.reading import scheme_from
from analytics.scoring import Assessment, area_counts_for, assess
from analytics.store.counts import Counts

TODAY = date(2020, 3, 1)
SMALL_SCHEME = """
id: small
version: 1
level: grid
dimensions:
  - id: d
    weight: 1
    indicators:
      - {id: fever, from: incidents, where: {category: [fever]}, measure: count, window_days: 7, weight: 1,
         points: {method: linear, linear: {low: 0, high: 10}}}
tiers: {blue: 20, yellow: 40, orange: 60, red: 80}
"""
"""A scheme of one indicator, as a file has it."""


def csv(rows: Sequence[Mapping[str, object]]) -> tuple[str, bytes]:
    """Rows as an uploaded CSV file."""
    held = io.StringIO()
    pd.DataFrame(rows).to_csv(held, index=False)
    return "rows.csv", held.getvalue().encode()


def records(**tables: Sequence[Mapping[str, object]]) -> Records:
    """Records as the loaders make them from these rows.

    Unless ``reports`` says otherwise, the office says of each table, from its first record to ``TODAY``, that what it
    did not send did not happen.
    """
    if "reports" not in tables:
        tables["reports"] = [
            {"table": table, "from": f"{first:%Y-%m-%d}", "to": f"{max(TODAY, first.date())}"}
            for table, column in (("incidents", "occurred_at"), ("checks", "checked_at"))
            if not pd.isna(
                first := pd.to_datetime([row.get(column) for row in tables.get(table, ())], errors="coerce").min()
            )
        ]
    tables = {table: rows for table, rows in tables.items() if len(rows)}
    return load_records({table: csv(rows) for table, rows in tables.items()}, TODAY)[0]


def three_areas(**columns: Sequence[object]) -> list[dict[str, object]]:
    """Areas A, B and C with 1,000, 2,000 and 500 residents, and further columns."""
    population = columns.pop("population", [1000, 2000, 500])
    return [
        {
            "area_id": area,
            "name": area,
            "population": population[at],
            **{key: column[at] for key, column in columns.items()},
        }
        for at, area in enumerate("ABC")
    ]


def incident(number: int, area: str, day: str, category: str = "fever", **columns: object) -> dict[str, object]:
    """One matter."""
    return {"incident_id": number, "area_id": area, "occurred_at": day, "category": category, **columns}


def indicator(name: str = "fever_7d", **settings: object) -> dict[str, object]:
    """A count of fevers in seven days, points equal to ten times the value, unless said otherwise."""
    usual = {
        "id": name,
        "from": "incidents",
        "where": {"category": ["fever"]},
        "measure": "count",
        "window_days": 7,
        "points": {"method": "linear", "linear": {"low": 0, "high": 10}},
        "weight": 1,
    }
    chosen = usual | settings
    return {key: value for key, value in chosen.items() if value is not None}


def given(name: str, weight: float = 1, **settings: object) -> dict[str, object]:
    """An indicator that is a column of the areas file, its value being its points."""
    return {
        "id": name,
        "from": "areas",
        "measure": "given",
        "given": {"column": name},
        "points": {"method": "linear", "linear": {"low": 0, "high": 100}},
        "weight": weight,
    } | settings


def scheme(*dimensions: Sequence[Mapping[str, object]], **settings: object) -> Scheme:
    """A scheme with one dimension for each list of indicators, each of weight 1, and cut-offs at 20, 40, 60 and 80."""
    content = {
        "id": "made",
        "version": 1,
        "level": "grid",
        "dimensions": [
            {"id": f"d{number}", "weight": 1, "indicators": list(indicators)}
            for number, indicators in enumerate(dimensions)
        ],
        "tiers": {"blue": 20, "yellow": 40, "orange": 60, "red": 80},
    } | settings
    return scheme_from(yaml.safe_dump(content).encode(), "made.yaml")


def assessed(world: Records, chosen: Scheme, on: pd.DatetimeIndex) -> Assessment:
    """The assessment of a world that is used once."""
    return assess(area_counts_for(Counts.of_records(world), chosen), chosen, on)


def days(first: str, last: str | None = None) -> pd.DatetimeIndex:
    """The days from first to last."""
    return pd.date_range(first, last or first, freq="D")
