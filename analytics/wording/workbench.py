"""The workbench in words: what a draft changes and why, what it costs, and what decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analytics import tiers
from analytics.response.duty_load import DutyChange
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange
from analytics.scheme import CutOffs, Scheme
from analytics.scoring import Assessment, ranking
from analytics.scoring.influence import ClosePair, IncompleteIndicator, Removal, Uniform
from analytics.scoring.summary import area_marks
from analytics.scoring.what_if import WhatIf
from analytics.wording.areas import brief_names, parent_name
from analytics.wording.numbers import SMALLEST_SHOWN_DIFFERENCE, signed_points
from analytics.wording.reasons import score_beside
from analytics.wording.schemes import names_of
from analytics.wording.team_hours import holiday_lines
from analytics.wording.tiers import mark_rows, marked
from analytics.words import Language, say, signed

MOST_CHANGES = 20


def tiers_shown(lang: Language, *, published: bool) -> str:
    """Which tiers are shown: those that would be published, or those that are computed."""
    return say(lang, "workbench.tiers_published" if published else "workbench.tiers_computed")


def draft_line(lang: Language, trial: WhatIf, *, published: bool) -> str:
    """What stands beside everything that is taken along: whether a draft is shown, and which tiers."""
    differs = trial.before.scheme.digest() != trial.after.scheme.digest()
    draft = say(lang, "workbench.is_draft" if differs else "workbench.is_in_use")
    return say(lang, "overview.names", names=[draft, tiers_shown(lang, published=published)])


def score_bar(lang: Language, tier: str, low: float, high: float, number: int) -> str:
    """How many areas of a tier have a score between two."""
    return say(lang, "workbench.bar", low=f"{low:g}", high=f"{high:g}", tier=say(lang, f"tiers.{tier}"), n=number)


def effective_weight(lang: Language, effective: float) -> str:
    """The share of the differences that a weight really makes, in percent; NaN where it makes none."""
    if effective != effective:
        return say(lang, "workbench.no_effect")
    return say(lang, "workbench.effective", percent=f"{effective:.0f}")


def weight_in_use(lang: Language, percent: int, in_use: int | None) -> str:
    """The weight in use beside the one that is set, both percent, where it is another one; or that there is none."""
    if in_use is None:
        return say(lang, "workbench.weight_new")
    return "" if in_use == percent else say(lang, "workbench.weight_used", percent=in_use)


def cut_head(lang: Language, trial: WhatIf, tier: str) -> dict[str, str]:
    """Which tier begins at a cut-off (``said``), and where it does ``in_use``, if that is somewhere else."""
    cuts, used = (
        dict(zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True)) if isinstance(scheme.tiers, CutOffs) else {}
        for scheme in (trial.after.scheme, trial.before.scheme)
    )
    differs = tier in used and used[tier] != cuts[tier]
    in_use = say(lang, "workbench.in_use_line", value=f"{used[tier]:g}") if differs else ""
    return {"said": say(lang, "workbench.cut", tier=marked(lang, tier)), "in_use": in_use}


def map_marks(lang: Language) -> list[dict[str, str]]:
    """What the marks on the map mean."""
    change = {"raised": "workbench.marks", "lowered": "workbench.marks_lighter"}
    return [{"name": name, "means": say(lang, key)} for name, key in change.items()]


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


def floor_effect_text(lang: Language, holds: int, raised: int) -> str:
    """For how many areas a floor rule would hold, and how many of them it would raise."""
    return say(lang, "workbench.floor_would", n=holds, raised=raised)


def changed_rows(lang: Language, trial: WhatIf, selected: str | None, most: int) -> list[dict[str, object]]:
    """The first ``most`` areas that change tier by name, from → to, with their scores and the reason; the ``selected``
    one is ``chosen``."""
    names, of_scheme = brief_names(trial.after), names_of(lang, trial.after.scheme)
    marks = area_marks(trial.after).loc[trial.changed.index]
    then, now = ranking(trial.before), ranking(trial.after)
    return [
        {
            "name": names[row.Index],
            "parent": parent_name(trial.after, row.Index),
            "before": row.before,
            "after": row.after,
            "then": score_beside(lang, trial.before.scheme, then.loc[row.Index]),
            "now": score_beside(lang, trial.after.scheme, now.loc[row.Index]),
            "by": signed_points(row.score_after - row.score_before),
            "why": change_cause(lang, row, of_scheme),
            "marks": mark_rows(lang, marks.loc[row.Index]),
            "chosen": row.Index == selected,
        }
        for row in trial.changed.head(most).itertuples()
    ]


def tier_changes(lang: Language, trial: WhatIf, most: int = MOST_CHANGES) -> str:
    """Which areas change tier, from → to, by name, the first ``most``; and how many stay as they are."""
    table, names = trial.changed, brief_names(trial.after)
    if table.empty:
        return say(lang, "workbench.tiers_unchanged", areas=len(trial.after.areas))
    told = [
        say(
            lang,
            "workbench.other",
            name=names[row.Index],
            before=marked(lang, row.before),
            after=marked(lang, row.after),
        )
        for row in table.head(most).itertuples()
    ]  # fmt: skip
    if more := len(table) - len(told):
        told.append(say(lang, "workbench.tiers_more", n=more))
    raised = table["raised"]
    ways = {"raised": int(raised.eq(other=True).sum()), "lowered": int(raised.eq(other=False).sum())}
    ways["neither"] = len(table) - sum(ways.values())
    return say(
        lang, "workbench.tiers_change", n=len(table), rest=len(trial.after.areas) - len(table),
        ways=[say(lang, f"workbench.tiers_{way}", n=n) for way, n in ways.items() if n],
        names=say(lang, "workbench.tiers_separator").join(told),
    )  # fmt: skip


def change_cause(lang: Language, row: tuple, names: Mapping[str, str]) -> str:
    """Why an area changes tier, of a row of `WhatIf.changed`; ``names`` of the scheme's parts by id."""
    said = say(lang, f"workbench.cause_{row.cause}")
    if row.cause in ("weights", "several") and row.lead:
        return say(lang, "workbench.cause_with", cause=said, name=names[row.lead])
    return said


def price(lang: Language, asked: WorkloadChange, rounds: InspectionLoad, crew: TeamCapacity) -> dict[str, str]:
    """What the draft's moves ask for in team-days a week, and what there is: the ``headline``, the ``total`` before and
    after, and the ``basis`` that it is reckoned on."""
    return {
        "headline": _price_headline(lang, asked, crew),
        "total": _price_total(lang, asked),
        "basis": _price_basis(lang, asked, rounds, crew),
    }


def _price_headline(lang: Language, asked: WorkloadChange, crew: TeamCapacity) -> str:
    moves = [
        say(lang, "workbench.price_move", tier=say(lang, f"tiers.{tier}"), by=signed(by))
        for tier, by in asked.tiers["areas"].items()
        if by
    ]
    held = say(lang, "workbench.price_unknown")
    rated = asked.tiers.drop(index=tiers.UNKNOWN)[["areas_before", "areas_after"]]
    if crew.team_days is not None:
        held = say(lang, "workbench.price_have", days=crew.team_days, teams=crew.teams)
    # Of the two sums as they are shown: a reader takes one from the other.
    by = round(round(asked.after, 1) - round(asked.before, 1), 1)
    if np.isnan(by):
        key = "price_none"
    elif not rated.any(axis=None):
        key = "price_unrated"
    else:
        key = "price_moves" if moves else "price_by" if by else "price_same"
    return say(lang, f"workbench.{key}", moves=moves, by=signed(by), held=held)


def _price_total(lang: Language, asked: WorkloadChange) -> str:
    total = ""
    if not np.isnan(asked.after) and asked.tiers["areas_after"].drop(tiers.UNKNOWN).any():
        lack = "" if asked.capacity is None else _lack(lang, asked.after - asked.capacity)
        total = say(lang, "workbench.price_total", before=f"{asked.before:.1f}", after=f"{asked.after:.1f}", lack=lack)
    if asked.withheld:
        total = say(lang, "reason.separator").join(
            [*filter(None, [total]), say(lang, "workbench.price_withheld", n=asked.withheld)]
        )
    return total


def _price_basis(lang: Language, asked: WorkloadChange, rounds: InspectionLoad, crew: TeamCapacity) -> str:
    basis = [
        say(lang, f"workbench.round_{rounds.what}", mean=f"{rounds.checks.mean():.1f}"),
        say(lang, "workbench.hours_assumed" if crew.assumed else "workbench.hours", hours=f"{crew.hours_a_day:.3g}"),
    ]
    if rounds.estimated:
        basis.append(say(lang, "workbench.rounds_estimated", n=rounds.estimated))
    if asked.lacking:
        uncounted = [say(lang, f"tiers.{tier}") for tier in asked.lacking]
        basis.append(say(lang, "workbench.not_priced", tiers=uncounted))
    return say(lang, "reason.separator").join(basis)


def _lack(lang: Language, lacking: float) -> str:
    if lacking > SMALLEST_SHOWN_DIFFERENCE:
        return say(lang, "workbench.lacking", days=f"{lacking:.1f}")
    return say(lang, "workbench.to_spare", days=f"{-lacking:.1f}")


def duties(lang: Language, draft: Scheme, asked: DutyChange) -> str:
    """Minutes a week that the duties ask under the scheme in use and under the draft, and of how many areas that is
    not known."""
    if not draft.duties:
        return say(lang, "workbench.duties_none")
    if np.isnan(asked.after):
        return say(lang, "workbench.duties_untold")
    # Of the two sums as they are shown: a reader takes one from the other.
    before, after = round(asked.before), round(asked.after)
    way = "more" if after > before else "fewer" if after < before else "same"
    said = say(lang, f"workbench.duties_{way}", before=f"{before:,}", after=f"{after:,}", by=f"{abs(after - before):,}")
    said = say(lang, "workbench.duties_partly", said=said, n=asked.untold) if asked.untold else said
    return say(lang, "response.sentence_end").join([said, *holiday_lines(lang, asked.holidays)])


def redundancy_notes(
    lang: Language, assessment: Assessment, found: Sequence[IncompleteIndicator | Removal | ClosePair | Uniform]
) -> list[tuple[str, str]]:
    """What decides nothing, or counts a thing twice: a label and a sentence each."""
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
                said = say(lang, "workbench.lacking_says", **held)
                if item.greens_withheld:
                    said = say(lang, "workbench.lacking_withholds", greens=item.greens_withheld, **held)
                rows.append((say(lang, "workbench.lacking_data"), said))
            case ClosePair():
                said = say(lang, "workbench.close", one=names[item.first], other=names[item.second], r=f"{item.r:.2f}")
                rows.append((say(lang, "workbench.alike"), said))
            case Uniform():
                said = say(lang, "workbench.uniform", name=names[item.id], n=item.same, areas=item.areas)
                rows.append((say(lang, "workbench.no_difference"), said))
    return rows


def correlation_text(r: float) -> str:
    """A rank correlation with two decimals; nothing where there is none."""
    return "" if r != r else f"{r:.2f}".replace("-", "−")
