"""A campaign of building sweeps (清楼): which areas, from when to when, on what basis, by which teams: a YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from analytics.errors import LedgerError
from analytics.scheme.basics import Bilingual, Identifier, Positive, Strict
from analytics.scheme.reading import read_as
from analytics.store.free_text import LONGEST_POST, tidy_post

Line = Literal["building", "shop", "venue", "household", "person"]
LINES: tuple[Line, ...] = get_args(Line)
"""What is counted, each by itself: a building is no shop and a household no person, so that no two lines are added."""

CALLED: tuple[Line, ...] = ("household", "shop", "venue")
"""Where somebody is called upon; buildings and persons are counted along."""

MOST_CALLS = 3
"""After so many calls in vain, each on another day, one of them in an evening and one at a weekend, a household is
called no more. Calls of one day are one: who rings again within the hour finds the same door shut."""

MOST_DAYS = 366

SATURDAY = 5
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class Minutes(Strict):
    """What one call takes, by what is called upon."""

    household: Positive
    shop: Positive
    venue: Positive


class SweepTeam(Strict):
    """A team that sweeps, in pairs. Where the file gives no number of ``pairs``, its members in twos are meant.

    ``withdrawn_from``: the first day on which it is needed elsewhere.
    """

    team: str = Field(min_length=1, max_length=64)
    pairs: int | None = Field(default=None, ge=1, le=500)
    post: Bilingual | None = None
    withdrawn_from: date | None = None

    @field_validator("post")
    @classmethod
    def _is_a_post(cls, post: Bilingual | None) -> Bilingual | None:
        """It is printed on the papers, which name nobody. What is refused is not repeated."""
        try:
            for text in (post.zh, post.en) if post else ():
                tidy_post("post", text, LONGEST_POST)
        except LedgerError:
            raise PydanticCustomError("campaign_post", "", {"most": LONGEST_POST}) from None
        return post


class Recheck(Strict):
    """The independent check: how many households, and the ``seed`` with which they are drawn, which is set before."""

    sample: int = Field(ge=1, le=10_000)
    seed: int = Field(ge=0, lt=2**63)


class Campaign(Strict):
    """``format``: of the file; it goes up with every change of what it may say. ``basis``: the document that orders
    it (文号). ``hours_a_day``: of one pair. ``not_at_home``: the share (0–1) of calls that is expected to meet
    nobody. ``evening_from``: the hour from which a call counts as one in an evening. ``targets``: by line, the share
    (0–1) that has to be reached. ``destroy_on``: when the sheets are destroyed."""

    format: Literal[1]
    id: Identifier
    name: Bilingual
    basis: Bilingual
    areas: tuple[str, ...] = Field(min_length=1, max_length=5000)
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    minutes: Minutes
    hours_a_day: Annotated[float, Field(gt=0, le=24, allow_inf_nan=False)]
    not_at_home: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
    evening_from: int = Field(default=18, ge=12, le=23)
    teams: tuple[SweepTeam, ...] = Field(min_length=1, max_length=500)
    targets: Mapping[Line, Share] = {}
    recheck: Recheck | None = None
    destroy_on: date

    @model_validator(mode="after")
    def _fits_together(self) -> Campaign:
        if self.last < self.first:
            raise PydanticCustomError("campaign_ends_early", "", {"key": "to", "first": self.first, "last": self.last})
        if (self.last - self.first).days >= MOST_DAYS:
            raise PydanticCustomError("campaign_too_long", "", {"key": "to", "most": MOST_DAYS})
        if self.destroy_on < self.last:
            raise PydanticCustomError("campaign_destroys_early", "", {"key": "destroy_on", "last": self.last})
        for key, named in (("areas", self.areas), ("teams", tuple(one.team for one in self.teams))):
            twice = next((one for at, one in enumerate(named) if one in named[:at]), None)
            if twice is not None:
                raise PydanticCustomError("campaign_twice", "", {"key": key, "id": twice})
        return self

    def days(self) -> tuple[date, ...]:
        """Its days, all of them: evenings and weekends are when people are at home."""
        return tuple(self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1))

    def minutes_of(self, line: Line) -> float:
        """What a call of a line that is :data:`CALLED` takes."""
        return float(getattr(self.minutes, line))


def is_weekend(day: date) -> bool:
    """Whether somebody who works on weekdays may be at home."""
    return day.weekday() >= SATURDAY


def campaign_from(raw: bytes, file_name: str) -> Campaign:
    """The campaign in the bytes of a file; raises ``SchemeError`` that names the line of each fault."""
    return read_as(Campaign, raw, file_name, impersonal=True)
