"""Whether the map was right, as plotly charts: what was caught in each share of the areas, and moment by moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from analytics.drawing.charts import series_line, weekly_lines
from analytics.drawing.palette import FAINT
from analytics.drawing.plotly_layout import axis_title, lay_out
from analytics.evidence.backtest import Backtest, CaptureStats
from analytics.exhibits.evidence import capture_curves, pai_by_day
from analytics.wording.evidence import flagged_share
from analytics.words import Language, say

HALF = 0.5
MARKERS_UP_TO = 13
CHANCE = {"color": FAINT, "dash": "dot", "width": 1}
OF_MAPS = (0, 4)
OF_LAST_COUNTS, OF_POPULATION = 1, 2
"""Which of the series' colours and dashes: an order keeps its own, whether a second map is drawn or not."""


def curve_chart(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> go.Figure:
    """The capture curves, with chance as the diagonal and the share of areas that the first map flags."""
    drawn = capture_curves(lang, held, maps)
    figure = go.Figure()
    for name, line in zip(drawn, _lines(list(drawn), maps), strict=True):
        figure.add_scatter(x=drawn.index, y=drawn[name], name=name, mode="lines", line=line, hovertemplate="%{y:.0%}")
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name=say(lang, "evidence.by_chance"), mode="lines", line=CHANCE, hoverinfo="skip"
    )
    flagged = held.map.pooled.share_of_areas
    if flagged > 0:
        # Curves lie above the diagonal: the corner that they leave free is above on the left and below on the right.
        figure.add_vline(
            flagged,
            line=CHANCE,
            annotation_text=flagged_share(lang, held),
            annotation_position="top right" if flagged < HALF else "bottom left",
        )
    share = {"range": [0, 1], "tickformat": ".0%", "dtick": 0.2}
    lay_out(figure, "square")
    figure.update_xaxes(title=axis_title(say(lang, "evidence.curve_areas")), **share)
    return figure.update_yaxes(title=axis_title(say(lang, "evidence.curve_matters")), **share)


def over_time_chart(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> go.Figure:
    """PAI by moment, with chance at 1."""
    table = pai_by_day(lang, held, maps)
    figure = weekly_lines(lang, table, {name: name for name in table}, "days_over_year")
    for trace, line in zip(figure.data, _lines(list(table), maps), strict=True):
        trace.line = line
    figure.add_hline(1, line=CHANCE)
    if len(table) <= MARKERS_UP_TO:
        figure.update_traces(mode="lines+markers")
    return figure.update_yaxes(tickformat=".1f")


def _lines(names: Sequence[str], maps: Mapping[str, CaptureStats]) -> list[dict[str, object]]:
    """The line of each of ``names``: the maps, then the last period's counts and the population."""
    places = (*OF_MAPS[: len(maps)], OF_LAST_COUNTS, OF_POPULATION)
    return [series_line(place) for place in places[: len(names)]]
