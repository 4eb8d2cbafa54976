"""检验: whether the map was right, as sentences, tables and charts; and where nobody looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.drawing.cards import marked, render, series_name, short_day
from analytics.drawing.charts import DASHES, INK, LINE, SERIES, weekly_lines
from analytics.evidence.fitting import Fitted
from analytics.evidence.hindsight import SHUFFLES, Caught, Hindsight
from analytics.evidence.looked_for import UNLOOKED_DAYS, WINDOW_DAYS
from analytics.scheme import Scheme
from analytics.words import Language, day, say

NOTHING = "—"
POINTS_OF_A_CURVE = 201
MARKERS_UP_TO = 13
MOST_LISTED = 200
AXIS, FAINT = "#B4BFCA", "#8A97A4"


def headline(lang: Language, held: Hindsight, sentence: str) -> str:
    """The :func:`answer`, and the span of its moments."""
    aside = say(lang, "evidence.span", first=day(lang, held.days[0]), last=day(lang, held.days[-1]))
    return render(lang, "evidence_headline.html", sentence=sentence, aside=aside)


def answer(lang: Language, held: Hindsight, weeks: int, kind: str) -> str:
    """The answer in one sentence; ``kind`` of moments: ``weekly`` or ``releases``."""
    found = held.map.pooled
    key = "evidence.sentence_none" if np.isnan(found.pai) else f"evidence.sentence_{kind}"
    return say(
        lang, key, n=len(held.days), weeks=weeks, share=_percent(found.share_of_areas, 0),
        hit=_percent(found.hit_rate, 0),
        pai=_number(found.pai, 1),
    )  # fmt: skip


def compared_title(lang: Language, scheme: Scheme) -> str:
    """The head of the card, with the matters that are counted."""
    named = [series_name(lang, "category", kind, {}) for kind in scheme.categories()]
    hint = say(lang, "evidence.compared_hint", matters=named or say(lang, "evidence.all_matters"))
    return render(lang, "title.html", title=say(lang, "evidence.compared"), hint=hint)


def compared(lang: Language, judged: Mapping[str, Hindsight]) -> pd.DataFrame:
    """What each of ``judged`` (by name) caught, and what simpler orders did with as many areas as the first flags."""
    first = next(iter(judged.values()))
    rows = {name: _cells(held.map) for name, held in judged.items()}
    rows[say(lang, "evidence.row_last_counts")] = _cells(first.last_counts)
    if first.population:
        rows[say(lang, "evidence.row_population")] = _cells(first.population)
    by_chance = first.map.pooled.share_of_areas * first.shuffled.mean()
    rows[say(lang, "evidence.row_random")] = [
        _percent(by_chance), _percent(first.map.pooled.share_of_areas), NOTHING, _number(first.shuffled.mean(), 1),
        _number(by_chance / first.map.pooled.hit_rate * first.map.pooled.pei, 2),
    ]  # fmt: skip
    columns = ("hit_rate", "share_of_areas", "share_of_population", "pai", "pei")
    named = [say(lang, f"evidence.{column}") for column in columns]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.order"))


def _cells(found: Caught) -> list[str]:
    pooled = found.pooled
    shares = [_percent(pooled[name]) for name in ("hit_rate", "share_of_areas", "share_of_population")]
    return [*shares, _number(pooled.pai, 2), _number(pooled.pei, 2)]


def compared_card(lang: Language, judged: Mapping[str, Hindsight], kind: str) -> str:
    """:func:`compared`, the map against the last period's counts, and how it is to be read."""
    first = next(iter(judged.values()))
    by = first.map.pooled.hit_rate - first.last_counts.pooled.hit_rate
    said = ""
    if not np.isnan(by):
        said = say(
            lang, "evidence.better" if by >= 0 else "evidence.worse",
            last=_percent(first.last_counts.pooled.hit_rate), by=f"{abs(by) * 100:.1f}",
        )  # fmt: skip
    low, high = np.quantile(first.shuffled, [0.05, 0.95])
    means = say(lang, "evidence.means", draws=SHUFFLES, low=_number(low, 2), high=_number(high, 2))
    return _table(lang, compared(lang, judged), said, [means, say(lang, f"evidence.known_{kind}")], len(judged))


def curves(lang: Language, judged: Mapping[str, Hindsight]) -> pd.DataFrame:
    """Capture curves by name: the share of matters (0–1) in each share of the areas (index, 0–1), hardest first."""
    first = next(iter(judged.values()))
    held = {name: one.map.curve for name, one in judged.items()}
    held[say(lang, "evidence.row_last_counts")] = first.last_counts.curve
    if first.population:
        held[say(lang, "evidence.row_population")] = first.population.curve
    share = np.linspace(0, 1, min(POINTS_OF_A_CURVE, len(first.map.curve)))
    lines = {name: np.interp(share, np.linspace(0, 1, len(curve)), curve) for name, curve in held.items()}
    return pd.DataFrame(lines, index=pd.Index(share, name=say(lang, "evidence.curve_areas")))


def curve_table(lang: Language, judged: Mapping[str, Hindsight]) -> pd.DataFrame:
    """:func:`curves` at every twentieth, as text."""
    held = curves(lang, judged)
    share = np.linspace(0, 1, 21)
    lines = {name: [_percent(value, 0) for value in np.interp(share, held.index, held[name])] for name in held}
    return pd.DataFrame(lines, index=pd.Index([f"{at:.0%}" for at in share], name=held.index.name))


def curve_chart(lang: Language, judged: Mapping[str, Hindsight]) -> go.Figure:
    """:func:`curves`, with chance as the diagonal and the share of areas that the first map flags."""
    held = curves(lang, judged)
    figure = go.Figure()
    for number, name in enumerate(held):
        style = {"color": SERIES[number % len(SERIES)], "dash": DASHES[number % len(DASHES)], "width": 2.2}
        figure.add_scatter(x=held.index, y=held[name], name=name, mode="lines", line=style, hovertemplate="%{y:.0%}")
    chance = {"color": FAINT, "dash": "dot", "width": 1}
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name=say(lang, "evidence.by_chance"), mode="lines", line=chance, hoverinfo="skip"
    )
    flagged = next(iter(judged.values())).map.pooled.share_of_areas
    if flagged > 0:
        figure.add_vline(
            flagged,
            line=chance,
            annotation_text=say(lang, "evidence.curve_flagged"),
            annotation_position="bottom right",
        )
    axis = {"range": [0, 1], "tickformat": ".0%", "linecolor": AXIS, "tickcolor": AXIS, "zeroline": False, "dtick": 0.2}
    return figure.update_layout(
        template="none",
        font={"family": "Five Colour Sans, sans-serif", "size": 14, "color": INK},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 62, "r": 26, "t": 8, "b": 46},
        height=340,
        hovermode="x unified",
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": LINE, "font": {"size": 14}},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis=axis
        | {
            "title": {"text": say(lang, "evidence.curve_areas"), "standoff": 6, "font": {"size": 14}},
            "showgrid": False,
        },
        yaxis=axis
        | {
            "title": {"text": say(lang, "evidence.curve_matters"), "standoff": 6, "font": {"size": 14}},
            "gridcolor": LINE,
        },
    )


def over_time(lang: Language, judged: Mapping[str, Hindsight]) -> pd.DataFrame:
    """PAI by moment (index: days) of each of ``judged`` and of the last period's counts."""
    first = next(iter(judged.values()))
    lines = {name: held.map.moments["pai"] for name, held in judged.items()}
    return pd.DataFrame(lines | {say(lang, "evidence.row_last_counts"): first.last_counts.moments["pai"]})


def over_time_table(lang: Language, judged: Mapping[str, Hindsight]) -> pd.DataFrame:
    """:func:`over_time` as numbers that can be drawn elsewhere; index: dates."""
    table = over_time(lang, judged).round(2)
    return table.set_axis(table.index.date).rename_axis(say(lang, "exhibits.day"))


def over_time_chart(lang: Language, judged: Mapping[str, Hindsight]) -> go.Figure:
    """:func:`over_time`, with chance at 1."""
    table = over_time(lang, judged)
    figure = weekly_lines(lang, table, {name: name for name in table})
    figure.add_hline(1, line={"color": FAINT, "dash": "dot", "width": 1})
    if len(table) <= MARKERS_UP_TO:
        figure.update_traces(mode="lines+markers")
    return figure.update_layout(yaxis_tickformat=".1f", height=230)


def weights(lang: Language, scheme: Scheme, fitted: Fitted) -> pd.DataFrame:
    """Overall weights by indicator: present, and fitted."""
    rows = {
        item.name.text(lang): [_percent(fitted.present[item.id], 0), _percent(fitted.weights[item.id], 0)]
        for item in scheme.indicators
    }
    named = [say(lang, f"evidence.{column}") for column in ("present", "proposed")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.indicator"))


def fared(lang: Language, fitted: Fitted) -> pd.DataFrame:
    """What the fitted and the present weights and the last period's counts caught on the test moments."""
    rows = {
        say(lang, f"evidence.row_{name}"): [
            _percent(held.caught.pooled.hit_rate), _percent(held.caught.pooled.share_of_areas),
            _number(held.caught.pooled.pai, 2), _percent(held.top_fifth),
        ]
        for name, held in fitted.fared.items()
    }  # fmt: skip
    named = [say(lang, f"evidence.{column}") for column in ("hit_rate", "share_of_areas", "pai", "top_fifth")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.fared"))


def fit_card(lang: Language, scheme: Scheme, fitted: Fitted) -> str:
    """:func:`fared`, then :func:`weights`, and how they were found."""
    train, test = fitted.train, fitted.test
    learned = say(
        lang, "evidence.learned", train=len(train), train_first=short_day(lang, train[0]),
        train_last=short_day(lang, train[-1]), test=len(test), test_first=short_day(lang, test[0]),
        test_last=short_day(lang, test[-1]),
    )  # fmt: skip
    notes = [learned, say(lang, "evidence.how_fitted")]
    return _table(lang, fared(lang, fitted), "", [], 1) + _table(lang, weights(lang, scheme, fitted), "", notes, 0)


def looked_for_title(lang: Language, table: pd.DataFrame | None) -> str:
    """The head of the card, with how many areas are marked where that could be told."""
    hint = ""
    if table is not None:
        hint = say(lang, "evidence.looked_for_hint", window=WINDOW_DAYS, marks=int((table["mark"] != "").sum()))
    return render(lang, "title.html", title=say(lang, "evidence.looked_for"), hint=hint)


def looked_for_card(lang: Language, table: pd.DataFrame, names: pd.Series) -> str:
    """Findings beside checks: the marked areas first, then by findings per 100 checks; ``names`` are brief ones."""
    notes = [say(lang, "evidence.looked_for_means", days=UNLOOKED_DAYS)]
    if len(table) > MOST_LISTED:
        notes.insert(0, say(lang, "evidence.listed", n=MOST_LISTED))
    rows = _sorted(table).head(MOST_LISTED)
    cells = rows.assign(name=names, **_written(rows)).to_dict("records")
    return render(lang, "evidence_looked_for.html", rows=cells, days=UNLOOKED_DAYS, notes=notes)


def looked_for_table(lang: Language, table: pd.DataFrame) -> pd.DataFrame:
    """The whole of it in words, to take along."""
    rows = _sorted(table)
    rows = rows.assign(**_written(rows)).set_index("name")
    rows["tier"] = [marked(lang, tier) for tier in rows["tier"]]
    rows["mark"] = [say(lang, f"evidence.mark_{mark}") if mark else NOTHING for mark in rows["mark"]]
    columns = ("tier", "findings", "rank_findings", "checks", "lately", "per_100", "rank_per_100", "mark")
    named = {name: say(lang, f"evidence.{name}", days=UNLOOKED_DAYS) for name in columns}
    return rows[list(columns)].rename(columns=named).rename_axis(say(lang, "evidence.area"))


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    keys = table.assign(unmarked=table["mark"] == "")
    return keys.sort_values(["unmarked", "per_100", "name"], ascending=[True, False, True]).drop(columns="unmarked")


def _written(rows: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "per_100": [_number(value, 1) for value in rows["per_100"]],
        **{
            name: [NOTHING if pd.isna(value) else str(value) for value in rows[name]]
            for name in ("rank_findings", "rank_per_100")
        },
    }


def _table(lang: Language, table: pd.DataFrame, said: str, notes: Sequence[str], strong: int) -> str:
    """A table in words; its first ``strong`` rows stand out."""
    rows = [list(row) for row in table.itertuples(name=None)]
    return render(
        lang, "evidence_table.html", head=table.index.name, columns=list(table.columns), rows=rows, said=said,
        notes=notes, strong=strong,
    )  # fmt: skip


def _percent(value: float, decimals: int = 1) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{decimals}%}"


def _number(value: float, decimals: int) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{decimals}f}"
