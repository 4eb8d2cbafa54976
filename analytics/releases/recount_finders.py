"""How a recount finds a fact: by the first part of its name, area by area, in plain dictionaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics import tiers
from analytics.releases.interruption import silent_name
from analytics.releases.sentences import CitedFigure, Value
from analytics.releases.trend import category_name, feed_name, quiet_bands
from analytics.scheme.digest import short_digest
from analytics.scoring.decide import BY_DECISION
from analytics.words import Phrase, phrase

if TYPE_CHECKING:
    from analytics.releases.recount import Recount
    from analytics.scoring.orders import Order

Found = tuple[Value, tuple[str, ...]]


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
    now = tuple(area for area in again.shared if again.shown["after"][area] == of[0])
    return len(now) - sum(again.corrected(area) == of[0] for area in again.shared), now


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
    last = again.complete[-1]
    return sum(again.incidents[last].values()), (last,)


def _so_far(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    last = list(again.incidents)[-1]
    return sum(again.incidents[last].values()), (last,)


def _slowest_feed(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    return feed_name(again.told["after"].complete.feed), ()


def _incidents_by(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    return sum(again.incidents_change().values()), tuple(again.complete[-2:])


def _incidents_percent(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:
    by, weeks = _incidents_by(again, of, rows)
    return round(by / sum(again.incidents[weeks[0]].values()) * 100, 1), weeks


def _extreme(again: Recount, of: list[str], rows: tuple[str, ...], pick: Callable) -> Found:  # noqa: ARG001
    changes = again.counted_change()
    most = pick(changes.values())
    if changes[rows[2]] != most:
        raise LookupError(rows[2])
    return most, (*again.complete[-2:], rows[2])


def _week_told(again: Recount, rows: tuple[str, ...]) -> str:
    """The last day of the week that is spoken of: the running one, or the newest complete one."""
    (last,) = rows
    if last not in (list(again.incidents)[-1], *again.complete[-1:]):
        raise LookupError(last)
    return last


def _week_day(again: Recount, days_back: int, rows: tuple[str, ...]) -> Found:
    last = _week_told(again, rows)
    return date.fromisoformat(last) - timedelta(days=days_back), (last,)


def _week(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    last = _week_told(again, rows)
    return int(f"{date.fromisoformat(last):%V}"), (last,)


def _chance(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    if of == ["observed"]:
        return again.observed, ()
    value = getattr(again.noise, of[0])
    return (round(value) if of == ["expected"] else value), ()


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _differs(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    shown, computed, decided = again.tier["shown", "after"], again.tier["computed", "after"], again.decided["after"]
    carried = set(again.carried())
    ordered = again.ordered["after"]
    kinds = {
        area: "ordered" if ordered[area] else "override" if decided[area] else "carried" if area in carried
        else "steadied"
        for area in shown
    }  # fmt: skip
    found = [area for area in shown if shown[area] != computed[area] and of == [kinds[area]]]
    return len(found), tuple(found)


def _only_in(again: Recount, one: str, other: str) -> Found:
    found = tuple(area for area in again.ids[one] if area not in again.shown[other])
    return len(found), found


def _order(again: Recount, of: list[str]) -> Order:
    return again.told[of[0]].assessment.orders[int(of[1])]


def _ordered(again: Recount, of: list[str], rows: tuple[str, ...], *, unrated: bool) -> Found:  # noqa: ARG001
    found = again.raised_by(again.told["after"].assessment.orders[int(of[0])])
    if unrated:
        found = tuple(area for area in found if again.without_order(area) == tiers.UNKNOWN)
    return len(found), found


def _revised(again: Recount, of: list[str], rows: tuple[str, ...]) -> Found:  # noqa: ARG001
    found = tuple(area for area, pair in again.revised.items() if pair == tuple(of))
    return len(found), found


def _carried(again: Recount, *, lower: bool) -> Found:
    rows = tuple(area for area in again.carried() if (area in again.carried_lower()) == lower)
    return len(rows), rows


_LIGHTER = CitedFigure("lighter", 0, "changes")

FINDERS: Mapping[str, Callable[[Recount, list[str], tuple[str, ...]], Found]] = {
    "areas": lambda a, of, _: (len(a.ids[of[0]]), tuple(a.ids[of[0]])),
    "shown": lambda a, of, _: (len(a.with_tier(of[0], of[1])), a.with_tier(of[0], of[1])),
    "difference": _difference,
    "stayed": lambda a, _of, _: (len(a.shared) - len(a.moves), ()),
    "compared": lambda a, _of, _: (len(a.shared), ()),
    "added": lambda a, _of, _: _only_in(a, "after", "before"),
    "removed": lambda a, _of, _: _only_in(a, "before", "after"),
    "others": lambda _a, _of, rows: (len(rows), rows),
    "name": lambda a, of, rows: (a.told[of[0]].called(a.ids[of[0]][a.ids[of[0]].index(rows[0])]), rows[:1]),
    "tier": _of_tier,
    "score": lambda a, _of, rows: (a.score(rows[0]), rows[:1]),
    "next_change": lambda a, _of, rows: (a.next_change(rows[0]), rows[:1]),
    "override_until": lambda a, _of, rows: (a.override_until(rows[0]), rows[:1]),
    "tier_without_order": lambda a, _of, rows: (tier_phrase(a.without_order(rows[0])), rows[:1]),
    "order_basis": lambda a, of, _: (_order(a, of).basis, ()),
    "order_measure": lambda a, of, _: (_order(a, of).measure, ()),
    "order_first": lambda a, of, _: (_order(a, of).first, ()),
    "order_last": lambda a, of, rows: (_order(a, of).last, rows),
    "order_area": lambda a, of, _: (a.told[of[0]].called(_order(a, of).area_id), ()),
    "order_tier": lambda a, of, _: (tier_phrase(_order(a, of).at_least), ()),
    "ordered": lambda a, of, rows: _ordered(a, of, rows, unrated=False),
    "ordered_unrated": lambda a, of, rows: _ordered(a, of, rows, unrated=True),
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
    "matters_of": lambda a, _of, rows: (a.incidents[a.complete[-1]][rows[1]], (a.complete[-1], rows[1])),
    "matters_rise": lambda a, of, rows: _extreme(a, of, rows, max),
    "matters_fall": lambda a, of, rows: _extreme(a, of, rows, min),
    "category": lambda a, _of, rows: (category_name({kind: kind for kind in a.counted_change()}[rows[0]]), rows[:1]),
    "week": _week,
    "week_first": lambda a, _of, rows: _week_day(a, 6, rows),
    "week_last": lambda a, _of, rows: _week_day(a, 0, rows),
    "so_far": _so_far,
    "provisional_from": lambda a, _of, _: (a.told["after"].complete.day + timedelta(days=1), ()),
    "slowest_feed": _slowest_feed,
    "complete_share": lambda *_: (95, ()),
    "delay": lambda a, _of, _: (a.told["after"].complete.delay, ()),
    "chance": _chance,
    "day": lambda a, of, _: (a.told[of[0]].day, ()),
    "hour": lambda _a, _of, _: (phrase("bulletin.hour"), ()),
    "year": lambda a, of, _: (a.told[of[0]].year, ()),
    "number": lambda a, of, _: (a.told[of[0]].number, ()),
    "number_of_year": lambda a, of, _: (a.told[of[0]].number_of_year, ()),
    "scheme_name": lambda a, of, _: (a.told[of[0]].scheme.title(a.told[of[0]].day), ()),
    "scheme_version": lambda a, of, _: (a.told[of[0]].scheme.version, ()),
    "scheme_note": lambda a, _of, _: (a.told["after"].scheme.note, ()),
    "indicator": lambda a, of, _: (
        {item.id: item.name for item in a.told["after"].scheme.indicators}[of[0]], (of[0],),
    ),
    "measure_text": lambda a, of, _: (a.told["after"].scheme.measures[of[0]].text, ()),
    "measure_cadence": lambda a, of, _: (_number(a.told["after"].scheme.measures[of[0]].cadence_days), ()),
    "measure_times": lambda a, of, _: (_number(round(1 / a.told["after"].scheme.measures[of[0]].cadence_days, 2)), ()),
    "measure_weeks": lambda a, of, _: (_number(a.told["after"].scheme.measures[of[0]].cadence_days / 7), ()),
    "measure_minutes": lambda a, of, _: (_number(a.told["after"].scheme.measures[of[0]].minutes_per_check), ()),
    "differs": _differs,
    "digest": lambda a, of, _: (
        short_digest((a.told["after"].provenance.records or "") if of == ["data"] else a.told["after"].scheme.digest()),
        (),
    ),
    "method": lambda a, _of, _: (a.told["after"].provenance.method or "—", ()),
    "feed": lambda a, of, _: (silent_name(a.told["after"], a.told["after"].assessment.silent[int(of[0])]), ()),
    "feed_since": lambda a, of, _: (a.told["after"].assessment.silent[int(of[0])].last + timedelta(days=1), ()),
    "feed_last": lambda a, of, _: (a.told["after"].assessment.silent[int(of[0])].last, ()),
    "feed_until": lambda a, of, _: (a.told["after"].assessment.silent[int(of[0])].until, ()),
    "revision_late": lambda a, _of, _: (abs(a.late()), ()),
    "revised": _revised,
    "carried": lambda a, _of, _: _carried(a, lower=False),
    "carried_lowered": lambda a, _of, _: _carried(a, lower=True),
    "carried_days": lambda a, _of, rows: (int(a.told["after"].assessment.carried[-1, a.at[rows[0]]]), rows[:1]),
    "carried_until": lambda a, _of, rows: (a.carried_until(rows[0]), rows[:1]),
    "source": lambda a, _of, _: (dict(a.told["after"].source), ()),
}  # fmt: skip
"""By the first part of a fact's name: its value and its rows, from the rest of the name and the rows it claims."""
