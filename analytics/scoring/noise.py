"""Noise: how often colours change, and how late a real rise shows, where it is known what is real.

Areas whose true risk never changes are drawn, their incidents counted day by day, and the counts made to tiers as a
scheme makes them. Every change of colour is then noise; a rise that is put in at the end shows what steadiness costs.
The numbers of this world are ours, made like the areas that the product is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from unicodedata import east_asian_width

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.scheme import Indicator
from analytics.scheme.basics import required
from analytics.scheme.model import StabilityRule
from analytics.scoring.points import points
from analytics.scoring.stability import AS_COMPUTED, publish
from analytics.words import Language, say

WEEK = 7
AREAS = 300
MEDIAN_RESIDENTS = 800
MEDIAN_INCIDENTS_PER_DAY = 12 / 30  # "about 12 incidents a month"
SPREAD = 0.5  # of the logarithms of residents and of risk: one area in ten has about twice the median
SETTLING_DAYS = 12 * WEEK  # not measured: the first tier of an area has waited for nothing
QUIET_DAYS = 52 * WEEK
RISE = 4
RISE_DAYS = 12 * WEEK
SEED = 2020

CUT_OFFS = (20, 40, 60, 80)
MONTHLY_RATE_OF_100_POINTS = 35  # incidents per 1,000 residents and 30 days: about one area in ten is truly red

WINDOWS = (7, 14, 21, 28)
RED = tiers.RANK["red"]

SETTINGS: Mapping[str, StabilityRule] = {
    "none": AS_COMPUTED,
    "ratchet": StabilityRule(confirm_up_days=1, confirm_down_days=14, minimum_stay_days=1, one_step_down=True),
    "confirm_7": StabilityRule(confirm_up_days=7, confirm_down_days=7, minimum_stay_days=1, one_step_down=False),
    "confirm_14": StabilityRule(confirm_up_days=14, confirm_down_days=14, minimum_stay_days=1, one_step_down=False),
    "stay_21": StabilityRule(confirm_up_days=14, confirm_down_days=14, minimum_stay_days=21, one_step_down=True),
    "at_once_2": StabilityRule(
        confirm_up_days=14, at_once_when_tiers_up=2, confirm_down_days=14, minimum_stay_days=21, one_step_down=True
    ),
}
"""The rules that are compared, by the entry of ``words/noise.yaml`` that names them."""

RECOMMENDED = ("at_once_2", 21)
"""Setting and window in days: the fewest changes of colour among those that show a real rise in about a week."""


@dataclass(frozen=True, eq=False)
class _World:
    """``residents`` and ``per_day`` (true incidents a day, all year) are (areas,), ``incidents`` (days, areas)
    counts."""

    residents: np.ndarray
    per_day: np.ndarray
    incidents: np.ndarray

    @classmethod
    def drawn(cls, seed: int) -> Self:
        """Areas of constant risk, which in all of them is ``RISE`` times as great in the last ``RISE_DAYS``.

        Areas know nothing of one another, so a rise in all of them is the rise of a tenth, tried ten times.
        """
        random = np.random.default_rng(seed)
        residents = np.ceil(random.lognormal(np.log(MEDIAN_RESIDENTS), SPREAD, AREAS))
        risk = random.lognormal(np.log(MEDIAN_INCIDENTS_PER_DAY / MEDIAN_RESIDENTS), SPREAD, AREAS)
        times = np.repeat([1, RISE], [max(WINDOWS) + SETTLING_DAYS + QUIET_DAYS, RISE_DAYS])
        return cls(residents, residents * risk, random.poisson(np.outer(times, residents * risk)))

    def computed(self, window: int) -> np.ndarray:
        """Ranks by the rate over ``window`` days: (days, areas), from the first day that has the longest one."""
        total = np.cumsum(self.incidents, axis=0)
        counts = (total[window:] - total[:-window])[max(WINDOWS) - window :]
        return _ranks(counts / self.residents, window)

    def true(self) -> np.ndarray:
        """Ranks by the true rate: (areas,)."""
        return _ranks(self.per_day / self.residents, 1)


def _ranks(per_resident: np.ndarray, days: int) -> np.ndarray:
    """Incidents per resident in ``days`` days → ranks, by a scheme's own points and cut-offs."""
    indicator = Indicator.model_validate(
        {
            "id": "matters",
            "from": "incidents",
            "measure": "rate",
            "window_days": days,
            "per": {"base": "population", "scale": 1000},
            "points": {"method": "linear", "linear": {"low": 0, "high": MONTHLY_RATE_OF_100_POINTS * days / 30}},
            "weight": 1,
        }
    )
    reached = points(per_resident * required(indicator.per).scale, indicator)
    return np.searchsorted(np.array(CUT_OFFS), reached, side="right").astype(np.int8)


def noise_table(
    settings: Mapping[str, StabilityRule] = SETTINGS, windows: Sequence[int] = WINDOWS, seed: int = SEED
) -> pd.DataFrame:
    """Each setting on each window (days, at most the longest of ``WINDOWS``): one row each, the same areas in all.

    Columns: ``setting``, ``window_days``; as shares 0–1 ``changes`` (areas whose colour is another than a week before),
    ``false_reds`` (red days of areas that are not truly red), ``reds`` (red days of all areas); ``delay_days``, the
    median over the areas that could rise of the days from a real ×4 to a higher tier, 1 being its first day.
    """
    world = _World.drawn(seed)
    not_red = world.true() < RED
    rows = []
    for window in windows:
        computed = world.computed(window)
        no_floor = np.full_like(computed, tiers.UNKNOWN_RANK)
        for setting, rule in settings.items():
            published = publish(computed, no_floor, rule).tier[SETTLING_DAYS:]
            quiet, rise = np.split(published, [len(published) - RISE_DAYS])
            rows.append(
                {
                    "setting": setting,
                    "window_days": window,
                    "changes": colour_changes_per_week(quiet),
                    "false_reds": float((quiet[:, not_red] == RED).mean()),
                    "reds": float((quiet == RED).mean()),
                    "delay_days": _median_delay(quiet[-1], rise),
                }
            )
    return pd.DataFrame(rows)


def true_reds(seed: int = SEED) -> float:
    """Share (0–1) of the areas that are truly red: what ``reds`` would be without noise."""
    return float((_World.drawn(seed).true() == RED).mean())


def colour_changes_per_week(published: np.ndarray) -> float:
    """Share (0–1) of areas whose tier is another than a week before, over all days of a daily history (days, areas).

    Days on which either of the two is unknown are left out; NaN when nothing is left, as in a history of a week.
    """
    now, before = published[WEEK:], published[:-WEEK]
    known = (now != tiers.UNKNOWN_RANK) & (before != tiers.UNKNOWN_RANK)
    return float((now != before)[known].mean()) if known.any() else float("nan")


def _median_delay(last: np.ndarray, rise: np.ndarray) -> float:
    """Median days until the tier is above ``last`` (areas,) in ``rise`` (days, areas); infinite if it mostly is not."""
    above = (rise > last)[:, last < RED]
    return float(np.median(np.where(above.any(axis=0), above.argmax(axis=0) + 1.0, np.inf)))


def noise_report(lang: Language) -> str:
    """The table as text, with what was drawn above it and what its columns mean below."""
    heads = [
        say(lang, "noise.setting"),
        say(lang, "noise.window"),
        say(lang, "noise.changes"),
        say(lang, "noise.false_reds"),
        say(lang, "noise.reds"),
        say(lang, "noise.delay"),
    ]
    table = noise_table()
    rows = [
        [
            say(lang, f"noise.setting_{row['setting']}"),
            say(lang, "noise.days", n=row["window_days"]),
            *(f"{row[share]:.1%}" for share in ("changes", "false_reds", "reds")),
            say(lang, "noise.days", n=f"{row['delay_days']:g}"),
        ]
        for row in table.to_dict("records")
    ]
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(_filled(text, width, left=not at) for at, (text, width) in enumerate(zip(line, widths, strict=True)))
        for line in (heads, *rows)
    ]
    recommended = list(zip(table["setting"], table["window_days"], strict=True)).index(RECOMMENDED)
    lines[1 + recommended] += " ←"
    drawn = say(
        lang,
        "noise.drawn",
        areas=AREAS,
        residents=MEDIAN_RESIDENTS,
        matters=round(MEDIAN_INCIDENTS_PER_DAY * 30),
        weeks=QUIET_DAYS // WEEK,
        reds=f"{true_reds():.1%}",
        seed=SEED,
    )
    return "\n".join([drawn, "", *lines, "", say(lang, "noise.columns", times=RISE), say(lang, "noise.recommended")])


def _width(text: str) -> int:
    """Columns that ``text`` takes in a terminal, where Chinese characters are two wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _filled(text: str, width: int, *, left: bool) -> str:
    blank = " " * (width - _width(text))
    return text + blank if left else blank + text
