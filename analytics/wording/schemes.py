"""Parts of a scheme by their names, and the names that the workbench gives: to floor rules and to labels of sliders."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.scheme import Scheme, editing
from analytics.scheme.basics import Bilingual
from analytics.scheme.conditions import Comparing
from analytics.scheme.editing import Level, levels
from analytics.scheme.model import FloorRule
from analytics.wording.tiers import marked
from analytics.words import LANGUAGES, Language, say

SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
_MARKUP = "\\`*_{}[]()#+-.!:$~|<>"
"""Signs that a label of a widget takes for markup."""


def names_of(lang: Language, scheme: Scheme) -> Mapping[str, str]:
    """The names of every dimension and indicator by id."""
    return {child.id: child.name.text(lang) for level in levels(scheme) for child in level.children}


def level_name(lang: Language, level: Level) -> str:
    """What a level is called: the dimensions, or the dimension whose children are weighed."""
    return level.dimension.name.text(lang) if level.dimension else say(lang, "workbench.dimensions")


def cut_off_move(lang: Language, tier: str, before: float, after: float) -> str:
    """A cut-off that moves, from → to."""
    return say(lang, "workbench.way_cut", tier=marked(lang, tier), before=f"{before:g}", after=f"{after:g}")


def slider_label(name: str) -> str:
    """A name of the user's as a label shows it: without what a label would take for markup."""
    return "".join("\\" + sign if sign in _MARKUP else sign for sign in name)


def floor_named(scheme: Scheme, indicator: str, op: str, value: float) -> Bilingual:
    """The name of a floor rule after what it says."""
    item = next(item for item in scheme.indicators if item.id == indicator)
    return Bilingual(
        **{
            lang: say(
                lang, "workbench.floor_named", name=item.name.text(lang), op=SIGNS.get(op, op), value=f"{value:g}"
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
