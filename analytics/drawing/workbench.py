"""The workbench as parts of a page: what a draft changes, what it costs, and what its weights are really worth."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from analytics import tiers
from analytics.drawing.html import image_address, render
from analytics.response.duty_load import DutyChange
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment
from analytics.scoring.influence import ClosePair, Correlations, IncompleteIndicator, Removal, Uniform
from analytics.scoring.what_if import WhatIf, score_bins
from analytics.wording import workbench as wording
from analytics.wording.areas import brief_names
from analytics.wording.schemes import names_of
from analytics.words import Language

ROWS_TOLD = 100
ROOM_FOR_A_LABEL, ROOM_FOR_A_LINE = 10.0, 16.0
"""Of a cut-off, in percent of the histogram's width."""
RANKS_DRAWN = 20


def weight_bars(lang: Language, nominal: float, effective: float) -> str:
    """Two thin bars: the weight as it is set, and the share of the differences that it really makes; both percent."""
    drawn = max(0.0, min(100.0, effective)) if effective == effective else 0.0
    text = wording.effective_weight(lang, effective)
    return render(lang, "workbench_bars.html", nominal=nominal, effective=drawn, text=text)


def weight_head(lang: Language, name: str, percent: int, in_use: int | None) -> str:
    """What is weighed, the weight in use and the one that is set, both percent."""
    used = wording.weight_in_use(lang, percent, in_use)
    return render(lang, "workbench_weight.html", name=name, percent=percent, in_use=used)


def cut_head(lang: Language, trial: WhatIf, tier: str) -> str:
    """Which tier begins here, and where it does in use, if that is somewhere else."""
    return render(lang, "workbench_cut.html", **wording.cut_head(lang, trial, tier))


def legend(lang: Language) -> str:
    """What the two bars are."""
    return render(lang, "workbench_legend.html")


def map_legend(lang: Language, *, published: bool) -> str:
    """What the marks on the map mean, and which tiers it shows."""
    rows, tiers_are = wording.map_marks(lang), wording.tiers_shown(lang, published=published)
    return render(lang, "workbench_map_legend.html", rows=rows, tiers_are=tiers_are)


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
            bars.append(
                {
                    "tier": tier,
                    "x": _share(edges[at], low, high),
                    "width": _share(edges[at + 1], low, high) - _share(edges[at], low, high),
                    "foot": foot,
                    "tall": number / most * 100,
                    "said": wording.score_bar(lang, tier, edges[at], edges[at + 1], number),
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


def changed(lang: Language, trial: WhatIf, selected: str | None) -> str:
    """The areas that change tier by name, from → to, with their scores and the reason."""
    rows = wording.changed_rows(lang, trial, selected, ROWS_TOLD)
    more = len(trial.changed) - len(rows)
    return render(lang, "workbench_changed.html", rows=rows, more=more, areas=len(trial.after.areas))


def price(lang: Language, asked: WorkloadChange, rounds: InspectionLoad, crew: TeamCapacity) -> str:
    """The banner: what the draft's moves ask for in team-days a week, and what there is."""
    return render(lang, "workbench_price.html", **wording.price(lang, asked, rounds, crew))


def duties(lang: Language, draft: Scheme, asked: DutyChange) -> str:
    """A quiet line: minutes a week that the duties ask under the scheme in use and under the draft."""
    return render(lang, "workbench_duties.html", said=wording.duties(lang, draft, asked))


def redundancy_notes(
    lang: Language, assessment: Assessment, found: Sequence[IncompleteIndicator | Removal | ClosePair | Uniform]
) -> str:
    """What decides nothing, or counts a thing twice: a line each."""
    return render(lang, "workbench_nothing.html", rows=wording.redundancy_notes(lang, assessment, found))


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
    lines = image_address(drawn)
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
                    "text": wording.correlation_text(value),
                    "depth": 0 if value != value else abs(value),
                    "same": one == other,
                }
                for other, value in line.items()
            ],
        }
        for at, (one, line) in enumerate(found.r.iterrows())
    ]
    return render(lang, "workbench_correlations.html", rows=rows)
