"""Looked for, not only found: findings beside the checks, and areas that are green because nobody looked.

Incidents are found where somebody looks: K. Lum & W. Isaac, To predict and serve?, Significance 13 (2016).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.errors import UserError
from analytics.evidence.backtest import incidents_to
from analytics.scheme import Scheme, Where
from analytics.scoring import AreaCounts, Assessment
from analytics.scoring.area_counts import day_numbers

WINDOW_DAYS = 60
UNVISITED_DAYS = 28
FIFTH = 0.2


class LookedForError(UserError):
    """It cannot be told whether anybody looked."""


def kinds_of_checks(scheme: Scheme) -> tuple[str, ...]:
    """The kinds of check that the scheme's indicators count, in the file's order; none where they name none."""
    wheres: list[Where] = []
    for item in scheme.indicators:
        if item.source == "checks":
            wheres.append(item.where)
        if item.spec.of_table(item.source) == "checks":
            wheres.append(item.of)
    named = [where.get("kind", ()) for where in wheres]
    return tuple(dict.fromkeys(kind for kinds in named for kind in (kinds if isinstance(kinds, tuple) else (kinds,))))


def detection_bias(facts: AreaCounts, assessment: Assessment) -> pd.DataFrame:
    """What was found and how much was looked, over the ``WINDOW_DAYS`` days to the assessment's last day.

    Index ``area_id``; columns ``name``, ``tier`` as shown, ``findings`` (the scheme's incidents), ``checks`` (of the
    kinds that the scheme counts, with whatever outcome; all where it names none), ``lately`` (those of the last
    ``UNVISITED_DAYS`` days), ``per_100`` findings per 100 checks (NaN without a check), ``rank_findings`` and
    ``rank_per_100`` (1 is the most, equals share the best; NA without a check), and ``mark``, why a green area may be
    green only because nobody looked:

    - ``unchecked``: no check in the last ``UNVISITED_DAYS`` days;
    - ``seldom``: its checks are among the fewest fifth of all areas while its findings per 100 checks are among the
      highest fifth of those with a check, and there are some: whoever goes there finds something, but few go;
    - empty for every other area.

    Raises :class:`LookedForError` where no checks or no incidents are loaded, no check of any area was recorded lately,
    or the records do not reach back that far.
    """
    scheme, days = assessment.scheme, day_numbers(assessment.days[-1:])
    _require_checks(facts, scheme, int(days[0]))
    if not facts.has("incidents"):
        raise LookedForError.because("evidence.no_incidents")
    checks, lately = (
        facts.in_window("checks", [where_of_checks(scheme)], span, days)[0] for span in (WINDOW_DAYS, UNVISITED_DAYS)
    )
    table = pd.DataFrame(
        {
            "name": assessment.areas["name"],
            "tier": tiers.names(assessment.shown[-1]),
            "findings": incidents_to(facts, scheme, assessment.days[-1:], WINDOW_DAYS)[0],
            "checks": checks,
            "lately": lately,
        },
        index=assessment.areas.index,
    )
    table["per_100"] = table["findings"] * 100 / table["checks"].where(table["checks"] > 0)
    for column in ("findings", "per_100"):
        table[f"rank_{column}"] = table[column].rank(method="min", ascending=False).astype("Int64")
    checks, rate = table["checks"], table["per_100"]
    # Where most are equal, the outer fifth reaches into the middle: what is as usual there is neither few nor many.
    few = (checks <= checks.quantile(FIFTH)) & (checks < checks.median())
    many = (rate >= rate.quantile(1 - FIFTH)) & (rate > rate.median())
    green = table["tier"] == "green"
    table["mark"] = np.select([green & (table["lately"] == 0), green & few & many], ["unchecked", "seldom"], "")
    return table


def under_visited(facts: AreaCounts, assessment: Assessment, area_id: str) -> bool:
    """Whether the area is shown as green without a check in the last ``UNVISITED_DAYS`` days; False where that cannot
    be told."""
    at = assessment.areas.index.get_loc(area_id)
    if assessment.shown[-1, at] != tiers.RANK["green"]:
        return False
    days = day_numbers(assessment.days[-1:])
    try:
        _require_checks(facts, assessment.scheme, int(days[0]))
    except LookedForError:
        return False
    return not facts.in_window("checks", [where_of_checks(assessment.scheme)], UNVISITED_DAYS, days)[0, at]


def where_of_checks(scheme: Scheme) -> Where:
    """Which checks a scheme counts: all, where it names no kind."""
    kinds = kinds_of_checks(scheme)
    return {"kind": kinds} if kinds else {}


def _require_checks(facts: AreaCounts, scheme: Scheme, day: int) -> None:
    if not facts.has("checks"):
        raise LookedForError.because("evidence.no_checks")
    recorded = facts.counts.daily("checks", "checked_at", where_of_checks(scheme)).day
    begin = day - UNVISITED_DAYS + 1
    if not ((recorded >= begin) & (recorded <= day)).any() or facts.recorded_days("checks")[0] > begin:
        raise LookedForError.because("evidence.checks_silent", days=UNVISITED_DAYS)
