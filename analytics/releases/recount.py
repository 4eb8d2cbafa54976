"""The figures of a bulletin found anew: each fact by its name, area by area, in plain dictionaries.

The writer counts in tables and arrays; this is the other way that `checker` goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cached_property

from analytics import tiers
from analytics.releases.compare import ReleaseContent, under_the_old_scheme
from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.recount_finders import FINDERS, Found
from analytics.releases.revision import RatedAgain
from analytics.releases.sentences import CitedFigure
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.orders import NOT_ORDERED, Order

_NAMES = {rank: tier for tier, rank in tiers.RANK.items()}
_CAUSES = {"records": "data", "day": "day", "scheme": "method", "method": "method", "settings": "setting"}
_FEED_SILENT, _OUT_OF_DATE = 2, 13
"""As gaps are written."""

_NOT_BY_DATA = ("method", "setting", "decision", "order")

_CHANGES = ("changed", "heavier", "lighter", "unknown", "apart", "revision", "cause", "moved")


class Recount:
    """What two releases say, by area id in plain dictionaries."""

    def __init__(self, before: ReleaseContent | None, after: ReleaseContent, noise: NoiseFloor | None) -> None:
        self.told: Mapping[str, ReleaseContent] = {"after": after} | ({"before": before} if before else {})
        self.noise = noise
        self.ids = {when: [str(area) for area in one.assessment.areas.index] for when, one in self.told.items()}
        self.at = {area: at for at, area in enumerate(self.ids["after"])}
        self.tier = {
            (kind, when): {
                area: _NAMES[int(rank)]
                for area, rank in zip(self.ids[when], getattr(one.assessment, array)[-1], strict=True)
            }
            for when, one in self.told.items()
            for kind, array in (
                ("shown", "shown"),
                ("computed", "computed"),
                ("published", "published"),
                ("waiting", "waiting_for"),
            )
        }
        self.shown = {when: self.tier["shown", when] for when in self.told}
        self.shared = [area for area in self.ids["after"] if before and area in self.shown["before"]]

    @cached_property
    def moves(self) -> Mapping[str, tuple[str, str]]:
        """From and to, for every area of both that is shown otherwise."""
        pairs = {area: (self.shown["before"][area], self.shown["after"][area]) for area in self.shared}
        return {area: pair for area, pair in pairs.items() if pair[0] != pair[1]}

    @cached_property
    def observed(self) -> int:
        """How many areas of both have another computed tier now."""
        then, now = self.tier["computed", "before"], self.tier["computed", "after"]
        return sum(tiers.UNKNOWN not in (was := {then[a], now[a]}) and len(was) == 2 for a in self.shared)

    @cached_property
    def incidents(self) -> Mapping[str, Mapping[str, int]]:
        """Incidents by a week's last day and category."""
        held = self.told["after"].incidents
        return {
            f"{end:%Y-%m-%d}": {str(kind): int(number) for kind, number in row.items()} for end, row in held.iterrows()
        }

    @cached_property
    def complete(self) -> list[str]:
        """The last days of the weeks that are complete."""
        return [end for end in self.incidents if end <= self.told["after"].complete.day.isoformat()]

    def agrees(self, fact: CitedFigure) -> bool:
        """Whether the releases say what the fact says, of the same rows."""
        try:
            value, rows = self.found(fact)
        except (LookupError, ValueError, AttributeError):  # it names what is not there
            return False
        return type(value) is type(fact.value) and value == fact.value and sorted(rows) == sorted(fact.rows)

    def found(self, fact: CitedFigure) -> Found:
        """Value and rows of what the fact is called."""
        kind, *of = fact.name.split(".")
        if kind in _CHANGES:
            rows = tuple(area for area in self.moves if self._is(kind, of, area))
            return len(rows), rows
        return FINDERS[kind](self, of, fact.rows)

    def _is(self, kind: str, of: list[str], area: str) -> bool:
        before, after = self._from_and_to(area)
        cause, way = self.cause(area), self._apart(area)
        if kind == "cause":
            return cause == of[0]
        if kind == "changed":
            return True
        if kind == "revision" or cause == "revision":
            return kind == cause
        if kind == "moved":
            return [before, after, *([way] if way else [])] == of
        if way or tiers.UNKNOWN in (before, after):
            return kind == ("apart" if way == "apart" or cause in _NOT_BY_DATA else "unknown")
        return kind == ("heavier" if tiers.RANK[after] > tiers.RANK[before] else "lighter")

    def _from_and_to(self, area: str) -> tuple[str, str]:
        """A change from what is right of the release before."""
        before, after = self.moves[area]
        return self.corrected(area) if self.cause(area) in ("several", "silence") else before, after

    def _apart(self, area: str) -> str:
        """Of a change between two tiers that is neither heavier nor lighter, by what it is told; else nothing."""
        before, after = (tiers.RANK[tier] for tier in self._from_and_to(area))
        if tiers.UNKNOWN_RANK in (before, after):
            return ""
        cause = self.cause(area)
        if after > before:
            return "back" if cause == "silence" else ""
        if not any(area in self.carried(when) for when in self.told):
            return ""
        return "data" if cause in ("data", "day") else "apart"

    def carried_lower(self) -> tuple[str, ...]:
        """The areas whose carried tier is lower than the one before that no person had decided."""
        if "before" not in self.told:
            return ()
        rank = {when: {area: tiers.RANK[tier] for area, tier in self.shown[when].items()} for when in self.told}
        return tuple(
            area
            for area in self.carried()
            if area in rank["before"]
            and not self.decided["before"][area]
            and not self.ordered["before"][area]
            and rank["after"][area] < rank["before"][area]
        )

    def cause(self, area: str) -> str:
        """The cause of a change, by the rule in :func:`analytics.releases.compare.compare`."""
        was, now = (tiers.RANK[self.shown[when][area]] for when in ("before", "after"))
        if self.ordered["after" if now > was else "before"][area]:
            return "order"
        if any(self.decided[when][area] for when in self.told):
            return "decision"
        if self._kept_apart(area):
            return self._kept_apart(area)
        changed = self._changed
        if "several" in changed or area in self.revised:
            return "several"
        was, now = (tiers.RANK[self.tier["computed", when][area]] for when in ("before", "after"))
        carried = int(self.told["after"].assessment.carried[-1, self.at[area]]) > 0
        waited = not carried and (was == now or self._went_apart(area))
        if waited and changed in ({"day"}, {"day", "records"}):
            return "stability"
        if not waited and "scheme" in changed and changed > {"scheme"} and changed <= {"scheme", "records", "day"}:
            supposed = None if self.supposed is None or carried else int(self.supposed[self.at[area]])
            rules = {one.scheme.stability for one in self.told.values()}
            if supposed == now and len(rules) == 1:
                return "data" if "records" in changed else "day"
            return "method" if supposed == was and not self._came(area) else "several"
        causes = {_CAUSES[name] for name in changed} - ({"day"} if "records" in changed else set())
        return causes.pop() if len(causes) == 1 else "several"

    @cached_property
    def _changed(self) -> frozenset[str]:
        """The parts of what made the two that differ; "several" where one of them is not on record."""
        made = {when: one.provenance for when, one in self.told.items()}
        pairs = {name: (getattr(made["before"], name), getattr(made["after"], name)) for name in _CAUSES}
        pairs["settings"] = tuple(held.smallest_count for held in pairs["settings"])
        if any(None in pair for pair in pairs.values()):
            return frozenset({"several"})
        return frozenset(name for name, (one, other) in pairs.items() if one != other)

    def _kept_apart(self, area: str) -> str:
        """Whether a change is a revision of the day before, or comes of a silent feed; nothing where it is neither."""
        if self.revised.get(area, ("", ""))[1] == self.shown["after"][area]:
            return "revision"
        gaps = {int(gap) for gap in self.told["after"].assessment.gaps[-1, self.at[area]]}
        if not gaps & {_FEED_SILENT, _OUT_OF_DATE}:
            return ""
        return "silence" if self._changed <= {"records", "day"} and self._without(area) else ""

    def _without(self, area: str) -> bool:
        """Whether an area has no tier now, or one that is taken back up since a feed was silent before it was told."""
        if self.shown["after"][area] == tiers.UNKNOWN:
            return True
        before, after = (tiers.RANK[tier] for tier in self.moves[area])
        old, new = self.told["before"], self.told["after"]
        then = int(old.assessment.carried[-1, self.ids["before"].index(area)])
        now, least = (int(getattr(new.assessment, name)[-1, self.at[area]]) for name in ("carried", "least"))
        fell_untold = then == 0 and now > (new.day - old.day).days
        return fell_untold and tiers.UNKNOWN_RANK < before < after and least <= before

    def _went_apart(self, area: str) -> bool:
        """Whether the computed tier became harder and the shown one easier, or the other way round."""
        steps = []
        for kind in ("computed", "shown"):
            was, now = (tiers.RANK[self.tier[kind, when][area]] for when in ("before", "after"))
            steps.append(0 if tiers.UNKNOWN_RANK in (was, now) else now - was)
        return min(steps) < 0 < max(steps)

    def _came(self, area: str) -> bool:
        """Whether the days between the two bring what the earlier one waited for."""
        before = self.told["before"]
        waits = int(before.assessment.next_change[-1, self.ids["before"].index(area)])
        return waits >= 0 and before.day + timedelta(days=waits) <= self.told["after"].day

    @cached_property
    def decided(self) -> Mapping[str, Mapping[str, bool]]:
        """For each release, whether a person's decision is in force, by area."""
        return {
            when: {area: int(left) != NO_OVERRIDE
                   for area, left in zip(self.ids[when], one.assessment.override_left[-1], strict=True)}
            for when, one in self.told.items()
        }  # fmt: skip

    @cached_property
    def ordered(self) -> Mapping[str, Mapping[str, bool]]:
        """For each release, whether an order raised what is shown, by area."""
        return {
            when: {area: int(rank) != NOT_ORDERED
                   for area, rank in zip(self.ids[when], one.assessment.without_order[-1], strict=True)}
            for when, one in self.told.items()
        }  # fmt: skip

    def raised_by(self, order: Order) -> tuple[str, ...]:
        """The areas that are shown in the tier of an order, or of the same for other areas, and would be milder."""
        same = [one for one in self.told["after"].assessment.orders if one.content == order.content]
        meant = {area for one in same for area in one.areas or self.ids["after"]}
        return tuple(
            area
            for area in self.ids["after"]
            if area in meant and self.ordered["after"][area] and self.shown["after"][area] == order.at_least
        )

    def without_order(self, area: str) -> str:
        """The tier that would be shown without the order that raised it."""
        return _NAMES[int(self.told["after"].assessment.without_order[-1, self.at[area]])]

    @cached_property
    def supposed(self) -> object:
        """Ranks of the new values under the old scheme."""
        return under_the_old_scheme(self.told["before"], self.told["after"])

    def kept_by(self, area: str) -> str:
        """What keeps an area's tier, as the words of `reason` are called; nothing where the day's records give it."""
        held, at = self.told["after"].assessment, self.at[area]
        shown, computed, waiting = (tiers.RANK[self.tier[k, "after"][area]] for k in ("shown", "computed", "waiting"))
        if self.ordered["after"][area]:
            return "ordered"
        if int(held.override_left[-1, at]) != NO_OVERRIDE:
            return "set" if self.override_until(area) is None else "set_until"
        if int(held.carried[-1, at]) and shown != tiers.RANK[tiers.UNKNOWN]:
            return "carried" if self.carried_until(area) is None else "carried_until"
        if shown == computed or shown == tiers.RANK[tiers.UNKNOWN]:
            return ""
        return ("held_rise" if computed > shown else "held_fall") + ("" if waiting == computed else "_to")

    def carried(self, when: str = "after") -> tuple[str, ...]:
        """The areas whose tier is carried on, and not one that a person decided."""
        days = self.told[when].assessment.carried[-1]
        return tuple(
            area
            for area, n in zip(self.ids[when], days, strict=True)
            if int(n)
            and not self.decided[when][area]
            and not self.ordered[when][area]
            and self.shown[when][area] != tiers.UNKNOWN
        )

    def carried_until(self, area: str) -> date | None:
        """The last day on which a tier is carried on if nothing comes; None where that is not limited."""
        left = int(self.told["after"].assessment.carry_left[-1, self.at[area]])
        return self.told["after"].day + timedelta(days=left) if left >= 0 else None

    def next_change(self, area: str) -> date:
        """The first day on which the stability rule lets a tier change."""
        held = self.told["after"].assessment
        return self.told["after"].day + timedelta(days=int(held.next_change[-1, self.at[area]]))

    def override_until(self, area: str) -> date | None:
        """The last day of a person's decision; None where it is not on record."""
        left = int(self.told["after"].assessment.override_left[-1, self.at[area]])
        return self.told["after"].day + timedelta(days=left) if left >= 0 else None

    def score(self, area: str) -> float:
        """The score as it is printed: with as many decimals, one or two, as keep it on its side of every cut-off."""
        held = self.told["after"]
        exact = Decimal(float(held.assessment.score[-1, self.at[area]]))
        ways = [(Decimal("0.1"), ROUND_HALF_EVEN), (Decimal("0.01"), ROUND_HALF_EVEN), (Decimal("0.01"), ROUND_FLOOR)]
        for step, way in ways:
            told = float(exact.quantize(step, way))
            if not any(min(told, exact) < cut <= max(told, exact) for cut in held.scheme.cutoffs):
                return told
        raise LookupError(area)

    def with_tier(self, when: str, *wanted: str) -> tuple[str, ...]:
        """Ids of the areas shown in these tiers."""
        return tuple(area for area, tier in self.shown[when].items() if tier in wanted)

    def corrected(self, area: str) -> str:
        """The tier of an area in the release before, as the records that came since correct it."""
        was = self.shown["before"][area]
        told, right = self.revised.get(area, ("", ""))
        return right if told == was else was

    @cached_property
    def again(self) -> RatedAgain | None:
        """What the records of now say of the day of the release before, where nothing but the records differs."""
        old, new = self.told.get("before"), self.told["after"]
        if old is None or (old.number and new.number and old.number > new.number):
            return None
        by_records = self._changed in ({"records"}, {"records", "day"})
        return new.again.get(old.day) if by_records else None

    @cached_property
    def revised(self) -> Mapping[str, tuple[str, str]]:
        """From and to, for every area of both that the records of now give another tier on the earlier day."""
        if self.again is None:
            return {}
        now = {area: _NAMES[int(self.again.tiers[self.at[area]])] for area in self.shared}
        then = self.tier["published", "before"]
        return {area: (then[area], now[area]) for area in self.shared if then[area] != now[area]}

    def late(self) -> int:
        """How many records of days up to the earlier one came since; fewer than none where they went."""
        return self.again.recorded - sum(self.told["before"].recorded.values())

    def rated(self, when: str, at: int = -1) -> frozenset[str]:
        """The areas that have a tier."""
        ranks = self.told[when].assessment.shown[at]
        return frozenset(
            area for area, rank in zip(self.ids[when], ranks, strict=True) if _NAMES[int(rank)] != tiers.UNKNOWN
        )

    def heavy_share(self, when: str, at: int = -1) -> float:
        """Per cent of the areas with a tier that are red or orange."""
        ranks = [int(rank) for rank in self.told[when].assessment.shown[at]]
        rated = [_NAMES[rank] for rank in ranks if _NAMES[rank] != tiers.UNKNOWN]
        return sum(tier in tiers.ELEVATED for tier in rated) / len(rated) * 100

    def quiet(self, indicator: str) -> Mapping[str, float]:
        """Quiet days by area, where they are known."""
        held = self.told["after"].assessment
        column = held.indicator_ids.index(indicator)
        days = {area: float(held.values[-1, at, column]) for area, at in self.at.items()}
        return {area: number for area, number in days.items() if number == number}

    def incidents_change(self) -> Mapping[str, int]:
        """By category, the incidents of the newest complete week less the week before's."""
        before, after = (self.incidents[end] for end in self.complete[-2:])
        return {kind: after[kind] - before[kind] for kind in after}

    def counted_change(self) -> Mapping[str, int]:
        """The same of the categories that the scheme counts; of all, where it counts all."""
        change = self.incidents_change()
        named: set[object] = set()
        for item in self.told["after"].scheme.indicators:
            if item.source == "incidents":
                kinds = item.where.get("category", tuple(change))
                named |= set(kinds) if isinstance(kinds, tuple) else {kinds}
        return {kind: by for kind, by in change.items() if kind in named or not named}
