"""Records and schemes that are made up so that every form of a sentence occurs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from analytics.loaders import Records
from analytics.scheme import Scheme
from tests.scoring.small_world import given, incident, indicator, records, scheme

FIRST = date(2020, 1, 1)
SILENT = (20, 30, 31, 32, 33, 34, 35)
"""Days without any record or report: nothing is known on them, and what was published is carried on."""

NAMES = {"zh": "发热多", "en": "Many fevers"}
CUTS = (16, 33.35, 60.123, 80)
KINDS = ("fever", "noise")


def walks(areas: int = 24, days: int = 45, seed: int = 3) -> Records:
    """Areas whose fevers and noises of a day wander up and down, some of them seldom, some in leaps."""
    draw = random.Random(seed)
    rows, number = [], 0
    for area in range(areas):
        for kind in KINDS:
            n = draw.randint(0, 10)
            for day in range(days):
                if draw.random() < (0.5, 0.15, 0.08)[area % 3]:
                    n = min(10, max(0, n + draw.choice((-1, 1)) * (1, 3, 8)[area % 3]))
                for _ in range(0 if day in SILENT else n):
                    number += 1
                    rows.append(incident(number, f"A{area}", f"{FIRST + timedelta(days=day)}", kind))
    return records(areas=[_area(f"A{area}") for area in range(areas)], incidents=rows, reports=[])


def climb() -> Records:
    """An area that is green for long and then goes up so quickly that the first step up is not the whole way."""
    fevers = [0] * 10 + [3] * 3 + [10] * 1
    rows = [(day, kind) for day, n in enumerate(fevers) for kind in ["noise"] + ["fever"] * n]
    return records(
        areas=[_area("A0")],
        incidents=[incident(at, "A0", f"{FIRST + timedelta(days=day)}", kind) for at, (day, kind) in enumerate(rows)],
    )


def _area(name: str, **columns: object) -> dict[str, object]:
    return {"area_id": name, "name": f"{name}网格", "population": 1000} | columns


def rules() -> Iterator[Scheme]:
    """Schemes on those areas: rules that hold long and short, one step and many, with floors and with lines."""
    usual = {"confirm_up_days": 5, "confirm_down_days": 4, "minimum_stay_days": 7, "one_step_down": True}
    fever, noise = (
        indicator(kind, window_days=1, where={"category": [kind]}, actionable=True, weight=weight)
        for kind, weight in zip(KINDS, (3, 1), strict=True)
    )
    floors = [
        {"at_least": "yellow", "when": {"indicator": "noise", "op": ">=", "value": 6}, "name": NAMES},
        {"at_least": "red", "when": {"all": [{"indicator": kind, "op": ">=", "value": 8} for kind in KINDS]},
         "name": {"zh": "两样都多", "en": "Many of both"}},
    ]  # fmt: skip
    for stability in (None, usual, usual | {"one_step_down": False}, usual | {"at_once_when_tiers_up": 2}):
        carried = {"missing": {"carried_days": 14 if stability else 3}}
        yield scheme([fever], [noise], floors=floors, **carried, **({"stability": stability} if stability else {}))
    mild = [item | {"points": {"method": "linear", "linear": {"low": 0, "high": 50}}} for item in (fever, noise)]
    red = {"at_least": "red", "when": {"indicator": "fever", "op": ">=", "value": 8}, "name": NAMES}
    yield scheme(mild[:1], mild[1:], floors=[floors[0], red], stability=usual)
    lines = [
        {"tier": "red", "name": NAMES, "when": {"indicator": "fever", "op": ">=", "value": 8}},
        {"tier": "yellow", "when": {"indicator": "noise", "op": ">=", "value": 5}},
        {"tier": "green"},
    ]
    yield scheme([fever], [noise], tiers=None, decide=lines, stability=usual)


def scores() -> Records:
    """Areas whose score is given: on the cut-offs of :func:`rules_of_scores`, and a little or less beside them; and two
    that lack one part of it or the other."""
    beside = (0, 1e-8, 4e-4, 4e-3, 6e-3, 0.04, 0.05, 0.06)
    given_scores = [cut + sign * by for cut in CUTS for by in beside for sign in (-1, 1)]
    rows = [_area(f"A{at}", main=score, other=score) for at, score in enumerate([0, 100, *given_scores])]
    rows += [_area("B0", main=None, other=50), _area("B1", main=1, other=None)]
    return records(areas=rows, incidents=[incident(1, "A0", f"{FIRST}")])


def rules_of_scores() -> Iterator[Scheme]:
    """Schemes of a given score, a part of which has a weight that is a little less than has to be known."""
    for known, least in ((0.9596, 0.96), (0.9547, 0.955)):
        indicators = [given("main", 1 - known, actionable=True), given("other", known)]
        tiers = dict(zip(("blue", "yellow", "orange", "red"), CUTS, strict=True))
        yield scheme(indicators, tiers=tiers, missing={"minimum_known_weight": least})
