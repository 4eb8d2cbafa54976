"""A scheme in words that a leader reads: what is counted, the points it gives, the weights, the tiers and the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from analytics import tiers
from analytics.response.hazards import OLD_DAYS
from analytics.scheme import BandsPoints, CutOffs, Dimension, Indicator, LinearPoints, Scheme, ShareCutOffs
from analytics.scheme.conditions import Compared
from analytics.scoring import Assessment, silence_rule
from analytics.scoring.noise import colour_changes_per_week
from analytics.scoring.selfcheck import LawResult
from analytics.scoring.weights import effective_weights
from analytics.wording.briefing import cadence
from analytics.wording.numbers import percent_text
from analytics.wording.schemes import SIGNS
from analytics.wording.tiers import marked
from analytics.words import Language, day, keys, say


def dimension_groups(lang: Language, assessment: Assessment) -> list[dict[str, object]]:
    """The dimensions with their indicators: what is counted, the points it gives, and the weights as they are set and
    as they really were on the last day."""
    scored = ~np.isnan(assessment.score[-1])
    had = dict(zip(assessment.indicator_ids, effective_weights(assessment.parts[-1][scored]), strict=True))
    dimensions = assessment.scheme.dimensions
    total = sum(dimension.weight for dimension in dimensions)
    return [_group(lang, dimension, dimension.weight / total, had) for dimension in dimensions]


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
                "counted": what_is_counted(lang, item),
                "points": points_rule(lang, item),
                "share": f"{item.weight / total * share:.0%}",
                "had": percent_text(had[item.id], 0),
            }
            for item in listed
        ],
    }


def what_is_counted(lang: Language, item: Indicator) -> str:
    """What an indicator measures, of which records, over how many days, and per what."""
    said = [say(lang, item.spec.words)]
    if item.where:
        said.append(
            say(
                lang,
                "method.where",
                values=[_value(lang, item, column, wanted) for column, wanted in item.where.items()],
            )
        )
    if item.window_days:
        said.append(say(lang, "method.window", days=item.window_days))
    if item.per:
        base = say(lang, f"figures.per_{item.per.base}")
        said.append(say(lang, "method.per", scale=f"{item.per.scale:,g}", base=base))
    return say(lang, "reason.separator").join(said)


def _value(lang: Language, item: Indicator, column: str, wanted: object) -> str:
    if isinstance(wanted, Compared):
        name = say(lang, f"templates.header_{item.source}_{column}")
        return say(lang, "method.compared", column=name, op=SIGNS.get(wanted.op, wanted.op), value=f"{wanted.value:g}")
    values = wanted if isinstance(wanted, tuple) else (wanted,)
    named = []
    for value in values:
        code = f"{column}_{value}".lower() if isinstance(value, bool) else value
        entries = (f"categories.{value}", f"method.code_{code}")
        entry = next((entry for entry in entries if entry in keys()), None)
        named.append(say(lang, entry) if entry else str(value))
    return say(lang, "overview.names", names=named)


def points_rule(lang: Language, item: Indicator) -> str:
    """How an indicator's value becomes points."""
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


def tier_rows(lang: Language, scheme: Scheme) -> list[dict[str, str]]:
    """From which score on, for which share of the areas, or by which line of the scheme an area has each ``tier``."""
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


def rule_lines(lang: Language, scheme: Scheme) -> list[dict[str, str]]:
    """The rules beside the score, each with its ``label``: floors, stability, missing data, tiers that are carried on,
    when a feed is silent, what is left out, and what a relative scheme means."""
    lines = [("basis", line)] if (line := basis_line(lang, scheme)) else []
    lines += [
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
    lines.append(("carried", say(lang, "method.carried_rule", days=scheme.missing.carried_days)))
    lines.append(("silence", _silence_rule(lang)))
    if scheme.missing.left_out:
        names = [item.name.text(lang) for item in scheme.indicators if item.id in scheme.missing.left_out]
        lines.append(("left_out", say(lang, "method.left_out_rule", names=names)))
    if scheme.is_relative():
        lines.append(("relative", say(lang, "method.relative_means")))
    lines.append(("hazards", say(lang, "method.hazards_rule", days=OLD_DAYS)))
    return [{"label": say(lang, f"method.{key}"), "text": text} for key, text in lines]


def basis_line(lang: Language, scheme: Scheme) -> str:
    """By which document, and when, a scheme is in force, or that it is a drill; nothing where it needs none."""
    if scheme.basis is None:
        return say(lang, "method.no_basis") if scheme.needs_basis else ""
    first, last = (day(lang, one) for one in (scheme.basis.first, scheme.basis.last))
    return say(lang, "method.basis_of", document=scheme.basis.document, first=first, last=last)


def _silence_rule(lang: Language) -> str:
    """When a feed is taken to be silent, with the numbers of the rule."""
    return say(
        lang,
        "method.silence_rule",
        short=silence_rule.SHORT,
        usual=silence_rule.USUAL,
        long=silence_rule.LONG,
        variance=f"{silence_rule.LEAST_VARIANCE:g}",
        holiday=f"{silence_rule.HOLIDAY_SHARE:.0%}",
        alarms=f"{silence_rule.FALSE_ALARMS:g}",
        weeks=silence_rule.STEADY_WEEKS,
        abrupt=silence_rule.ABRUPT_DAYS,
    )


def measure_rows(lang: Language, scheme: Scheme) -> list[dict[str, str]]:
    """What each ``tier`` asks for, how often, and how long one check takes."""
    return [
        {
            "tier": tier,
            "text": scheme.measures[tier].text.text(lang),
            "cadence": say(
                lang,
                "method.cadence",
                days=cadence(lang, scheme.measures[tier].cadence_days),
                minutes=f"{scheme.measures[tier].minutes_per_check:g}",
            ),
        }
        for tier in tiers.SHOWN
        if tier in scheme.measures
    ]


def noise_figures(lang: Language, history: Assessment) -> list[dict[str, str]]:
    """How often colours changed in a week over a daily ``history``, and how much was red: as computed, and as
    published; each a ``label`` and a ``text``."""
    items = []
    for key, ranks in (("computed", history.computed), ("published", history.published)):
        reds = (ranks == tiers.RANK["red"]).mean()
        items.append({"label": say(lang, f"method.{key}"), "text": percent_text(colour_changes_per_week(ranks))})
        items.append({"label": say(lang, f"method.{key}_reds"), "text": f"{reds:.1%}"})
    return items


def law_rows(lang: Language, results: Sequence[LawResult]) -> list[dict[str, object]]:
    """Each law of the method with whether it holds on the data, on how many it was checked, and what breaks it."""
    return [
        {
            "holds": result.holds,
            "mark": say(lang, "method.holds" if result.holds else "method.fails"),
            "name": result.name.text(lang),
            "checked": say(lang, "method.checked", n=f"{result.checked:,}"),
            "detail": result.detail.text(lang) if result.detail else "",
        }
        for result in results
    ]
