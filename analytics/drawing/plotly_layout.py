"""The one layout of every plotly chart: fonts, ground, axes, legend, margins, and what stands at the pointer.

A chart adds what is its own (titles and ticks of its axes, how bars stand) and nothing of this.
"""

from __future__ import annotations

from typing import Literal

import plotly.graph_objects as go

from analytics.drawing.palette import AXIS, INK, LINE

Shape = Literal["days", "days_over_year", "square"]

CONFIG = {"displayModeBar": False, "responsive": True}
TEXT_SIZE = 14
TITLE_STANDOFF = 6

_HEIGHTS: dict[Shape, int] = {"days": 265, "days_over_year": 246, "square": 340}
"""Pixels."""

_MARGINS: dict[Shape, dict[str, int]] = {
    "days": {"l": 44, "r": 8, "t": 8, "b": 32},
    "days_over_year": {"l": 44, "r": 8, "t": 8, "b": 48},
    "square": {"l": 62, "r": 26, "t": 8, "b": 46},
}
"""Pixels: labels of one line, labels of two, and a title at each axis."""


def lay_out(figure: go.Figure, shape: Shape) -> go.Figure:
    """The ``figure`` as all charts look; ``shape``: what its axes carry, ``days`` along the bottom (in one line or with
    the year in a second), or a title at both."""
    figure.update_layout(
        template="none",
        font={"family": "Five Colour Sans, sans-serif", "size": TEXT_SIZE, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin=_MARGINS[shape],
        height=_HEIGHTS[shape],
        hovermode="x unified",
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": LINE, "font": {"size": TEXT_SIZE}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    )
    # To plotly a colour of a line or of ticks is a wish to see them.
    drawn = {"linecolor": AXIS, "tickcolor": AXIS, "ticks": "outside"}
    figure.update_xaxes(showgrid=False, zeroline=False, **drawn)
    return figure.update_yaxes(gridcolor=LINE, zeroline=False, **(drawn if shape == "square" else {}))


def axis_title(text: str) -> dict[str, object]:
    """The title of an axis, as large as all other text."""
    return {"text": text, "standoff": TITLE_STANDOFF, "font": {"size": TEXT_SIZE}}
