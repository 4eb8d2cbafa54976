"""The slides of a briefing: a PPTX of 16:9 in which all can be edited, with the map as native shapes that lead on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from analytics import tiers
from analytics.briefing import slides_areas, slides_changes, slides_closing, slides_one_area, slides_overview
from analytics.briefing.appearance import Appearance
from analytics.briefing.content import Area, Briefing
from analytics.briefing.font import refuse_hidden
from analytics.briefing.slides_layout import Layout, footer_lines
from analytics.briefing.slides_theme import empty_deck, package_of
from analytics.drawing.ground import ground_of

MOST_AREA_SLIDES = 30

LIGHT = Appearance()


def slides(briefing: Briefing, *, appearance: Appearance = LIGHT) -> bytes:
    """The slides as a PPTX; the same briefing gives the same bytes.

    The overview with the map, tier changes, the trend, the areas with most work, all areas in a table, one slide for
    each area that calls for one, the advice and the method. Every area of the map leads to its slide, or to the
    part of the table where it stands, and every area's slide back to the map.

    Raises :class:`BriefingError` for a text that does not fit its place in a legible size, and for a name with signs
    that are not seen.
    """
    refuse_hidden([briefing.place, *(text for area in briefing.areas for text in (area.name, area.parent))])
    layout = Layout(briefing, appearance, footer_lines(briefing))
    deck = empty_deck(briefing.lang, appearance, layout.footer_lines)
    plan = _plan(deck, layout)

    def leads(area_id: str) -> Slide:
        return plan.own.get(area_id) or plan.row[area_id]

    ground = ground_of(briefing.shapes, briefing.context) if briefing.shapes is not None else None
    slides_overview.overview(layout, plan.overview, ground, leads)
    slides_changes.moves(layout, plan.moves)
    slides_changes.trend(layout, plan.trend)
    slides_areas.focus(layout, plan.focus, plan.own)
    slides_areas.all_areas(layout, plan.table, plan.own)
    told = {area.area_id: area for area in briefing.areas}
    for area_id, slide in plan.own.items():
        slides_one_area.area(layout, slide, told[area_id], ground, plan.overview)
    slides_closing.advice(layout, plan.advice)
    slides_closing.method(layout, plan.method)
    return package_of(deck, f"{briefing.title} {briefing.period}", briefing.weeks[-1].day)


@dataclass(frozen=True)
class _Plan:
    """All slides, still empty, so that each can lead to any other; ``own`` and ``row`` by area."""

    overview: Slide
    moves: Sequence[Slide]
    trend: Slide
    focus: Slide
    table: Sequence[Slide]
    own: dict[str, Slide]
    row: dict[str, Slide]
    advice: Sequence[Slide]
    method: Slide


def _plan(deck: Deck, layout: Layout) -> _Plan:
    def new(number: int) -> list[Slide]:
        return [deck.slides.add_slide(deck.slide_layouts[0]) for _ in range(number)]

    (overview,) = new(1)
    moves = new(len(slides_changes.move_pages(layout)))
    trend, focus = new(2)
    parts = slides_areas.area_pages(layout, {})
    table = new(len(parts))
    own = {area.area_id: new(1)[0] for area in areas_with_slide(layout.briefing)}
    row = {area.area_id: slide for slide, (areas, _) in zip(table, parts, strict=True) for area in areas}
    advice = new(len(slides_closing.advice_pages(layout)))
    (method,) = new(1)
    return _Plan(overview, moves, trend, focus, table, own, row, advice, method)


def areas_with_slide(briefing: Briefing) -> list[Area]:
    """The areas that get a slide of their own: red, orange and changed ones, most work first.

    Where they are too many, red and changed ones go before the others.
    """
    changed = {area_id for move in briefing.moves for area_id in move.area_ids}
    calling = [area for area in briefing.areas if area.tier in tiers.ELEVATED or area.area_id in changed]
    pressing = sorted(calling, key=lambda area: (area.tier != "red" and area.area_id not in changed, area.rank))
    return sorted(pressing[:MOST_AREA_SLIDES], key=lambda area: area.rank)
