"""What tiers ask for: the action of each tier, and the duties, whose checks are due by object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from analytics.scheme.basics import Bilingual, Named, Positive, Strict
from analytics.scheme.conditions import Where, columns_exist
from analytics.tiers import Tier


class Action(Strict):
    """What is done for the areas of a tier, and how often. ``post``: who answers for it, a post and never a name;
    ``first_within_days``: what is due when an area rises to the tier is due so many days later at the latest;
    ``feedback``: what is reported back and to whom."""

    cadence_days: Positive
    minutes_per_check: Positive
    text: Bilingual
    post: Bilingual | None = None
    first_within_days: int | None = Field(default=None, ge=1, le=366)
    feedback: Bilingual | None = None


class Duty(Named):
    """Checks that tiers ask for: ``where`` says which checks they are, ``of`` each what, one of an area's ``source``.

    An area is one object by itself; people are counted and places are known one by one. ``every_days`` by tier; where
    it says nothing, as often as the tier's action. ``before_holidays_days``: instead of that, and whatever the tier,
    once in so many days before each holiday of three days or more. ``people_per_check``: how many go together.
    """

    source: Literal["areas", "places", "residents"] = Field(default="places", alias="from")
    where: Where = Field(default={})
    of: Where = Field(default={})
    every_days: Mapping[Tier, Positive] = {}
    before_holidays_days: int | None = Field(default=None, ge=1, le=60)
    minutes_per_check: Positive | None = None
    people_per_check: int = Field(default=1, ge=1, le=10)

    @model_validator(mode="after")
    def _columns_are_known(self) -> Duty:
        columns_exist("where", self.where, "checks")
        columns_exist("of", self.of, self.source)
        return self

    @model_validator(mode="after")
    def _asks_in_one_way(self) -> Duty:
        if self.every_days and self.before_holidays_days:
            raise PydanticCustomError("duty_in_two_ways", "", {"key": "before_holidays_days"})
        return self
