"""What a briefing says: one frozen value in one language, which every picture, slide and paper lays out; a layout adds
no figure of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.words import Language

MOST_FOCUS = 5


@dataclass(frozen=True)
class TierCount:
    """How many areas are shown in a tier, how many of them are ``carried`` on, and how many were in the release before;
    None for a first release."""

    tier: str
    name: str
    meaning: str
    count: int
    before: int | None
    carried: int = 0


@dataclass(frozen=True)
class Card:
    """One large figure. ``change`` is its sign against the release before (None where there is none to hold it
    against), ``said`` the words for it, and ``good`` whether such a change is one for the better (None: neither)."""

    label: str
    value: str
    unit: str
    change: int | None
    said: str
    good: bool | None


@dataclass(frozen=True)
class Move:
    """The areas that went from one tier to another, by the names that the map writes; heaviest moves come first.

    ``raised`` is None where either tier is unknown, or data stopped or came again; ``carried``: whether all the tiers
    before, and all those after, were carried on.
    """

    before: str
    after: str
    raised: bool | None
    area_ids: tuple[str, ...]
    names: tuple[str, ...]
    carried: tuple[bool, bool] = (False, False)


@dataclass(frozen=True)
class Week:
    """How many areas were shown in each tier of ``tiers.SHOWN`` on the last day of a week; the newest comes last."""

    day: date
    label: str
    counts: Mapping[str, int]

    @property
    def raised(self) -> int:
        """Red, orange and yellow: those that call for more than usual."""
        return sum(self.counts[tier] for tier in tiers.ABOVE_ROUTINE)


@dataclass(frozen=True)
class Area:
    """One area on the release's day, most work first, those without a tier last.

    ``rank`` from 1; ``brief`` is the name as a map writes it; ``before`` the tier in the release before (None where it
    is not there); ``score`` "68.5" or "—", and ``score_beside`` what it is where no ``why`` stands near: "8.7 (computed
    green)"; ``change`` of the score, "+1.0", or nothing; ``why`` the one or two first reasons: indicators that weigh
    most, with their values, or what keeps a tier that the score does not give; ``reason`` a whole sentence; ``measure``
    and ``cadence`` of its tier;
    ``carried``: the tier is the last published one, carried on, not verified;
    ``firmness`` how firm the tier is, where draws were made of it and it is the one that was computed, else nothing.
    """

    rank: int
    area_id: str
    name: str
    brief: str
    parent: str
    tier: str
    before: str | None
    score: str
    score_beside: str
    change: str
    why: tuple[str, ...]
    reason: str
    measure: str
    cadence: str
    firmness: str
    carried: bool = False


@dataclass(frozen=True)
class Section:
    """One section of the bulletin: its heading and its sentences."""

    id: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Briefing:
    """All that a briefing says, in one language.

    ``shapes`` (index ``area_id``, in the order of the release, EPSG:4326) is None where the release has no shapes;
    ``context`` is water and roads (column ``kind``). ``weekly`` are incidents by week (index: last day of the week) and
    kind (columns are the words for it), all of them in as far as ``complete_to``; None where none are loaded.
    ``interrupted`` says that data are, as a label and what stands behind it; None where they are not. ``number`` is
    None for a draft, whose ``code`` is "—": a draft can be looked at and is marked, but proves nothing.
    """

    lang: Language
    number: int | None
    title: str
    place: str
    period: str
    cut_off: str
    finding_label: str
    finding: str
    against: str
    counts: tuple[TierCount, ...]
    cards: tuple[Card, ...]
    moves: tuple[Move, ...]
    weeks: tuple[Week, ...]
    areas: tuple[Area, ...]
    bulletin_title: str
    sections: tuple[Section, ...]
    scheme: str
    cuts: str
    order: str
    code: str
    digest: str
    source: str
    notice: str
    base_map: str
    shapes: gpd.GeoDataFrame | None
    context: gpd.GeoDataFrame | None
    weekly: pd.DataFrame | None
    complete_to: date
    interrupted: tuple[str, str] | None = None

    @property
    def carried(self) -> int:
        """How many tiers are carried on."""
        return sum(count.carried for count in self.counts)

    @property
    def focus(self) -> tuple[Area, ...]:
        """The five areas with most work; fewer where fewer have a tier."""
        return tuple(area for area in self.areas if area.tier != tiers.UNKNOWN)[:MOST_FOCUS]
