"""检验: whether the map was right, as sentences, tables and charts; and where nobody looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.drawing.cards import marked, render, series_name, short_day
from analytics.drawing.charts import DASHES, INK, LINE, SERIES, weekly_lines
from analytics.evidence.backtest import SHUFFLES, Backtest, BacktestComparison, CaptureStats, verdict
from analytics.evidence.detection_bias import UNVISITED_DAYS, WINDOW_DAYS
from analytics.evidence.fitting import FittedWeights
from analytics.scheme import Scheme
from analytics.words import Language, day, say

NOTHING = "—"
POINTS_OF_A_CURVE = 201
HALF = 0.5
MARKERS_UP_TO = 13
MOST_LISTED = 200
AXIS, FAINT = "#B4BFCA", "#8A97A4"
OF_MAPS = (0, 4)
OF_LAST_COUNTS, OF_POPULATION = 1, 2
"""Which of the series' colours and dashes: an order keeps its own, whether a second map is drawn or not."""


def headline(lang: Language, held: Backtest, sentence: str) -> str:
    """The :func:`answer`, the :func:`verdicts`, and the span of its moments."""
    aside = say(lang, "evidence.span", first=day(lang, held.days[0]), last=day(lang, held.days[-1]))
    said = verdicts(lang, held)
    return render(lang, "evidence_headline.html", sentence=sentence, verdicts=said, aside=aside)


def answer(lang: Language, held: Backtest, weeks: int, kind: str, name: str) -> str:
    """The answer in one sentence; ``kind`` of moments: ``weekly``, ``releases``, or ``days``, those of releases;
    ``name`` of the map, where it is not what everybody takes it for."""
    found = held.map.pooled
    key = "evidence.sentence_none" if np.isnan(found.pai) else f"evidence.sentence_{kind}"
    said = say(
        lang, key, n=len(held.days), weeks=weeks, share=_percent(found.share_of_areas),
        hit=_percent(found.hit_rate), pai=_number(found.pai, 2),
    )  # fmt: skip
    return say(lang, "evidence.of_map", name=name, said=said) if name else said


def verdicts(lang: Language, held: Backtest) -> list[str]:
    """How the map stands to chance and to the last period's counts; empty where nothing was flagged or followed."""
    if np.isnan(held.map.pooled.pai):
        return []
    low, high = (_number(value, 2) for value in held.chance)
    return [
        say(lang, f"evidence.chance_{held.against_chance}", low=low, high=high),
        say(
            lang, f"evidence.last_{verdict(held.map, held.last_counts)}",
            last=_percent(held.last_counts.pooled.hit_rate),
        ),
    ]  # fmt: skip


def sentence(lang: Language, said: str) -> str:
    """A sentence where there is nothing to draw."""
    return render(lang, "workbench_said.html", said=said)


def compared_title(lang: Language, scheme: Scheme) -> str:
    """The head of the card, with the incidents that are counted."""
    named = [series_name(lang, "category", kind, {}) for kind in scheme.categories()]
    hint = say(lang, "evidence.compared_hint", matters=named or say(lang, "evidence.all_matters"))
    return render(lang, "title.html", title=say(lang, "evidence.compared"), hint=hint)


def compared(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """What each of ``maps`` (by name; the first is that of ``held``) and simpler orders caught in as many areas as the
    first map flags."""
    rows = {name: _cells(found) for name, found in _orders(lang, held, maps).items()}
    pooled, mean = held.map.pooled, held.shuffled.mean()
    by_chance = pooled.share_of_areas * mean
    rows[say(lang, "evidence.row_random")] = [
        _percent(by_chance), _percent(pooled.share_of_areas), NOTHING, _number(mean, 1),
        _number(by_chance / pooled.hit_rate * pooled.pei, 2),
    ]  # fmt: skip
    columns = ("hit_rate", "share_of_areas", "share_of_population", "pai", "pei")
    named = [say(lang, f"evidence.{column}") for column in columns]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.order"))


def _orders(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> dict[str, CaptureStats]:
    """The maps, the last period's counts and, where it is known, the population, by name."""
    simpler = {say(lang, "evidence.row_last_counts"): held.last_counts}
    if held.population:
        simpler[say(lang, "evidence.row_population")] = held.population
    return {**maps, **simpler}


def _cells(found: CaptureStats) -> list[str]:
    pooled = found.pooled
    shares = [_percent(pooled[name]) for name in ("hit_rate", "share_of_areas", "share_of_population")]
    return [*shares, _number(pooled.pai, 2), _number(pooled.pei, 2)]


def compared_card(
    lang: Language, held: Backtest, maps: Mapping[str, CaptureStats], against: BacktestComparison | None, kind: str
) -> str:
    """:func:`compared`, what clearly caught the most in bold, how the second map stands to the first, and notes."""
    low, high = (_number(value, 2) for value in held.chance)
    means = say(lang, "evidence.means", draws=SHUFFLES, low=low, high=high)
    orders = _orders(lang, held, maps)
    best = [
        name
        for name, one in orders.items()
        if all(verdict(one, other) == "more" for other in orders.values() if other is not one)
    ]
    said, notes = "", [means, say(lang, "evidence.known_weekly" if kind == "weekly" else "evidence.known_releases")]
    if against:
        names, own = tuple(maps), against.own.pooled
        said = _against(lang, held, against.as_many, names)
        notes.insert(0, say(
            lang, "evidence.own", second=names[1], share=_percent(own.share_of_areas), hit=_percent(own.hit_rate)
        ))  # fmt: skip
    return _table(lang, compared(lang, held, maps), said, notes, *best)


def _against(lang: Language, held: Backtest, other: CaptureStats, names: Sequence[str]) -> str:
    """The second of two maps against the first, in as many areas; empty where the first flags none."""
    first, second = held.map.pooled, other.pooled
    if np.isnan(first.pai):
        return ""
    return say(
        lang, f"evidence.against_{verdict(other, held.map)}", first=names[0], second=names[1],
        share=_percent(first.share_of_areas), hit=_percent(second.hit_rate),
        by=f"{abs(second.hit_rate - first.hit_rate) * 100:.1f}",
    )  # fmt: skip


def curves(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """Capture curves by name: the share of incidents (0–1) in each share of the areas (index, 0–1), hardest first."""
    share = np.linspace(0, 1, min(POINTS_OF_A_CURVE, len(held.map.curve)))
    lines = {
        name: np.interp(share, np.linspace(0, 1, len(found.curve)), found.curve)
        for name, found in _orders(lang, held, maps).items()
    }
    return pd.DataFrame(lines, index=pd.Index(share, name=say(lang, "evidence.curve_areas")))


def curve_table(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """:func:`curves` at every twentieth, as text."""
    drawn = curves(lang, held, maps)
    share = np.linspace(0, 1, 21)
    lines = {name: [_percent(value, 0) for value in np.interp(share, drawn.index, drawn[name])] for name in drawn}
    return pd.DataFrame(lines, index=pd.Index([f"{at:.0%}" for at in share], name=drawn.index.name))


def _line(number: int) -> dict[str, object]:
    return {"color": SERIES[number], "dash": DASHES[number], "width": 2.2}


def _lines(names: Sequence[str], maps: Mapping[str, CaptureStats]) -> list[dict[str, object]]:
    """The line of each of ``names``: the maps, then the last period's counts and the population."""
    return [_line(number) for number in (*OF_MAPS[: len(maps)], OF_LAST_COUNTS, OF_POPULATION)[: len(names)]]


def curve_chart(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> go.Figure:
    """:func:`curves`, with chance as the diagonal and the share of areas that the first map flags."""
    drawn = curves(lang, held, maps)
    figure = go.Figure()
    for name, line in zip(drawn, _lines(list(drawn), maps), strict=True):
        figure.add_scatter(x=drawn.index, y=drawn[name], name=name, mode="lines", line=line, hovertemplate="%{y:.0%}")
    chance = {"color": FAINT, "dash": "dot", "width": 1}
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name=say(lang, "evidence.by_chance"), mode="lines", line=chance, hoverinfo="skip"
    )
    flagged = held.map.pooled.share_of_areas
    if flagged > 0:
        # Curves lie above the diagonal: the corner that they leave free is above on the left and below on the right.
        figure.add_vline(
            flagged,
            line=chance,
            annotation_text=say(lang, "evidence.curve_flagged", share=_percent(flagged)),
            annotation_position="top right" if flagged < HALF else "bottom left",
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


def over_time(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """PAI by moment (index: days) of each of ``maps`` and of the last period's counts."""
    lines = {name: found.moments["pai"] for name, found in maps.items()}
    return pd.DataFrame(lines | {say(lang, "evidence.row_last_counts"): held.last_counts.moments["pai"]})


def over_time_table(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> pd.DataFrame:
    """:func:`over_time` as numbers that can be drawn elsewhere; index: dates."""
    table = over_time(lang, held, maps).round(2)
    return table.set_axis(table.index.date).rename_axis(say(lang, "exhibits.day"))


def over_time_chart(lang: Language, held: Backtest, maps: Mapping[str, CaptureStats]) -> go.Figure:
    """:func:`over_time`, with chance at 1."""
    table = over_time(lang, held, maps)
    figure = weekly_lines(lang, table, {name: name for name in table})
    for trace, line in zip(figure.data, _lines(list(table), maps), strict=True):
        trace.line = line
    figure.add_hline(1, line={"color": FAINT, "dash": "dot", "width": 1})
    if len(table) <= MARKERS_UP_TO:
        figure.update_traces(mode="lines+markers")
    figure.update_layout(yaxis_tickformat=".1f", height=246, margin_b=48)
    # The second line of a label is the year, and is written where it changes.
    return figure.update_xaxes(tickformat={"zh": "%-m月%-d日\n%Y年", "en": "%-d %b\n%Y"}[lang])


def weights(lang: Language, scheme: Scheme, fitted: FittedWeights) -> pd.DataFrame:
    """Overall weights by indicator: present, and fitted."""
    rows = {
        item.name.text(lang): [_percent(fitted.present[item.id], 0), _percent(fitted.weights[item.id], 0)]
        for item in scheme.indicators
    }
    named = [say(lang, f"evidence.{column}") for column in ("present", "proposed")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=named).rename_axis(say(lang, "evidence.indicator"))


def fared(lang: Language, fitted: FittedWeights) -> pd.DataFrame:
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


def fit_card(lang: Language, scheme: Scheme, fitted: FittedWeights) -> str:
    """:func:`fared`, whether that speaks for the proposal, then :func:`weights`, and how they were found.

    Only what clearly caught more stands in bold."""
    train, test = fitted.train, fitted.test
    learned = say(
        lang, "evidence.learned", train=len(train), train_first=short_day(lang, train[0]),
        train_last=short_day(lang, train[-1]), test=len(test), test_first=short_day(lang, test[0]),
        test_last=short_day(lang, test[-1]),
    )  # fmt: skip
    rates = {name: held.caught.pooled for name, held in fitted.fared.items()}
    winner = {"more": "fitted", "less": "present"}.get(fitted.verdict)
    strong = say(lang, f"evidence.row_{winner}") if winner else ""
    said = say(lang, "evidence.fit_none")
    if rates["present"].share_of_areas > 0:
        said = say(
            lang, f"evidence.fit_{fitted.verdict}", fitted=_percent(rates["fitted"].hit_rate),
            present=_percent(rates["present"].hit_rate),
        )  # fmt: skip
    notes = [say(lang, "evidence.unlike_above"), learned, say(lang, "evidence.how_fitted")]
    return _table(lang, fared(lang, fitted), said, [], strong) + _table(lang, weights(lang, scheme, fitted), "", notes)


def detection_bias_title(lang: Language, table: pd.DataFrame | None) -> str:
    """The head of the card, with how many areas are marked where that could be told."""
    hint = ""
    if table is not None:
        hint = say(lang, "evidence.looked_for_hint", window=WINDOW_DAYS, marks=int((table["mark"] != "").sum()))
    return render(lang, "title.html", title=say(lang, "evidence.looked_for"), hint=hint)


def detection_bias_card(lang: Language, table: pd.DataFrame, names: pd.Series) -> str:
    """Findings beside checks: the marked areas first, then by findings per 100 checks; ``names`` are brief ones."""
    notes = [say(lang, "evidence.looked_for_means", days=UNVISITED_DAYS)]
    if len(table) > MOST_LISTED:
        notes.insert(0, say(lang, "evidence.listed", n=MOST_LISTED))
    rows = _sorted(table).head(MOST_LISTED)
    cells = rows.assign(name=names, **_written(rows)).to_dict("records")
    return render(lang, "evidence_looked_for.html", rows=cells, days=UNVISITED_DAYS, notes=notes)


def detection_bias_table(lang: Language, table: pd.DataFrame) -> pd.DataFrame:
    """The whole of it in words, to take along."""
    rows = _sorted(table)
    rows = rows.assign(**_written(rows)).set_index("name")
    rows["tier"] = [marked(lang, tier) for tier in rows["tier"]]
    rows["mark"] = [say(lang, f"evidence.mark_{mark}") if mark else NOTHING for mark in rows["mark"]]
    columns = ("tier", "findings", "rank_findings", "checks", "lately", "per_100", "rank_per_100", "mark")
    named = {name: say(lang, f"evidence.{name}", days=UNVISITED_DAYS) for name in columns}
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


def _table(lang: Language, table: pd.DataFrame, said: str, notes: Sequence[str], strong: str = "") -> str:
    """A table in words; its row ``strong`` stands out."""
    rows = [list(row) for row in table.itertuples(name=None)]
    return render(
        lang, "evidence_table.html", head=table.index.name, columns=list(table.columns), rows=rows, said=said,
        notes=notes, strong=strong,
    )  # fmt: skip


def _percent(value: float, decimals: int = 1) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{decimals}%}"


def _number(value: float, decimals: int) -> str:
    return NOTHING if np.isnan(value) else f"{value:.{decimals}f}"
