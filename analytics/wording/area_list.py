"""The list of all areas in words, and what communities come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics import tiers
from analytics.marks import FORMS, Mark
from analytics.scheme import Scheme
from analytics.scheme.measures import Gap
from analytics.scoring import Assessment, ranking
from analytics.scoring.groups import GroupValues
from analytics.scoring.summary import area_marks
from analytics.wording.area_page import brief_value, unit_text
from analytics.wording.areas import brief_names
from analytics.wording.indicators import leading_values
from analytics.wording.numbers import NOTHING, score_text, signed_points
from analytics.wording.tiers import mark_name, marked
from analytics.words import Language, say


def _score(value: float) -> str:
    """With one decimal; with more where one would lie on the other side of a cut-off, as :func:`score_text` says it."""
    rounded = f"{value:.1f}"
    return rounded if float(rounded) == value else f"{value:.10g}"


NUMBERS = {"score": _score, "change": signed_points}
"""How the numbers of :func:`areas_table` are written where they can be sorted as well."""


def areas_table(lang: Language, run: Assessment, earlier: Assessment | None = None) -> pd.DataFrame:
    """All areas, most work first, as the list on the page has them: index ``area_id``; ``change`` is that of the score
    since ``earlier``, the same areas on the day before it."""
    ranked, marks, scheme = ranking(run), area_marks(run), run.scheme
    then = pd.Series(np.nan, index=ranked.index)
    if earlier is not None:
        then = pd.Series(earlier.score[-1], index=earlier.areas.index).reindex(ranked.index)
    parents = run.areas["parent_id"].map(run.parents).fillna("")
    return pd.DataFrame(
        {
            "rank": ranked["rank"],
            "name": brief_names(run).loc[ranked.index],
            "within": parents.loc[ranked.index],
            "tier": [marked(lang, tier) for tier in ranked["tier"]],
            "mark": [
                _marks_text(lang, [mark for mark, on in zip(marks.columns, row, strict=True) if on])
                for row in marks.loc[ranked.index].to_numpy()
            ],
            "computed": [marked(lang, tier) for tier in ranked["computed"]],
            "score": [
                np.nan if row.computed == tiers.UNKNOWN else float(score_text(row.score, scheme, row.computed))
                for row in ranked.itertuples()
            ],
            "change": (ranked["score"] - then).round(1).where(ranked["computed"] != tiers.UNKNOWN),
            "why": [
                say(lang, "overview.names", names=leading_values(lang, run, area_id, leads)) or NOTHING
                for area_id, leads in ranked["leads"].items()
            ],
        },
        index=ranked.index,
    )


def matching(table: pd.DataFrame, sought: str | None) -> pd.DataFrame:
    """The rows of :func:`areas_table` in which every one of the words that are ``sought`` stands, in whatever cell."""
    text = table.select_dtypes(exclude="number").agg(" ".join, axis=1).str.casefold()
    kept = pd.Series(data=True, index=table.index)
    for word in (sought or "").casefold().split():
        kept &= text.str.contains(word, regex=False)
    return table[kept]


def level_name(lang: Language, scheme: Scheme, level: str) -> str:
    """What the switch between the scored areas and the groups above them says: 网格, 社区."""
    return say(lang, f"templates.word_level_{scheme.level}") if level == "areas" else say(lang, "area.level_groups")


def _marks_text(lang: Language, marks: Sequence[Mark]) -> str:
    return " ".join(f"{FORMS[mark].sign}\N{NO-BREAK SPACE}{mark_name(lang, mark)}" for mark in marks)


def community_rows(lang: Language, run: Assessment, held: GroupValues) -> list[dict[str, object]]:
    """The groups of areas, those with the worst areas first: how many areas of each tier, the area with most work and
    its tier, which is no tier of the group; and what each indicator gives from the records of the whole group."""
    counts, worst, names = held.tier_counts(run), held.worst(run), brief_names(run)
    ranked = ranking(run)
    rows = []
    for at, group in enumerate(held.groups.index):
        first = worst[group]
        known = not pd.isna(first)
        rows.append(
            {
                "area_id": group,
                "name": held.groups["name"][group],
                "counts": {tier: int(counts.loc[group, tier]) for tier in tiers.SHOWN},
                "worst": first if known else "",
                "worst_name": names[first] if known else "",
                "tier": ranked["tier"][first] if known else tiers.UNKNOWN,
                "values": [
                    brief_value(
                        lang, item, held.values[at, number], Gap(held.gaps[at, number]),
                        total=bool(held.total[number]),
                    )
                    for number, item in enumerate(run.scheme.indicators)
                ],
            }
        )  # fmt: skip
    order = {tier: place for place, tier in enumerate(tiers.SHOWN)}
    return sorted(rows, key=lambda row: (order[row["tier"]], [-row["counts"][tier] for tier in tiers.SHOWN]))


def community_heads(lang: Language, run: Assessment, held: GroupValues) -> list[tuple[str, str]]:
    """What stands over the values of groups: the name of each indicator, and its unit or that it is a mean of areas."""
    return [
        (item.name.text(lang), say(lang, "area.each") if held.total[number] else unit_text(lang, item))
        for number, item in enumerate(run.scheme.indicators)
    ]
