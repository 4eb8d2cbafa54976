"""The figures of a bulletin found anew: each fact by its name, area by area, in plain dictionaries.

The writer counts in tables and arrays; this is the other way that `checker` goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cached_property

from analytics import tiers
from analytics.releases.compare import ReleaseContent, under_the_old_scheme
from analytics.releases.interruption import feed_name
from analytics.releases.noise_floor import NoiseFloor
from analytics.releases.sentences import CitedFigure, Value
from analytics.releases.trend import category_name, quiet_bands
from analytics.scheme.digest import short_digest
from analytics.scoring.assess import NO_OVERRIDE
from analytics.scoring.decide import BY_DECISION
from analytics.words import Phrase, phrase

_NAMES = {rank: tier for tier, rank in tiers.RANK.items()}
_CAUSES = {"records": "data", "day": "day", "scheme": "method", "method": "method", "settings": "setting"}
_CHANGES = ("changed", "heavier", "lighter", "unknown", "cause", "moved")

Found = tuple[Value, tuple[str, ...]]


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
    def incidents(self) -> Mapping[str, Mapping[str, int]]:
        """Incidents by a week's last day and category."""
        held = self.told["after"].incidents
        return {
            f"{end:%Y-%m-%d}": {str(kind): int(number) for kind, number in row.items()} for end, row in held.iterrows()
        }

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
        return _FINDERS[kind](self, of, fact.rows)

    def _is(self, kind: str, of: list[str], area: str) -> bool:
        before, after = self.moves[area]
        by_data = self._by_data(area)
        if kind == "moved":
            return [before, after, *(["data"] if by_data else [])] == of
        if kind == "cause":
            return self.cause(area) == of[0]
        if kind == "changed":
            return True
        if by_data or tiers.UNKNOWN in (before, after):
            return kind == "unknown"
        return kind == ("heavier" if tiers.RANK[after] > tiers.RANK[before] else "lighter")

    def _by_data(self, area: str) -> bool:
        """Whether a tier is a lower one, and was or is carried on."""
        before, after = (tiers.RANK[tier] for tier in self.moves[area])
        carried = any(area in self.carried(when) for when in self.told)
        return carried and tiers.RANK[tiers.UNKNOWN] < after < before

    def cause(self, area: str) -> str:
        """The cause of a change, by the rule in :func:`analytics.releases.compare.compare`."""
        if any(self.decided[when][area] for when in self.told):
            return "decision"
        made = {when: one.provenance for when, one in self.told.items()}
        pairs = {name: (getattr(made["before"], name), getattr(made["after"], name)) for name in _CAUSES}
        pairs["settings"] = tuple(held.smallest_count for held in pairs["settings"])
        if any(None in pair for pair in pairs.values()):
            return "several"
        changed = {name for name, (one, other) in pairs.items() if one != other}
        was, now = (tiers.RANK[self.tier["computed", when][area]] for when in ("before", "after"))
        waited = was == now or self._went_apart(area)
        if waited and changed in ({"day"}, {"day", "records"}):
            return "stability"
        if not waited and "scheme" in changed and changed > {"scheme"} and changed <= {"scheme", "records", "day"}:
            supposed = None if self.supposed is None else int(self.supposed[self.at[area]])
            rules = {one.scheme.stability for one in self.told.values()}
            if supposed == now and len(rules) == 1:
                return "data" if "records" in changed else "day"
            return "method" if supposed == was and not self._came(area) else "several"
        causes = {_CAUSES[name] for name in changed} - ({"day"} if "records" in changed else set())
        return causes.pop() if len(causes) == 1 else "several"

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
    def supposed(self) -> object:
        """Ranks of the new values under the old scheme."""
        return under_the_old_scheme(self.told["before"], self.told["after"])

    def kept_by(self, area: str) -> str:
        """What keeps an area's tier, as the words of `reason` are called; nothing where the day's records give it."""
        held, at = self.told["after"].assessment, self.at[area]
        shown, computed, waiting = (tiers.RANK[self.tier[k, "after"][area]] for k in ("shown", "computed", "waiting"))
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
            if int(n) and not self.decided[when][area] and self.shown[when][area] != tiers.UNKNOWN
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
        """By category, this week's incidents less the week before's."""
        before, after = list(self.incidents.values())[-2:]
        return {kind: after[kind] - before[kind] for kind in after}


def tier_phrase(tier: str) -> Phrase:
    """The words for a tier."""
    return phrase(f"bulletin.tier_{tier}")


def _all_tier(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    (only,) = set(again.shown["after"].values())
    return tier_phrase(only), tuple(again.ids["after"])


def _of_tier(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:
    if of == ["all"]:
        return _all_tier(again, of, rows)
    (area,) = rows
    return tier_phrase(again.tier[of[0], of[1]][area]), rows


def _difference(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    now, then = again.with_tier("after", of[0]), again.with_tier("before", of[0])
    return len(now) - len(then), now


def _lead(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:
    held = again.told["after"].assessment
    parts = [float(part) for part in held.parts[-1, again.at[rows[0]]]]
    place = sorted(range(len(parts)), key=lambda at: (-parts[at], at))[int(of[0])]
    item = held.scheme.indicators[place]
    return item.name, (rows[0], item.id)


def _decided(again: Recount, of: list[str], rows: tuple[str, ...], *, by_floor: bool) -> Found:
    decided = int(again.told["after"].assessment.decided[-1, again.at[rows[0]]])
    scheme = again.told["after"].scheme
    if decided != (int(of[0]) if by_floor else BY_DECISION - int(of[0])):
        raise LookupError(of)
    return (scheme.floors if by_floor else scheme.decide)[int(of[0])].name, rows


def _band(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    low, high = _ends(again, of)
    days = again.quiet(of[0])
    found = [area for area in again.found(_LIGHTER)[1] if area in days]
    inside = tuple(area for area in found if low <= days[area] and (high is None or days[area] <= high))
    return len(inside), inside


def _ends(again: Recount, of: list[str]) -> tuple[int, int | None]:
    (item,) = (item for item in again.told["after"].scheme.indicators if item.id == of[0])
    return quiet_bands(item)[int(of[1])]


def _quiet_missing(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    missing = tuple(area for area in again.found(_LIGHTER)[1] if area not in again.quiet(of[0]))
    return len(missing), missing


def _heavy_difference(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    if of == ["release"]:
        then = again.heavy_share("before")
    else:
        days = list(again.told["after"].assessment.days)
        then = again.heavy_share("after", days.index(days[-1] - timedelta(days=7)))
    return round(again.heavy_share("after") - then, 1), again.with_tier("after", *tiers.RANKED)


def _incidents(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    last = list(again.incidents)[-1]
    return sum(again.incidents[last].values()), (last,)


def _incidents_by(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    return sum(again.incidents_change().values()), tuple(list(again.incidents)[-2:])


def _incidents_percent(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:
    by, weeks = _incidents_by(again, of, rows)
    return round(by / sum(again.incidents[weeks[0]].values()) * 100, 1), weeks


def _extreme(again: Recount, of: list[str], rows: tuple[str, ...], pick: Callable) -> Found:  # noqa: ARG001
    changes = again.incidents_change()
    most = pick(changes.values())
    if changes[rows[2]] != most:
        raise LookupError(rows[2])
    return most, (*list(again.incidents)[-2:], rows[2])


def _week_day(again: Recount, days_back: int) -> Found:
    last = list(again.incidents)[-1]
    return date.fromisoformat(last) - timedelta(days=days_back), (last,)


def _week(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    last = list(again.incidents)[-1]
    return int(f"{date.fromisoformat(last):%V}"), (last,)


def _chance(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    if of == ["observed"]:
        then, now = again.tier["computed", "before"], again.tier["computed", "after"]
        return sum(tiers.UNKNOWN not in (was := {then[a], now[a]}) and len(was) == 2 for a in again.shared), ()
    value = getattr(again.noise, of[0])
    return (round(value) if of == ["expected"] else value), ()


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _differs(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    shown, computed, decided = again.tier["shown", "after"], again.tier["computed", "after"], again.decided["after"]
    carried = again.carried()
    kinds = {area: "override" if decided[area] else "carried" if area in carried else "steadied" for area in shown}
    found = [area for area in shown if shown[area] != computed[area] and [kinds[area]] == of]
    return len(found), tuple(found)


def _only_in(again: Recount, one: str, other: str) -> Found:
    found = tuple(area for area in again.ids[one] if area not in again.shown[other])
    return len(found), found


_LIGHTER = CitedFigure("lighter", 0, "changes")

_FINDERS: Mapping[str, Callable[[Recount, list[str], tuple[str, ...]], Found]] = {
    "areas": lambda a, of, _: (len(a.ids[of[0]]), tuple(a.ids[of[0]])),
    "shown": lambda a, of, _: (len(a.with_tier(of[0], of[1])), a.with_tier(of[0], of[1])),
    "difference": _difference,
    "stayed": lambda a, _of, _: (len(a.shared) - len(a.moves), ()),
    "compared": lambda a, _of, _: (len(a.shared), ()),
    "added": lambda a, _of, _: _only_in(a, "after", "before"),
    "removed": lambda a, _of, _: _only_in(a, "before", "after"),
    "others": lambda _a, _of, rows: (len(rows), rows),
    "name": lambda a, of, rows: (
        str(a.told[of[0]].assessment.areas["name"].iloc[a.ids[of[0]].index(rows[0])]), rows[:1],
    ),
    "tier": _of_tier,
    "score": lambda a, _of, rows: (a.score(rows[0]), rows[:1]),
    "next_change": lambda a, _of, rows: (a.next_change(rows[0]), rows[:1]),
    "override_until": lambda a, _of, rows: (a.override_until(rows[0]), rows[:1]),
    "lead": _lead,
    "floor": lambda a, of, rows: _decided(a, of, rows, by_floor=True),
    "line": lambda a, of, rows: _decided(a, of, rows, by_floor=False),
    "quiet_least": lambda a, of, _: (int(min(a.quiet(of[0]).values())), tuple(a.quiet(of[0]))),
    "quiet_known": lambda a, of, _: (len(a.quiet(of[0])), tuple(a.quiet(of[0]))),
    "quiet_band": _band,
    "quiet_low": lambda a, of, _: (_ends(a, of)[0], ()),
    "quiet_high": lambda a, of, _: (_ends(a, of)[1], ()),
    "quiet_missing": _quiet_missing,
    "heavy_share": lambda a, _of, _: (round(a.heavy_share("after"), 1), a.with_tier("after", *tiers.RANKED)),
    "heavy_difference": _heavy_difference,
    "matters": _incidents,
    "matters_by": _incidents_by,
    "matters_percent": _incidents_percent,
    "matters_of": lambda a, _of, rows: (a.incidents[list(a.incidents)[-1]][rows[1]], (list(a.incidents)[-1], rows[1])),
    "matters_rise": lambda a, of, rows: _extreme(a, of, rows, max),
    "matters_fall": lambda a, of, rows: _extreme(a, of, rows, min),
    "category": lambda a, _of, rows: (category_name({kind: kind for kind in a.incidents_change()}[rows[0]]), rows[:1]),
    "week": _week,
    "week_first": lambda a, _of, _: _week_day(a, 6),
    "week_last": lambda a, _of, _: _week_day(a, 0),
    "chance": _chance,
    "day": lambda a, of, _: (a.told[of[0]].day, ()),
    "hour": lambda _a, _of, _: (phrase("bulletin.hour"), ()),
    "year": lambda a, of, _: (a.told[of[0]].year, ()),
    "number": lambda a, of, _: (a.told[of[0]].number, ()),
    "number_of_year": lambda a, of, _: (a.told[of[0]].number_of_year, ()),
    "scheme_name": lambda a, of, _: (a.told[of[0]].scheme.name, ()),
    "scheme_version": lambda a, of, _: (a.told[of[0]].scheme.version, ()),
    "scheme_note": lambda a, _of, _: (a.told["after"].scheme.note, ()),
    "indicator": lambda a, of, _: (
        {item.id: item.name for item in a.told["after"].scheme.indicators}[of[0]], (of[0],),
    ),
    "measure_text": lambda a, of, _: (a.told["after"].scheme.measures[of[0]].text, ()),
    "measure_cadence": lambda a, of, _: (_number(a.told["after"].scheme.measures[of[0]].cadence_days), ()),
    "measure_minutes": lambda a, of, _: (_number(a.told["after"].scheme.measures[of[0]].minutes_per_check), ()),
    "differs": _differs,
    "digest": lambda a, of, _: (
        short_digest((a.told["after"].provenance.records or "") if of == ["data"] else a.told["after"].scheme.digest()),
        (),
    ),
    "method": lambda a, _of, _: (a.told["after"].provenance.method or "—", ()),
    "feed": lambda a, of, _: (feed_name(a.told["after"], a.told["after"].assessment.silent[int(of[0])]), ()),
    "feed_since": lambda a, of, _: (a.told["after"].assessment.silent[int(of[0])].last + timedelta(days=1), ()),
    "feed_until": lambda a, of, _: (a.told["after"].assessment.silent[int(of[0])].until, ()),
    "carried": lambda a, _of, _: (len(a.carried()), a.carried()),
    "carried_days": lambda a, _of, rows: (int(a.told["after"].assessment.carried[-1, a.at[rows[0]]]), rows[:1]),
    "carried_until": lambda a, _of, rows: (a.carried_until(rows[0]), rows[:1]),
    "source": lambda a, _of, _: (dict(a.told["after"].source), ()),
}  # fmt: skip
"""By the first part of a fact's name: its value and its rows, from the rest of the name and the rows it claims."""
