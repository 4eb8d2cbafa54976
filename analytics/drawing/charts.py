"""Charts over time as plotly figures, drawn from tables that are ready; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics import tiers
from analytics.drawing.palette import DASHES, INK, SERIES
from analytics.drawing.plotly_layout import Shape, lay_out
from analytics.office import WEEK_DAYS
from analytics.wording.dates import AXIS_DAYS, AXIS_DAYS_OVER_YEAR, AXIS_MONTHS, POINTER_DAYS
from analytics.words import Language, say

DAYS_OF_A_YEAR = 366
HATCH = {"shape": "/", "fgcolor": "#9AA6B2", "bgcolor": "#EEF1F4", "size": 6}
"""Of areas without a tier."""


def tier_counts(lang: Language, counts: pd.DataFrame, complete_to: date) -> go.Figure:
    """How many areas are in each tier: stacked bars, one for each row of ``counts`` (index: days; columns: tiers),
    in a dashed frame after the day to which records are complete: a faded colour would be another one."""
    figure = go.Figure()
    provisional = counts.index > pd.Timestamp(complete_to)
    if provisional.any():
        begins = counts.index[np.argmax(provisional)] - pd.Timedelta(days=WEEK_DAYS / 2)
        _provisional(lang, figure, begins, counts.index[-1] + pd.Timedelta(days=WEEK_DAYS / 2))
    for tier in tiers.SHOWN:
        look = tiers.LOOKS[tier]
        figure.add_bar(
            x=counts.index,
            y=counts[tier],
            name=say(lang, f"tiers.{tier}"),
            showlegend=False,  # chips above the chart say it, each with its one mark
            marker={
                "color": look.fill,
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
        _provisional(lang, figure, begins, counts.index[-1])
    return figure


def _provisional(lang: Language, figure: go.Figure, begins: pd.Timestamp, ends: pd.Timestamp) -> None:
    """A dashed frame around what is provisional, with the word."""
    figure.add_vrect(
        x0=begins, x1=ends, fillcolor="#EEF1F4", line={"color": INK, "width": 1.5, "dash": "dash"}, layer="below",
        annotation_text=say(lang, "trends.provisional"), annotation_position="top right", annotation_bgcolor="#FFFFFF",
    )  # fmt: skip


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
