"""An empty deck of ours: its size, its theme (colours and fonts) and its one layout, and a package that says nothing of
the machine that wrote it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Pt

from analytics import PROGRAM, tiers
from analytics.briefing.appearance import Appearance
from analytics.words import Language

WIDTH, HEIGHT = 960, 540
"""Of a slide, in points: 13.333 × 7.5 in."""

MARGIN = 18
TITLE_TOP, TITLE_HEIGHT = 8, 36
TITLE_SIZE = 26
FOOTER_SIZE, FOOTER_LINE = 10, 13
PAGE_NUMBER_WIDTH = 44

LATIN, EAST_ASIAN = "Microsoft YaHei", "微软雅黑"

ACCENT = {tier: f"accent{place}" for place, tier in enumerate(reversed(tiers.RANKED), start=1)}
"""The theme colour of each tier: who recolours the theme recolours the map, the charts and the tables."""

_LAYOUT_NAME = "Title Only"
_NOT_OURS = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.PRINTER_SETTINGS,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
)


def empty_deck(lang: Language, appearance: Appearance, footer_lines: int) -> Deck:
    """A deck of no slides, whose one layout has a title, a footer of so many lines and a page number."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    layouts = deck.slide_layouts
    for layout in [layout for layout in layouts if layout.name != _LAYOUT_NAME]:
        layouts.remove(layout)
    _drop_what_is_not_ours(deck)
    master = deck.slide_master
    _set_theme(master.part.part_related_by(RELATIONSHIP_TYPE.THEME), appearance)
    _set_theme(deck.notes_master.part.part_related_by(RELATIONSHIP_TYPE.THEME), Appearance())
    _set_master(master, appearance, footer_lines)
    for run in deck.element.iter(qn("a:defRPr")):
        run.set("lang", TONGUE[lang])
    return deck


TONGUE = {"zh": "zh-CN", "en": "en-GB"}
"""What the speller takes a text for."""


def package_of(deck: Deck, title: str, day: date) -> bytes:
    """The deck as a file; the same deck gives the same bytes, whenever and wherever it is written."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    core = deck.core_properties
    core.author = core.last_modified_by = core.subject = core.comments = ""
    core.keywords = PROGRAM
    core.title, core.created, core.modified, core.revision = title, moment, moment, 1
    written = io.BytesIO()
    deck.save(written)
    return without_time(written.getvalue(), day)


def without_time(package: bytes, day: date) -> bytes:
    """An Office package dated ``day``, inside and in its directory of files."""
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return made.getvalue()


def _drop_what_is_not_ours(deck: Deck) -> None:
    """The library's empty deck brings a picture of itself, somebody's program and the settings of their printer."""
    for holder in (deck.part.package, deck.part):
        for key, relation in list(holder._rels.items()):
            if relation.reltype in _NOT_OURS:
                holder._rels.pop(key)


def _set_theme(part: Part, appearance: Appearance) -> None:
    """Write colours and fonts into a theme."""
    theme = etree.fromstring(part.blob)
    theme.set("name", "Five colours")
    colours = theme.find(f".//{qn('a:clrScheme')}")
    colours.set("name", "Five colours")
    for name, colour in _theme_colours(appearance).items():
        slot = colours.find(qn(f"a:{name}"))
        slot.clear()
        etree.SubElement(slot, qn("a:srgbClr"), val=colour.removeprefix("#"))
    fonts = theme.find(f".//{qn('a:fontScheme')}")
    fonts.set("name", "Five colours")
    for kind in ("a:majorFont", "a:minorFont"):
        font = fonts.find(qn(kind))
        font.find(qn("a:latin")).set("typeface", LATIN)
        font.find(qn("a:ea")).set("typeface", EAST_ASIAN)
        for script in font.findall(qn("a:font")):
            if script.get("script") == "Hans":
                script.set("typeface", EAST_ASIAN)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _theme_colours(appearance: Appearance) -> dict[str, str]:
    """Ink on card, muted on ground: `_set_master` says which of the pairs is the ink."""
    colours = appearance.colours
    ink, card, muted, ground = (colours[name] for name in ("ink", "card", "muted", "ground"))
    dark = appearance.theme == "dark"
    pairs = {"dk1": card, "lt1": ink, "dk2": ground, "lt2": muted} if dark else {}
    return (
        {"dk1": ink, "lt1": card, "dk2": muted, "lt2": ground}
        | pairs
        | {accent: appearance.looks[tier].fill for tier, accent in ACCENT.items()}
        | {"accent6": colours["banner"], "hlink": ink, "folHlink": ink}
    )


def _set_master(master, appearance: Appearance, footer_lines: int) -> None:
    element = master.element
    background = element.find(qn("p:cSld")).find(qn("p:bg"))
    background.clear()
    background.append(
        parse_xml(
            f'<p:bgPr {nsdecls("a", "p")}><a:solidFill><a:schemeClr val="bg2"/></a:solidFill><a:effectLst/></p:bgPr>'
        )
    )
    if appearance.theme == "dark":
        for name, colour in {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}.items():
            element.find(qn("p:clrMap")).set(name, colour)
    title = element.find(f".//{qn('p:titleStyle')}").find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", str(TITLE_SIZE * 100))
    title.find(qn("a:defRPr")).set("b", "1")
    layout = master.slide_layouts[0]
    for sheet in (master, layout):
        for holder in list(sheet.placeholders):
            _place(holder, footer_lines)


def _place(holder, footer_lines: int) -> None:
    """Put one placeholder of the master or the layout into its place, or away."""
    kind = holder.element.find(f".//{qn('p:ph')}").get("type")
    top = footer_top(footer_lines)
    height = FOOTER_LINE * footer_lines
    places = {
        "title": (MARGIN, TITLE_TOP, WIDTH - 2 * MARGIN, TITLE_HEIGHT),
        "ftr": (MARGIN, top, WIDTH - 2 * MARGIN - PAGE_NUMBER_WIDTH, height),
        "sldNum": (WIDTH - MARGIN - PAGE_NUMBER_WIDTH, top, PAGE_NUMBER_WIDTH, height),
    }
    if kind not in places:
        if kind == "dt":
            holder.element.getparent().remove(holder.element)
        return
    holder.left, holder.top, holder.width, holder.height = (Pt(length) for length in places[kind])
    body = holder.element.find(f".//{qn('a:bodyPr')}")
    for child in list(body):
        body.remove(child)
    for side in ("lIns", "tIns", "rIns", "bIns"):
        body.set(side, "0")
    body.set("anchor", "ctr" if kind == "title" else "t")
    if kind == "title":
        return
    for style in holder.element.iter(qn("a:lvl1pPr")):
        style.set("algn", "l" if kind == "ftr" else "r")
        style.find(qn("a:defRPr")).set("sz", str(FOOTER_SIZE * 100))
        style.find(qn("a:defRPr")).find(qn("a:solidFill")).find(qn("a:schemeClr")).set("val", "tx2")
        for tint in list(style.iter(qn("a:tint"))):
            tint.getparent().remove(tint)


def footer_top(lines: int) -> float:
    """Where a footer of so many lines begins."""
    return HEIGHT - 7 - FOOTER_LINE * lines
