"""检验, as cards: whether the map was right, the proposal of weights, and where nobody looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analytics.drawing.html import card_head, render
from analytics.evidence.backtest import Backtest, BacktestComparison, CaptureStats, verdict
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.evidence.fitting import FittedWeights
from analytics.exhibits.evidence import (
    compared_table,
    fitted_caught_table,
    fitted_weights_table,
    marked_first,
    with_rates_as_text,
)
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.summary import carried_areas
from analytics.wording import evidence as wording
from analytics.wording.areas import brief_names
from analytics.words import Language, say

MOST_LISTED = 200


def headline(lang: Language, held: Backtest, sentence: str) -> str:
    """The answer, how the map stands to chance and to the last period's counts, and the span of its moments."""
    said, aside = wording.verdicts(lang, held), wording.moments_span(lang, held)
    return render(lang, "evidence_headline.html", sentence=sentence, verdicts=said, aside=aside)


def compared_title(lang: Language, scheme: Scheme) -> str:
    """The head of the card, with the incidents that are counted."""
    return card_head(lang, say(lang, "evidence.compared"), wording.incidents_counted(lang, scheme))


def compared_card(
    lang: Language, held: Backtest, maps: Mapping[str, CaptureStats], against: BacktestComparison | None, kind: str
) -> str:
    """What the maps and simpler orders caught, what clearly caught the most in bold, how the second map stands to the
    first, and notes."""
    orders = wording.orders(lang, held, maps)
    best = [
        name
        for name, one in orders.items()
        if all(verdict(one, other) == "more" for other in orders.values() if other is not one)
    ]
    said = wording.against_first(lang, held, against.as_many, tuple(maps)) if against else ""
    notes = wording.comparison_notes(lang, held, maps, against, kind)
    return _table(lang, compared_table(lang, held, maps), said, notes, *best)


def fit_card(lang: Language, scheme: Scheme, fitted: FittedWeights) -> str:
    """What fitted weights caught on the test moments, whether that speaks for them, the weights, and how they were
    found. Only what clearly caught more stands in bold."""
    winner = {"more": "fitted", "less": "present"}.get(fitted.verdict)
    strong = say(lang, f"evidence.row_{winner}") if winner else ""
    caught = _table(lang, fitted_caught_table(lang, fitted), wording.fit_verdict(lang, fitted), [], strong)
    weights = _table(lang, fitted_weights_table(lang, scheme, fitted), "", wording.fit_notes(lang, fitted))
    return caught + weights


def detection_bias_title(lang: Language, table: pd.DataFrame | None) -> str:
    """The head of the card, with how many areas are marked where that could be told."""
    hint = "" if table is None else wording.marked_areas(lang, table)
    return card_head(lang, say(lang, "evidence.looked_for"), hint)


def detection_bias_card(lang: Language, table: pd.DataFrame, run: Assessment) -> str:
    """Findings beside checks: the marked areas first, then by findings per 100 checks, with their tiers in ``run``."""
    notes = wording.detection_notes(lang, MOST_LISTED if len(table) > MOST_LISTED else None)
    rows = marked_first(table).head(MOST_LISTED)
    carried = pd.Series(carried_areas(run), index=run.areas.index)
    cells = with_rates_as_text(rows.assign(name=brief_names(run), carried=carried)).to_dict("records")
    return render(lang, "evidence_looked_for.html", rows=cells, days=UNVISITED_DAYS, notes=notes)


def _table(lang: Language, table: pd.DataFrame, said: str, notes: Sequence[str], strong: str = "") -> str:
    """A table in words; its row ``strong`` stands out."""
    rows = [list(row) for row in table.itertuples(name=None)]
    return render(
        lang, "evidence_table.html", head=table.index.name, columns=list(table.columns), rows=rows, said=said,
        notes=notes, strong=strong,
    )  # fmt: skip
