"""What is put on a slide: boxes with text, native tables and freeform shapes, placed in points.

Written as XML, not by the library's objects: a map of 700 areas and a table of as many rows are then a second's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Pt

from analytics.briefing.slides_theme import TONGUE
from analytics.words import Language

EMU = 12_700
"""In a point."""

_NAMESPACES = nsdecls("p", "a", "r")
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # of a table: no grid, no bands; every cell says its own look
_STEPS = 100  # of a freeform's grid, in a point


@dataclass(frozen=True)
class Run:
    """A stretch of text of one look. ``colour``: a name of the theme ("tx1") or "#RRGGBB"; ``leads`` to a slide."""

    text: str
    size: float
    bold: bool = False
    colour: str = "tx1"
    leads: Slide | None = None


Line = Sequence[Run]
"""One paragraph."""


@dataclass(frozen=True)
class Fill:
    """A plain colour, or a pattern in ``ink`` over it; without an ink, in a darker shade of the colour itself."""

    colour: str
    pattern: str | None = None
    ink: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``rule`` draws a line under it, in that colour and of that many points."""

    lines: Sequence[Line]
    align: str = "l"
    fill: Fill | None = None
    rule: tuple[str, float] | None = None


class Canvas:
    """A slide that is being laid out."""

    def __init__(self, slide: Slide, lang: Language) -> None:
        self.slide = slide
        self._tree = slide.shapes._spTree
        self._tongue = TONGUE[lang]
        self._ids = count(max(shape.shape_id for shape in slide.shapes) + 1)

    def box(
        self,
        name: str,
        place: tuple[float, float, float, float],
        lines: Sequence[Line] = (),
        *,
        fill: Fill | None = None,
        outline: str | None = None,
        form: str = "rect",
        corner: float = 5,
        align: str = "l",
        anchor: str = "t",
        inset: float = 0,
        leads: Slide | None = None,
        gap: float = 0,
    ) -> None:
        """A rectangle (``form``: any preset of the format) with text in it; ``inset``: points that stay free at
        its left and right, ``gap``: those between its paragraphs."""
        bend = min(50_000, round(corner / min(place[2:]) * 100_000))
        adjust = f'<a:gd name="adj" fmla="val {bend}"/>' if form == "roundRect" else ""
        self._shape(
            name,
            "",
            place,
            f'<a:prstGeom prst="{form}"><a:avLst>{adjust}</a:avLst></a:prstGeom>'
            f"{_filled(fill)}{_outline(outline, 0.75)}",
            self._body("p:txBody", lines, align, anchor, inset, gap),
            leads,
        )

    def freeform(
        self,
        name: str,
        shape: shapely.Geometry,
        *,
        at: tuple[float, float] = (0, 0),
        fill: Fill | None = None,
        outline: str | None = None,
        weight: float = 1.0,
        dotted: bool = False,
        about: str = "",
        label: tuple[Line, tuple[float, float, float, float]] | None = None,
        leads: Slide | None = None,
    ) -> None:
        """A polygon or lines, whole in one shape with all its parts and holes; ``about`` is its alternative text.

        ``label``: a line of text and its place, in the units of the shape; ``at``: where their origin lies.
        """
        west, south, east, north = shape.bounds
        width, height = max(east - west, 0.01), max(north - south, 0.01)
        wide, high = round(width * _STEPS), round(height * _STEPS)
        contours = "".join(_contour(ring, closed=closed, west=west, south=south) for ring, closed in _contours(shape))
        guides, area, lines = "", '<a:rect l="l" t="t" r="r" b="b"/>', ()
        if label is not None:
            line, (left, top, across, down) = label
            lines = (line,)
            sides = {
                "tl": ("w", left - west, width),
                "tt": ("h", top - south, height),
                "tr": ("w", left + across - west, width),
                "tb": ("h", top + down - south, height),
            }
            guides = "".join(
                f'<a:gd name="{side}" fmla="*/ {along} {round(part * 1000)} {max(1, round(whole * 1000))}"/>'
                for side, (along, part, whole) in sides.items()
            )
            area = '<a:rect l="tl" t="tt" r="tr" b="tb"/>'
        self._shape(
            name,
            about,
            (west + at[0], south + at[1], width, height),
            f"<a:custGeom><a:avLst/><a:gdLst>{guides}</a:gdLst><a:ahLst/><a:cxnLst/>{area}"
            f'<a:pathLst><a:path w="{wide}" h="{high}">{contours}</a:path></a:pathLst></a:custGeom>'
            f"{_filled(fill)}{_outline(outline, weight, dotted=dotted)}",
            self._body("p:txBody", lines, "ctr", "ctr", 0, 0, wrap=False),
            leads,
        )

    def table(
        self,
        name: str,
        place: tuple[float, float],
        widths: Sequence[float],
        rows: Sequence[tuple[float, Sequence[Cell]]],
        *,
        header: bool = True,
    ) -> None:
        """A native table: its rows with their heights; the first is a header unless told otherwise."""
        grid = "".join(f'<a:gridCol w="{round(width * EMU)}"/>' for width in widths)
        body = "".join(
            f'<a:tr h="{round(height * EMU)}">{"".join(self._cell(cell) for cell in cells)}</a:tr>'
            for height, cells in rows
        )
        frame = self.slide.shapes.add_table(
            1, 1, Pt(place[0]), Pt(place[1]), Pt(sum(widths)), Pt(sum(height for height, _ in rows))
        )
        number = next(self._ids)
        frame._element.nvGraphicFramePr.cNvPr.set("id", str(number))
        frame.name = name
        old = frame._element.graphic.graphicData.tbl
        flags = ' firstRow="1"' if header else ' firstCol="1"'
        old.getparent().replace(
            old,
            parse_xml(
                f"<a:tbl {_NAMESPACES}><a:tblPr{flags}><a:tableStyleId>{_NO_STYLE}</a:tableStyleId></a:tblPr>"
                f"<a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl>"
            ),
        )

    def chart(self, name: str, about: str, kind, place: tuple[float, float, float, float], data):
        """A native chart with its workbook; the look is the caller's."""
        frame = self.slide.shapes.add_chart(kind, *(Pt(length) for length in place), data)
        properties = frame._element.nvGraphicFramePr.cNvPr
        properties.set("id", str(next(self._ids)))
        properties.set("descr", about)
        frame.name = name
        return frame.chart

    def footer(self, lines: Iterable[str]) -> None:
        """Fill the layout's footer and page number, which the library leaves out of a new slide."""
        for holder in self.slide.slide_layout.placeholders:
            kind = holder.element.xpath(".//p:ph/@type")[0]
            if kind not in ("ftr", "sldNum"):
                continue
            index = holder.element.xpath(".//p:ph/@idx")[0]
            text = (
                "".join(f"<a:p>{self._run(Run(line, 0))}</a:p>" for line in lines)
                if kind == "ftr"
                else '<a:p><a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum">'
                f'<a:rPr lang="{self._tongue}"/><a:t>‹#›</a:t></a:fld></a:p>'
            )
            self._tree.append(
                parse_xml(
                    f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{next(self._ids)}" name={quoteattr(holder.name)}/>'
                    f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" '
                    f'idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/>{text}</p:txBody>'
                    "</p:sp>"
                )
            )

    def title(self, runs: Line, place: tuple[float, float, float, float] | None = None) -> None:
        """Write the slide's own title, in the layout's place unless told another."""
        holder = self.slide.shapes.title
        if place is not None:
            holder.left, holder.top, holder.width, holder.height = (Pt(length) for length in place)
        body = holder._element.txBody
        for paragraph in list(body.p_lst):
            body.remove(paragraph)
        body.append(
            parse_xml(f"<a:p {_NAMESPACES}>{''.join(self._run(run) for run in runs)}</a:p>"),
        )

    def notes(self, text: str) -> None:
        """What the speaker sees."""
        self.slide.notes_slide.notes_text_frame.text = text

    def _shape(self, name, about, place, properties, body, leads) -> None:
        left, top, width, height = (round(length * EMU) for length in place)
        described = f" descr={quoteattr(about)}" if about else ""
        self._tree.append(
            parse_xml(
                f'<p:sp {_NAMESPACES}><p:nvSpPr><p:cNvPr id="{next(self._ids)}" name={quoteattr(name)}{described}>'
                f"{self._jump(leads)}</p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
                f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
                f"{properties}</p:spPr>{body}</p:sp>"
            )
        )

    def _jump(self, leads: Slide | None) -> str:
        if leads is None:
            return ""
        key = self.slide.part.relate_to(leads.part, RELATIONSHIP_TYPE.SLIDE)
        return f'<a:hlinkClick r:id="{key}" action="ppaction://hlinksldjump"/>'

    def _run(self, run: Run) -> str:
        # A size of 0 and a look left out are the placeholder's own.
        size = f' sz="{round(run.size * 100)}" b="{int(run.bold)}"' if run.size else ""
        colour = _filled(Fill(run.colour)) if run.size else ""
        return (
            f'<a:r><a:rPr lang="{self._tongue}"{size} dirty="0">{colour}{self._jump(run.leads)}</a:rPr>'
            f"<a:t>{escape(run.text)}</a:t></a:r>"
        )

    def _paragraphs(self, lines: Sequence[Line], align: str, gap: float) -> str:
        if not lines:
            return f'<a:p><a:endParaRPr lang="{self._tongue}" sz="1000"/></a:p>'
        space = f'<a:spcBef><a:spcPts val="{round(gap * 100)}"/></a:spcBef>'
        return "".join(
            f'<a:p><a:pPr algn="{align}">{space if number else ""}</a:pPr>'
            f"{''.join(self._run(run) for run in line if run.text)}{self._end(line)}</a:p>"
            for number, line in enumerate(lines)
        )

    def _end(self, line: Line) -> str:
        """The size of an empty paragraph: without one it is as high as the format's own 18 points."""
        return f'<a:endParaRPr lang="{self._tongue}" sz="{round(line[-1].size * 100)}"/>' if line else ""

    def _body(self, tag, lines, align, anchor, inset, gap, *, wrap=True) -> str:
        sides = f'lIns="{round(inset * EMU)}" tIns="0" rIns="{round(inset * EMU)}" bIns="0"'
        return (
            f'<{tag}><a:bodyPr wrap="{"square" if wrap else "none"}" {sides} anchor="{anchor}" rtlCol="0">'
            f"<a:noAutofit/></a:bodyPr><a:lstStyle/>{self._paragraphs(lines, align, gap)}</{tag}>"
        )

    def _cell(self, cell: Cell) -> str:
        none = "".join(f"<a:{side}><a:noFill/></a:{side}>" for side in ("lnL", "lnR", "lnT"))
        rule = "<a:lnB><a:noFill/></a:lnB>"
        if cell.rule is not None:
            colour, weight = cell.rule
            rule = f'<a:lnB w="{round(weight * EMU)}">{_filled(Fill(colour))}</a:lnB>'
        return (
            f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{self._paragraphs(cell.lines, cell.align, 0)}</a:txBody>"
            f'<a:tcPr marL="{CELL_SIDE * EMU}" marR="{CELL_SIDE * EMU}" marT="12700" marB="12700" anchor="ctr">'
            f"{none}{rule}{_filled(cell.fill)}</a:tcPr></a:tc>"
        )


CELL_SIDE = 7
"""Points between the text of a cell and its sides."""


def colour_xml(colour: str) -> str:
    """A colour of the theme by its name, or one of its own."""
    return f'<a:srgbClr val="{colour[1:]}"/>' if colour.startswith("#") else f'<a:schemeClr val="{colour}"/>'


def _filled(fill: Fill | None) -> str:
    if fill is None:
        return "<a:noFill/>"
    if fill.pattern is None:
        return f"<a:solidFill>{colour_xml(fill.colour)}</a:solidFill>"
    shade = f'<a:schemeClr val="{fill.colour}"><a:lumMod val="65000"/></a:schemeClr>'
    return (
        f'<a:pattFill prst="{fill.pattern}"><a:fgClr>{colour_xml(fill.ink) if fill.ink else shade}</a:fgClr>'
        f"<a:bgClr>{colour_xml(fill.colour)}</a:bgClr></a:pattFill>"
    )


def _outline(colour: str | None, weight: float, *, dotted: bool = False) -> str:
    if colour is None:
        return "<a:ln><a:noFill/></a:ln>"
    dash = '<a:prstDash val="sysDot"/>' if dotted else ""
    return f'<a:ln w="{round(weight * EMU)}">{_filled(Fill(colour))}{dash}<a:round/></a:ln>'


def _contours(shape: shapely.Geometry) -> Iterable[tuple[np.ndarray, bool]]:
    """Every ring or line of a shape with whether it closes."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from ((shapely.get_coordinates(ring)[:-1], True) for ring in shapely.get_rings(part))
        else:
            yield shapely.get_coordinates(part), False


def _contour(points: np.ndarray, *, closed: bool, west: float, south: float) -> str:
    steps = np.round((points - (west, south)) * _STEPS).astype(int).tolist()
    first, *others = (f'<a:pt x="{x}" y="{y}"/>' for x, y in steps)
    onward = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in others)
    return f"<a:moveTo>{first}</a:moveTo>{onward}{'<a:close/>' if closed else ''}"
