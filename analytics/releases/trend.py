"""The section on trends: how long things have been quiet, how much of the map is heavy, how many incidents there
were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.releases.alike import corrects, why_apart
from analytics.releases.compare import Comparison, ReleaseContent
from analytics.releases.sentences import CitedFigure, Difference, Sentence, areas, days_said, incidents_said, sentence
from analytics.scheme import BandsPoints, Indicator, Scheme
from analytics.scoring.assess import Assessment
from analytics.scoring.reporting_delay import COMPLETE_SHARE
from analytics.scoring.summary import WEEK_DAYS, complete_weeks
from analytics.words import Phrase, keys, phrase

SUNDAY = 7


def trend(after: ReleaseContent, comparison: Comparison | None) -> Iterator[Sentence]:
    """Quiet days, the share of heavy areas against a week before, and incidents against the week before."""
    written = [*_quiet(after, comparison), *_heavy_week(after), *_incidents(after)]
    yield from written or [sentence("bulletin.trend_none")]


def heavy_difference(before: ReleaseContent, after: ReleaseContent) -> Sentence | None:
    """The share of red and orange areas against the release before; None where nothing has a tier."""
    revised = corrects(before, after) is not None
    return _heavy(after.assessment, before.assessment, -1, "release", revised=revised)


def _heavy_week(after: ReleaseContent) -> Iterator[Sentence]:
    held = after.assessment
    week_before = held.days.get_indexer([held.days[-1] - pd.Timedelta(days=WEEK_DAYS)])[0]
    if week_before >= 0 and (found := _heavy(held, held, int(week_before), "week")):
        yield found


def _heavy(now: Assessment, then: Assessment, at: int, since: str, *, revised: bool = False) -> Sentence | None:
    shares = [_heavy_share(now.shown[-1]), _heavy_share(then.shown[at])]
    if None in shares:
        return None
    rated = now.areas.index[now.shown[-1] != tiers.UNKNOWN_RANK]
    by = Difference(f"heavy_difference.{since}", round(shares[0] - shares[1], 1), "tiers", tuple(rated))
    way = "more" if by.value > 0 else "fewer" if by.value < 0 else "same"
    share = CitedFigure("heavy_share", round(shares[0], 1), "tiers", tuple(rated))
    apart = why_apart(now, then, at, fewer=way == "fewer", revised=revised)
    if apart:
        # That data stopped, or came again, or that areas left the list, is not that things got better, or stayed.
        return sentence(f"bulletin.heavy_{apart}", share=share, since=phrase(f"bulletin.since_{since}"))
    return sentence(f"bulletin.heavy_{way}", share=share, by=by, since=phrase(f"bulletin.since_{since}"))


def _heavy_share(ranks: np.ndarray) -> float | None:
    """Per cent of the areas with a tier that are red or orange."""
    rated = int((ranks != tiers.UNKNOWN_RANK).sum())
    return float((np.isin(ranks, [tiers.RANK[tier] for tier in tiers.ELEVATED])).sum() / rated * 100) if rated else None


def quiet_bands(indicator: Indicator) -> tuple[tuple[int, int | None], ...]:
    """The bands in which quiet days are told, from the first that gives points: (from, to), the last without an end.

    They are the scheme's own; where its points are not steps, weeks.
    """
    cap = indicator.days_since.cap
    if isinstance(indicator.points, BandsPoints):
        starts = [int(np.ceil(start)) for start, _ in indicator.points.bands]
    else:
        starts = list(range(0, cap, WEEK_DAYS))
    inside = sorted({0, *(start for start in starts if 0 < start <= cap)})
    return (*((low, high - 1) for low, high in pairwise(inside)), (inside[-1], None))


def _quiet(after: ReleaseContent, comparison: Comparison | None) -> Iterator[Sentence]:
    ids = after.assessment.areas.index
    changes = comparison.changes if comparison else ()
    lighter = [change.area_id for change in changes if change.raised is False and change.cause != "revision"]
    for number, item in enumerate(after.scheme.indicators):
        if item.days_since is None:
            continue
        quiet = pd.Series(after.assessment.values[-1, :, number], index=ids)
        known = quiet.dropna()
        name = CitedFigure(f"indicator.{item.id}", item.name, "scheme", (item.id,))
        if len(known) and known.min() >= 1:
            least = CitedFigure(f"quiet_least.{item.id}", int(known.min()), "values", tuple(known.index))
            heard = CitedFigure(f"quiet_known.{item.id}", len(known), "values", tuple(known.index))
            capped = least.value >= item.days_since.cap
            span = phrase("bulletin.days_capped", n=least) if capped else days_said(least)
            # That an area has no tier for want of data does not say that this indicator of it is unknown.
            which = "all" if len(known) == len(ids) else "known"
            yield sentence(f"bulletin.quiet_{which}", days=span, areas=areas(heard), indicator=name)
        if lighter:
            count = CitedFigure("lighter", len(lighter), "changes", tuple(lighter))
            parts = list(_quiet_parts(item, quiet[lighter]))
            yield sentence("bulletin.quiet_lighter", areas=areas(count), parts=parts, indicator=name)


def _quiet_parts(item: Indicator, days: pd.Series) -> Iterator[Phrase]:
    for place, (low, high) in enumerate(quiet_bands(item)):
        rows = tuple(days.index[(days >= low) & (days <= (np.inf if high is None else high))])
        if not rows:
            continue
        n = CitedFigure(f"quiet_band.{item.id}.{place}", len(rows), "values", rows)
        ends = {"low": CitedFigure(f"quiet_low.{item.id}.{place}", low, "scheme")}
        if high is not None and high != low:
            ends["high"] = CitedFigure(f"quiet_high.{item.id}.{place}", high, "scheme")
        entry = "open" if high is None else "one" if high == low else "between"
        yield phrase(f"bulletin.quiet_{entry}", n=n, **ends)
    missing = tuple(days.index[days.isna()])
    if missing:
        yield phrase(
            "bulletin.quiet_missing", n=CitedFigure(f"quiet_missing.{item.id}", len(missing), "values", missing)
        )


def _incidents(after: ReleaseContent) -> Iterator[Sentence]:
    if after.incidents is None or after.incidents.empty:
        return
    yield from _running_week(after)
    weekly = complete_weeks(after.incidents, after.complete.day)
    if weekly.empty:
        return
    ends = [pd.Timestamp(end).date() for end in weekly.index]
    total = [int(number) for number in weekly.sum(axis=1)]
    now = CitedFigure("matters", total[-1], "matters", (ends[-1].isoformat(),))
    week = {"week": _week(ends[-1]), "matters": incidents_said(now)}
    if len(ends) == 1:
        yield sentence("bulletin.matters_only", **week)
        return
    if after.complete.interrupted:
        yield sentence("bulletin.matters_interrupted", **week)
        return
    rows = (ends[-2].isoformat(), ends[-1].isoformat())
    by = Difference("matters_by", total[-1] - total[-2], "matters", rows)
    way = "more" if by.value > 0 else "fewer" if by.value < 0 else "same"
    if by.value and total[-2]:
        percent = Difference("matters_percent", round(by.value / total[-2] * 100, 1), "matters", rows)
        yield sentence(f"bulletin.matters_{way}", **week, by=by, percent=percent)
    elif by.value:
        yield sentence("bulletin.matters_from_none", **week, by=by)
    else:
        yield sentence("bulletin.matters_same", **week, by=by)
    counted = _counted(after.scheme, weekly.columns)
    each = (weekly.iloc[-1].astype(int) - weekly.iloc[-2].astype(int))[counted]
    if each.empty:
        return
    of = "" if len(counted) == len(weekly.columns) else phrase("bulletin.of_counted")
    for side, category in (("rise", each.idxmax()), ("fall", each.idxmin())):
        change = int(each[category])
        if (change > 0) if side == "rise" else (change < 0):
            yield sentence(
                f"bulletin.matters_{side}",
                of=of,
                category=CitedFigure("category", category_name(category), "matters", (category,)),
                matters=incidents_said(
                    CitedFigure("matters_of", int(weekly[category].iloc[-1]), "matters", (rows[-1], category))
                ),
                by=Difference(f"matters_{side}", change, "matters", (*rows, category)),
            )


def _counted(scheme: Scheme, kinds: pd.Index) -> list[str]:
    """The kinds of incident that the scheme counts: of the others it is not told which rose most."""
    counting = [item for item in scheme.indicators if item.source == "incidents"]
    all_kinds = not counting or any("category" not in item.where for item in counting)
    return [kind for kind in kinds if all_kinds or kind in scheme.categories()]


def _running_week(after: ReleaseContent) -> Iterator[Sentence]:
    """The week of the day, where not all of it is there, and why nothing is held against it; and from which day on
    records are provisional."""
    end = pd.Timestamp(after.incidents.index[-1]).date()
    complete = after.complete
    if end > complete.day:
        so_far = CitedFigure("so_far", int(after.incidents.iloc[-1].sum()), "matters", (end.isoformat(),))
        why = "not_over" if end > after.day else "not_in"
        yield sentence(
            "bulletin.matters_so_far", week=_week(end), matters=incidents_said(so_far), why=phrase(f"bulletin.{why}")
        )
    if complete.day < after.day:
        first = CitedFigure("provisional_from", complete.day + timedelta(days=1), "delay")
        feed = CitedFigure("slowest_feed", feed_name(complete.feed), "delay")
        share = CitedFigure("complete_share", round(COMPLETE_SHARE * 100), "delay")
        delay = CitedFigure("delay", complete.delay, "delay")
        yield sentence("bulletin.provisional", first=first, feed=feed, days=days_said(delay), share=share)


def feed_name(feed: str | None) -> str | Phrase:
    """The words for a feed of incidents, as in `scoring.reporting_delay`; the data's own where there are none."""
    if not feed:
        return phrase("bulletin.small_feeds" if feed is None else "bulletin.all_feeds")
    key = f"data.channel_{feed}"
    return phrase(key) if key in keys() else feed


def category_name(category: str) -> str | Phrase:
    """The words for a kind of incident; the data's own where there are none."""
    key = f"categories.{category}"
    return phrase(key) if key in keys() else category


def _week(last: date) -> Phrase:
    """A week by its number where it is a calendar week (Monday to Sunday), and by its days."""
    first = last - timedelta(days=WEEK_DAYS - 1)
    span: Mapping[str, CitedFigure] = {
        "first": CitedFigure("week_first", first, "matters", (last.isoformat(),)),
        "last": CitedFigure("week_last", last, "matters", (last.isoformat(),)),
    }
    if last.isoweekday() != SUNDAY:
        return phrase("bulletin.week_of_days", **span)
    number = CitedFigure("week", last.isocalendar().week, "matters", (last.isoformat(),))
    return phrase("bulletin.week_numbered", number=number, **span)
