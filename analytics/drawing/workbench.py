"""The workbench as parts of a page: what a draft changes, what it costs, and what its weights are really worth."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from analytics import tiers
from analytics.drawing.cards import brief_names, marked, parent_name, render
from analytics.drawing.figures import score_text
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange
from analytics.scheme import CutOffs, Scheme, editing
from analytics.scheme.basics import Bilingual
from analytics.scheme.conditions import Comparing
from analytics.scheme.editing import Level, levels
from analytics.scheme.model import FloorRule
from analytics.scoring import Assessment, reassess
from analytics.scoring.influence import ClosePair, Correlations, IncompleteIndicator, Removal, Uniform
from analytics.scoring.what_if import WhatIf, score_bins
from analytics.words import LANGUAGES, Language, say

NAMES_TOLD = 12
ROWS_TOLD = 100
ROOM_FOR_A_LABEL, ROOM_FOR_A_LINE = 10.0, 16.0
"""Of a cut-off, in percent of the histogram's width."""
RANKS_DRAWN = 20
"""Tiers whose change of number is told with the price."""


def level_name(lang: Language, level: Level) -> str:
    """What a level is called: the dimensions, or the dimension whose children are weighed."""
    return level.dimension.name.text(lang) if level.dimension else say(lang, "workbench.dimensions")


def names_of(lang: Language, scheme: Scheme) -> Mapping[str, str]:
    """The names of every dimension and indicator by id."""
    return {child.id: child.name.text(lang) for level in levels(scheme) for child in level.children}


def child_label(lang: Language, name: str, in_use: int | None) -> str:
    """What a slider of a weight says: its name and the weight in use, or that it is not in use."""
    if in_use is None:
        return say(lang, "workbench.child_new", name=_plain(name))
    return say(lang, "workbench.child", name=_plain(name), percent=in_use)


def _plain(name: str) -> str:
    """A name of the user's as a label shows it: without what a label would take for markup."""
    return "".join("\\" + sign if sign in "\\`*_{}[]()#+-.!:$~|<>" else sign for sign in name)


def weight_bars(lang: Language, nominal: float, effective: float) -> str:
    """Two thin bars: the weight as it is set, and the share of the differences that it really makes; both percent."""
    known = effective == effective
    return render(
        lang,
        "workbench_bars.html",
        nominal=nominal,
        effective=max(0.0, min(100.0, effective)) if known else 0.0,
        text=say(lang, "workbench.effective", percent=f"{effective:.0f}")
        if known
        else say(lang, "workbench.no_effect"),
    )


def legend(lang: Language) -> str:
    """What the two bars are."""
    return render(lang, "workbench_legend.html")


def map_legend(lang: Language, published: bool) -> str:
    """What the marks on the map mean, and which tiers it shows."""
    which = say(lang, "workbench.tiers_published" if published else "workbench.tiers_computed")
    return render(lang, "workbench_map_legend.html", tiers_are=which)


def draft_line(lang: Language, trial: WhatIf, published: bool) -> str:
    """What stands beside everything that is taken along: whether a draft is shown, and which tiers."""
    differs = trial.before.scheme.digest() != trial.after.scheme.digest()
    which = say(lang, "workbench.tiers_published" if published else "workbench.tiers_computed")
    draft = say(lang, "workbench.is_draft" if differs else "workbench.is_in_use")
    return say(lang, "overview.names", names=[draft, which])


def counts(lang: Language, trial: WhatIf) -> str:
    """Areas in each tier before → after."""
    rows = [
        {"tier": tier, "before": int(row["before"]), "after": int(row["after"])}
        for tier, row in trial.counts.iterrows()
    ]
    return render(lang, "workbench_counts.html", rows=rows)


def histogram(lang: Language, trial: WhatIf) -> str:
    """The scores under the draft as bars in the colours of the tiers, with the cut-offs of the draft and in use."""
    edges, table = score_bins(trial.after)
    low, high = edges[0], edges[-1]
    most = max(int(table.sum(axis=1).max()), 1)
    bars = []
    for at, row in enumerate(table.itertuples(index=False)):
        foot = 0.0
        for tier in (tiers.UNKNOWN, *tiers.RANKED):
            number = int(getattr(row, tier))
            if not number:
                continue
            said = {
                "low": f"{edges[at]:g}",
                "high": f"{edges[at + 1]:g}",
                "tier": say(lang, f"tiers.{tier}"),
                "n": number,
            }
            bars.append(
                {
                    "tier": tier,
                    "x": _share(edges[at], low, high),
                    "width": _share(edges[at + 1], low, high) - _share(edges[at], low, high),
                    "foot": foot,
                    "tall": number / most * 100,
                    "said": say(lang, "workbench.bar", **said),
                }
            )
            foot += number / most * 100
    return render(
        lang,
        "workbench_histogram.html",
        bars=bars,
        most=most,
        ticks=[{"x": _share(value, low, high), "text": f"{value:g}"} for value in np.linspace(low, high, 6).round(1)],
        cuts=_cuts(trial.after.scheme, low, high, ROOM_FOR_A_LABEL),
        old=_cuts(trial.before.scheme, low, high, ROOM_FOR_A_LINE, _cut_texts(trial.after.scheme)),
    )


def _share(value: float, low: float, high: float) -> float:
    return float((value - low) / (high - low) * 100)


def _cut_texts(scheme: Scheme) -> set[str]:
    return {f"{cut:g}" for cut in scheme.tiers.ascending()} if isinstance(scheme.tiers, CutOffs) else set()


def _cuts(scheme: Scheme, low: float, high: float, room: float, but: Collection[str] = ()) -> list[dict[str, object]]:
    if not isinstance(scheme.tiers, CutOffs):
        return []
    cuts = []
    for tier, cut in zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True):
        x = _share(min(max(cut, low), high), low, high)
        # Two labels that would cover each other stand one above the other.
        if f"{cut:g}" in but:
            continue
        crowded = bool(cuts) and x - cuts[-1]["x"] < room and not cuts[-1]["raised"]
        cuts.append({"tier": tier, "x": x, "text": f"{cut:g}", "raised": crowded})
    return cuts


def cut_refused(lang: Language, scheme: Scheme, tier: str, wanted: float) -> str:
    """Why a cut-off cannot stand there: it has to lie between its neighbours."""
    cuts = dict(zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True))
    at = tiers.RANK[tier]
    around = [other for other in (at - 1, at + 1) if 0 < other < len(tiers.RANKED)]
    between = [
        say(
            lang,
            "workbench.cut_over" if other < at else "workbench.cut_under",
            tier=marked(lang, tiers.RANKED[other]),
            value=f"{cuts[tiers.RANKED[other]]:g}",
        )
        for other in around
    ]
    return say(lang, "workbench.cut_refused", tier=marked(lang, tier), wanted=f"{wanted:g}", between=between)


def changed(lang: Language, trial: WhatIf, selected: str | None) -> str:
    """The areas that change tier by name, from → to, with their scores and the reason."""
    table, names = trial.changed.head(ROWS_TOLD), brief_names(trial.after)
    dimension = names_of(lang, trial.after.scheme)
    rows = [
        {
            "name": names[row.Index],
            "parent": parent_name(trial.after, row.Index),
            "before": row.before,
            "after": row.after,
            "then": score_text(row.score_before, row.before),
            "now": score_text(row.score_after, row.after),
            "by": _by(row.score_after - row.score_before),
            "why": reason_text(lang, row, dimension),
            "chosen": row.Index == selected,
        }
        for row in table.itertuples()
    ]
    more = len(trial.changed) - len(rows)
    return render(lang, "workbench_changed.html", rows=rows, more=more, areas=len(trial.after.areas))


def _by(difference: float) -> str:
    return "—" if difference != difference or abs(difference) < 0.05 else f"{difference:+.1f}".replace("-", "−")


def reason_text(lang: Language, row: tuple, names: Mapping[str, str]) -> str:
    """Why an area changes tier, of a row of `WhatIf.changed`."""
    said = say(lang, f"workbench.cause_{row.cause}")
    if row.cause in ("weights", "several") and row.lead:
        return say(lang, "workbench.cause_with", cause=said, name=names[row.lead])
    return said


def price(lang: Language, asked: WorkloadChange, rounds: InspectionLoad, crew: TeamCapacity) -> str:
    """The banner: what the draft's moves ask for in team-days a week, and what there is."""
    return render(lang, "workbench_price.html", **price_words(lang, asked, rounds, crew))


def price_words(lang: Language, asked: WorkloadChange, rounds: InspectionLoad, crew: TeamCapacity) -> dict[str, object]:
    """The sentence of the price, and what is to be known of it."""
    moves = [
        say(lang, "workbench.price_move", tier=say(lang, f"tiers.{tier}"), by=_signed(by))
        for tier, by in asked.tiers["areas"].items()
        if by
    ]
    held = say(lang, "workbench.price_unknown")
    if crew.team_days is not None:
        held = say(lang, "workbench.price_have", days=crew.team_days, teams=crew.teams)
    # Of the two sums as they are shown: a reader takes one from the other.
    by = round(round(asked.after, 1) - round(asked.before, 1), 1)
    key = "price_none" if np.isnan(by) else "price_moves" if moves else "price_by" if by else "price_same"
    headline = say(lang, f"workbench.{key}", moves=moves, by=_signed(by), held=held)
    total = ""
    if not np.isnan(asked.after):
        lack = "" if asked.capacity is None else _lack(lang, asked.after - asked.capacity)
        total = say(lang, "workbench.price_total", before=f"{asked.before:.1f}", after=f"{asked.after:.1f}", lack=lack)
    basis = [
        say(lang, f"workbench.round_{rounds.what}", mean=f"{rounds.checks.mean():.1f}"),
        say(lang, "workbench.hours_assumed" if crew.assumed else "workbench.hours", hours=f"{crew.hours_a_day:.3g}"),
    ]
    if rounds.estimated:
        basis.append(say(lang, "workbench.rounds_estimated", n=rounds.estimated))
    if asked.withheld:
        total = say(lang, "reason.separator").join([total, say(lang, "workbench.price_withheld", n=asked.withheld)])
    if asked.lacking:
        uncounted = [say(lang, f"tiers.{tier}") for tier in asked.lacking]
        basis.append(say(lang, "workbench.not_priced", tiers=uncounted))
    return {"headline": headline, "total": total, "basis": say(lang, "reason.separator").join(basis)}


def _signed(by: float) -> str:
    return f"{by:+g}".replace("-", "−") if by else "±0"


def _lack(lang: Language, lacking: float) -> str:
    if lacking > 0.05:
        return say(lang, "workbench.lacking", days=f"{lacking:.1f}")
    return say(lang, "workbench.to_spare", days=f"{-lacking:.1f}")


def redundancy_notes(
    lang: Language, assessment: Assessment, found: Sequence[IncompleteIndicator | Removal | ClosePair | Uniform]
) -> str:
    """What decides nothing, or counts a thing twice: a line each."""
    names = names_of(lang, assessment.scheme)
    rows = []
    for item in found:
        match item:
            case Removal():
                key = "without_ruled" if item.in_rules else "without"
                moved = "none" if not item.changed else "one" if item.changed == 1 else "some"
                moves = say(lang, f"workbench.moves_{moved}", n=item.changed)
                said = say(lang, f"workbench.{key}", name=names[item.id], moves=moves, nominal=f"{item.nominal:.0%}")
                rows.append((say(lang, "workbench.try_without"), said))
            case IncompleteIndicator():
                held = {"name": names[item.id], "n": item.areas_missing, "areas": item.areas}
                said = say(lang, "workbench.lacking_says", greens=item.greens_withheld, **held)
                rows.append((say(lang, "workbench.lacking_data"), said))
            case ClosePair():
                said = say(lang, "workbench.close", one=names[item.first], other=names[item.second], r=f"{item.r:.2f}")
                rows.append((say(lang, "workbench.alike"), said))
            case Uniform():
                said = say(lang, "workbench.uniform", name=names[item.id], n=item.same, areas=item.areas)
                rows.append((say(lang, "workbench.no_difference"), said))
    return render(lang, "workbench_nothing.html", rows=rows)


def ranks(lang: Language, trial: WhatIf) -> str:
    """The places by work before and after as lines, of the areas that are among the first either way."""
    table, names = trial.ranks, brief_names(trial.after)
    shown = table[(table["before"] <= RANKS_DRAWN) | (table["after"] <= RANKS_DRAWN)]
    lowest = RANKS_DRAWN + 2
    rows = [
        {
            "name": names[row.Index],
            "before": int(row.before),
            "after": int(row.after),
            "from": float(min(row.before, lowest)),
            "to": float(min(row.after, lowest)),
            "tier_before": row.tier_before,
            "tier_after": row.tier_after,
            "moved": row.before != row.after,
        }
        for row in shown.itertuples()
    ]
    left = sorted((row for row in rows if row["before"] <= RANKS_DRAWN), key=lambda row: row["before"])
    right = [row for row in rows if row["after"] <= RANKS_DRAWN]
    drawn = render(lang, "workbench_slope.svg", rows=rows, lowest=lowest)
    lines = f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"
    return render(lang, "workbench_ranks.html", lines=lines, left=left, right=right, places=RANKS_DRAWN, lowest=lowest)


def correlations(lang: Language, found: Correlations, scheme: Scheme) -> str:
    """How the indicators' points rise and fall together: a square table, darker where they say the same."""
    names = names_of(lang, scheme)
    rows = [
        {
            "number": at + 1,
            "name": names[one],
            "cells": [
                {
                    "text": "" if value != value else f"{value:.2f}".replace("-", "−"),
                    "depth": 0 if value != value else abs(value),
                    "same": one == other,
                }
                for other, value in line.items()
            ],
        }
        for at, (one, line) in enumerate(found.r.iterrows())
    ]
    return render(lang, "workbench_correlations.html", rows=rows)


def some_names(lang: Language, names: Sequence[str]) -> str:
    """Names in a row; beyond the first few their number."""
    told, more = list(names[:NAMES_TOLD]), len(names) - NAMES_TOLD
    if more > 0:
        return say(lang, "overview.names_more", names=told, more=more)
    return say(lang, "overview.names", names=told)


def floor_named(scheme: Scheme, indicator: str, op: str, value: float) -> Bilingual:
    """The name of a floor rule after what it says."""
    item = next(item for item in scheme.indicators if item.id == indicator)
    return Bilingual(
        **{
            lang: say(
                lang, "workbench.floor_named", name=item.name.text(lang), op=_SIGNS.get(op, op), value=f"{value:g}"
            )
            for lang in LANGUAGES
        }
    )


def new_floor(scheme: Scheme, indicator: str, op: str, value: float, tier: str) -> FloorRule:
    """A floor rule, named after what it says."""
    when = Comparing(indicator=indicator, op=op, value=value)
    return FloorRule(at_least=tier, when=when, name=floor_named(scheme, indicator, op, value))


def recompared(scheme: Scheme, floor: FloorRule, value: float) -> FloorRule:
    """A floor with another number; a name that spoke of the old one would be false, so it says the new one."""
    if not isinstance(floor.when, Comparing):
        return editing.compared(floor, value, floor.name)
    return editing.compared(floor, value, floor_named(scheme, floor.when.indicator, floor.when.op, value))


def would_hold(lang: Language, assessment: Assessment, floor: FloorRule) -> str:
    """How many areas a floor rule would hold for, and how many of them it would raise."""
    run = reassess(assessment, editing.with_floor(assessment.scheme, floor))
    raised = int((run.computed[-1] != assessment.computed[-1]).sum())
    return say(lang, "workbench.floor_would", n=int(run.holding[-1, :, -1].sum()), raised=raised)


_SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
