"""Charts as plotly figures, drawn from tables that are ready; nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from analytics import tiers
from analytics.words import Language, say

INK, LINE = "#14202B", "#DDE3EA"
SERIES = ("#17324F", "#5E7690", "#9FB0C1", "#3D5A5B", "#8A7A66", "#B9A88F", "#6B5B7B", "#A99BB8")
"""Colours of series that are not tiers: quiet, and none of them near a tier's fill."""
DASHES = ("solid", "dash", "dot", "dashdot", "solid", "dash", "dot", "dashdot")
CONFIG = {"displayModeBar": False, "responsive": True}


def tier_counts(lang: Language, counts: pd.DataFrame) -> go.Figure:
    """How many areas are in each tier: stacked bars, one for each row of ``counts`` (index: days; columns: tiers)."""
    figure = go.Figure()
    for tier in tiers.SHOWN:
        look = tiers.LOOKS[tier]
        pattern = (
            {"shape": "/", "fgcolor": "#9AA6B2", "bgcolor": "#EEF1F4", "size": 6} if tier == tiers.UNKNOWN else None
        )
        figure.add_bar(
            x=counts.index,
            y=counts[tier],
            name=f"{look.mark} {say(lang, f'tiers.{tier}')}",
            marker={"color": look.fill, "line": {"color": "#FFFFFF", "width": 0.5}, "pattern": pattern},
            hovertemplate="%{y}",
        )
    return _laid_out(lang, figure, counts.index).update_layout(barmode="stack", bargap=0.08)


def weekly_lines(lang: Language, counts: pd.DataFrame, names: Mapping[object, str]) -> go.Figure:
    """One line a column of ``counts`` (index: last days of weeks), named by ``names``."""
    figure = go.Figure()
    for number, column in enumerate(counts.columns):
        figure.add_scatter(
            x=counts.index,
            y=counts[column],
            name=names[column],
            mode="lines",
            line={"color": SERIES[number % len(SERIES)], "dash": DASHES[number % len(DASHES)], "width": 2.2},
            hovertemplate="%{y}",
        )
    return _laid_out(lang, figure, counts.index)


def _laid_out(lang: Language, figure: go.Figure, days: pd.DatetimeIndex) -> go.Figure:
    long = len(days) > 1 and (days[-1] - days[0]).days > 366
    month = {"zh": "%y年%-m月", "en": "%b %Y"} if long else {"zh": "%-m月%-d日", "en": "%-d %b"}
    return figure.update_layout(
        template="none",
        font={"family": "Five Colour Sans, sans-serif", "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 44, "r": 8, "t": 8, "b": 32},
        height=265,
        hovermode="x unified",
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": LINE, "font": {"size": 14}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        xaxis={
            "tickformat": month[lang],
            "hoverformat": {"zh": "%Y年%-m月%-d日", "en": "%-d %b %Y"}[lang],
            "linecolor": "#B4BFCA",
            "showgrid": False,
            "tickcolor": "#B4BFCA",
            "ticks": "outside",
        },
        yaxis={"gridcolor": LINE, "zeroline": False, "rangemode": "tozero", "tickformat": "d"},
    )
