"""What a briefing says: one frozen value in one language, which every picture, slide and paper lays out; a layout adds
no figure of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd

from analytics import tiers
from analytics.marks import MARKS, Mark
from analytics.store.office_settings import UNSAID, OfficeSettings
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

    ``causes``: what moved each of them, in a word, where it was not the records: a rule, a person, another scheme or
    setting, data that stopped; else nothing. ``raised`` is None where either tier is unknown, or data stopped or came
    again; ``carried``: whether all the tiers before, and all those after, were carried on.
    """

    before: str
    after: str
    raised: bool | None
    area_ids: tuple[str, ...]
    names: tuple[str, ...]
    causes: tuple[str, ...]
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
class Part:
    """An indicator of an area: its name, its value and what it ``adds`` to the score, as words, and as a ``share`` of
    the score (0 to 1)."""

    name: str
    value: str
    adds: str
    share: float


@dataclass(frozen=True)
class Reasons:
    """Why an area has its tier, in words that are said when somebody asks: of thousands of areas a picture prints five.

    Each says the same whenever it is called. ``first``: the one or two first reasons, indicators that weigh most with
    their values, or what keeps a tier that the score does not give; ``whole``: a sentence; ``moved``: what moved the
    tier since the release before, nothing where it is the same; ``parts``: all indicators, largest part first.
    """

    first: Callable[[], Sequence[str]] = tuple
    whole: Callable[[], str] = str
    moved: Callable[[], str] = str
    parts: Callable[[], Sequence[Part]] = tuple


@dataclass(frozen=True)
class Area:
    """One area on the release's day, most work first, those without a tier last.

    ``rank`` from 1; ``brief`` is the name as a map writes it; ``before`` the tier in the release before (None where it
    is not there); ``score`` "68.5" or "—", and ``score_beside`` what it is where no ``why`` stands near: "8.7 (computed
    green)"; ``change`` of the score, "+1.0", or nothing; ``measure`` and ``cadence`` of its tier, the latter
    empty where the former says it; ``marks`` what changed and what keeps the tier, in the order of ``marks.MARKS``;
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
    reasons: Reasons = field(compare=False, repr=False)
    measure: str
    cadence: str
    firmness: str
    marks: tuple[Mark, ...] = ()

    @property
    def carried(self) -> bool:
        """Whether the tier is the last published one, carried on, not verified."""
        return "carried" in self.marks

    @cached_property
    def why(self) -> tuple[str, ...]:
        """The one or two first reasons."""
        return tuple(self.reasons.first())

    @cached_property
    def reason(self) -> str:
        """Why, in a sentence."""
        return self.reasons.whole()


@dataclass(frozen=True)
class Section:
    """One section of the bulletin: its heading and its sentences."""

    id: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class TaskRow:
    """One assignment in the list of a meeting, in words; ``late``: overdue, or more than once; ``new``: since then;
    ``closed``: signed off."""

    number: int
    content: str
    post: str
    due: str
    state: str
    progress: str
    late: bool
    new: bool
    closed: bool


@dataclass(frozen=True)
class TaskList:
    """The assignments that a meeting goes through: what is not signed off, what is new since, what is signed off.
    ``summary`` says how many there are of each, ``as_of`` of which day the ledger is asked."""

    summary: str
    as_of: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, eq=False)
class Briefing:
    """All that a briefing says, in one language.

    ``shapes`` (index ``area_id``, in the order of the release, EPSG:4326) is None where the release has no shapes;
    ``context`` is water and roads (column ``kind``). ``weekly`` are incidents by week (index: last day of the week) and
    kind (columns are the words for it), all of them in as far as ``complete_to``; None where none are loaded.
    ``interrupted`` says that data are, as a label and what stands behind it; None where they are not; ``ordered`` so of
    the orders in force or ended of late. ``number`` is
    None for a draft, whose ``code`` is "—": a draft can be looked at and is marked, but proves nothing. ``office`` is
    what the office says of itself: its name, letterhead, signature, and whom a paper goes to. ``small_print`` are the
    sentences for who recomputes it; ``issued`` is the day of publishing in words, nothing for a draft;
    ``came_and_went`` are the bulletin's sentences on areas that only one of the two releases has, ``provisos`` those on
    data that stopped, tiers that are carried on and releases that are corrected. ``tasks`` are of the ledger and of no
    release; None where nothing was ever assigned. ``heading``: that it is internal, and the number of the copy.
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
    ordered: tuple[str, str] | None = None
    office: OfficeSettings = UNSAID
    small_print: tuple[str, ...] = ()
    issued: str = ""
    came_and_went: tuple[str, ...] = ()
    provisos: tuple[str, ...] = ()
    heading: str = ""
    tasks: TaskList | None = None

    @property
    def notices(self) -> tuple[tuple[str, str], ...]:
        """What stands over the finding, each as a label and what stands behind it."""
        return tuple(one for one in (self.interrupted, self.ordered) if one)

    @property
    def carried(self) -> int:
        """How many tiers are carried on."""
        return sum(count.carried for count in self.counts)

    @property
    def signed(self) -> tuple[str, ...]:
        """Who signs a paper, and the day of its publishing."""
        return tuple(filter(None, (self.office.signature(self.lang) or self.place, self.issued)))

    @property
    def marks(self) -> Mapping[Mark, int]:
        """How many areas have each mark; those that none has are not there."""
        found = Counter(mark for area in self.areas for mark in area.marks)
        return {mark: found[mark] for mark in MARKS if found[mark]}

    @property
    def focus(self) -> tuple[Area, ...]:
        """The five areas with most work; fewer where fewer have a tier."""
        return tuple(area for area in self.areas if area.tier != tiers.UNKNOWN)[:MOST_FOCUS]
