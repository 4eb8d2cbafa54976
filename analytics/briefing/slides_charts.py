"""Native charts of how many areas each tier has: their figures can be edited, their colours are the theme's tiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN_TYPE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from analytics import tiers
from analytics.briefing.appearance import Appearance
from analytics.briefing.slides_canvas import Canvas
from analytics.briefing.slides_text import width_of
from analytics.briefing.slides_theme import ACCENT, EAST_ASIAN, LATIN, without_time

_LABEL = 12
"""Points of the figures in bars and along the axis."""

_LEGEND = 34

Place = tuple[float, float, float, float]


def bars_of_counts(
    canvas: Canvas,
    name: str,
    about: str,
    place: Place,
    rows: Sequence[tuple[str, Sequence[int]]],
    names: Sequence[str],
    appearance: Appearance,
    day: date,
) -> None:
    """Lying bars, one for each of ``rows`` (its label and a count for each of ``tiers.SHOWN``, called ``names``)."""
    chart = canvas.chart(name, about, XL_CHART_TYPE.BAR_STACKED, place, _data(rows, names))
    chart.category_axis.reverse_order = True
    label_width = max(width_of(label, _LABEL) for label, _ in rows) + 8
    length = place[2] - label_width - 8
    most = max(sum(counts) for _, counts in rows)
    _finish(chart, tiers.SHOWN, appearance, day, _LABEL, gap=35, top=most)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _inner(chart, label_width / place[2], 0.02, length / place[2], (place[3] - _LEGEND) / place[3])
    for series in chart.plots[0].series:
        _keep_labels(series, [width_of(f"{n:.0f}", _LABEL) <= length * n / most for n in series.values])


def columns_of_weeks(
    canvas: Canvas,
    name: str,
    about: str,
    place: Place,
    rows: Sequence[tuple[str, Sequence[int]]],
    shown: Sequence[str],
    names: Sequence[str],
    appearance: Appearance,
    day: date,
    indent: float,
) -> None:
    """Standing columns, one for each of ``rows`` (a week and its count for each tier ``shown``, lowest first).

    ``indent``: points that stay free at the left, so that a column stands over the column of a table below.
    """
    chart = canvas.chart(name, about, XL_CHART_TYPE.COLUMN_STACKED, place, _data(rows, names))
    most = max(1, *(sum(counts) for _, counts in rows))
    _finish(chart, shown, appearance, day, _LABEL - 1, gap=45, top=most)
    axis = 24
    _inner(chart, indent / place[2], 0.02, (place[2] - indent) / place[2], (place[3] - axis) / place[3] - 0.02)
    tall = (place[3] - axis) / most
    for series in chart.plots[0].series:
        _keep_labels(series, [n > 0 and n * tall >= 1.3 * _LABEL for n in series.values])


def _data(rows: Sequence[tuple[str, Sequence[int]]], names: Sequence[str]) -> CategoryChartData:
    data = CategoryChartData(number_format="0")
    data.categories = [label for label, _ in rows]
    for position, name in enumerate(names):
        data.add_series(name, [counts[position] for _, counts in rows])
    return data


def _finish(
    chart: Chart, shown: Sequence[str], appearance: Appearance, day: date, size: float, gap: int, top: float
) -> None:
    """No frame, no grid, no axis of values: the figures stand in the bars."""
    chart.has_legend = chart.has_title = False
    chart.font.size = Pt(size)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    style = chart._chartSpace.find(qn("c:txPr")).find(f".//{qn('a:defRPr')}")
    for kind, typeface in (("latin", LATIN), ("ea", EAST_ASIAN)):
        style.append(parse_xml(f'<a:{kind} {nsdecls("a")} typeface="{typeface}"/>'))
    values, categories = chart.value_axis, chart.category_axis
    values.visible = values.has_major_gridlines = False
    values.minimum_scale, values.maximum_scale = 0, top
    categories.major_tick_mark = XL_TICK_MARK.NONE
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.format.line.fill.background()
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = gap, 100
    for tier, series in zip(shown, plot.series, strict=True):
        _colour(series, tier, appearance)
    # The workbook's own directory has the time it was made at.
    workbook = chart.part.chart_workbook
    workbook.update_from_xlsx_blob(without_time(workbook.xlsx_part.blob, day))


def _colour(series, tier: str, appearance: Appearance) -> None:
    look, fill = appearance.looks[tier], series.format.fill
    if tier == tiers.UNKNOWN:
        fill.patterned()
        fill.pattern = MSO_PATTERN_TYPE.LIGHT_UPWARD_DIAGONAL
        fill.fore_color.rgb = RGBColor.from_string(appearance.colours["hatch"][1:])
        fill.back_color.rgb = RGBColor.from_string(look.fill[1:])
    else:
        fill.solid()
        fill.fore_color.theme_color = MSO_THEME_COLOR.from_xml(ACCENT[tier])
    series.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    series.format.line.width = Pt(1.5)
    labels = series.data_labels
    labels.show_value = True
    labels.font.size, labels.font.bold = Pt(_LABEL), True
    labels.font.color.rgb = RGBColor.from_string(look.on_fill[1:])


def _keep_labels(series, room: Sequence[bool]) -> None:
    """Take away the figure of every bar that has no room for it."""
    labels = series.data_labels._element
    gone = [position for position, there in enumerate(room) if not there]
    for number, position in enumerate(gone):
        labels.insert(
            number, parse_xml(f'<c:dLbl {nsdecls("c")}><c:idx val="{position}"/><c:delete val="1"/></c:dLbl>')
        )


def _inner(chart: Chart, left: float, top: float, width: float, height: float) -> None:
    """Fix where the bars stand within the chart, as shares of it."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    sides = "".join(
        f'<c:{side} val="{share:.4f}"/>' for side, share in zip("xywh", (left, top, width, height), strict=True)
    )
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/>{sides}</c:manualLayout></c:layout>'
        ),
    )
