"""Presentation mode: a release as a page that fills any screen and is turned with the keyboard."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Briefing
from analytics.briefing.map import map_of
from analytics.file_kinds import THEMES, Theme
from analytics.words import say

TEMPLATES = Path(__file__).parent / "templates"
MAP_WIDTH, MAP_HEIGHT = 1120, 800
MOST_NAMES = 12
"""Of a move from one tier to another: so many can be read from the back of a room."""

ROOM_FOR_A_DIGIT = 0.03  # of a bar


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )


def show(briefing: Briefing, theme: Theme = "light") -> str:
    """The pages of a presentation as one HTML document, which begins in ``theme`` and holds both.

    The first page has the map, the counts and the areas with most work, and on a wall twice as wide as a screen also
    the changes and the trend; then come the changes, the trend, and a page for each of those areas.
    """
    return (
        _environment()
        .get_template("show.html")
        .render(
            say=lambda key, **params: say(briefing.lang, key, **params),
            briefing=briefing,
            theme=theme,
            looks={theme: Appearance(theme).looks for theme in THEMES},
            colours={theme: Appearance(theme).colours for theme in THEMES},
            names={count.tier: count.name for count in briefing.counts},
            maps={
                theme: "" if briefing.shapes is None else map_of(briefing, MAP_WIDTH, MAP_HEIGHT, Appearance(theme)).svg
                for theme in THEMES
            },
            raised=tuple(reversed(tiers.ABOVE_ROUTINE)),
            most=max((week.raised for week in briefing.weeks), default=0),
            bars=_bars(briefing),
            most_names=MOST_NAMES,
            style=(TEMPLATES / "show.css").read_text(encoding="utf-8"),
            script=(TEMPLATES / "show.js").read_text(encoding="utf-8"),
        )
    )


def _bars(briefing: Briefing) -> list[dict[str, object]]:
    """The counts of the release before and of this one, each as the parts of a bar."""
    total = len(briefing.areas)
    rows = [("briefing.now", {count.tier: count.count for count in briefing.counts})]
    if all(count.before is not None for count in briefing.counts):
        rows.insert(0, ("briefing.then", {count.tier: count.before for count in briefing.counts}))
    return [
        {
            "label": say(briefing.lang, key),
            "parts": [
                {"tier": tier, "count": held[tier], "told": held[tier] >= ROOM_FOR_A_DIGIT * total}
                for tier in tiers.SHOWN
                if held[tier]
            ],
        }
        for key, held in rows
    ]
