"""What an account that may see some areas alone is given of what all others see: the same figures of fewer areas.

Everything is scored with all areas, since cut-offs and neighbours may be relative; then the others are left out. A door
that does not say how it does that (`door`) is closed to such an account.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from analytics.errors import AccessError
from analytics.scoring import Assessment
from analytics.scoring.area_history import TierDays

if TYPE_CHECKING:
    from analytics.workspace.area_page import AreasView, AreaView
    from analytics.workspace.datasets import Dataset
    from analytics.workspace.views import Overview

Made = TypeVar("Made")


def as_it_is(_areas: frozenset[str], made: Made, *_asked: object) -> Made:
    """For doors whose answers hold nothing of any area: names, days, schemes, settings, releases as entries."""
    return made


def own_overview(areas: frozenset[str], made: Overview, data: Dataset, *_asked: object) -> Overview:
    """The overview of the account's own areas."""
    codes = codes_within(areas, made.pair, data)
    pair = _own(made.pair, codes)
    return replace(
        made,
        pair=pair,
        weeks=_own(made.weeks, codes),
        supports={area: one for area, one in made.supports.items() if area in codes},
        reasons={area: one for area, one in made.reasons.items() if area in codes},
    )


def own_areas_view(areas: frozenset[str], made: AreasView, data: Dataset, *_asked: object) -> AreasView:
    """The list of the account's own areas, without what other communities come to."""
    return replace(made, run=_own(made.run, codes_within(areas, made.run, data)), groups=())


def own_run(areas: frozenset[str], made: Assessment | None, data: Dataset, *_asked: object) -> Assessment | None:
    """A run of the account's own areas."""
    return None if made is None else _own(made, codes_within(areas, made, data))


def own_area_view(areas: frozenset[str], made: AreaView, data: Dataset, *_asked: object) -> AreaView:
    """One area, if it is the account's own; of its neighbours those that are too."""
    codes = codes_within(areas, made.weekly, data)
    require_own(codes, *made.weekly.areas.index)
    return replace(
        made,
        tiers=_own_days(made.tiers, codes),
        turned=_own(made.turned, codes) if made.turned is not None else None,
        neighbours=tuple(area for area in made.neighbours if area in codes),
    )


def own_area(areas: frozenset[str], made: Made, data: Dataset, _scheme: object, area_id: str, *_asked: object) -> Made:
    """What was asked about one area, if it is the account's own."""
    require_own(codes_within(areas, None, data), area_id)
    return made


def codes_within(areas: frozenset[str], run: Assessment | None, data: Dataset) -> frozenset[str]:
    """The ``areas`` and all below them, by the list of now and by that of the ``run``, which may be an older one."""
    lists = [data.counts.areas["parent_id"], *([run.areas["parent_id"]] if run is not None else [])]
    parents = pd.concat(lists)
    found = set(areas)
    while new := set(parents.index[parents.isin(found)]) - found:
        found |= new
    return frozenset(found)


def require_own(codes: frozenset[str], *asked: object) -> None:
    """Raise :class:`AccessError` for an area that is not among the ``codes``, whether there is such a one or not."""
    if not codes.issuperset(asked):
        raise AccessError.because("access.not_your_area")


def _own(run: Assessment, codes: frozenset[str]) -> Assessment:
    kept = run.areas.index[run.areas.index.isin(codes)]
    if kept.empty:
        raise AccessError.because("access.nothing_of_yours")
    named = codes | set(run.areas.loc[kept, "parent_id"])
    return replace(
        run.of_areas(kept),
        parents={area: name for area, name in run.parents.items() if area in named},
        unplaced={},
        former_areas={},
        unscored={},
        silent=tuple(one for one in run.silent if not one.area_id or {one.area_id, one.in_area} & named),
        orders=tuple(one for one in run.orders if any(one.is_of(str(area)) for area in kept)),
        english={area: name for area, name in run.english.items() if area in named},
        pinyin={area: name for area, name in run.pinyin.items() if area in named},
    )


def _own_days(days: TierDays, codes: frozenset[str]) -> TierDays:
    at = np.flatnonzero(days.areas.isin(codes))
    arrays: dict[str, Any] = {name: held[:, at] for name, held in vars(days).items() if isinstance(held, np.ndarray)}
    return replace(days, areas=days.areas[at], **arrays)
