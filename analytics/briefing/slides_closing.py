"""The last slides: the bulletin's advice, and by what the tiers were given."""

from __future__ import annotations

from collections.abc import Sequence

from pptx.slide import Slide

from analytics.briefing import slides_parts as parts
from analytics.briefing.slides_canvas import Run
from analytics.briefing.slides_layout import ACROSS, TOP, Layout
from analytics.briefing.slides_parts import PAD, Column
from analytics.briefing.slides_text import LEADING, lines_of
from analytics.briefing.slides_theme import MARGIN
from analytics.errors import BriefingError
from analytics.scheme.digest import short_digest
from analytics.words import say


def advice_pages(layout: Layout) -> list[tuple[float, list[str]]]:
    """The sentences of advice with their size, slide by slide."""
    room = layout.bottom - TOP - 4 * PAD
    return list(
        parts.paragraphs_in_pages(parts.section_sentences(layout.briefing, "advice"), parts.INNER - 2 * PAD, room, 10)
    )


def advice(layout: Layout, slides: Sequence[Slide]) -> None:
    """The bulletin's advice."""
    briefing = layout.briefing
    for page, (slide, (size, texts)) in enumerate(zip(slides, advice_pages(layout), strict=True), start=1):
        heading = say(briefing.lang, "bulletin.section_advice")
        title = parts.numbered(briefing, heading, page, len(slides))
        canvas = layout.begin(slide, title, aside=briefing.bulletin_title, notes="\n".join(texts) or heading)
        parts.card(canvas, layout.appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), heading)
        room = layout.bottom - TOP - 4 * PAD
        spare = room - sum(LEADING * size * lines_of(text, size, parts.INNER - 2 * PAD) for text in texts)
        gap = min(24, spare / max(1, len(texts) - 1))
        canvas.box(
            heading,
            (MARGIN + 2 * PAD, TOP + 2 * PAD, parts.INNER - 2 * PAD, layout.bottom - TOP - 4 * PAD),
            [(Run(text, size),) for text in texts],
            gap=gap,
        )


def method(layout: Layout, slide: Slide) -> None:
    """By what the tiers were given, and how the release can be checked."""
    briefing, appearance, lang = layout.briefing, layout.appearance, layout.briefing.lang
    title = say(lang, "slides.method")
    canvas = layout.begin(slide, title, notes=parts.section_text(briefing, "notes"), mapped=briefing.shapes is not None)
    facts = [
        ("slides.row_scheme", briefing.scheme),
        ("slides.row_cuts", briefing.cuts),
        ("slides.row_order", briefing.order),
        ("slides.row_release", briefing.period),
        ("slides.row_cut_off", briefing.cut_off),
        ("slides.row_code", briefing.code),
        ("slides.row_digest", short_digest(briefing.digest)),
        ("slides.row_source", briefing.source),
        ("slides.row_map", briefing.base_map if briefing.shapes is not None else ""),
        ("slides.row_notice", briefing.notice),
    ]
    columns = [Column("", 130), Column("", parts.INNER - 130)]
    rows = []
    for entry, text in facts:
        if not text:
            continue
        label = say(lang, entry)
        cells = (
            parts.text_cell(appearance, ((Run(label, 14, colour="tx2"),),)),
            parts.text_cell(appearance, ((Run(_without(label, text), 14),),)),
        )
        rows.append((parts.row_height(columns, cells) + 10, cells))
    room = layout.bottom - TOP - 2 * PAD
    if sum(height for height, _ in rows) > room:
        raise BriefingError.because("briefing.too_long", text=briefing.source, place=title)
    parts.card(canvas, appearance, (MARGIN, TOP, ACROSS, layout.bottom - TOP), title)
    canvas.table(title, (MARGIN + PAD, TOP + PAD), [column.width for column in columns], rows, header=False)


def _without(label: str, text: str) -> str:
    """The text without the word with which it begins where that stands before it."""
    return text.removeprefix(label).lstrip("：: ")
