"""The method card: a scheme in words that a leader reads, its noise on the user's own data, and the laws checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analytics import tiers
from analytics.drawing.cards import marked, render
from analytics.scheme import BandsPoints, CutOffs, Dimension, Indicator, LinearPoints, Scheme, ShareCutOffs
from analytics.scoring import Assessment
from analytics.scoring.noise import colour_changes_per_week
from analytics.scoring.selfcheck import LawResult
from analytics.scoring.weights import effective_weights
from analytics.words import Language, keys, say


def card(lang: Language, assessment: Assessment) -> str:
    """What is measured, the points it gives, the weights beside those really had on the last day, and the tiers."""
    scheme = assessment.scheme
    return render(
        lang,
        "method.html",
        name=scheme.name.text(lang),
        version=scheme.version,
        note=scheme.note.text(lang) if scheme.note else "",
        groups=groups(lang, assessment),
        tiers=_tiers(lang, scheme),
        lines=_lines(lang, scheme),
        measures=[
            {
                "tier": tier,
                "text": scheme.measures[tier].text.text(lang),
                "cadence": say(
                    lang,
                    "method.cadence",
                    days=f"{scheme.measures[tier].cadence_days:g}",
                    minutes=f"{scheme.measures[tier].minutes_per_check:g}",
                ),
            }
            for tier in tiers.SHOWN
            if tier in scheme.measures
        ],
    )


def groups(lang: Language, assessment: Assessment) -> list[dict[str, object]]:
    """The dimensions with their indicators: what is counted, the points it gives, and both weights."""
    scored = ~np.isnan(assessment.score[-1])
    had = dict(zip(assessment.indicator_ids, effective_weights(assessment.parts[-1][scored]), strict=True))
    return [_group(lang, dimension, share, had) for dimension, share in _shares(assessment.scheme)]


def _shares(scheme: Scheme) -> list[tuple[Dimension, float]]:
    total = sum(dimension.weight for dimension in scheme.dimensions)
    return [(dimension, dimension.weight / total) for dimension in scheme.dimensions]


def _group(lang: Language, dimension: Dimension, share: float, had: Mapping[str, float]) -> dict[str, object]:
    """A dimension with its indicators; those of dimensions in it are listed with it."""
    listed = dimension.every_indicator()
    total = sum(item.weight for item in listed)
    return {
        "name": dimension.name.text(lang),
        "share": f"{share:.0%}",
        "rows": [
            {
                "name": item.name.text(lang),
                "counted": _counted(lang, item),
                "points": _points(lang, item),
                "share": f"{item.weight / total * share:.0%}",
                "had": "—" if had[item.id] != had[item.id] else f"{had[item.id]:.0%}",
            }
            for item in listed
        ],
    }


def _counted(lang: Language, item: Indicator) -> str:
    said = [say(lang, item.spec.words)]
    if item.where:
        said.append(
            say(lang, "method.where", values=[_value(lang, column, value) for column, value in item.where.items()])
        )
    if item.window_days:
        said.append(say(lang, "method.window", days=item.window_days))
    if item.per:
        base = say(lang, f"figures.per_{item.per.base}")
        said.append(say(lang, "method.per", scale=f"{item.per.scale:,g}", base=base))
    return say(lang, "reason.separator").join(said)


def _value(lang: Language, column: str, wanted: object) -> str:
    if hasattr(wanted, "op"):
        return f"{wanted.op} {wanted.value:g}"
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    named = []
    for value in values:
        code = f"{column}_{value}".lower() if isinstance(value, bool) else value
        entries = (f"categories.{value}", f"method.code_{code}")
        entry = next((entry for entry in entries if entry in keys()), None)
        named.append(say(lang, entry) if entry else str(value))
    return say(lang, "overview.names", names=named)


def _points(lang: Language, item: Indicator) -> str:
    rule = item.points
    match rule:
        case BandsPoints():
            steps = [say(lang, "method.step", start=f"{start:g}", points=f"{points:g}") for start, points in rule.bands]
            said = say(lang, "overview.names", names=steps)
        case LinearPoints():
            said = say(lang, "method.linear", low=f"{rule.linear.low:g}", high=f"{rule.linear.high:g}")
        case _:
            said = say(lang, f"method.points_{rule.method}")
    return say(lang, "method.turned", rule=said) if item.harder_when == "low" else said


def _tiers(lang: Language, scheme: Scheme) -> list[dict[str, str]]:
    match scheme.tiers:
        case CutOffs():
            begins = dict(zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True))
            texts = {tier: say(lang, "method.from_score", score=f"{cut:g}") for tier, cut in begins.items()}
            texts["green"] = say(lang, "method.below", score=f"{scheme.tiers.blue:g}")
        case ShareCutOffs():
            texts = {
                tier: say(lang, "method.hardest_share", share=f"{getattr(scheme.tiers, tier):.0%}")
                for tier in tiers.RANKED[1:]
            }
            texts["green"] = say(lang, "reason.by_line")
        case _:
            return [
                {"tier": line.tier, "text": line.name.text(lang) if line.name else say(lang, "reason.by_line")}
                for line in scheme.decide
            ]
    return [{"tier": tier, "text": texts[tier]} for tier in reversed(tiers.RANKED)]


def _lines(lang: Language, scheme: Scheme) -> list[dict[str, str]]:
    lines = [
        ("floors", say(lang, "method.floor", name=floor.name.text(lang), tier=marked(lang, floor.at_least)))
        for floor in scheme.floors
    ]
    if rule := scheme.stability:
        up = {"up": rule.confirm_up_days, "down": rule.confirm_down_days, "stay": rule.minimum_stay_days}
        said = [say(lang, "method.steady", **up)]
        if rule.at_once_when_tiers_up:
            said.append(say(lang, "method.at_once", tiers=rule.at_once_when_tiers_up))
        if rule.one_step_down:
            said.append(say(lang, "method.one_step"))
        lines.append(("stability", say(lang, "reason.separator").join(said)))
    else:
        lines.append(("stability", say(lang, "method.not_steady")))
    lines.append(("missing", say(lang, "method.missing_rule", least=f"{scheme.missing.minimum_known_weight:.0%}")))
    if scheme.is_relative():
        lines.append(("relative", say(lang, "method.relative_means")))
    return [{"label": say(lang, f"method.{key}"), "text": text} for key, text in lines]


def noise(lang: Language, history: Assessment) -> str:
    """How often colours changed in a week over a daily history: as computed, and as published."""
    items = []
    for key, ranks in (("computed", history.computed), ("published", history.published)):
        share = colour_changes_per_week(ranks)
        reds = (ranks == tiers.RANK["red"]).mean()
        items.append({"label": say(lang, f"method.{key}"), "text": "—" if share != share else f"{share:.1%}"})
        items.append({"label": say(lang, f"method.{key}_reds"), "text": f"{reds:.1%}"})
    return render(lang, "figures.html", items=items)


def laws(lang: Language, results: Sequence[LawResult]) -> str:
    """Each law with whether it holds, and the area that breaks it."""
    rows = [
        {
            "holds": result.holds,
            "mark": say(lang, "method.holds" if result.holds else "method.fails"),
            "name": result.name.text(lang),
            "checked": say(lang, "method.checked", n=f"{result.checked:,}"),
            "detail": result.detail.text(lang) if result.detail else "",
        }
        for result in results
    ]
    return render(lang, "laws.html", rows=rows)
