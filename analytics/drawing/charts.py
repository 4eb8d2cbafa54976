"""Charts over time as plotly figures, drawn from tables that are ready; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics import tiers
from analytics.drawing.palette import DASHES, SERIES
from analytics.drawing.plotly_layout import Shape, lay_out
from analytics.wording.dates import AXIS_DAYS, AXIS_DAYS_OVER_YEAR, AXIS_MONTHS, POINTER_DAYS
from analytics.words import Language, say

DAYS_OF_A_YEAR = 366
LIGHTER = 0.45
"""How much of its colour a bar keeps that is provisional."""

HATCH = {"shape": "/", "fgcolor": "#9AA6B2", "bgcolor": "#EEF1F4", "size": 6}
"""Of areas without a tier."""


def tier_counts(lang: Language, counts: pd.DataFrame, complete_to: date) -> go.Figure:
    """How many areas are in each tier: stacked bars, one for each row of ``counts`` (index: days; columns: tiers),
    lighter after the day to which records are complete."""
    figure = go.Figure()
    provisional = counts.index > pd.Timestamp(complete_to)
    for tier in tiers.SHOWN:
        look = tiers.LOOKS[tier]
        figure.add_bar(
            x=counts.index,
            y=counts[tier],
            name=f"{look.mark} {say(lang, f'tiers.{tier}')}",
            marker={
                "color": look.fill,
                "opacity": np.where(provisional, LIGHTER, 1.0),
                "line": {"color": "#FFFFFF", "width": 0.5},
                "pattern": HATCH if tier == tiers.UNKNOWN else None,
            },
            hovertemplate=[f"%{{y}} {say(lang, 'trends.provisional')}" if one else "%{y}" for one in provisional],
        )
    return _over_days(lang, figure, counts.index).update_layout(barmode="stack", bargap=0.08)


def incidents_by_week(
    lang: Language, counts: pd.DataFrame, names: Mapping[object, str], complete_to: date
) -> go.Figure:
    """:func:`weekly_lines`, marked where a week is not complete."""
    figure = weekly_lines(lang, counts, names)
    incomplete = counts.index > pd.Timestamp(complete_to)
    if incomplete.any():
        begins = counts.index[max(int(np.argmax(incomplete)) - 1, 0)]
        figure.add_vrect(
            x0=begins, x1=counts.index[-1], fillcolor="#EEF1F4", line_width=0, layer="below",
            annotation_text=say(lang, "trends.provisional"), annotation_position="top right",
        )  # fmt: skip
    return figure


def weekly_lines(lang: Language, counts: pd.DataFrame, names: Mapping[object, str], shape: Shape = "days") -> go.Figure:
    """One line a column of ``counts`` (index: last days of weeks), named by ``names``."""
    figure = go.Figure()
    for number, column in enumerate(counts.columns):
        figure.add_scatter(
            x=counts.index,
            y=counts[column],
            name=names[column],
            mode="lines",
            line=series_line(number),
            hovertemplate="%{y}",
        )
    return _over_days(lang, figure, counts.index, shape)


def series_line(number: int) -> dict[str, object]:
    """The line of a series by its place, from 0: its colour, how it is broken, and its width in pixels."""
    return {"color": SERIES[number % len(SERIES)], "dash": DASHES[number % len(DASHES)], "width": 2.2}


def _over_days(lang: Language, figure: go.Figure, days: pd.DatetimeIndex, shape: Shape = "days") -> go.Figure:
    """Whole numbers from 0 over ``days``."""
    long = len(days) > 1 and (days[-1] - days[0]).days > DAYS_OF_A_YEAR
    named = AXIS_DAYS_OVER_YEAR if shape == "days_over_year" else AXIS_MONTHS if long else AXIS_DAYS
    lay_out(figure, shape)
    figure.update_xaxes(tickformat=named[lang], hoverformat=POINTER_DAYS[lang])
    return figure.update_yaxes(rangemode="tozero", tickformat="d")
