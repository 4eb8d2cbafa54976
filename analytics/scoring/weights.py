"""Where weights may come from (equal, AHP, entropy, CRITIC), and what a weight is really worth in a score."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analytics.errors import LoadError, UserError
from analytics.loaders import values
from analytics.loaders.files import read_sheet, shown, shown_headers
from analytics.scoring.combine import DECIMALS

Method = Literal["ahp", "entropy", "critic", "equal"]
METHODS: tuple[Method, ...] = get_args(Method)

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random judgements by number of criteria, 1 to 15: T. L. Saaty, The Analytic Hierarchy
Process, 1980. The dip at 12 is in the original, which was drawn from small samples. Later tables differ a little."""

ACCEPTABLE_RATIO = 0.1
"""Saaty's rule: judgements with a higher consistency ratio should be reconsidered."""

LARGEST_JUDGEMENT = 1e6
"""Far beyond Saaty's 1 to 9, which is advice and not enforced; more is a slip and costs the eigenvector its digits."""

ROUNDED_RECIPROCAL = 0.05
"""How far a × b may lie from 1. Two decimals of 1/8 are 0.13, and 8 × 0.13 = 1.04; on a scale of 1 to 9 that is the
most that rounding does."""

NO_CONFLICT = 1e-12
"""A 1 − r below this is rounding: the two columns rise and fall together exactly."""


class WeightsError(UserError):
    """Weights could not be made from the table that was given."""


@dataclass(frozen=True)
class Reconsider:
    """The judgement that fits the others least: ``row`` was judged ``judged`` times as important as ``column``, while
    the weights say ``implied`` times. Both are ratios without a unit; it is a cell above the diagonal."""

    row: str
    column: str
    judged: float
    implied: float


@dataclass(frozen=True)
class Weighting:
    """``weights`` by name, 0–1, summing to 1, and how they were made. What does not apply to the method is None.

    For AHP: ``lambda_max`` ≥ n, ``consistency_index``, ``consistency_ratio``, the ``random_index`` that it was divided
    by (see :data:`RANDOM_INDEX`), and ``reconsider`` when the ratio is above :data:`ACCEPTABLE_RATIO`.
    """

    method: Method
    weights: Mapping[str, float]
    lambda_max: float | None = None
    consistency_index: float | None = None
    consistency_ratio: float | None = None
    random_index: float | None = None
    reconsider: Reconsider | None = None


def weighting_from_file(method: Method, file: Path, cost: Sequence[str]) -> Weighting:
    """Weights from a CSV file (UTF-8 or GB18030). Raises :class:`WeightsError`.

    AHP: a square table with the names in the first row and column. The others: rows are alternatives with their names
    in the first column, columns are criteria; ``cost`` names those where less is better.
    """
    table = _table_of(file)
    if method == "ahp":
        if cost:
            raise WeightsError.because("weights.cost_without_use")
        return ahp(table)
    if method == "equal":
        # Directions change nothing in equal weights, but a name that is not there is a slip all the same.
        _require_known(cost, _names(table.columns))
        return equal(table.columns)
    return {"entropy": entropy, "critic": critic}[method](table, cost)


def as_json(weighting: Weighting) -> str:
    """The weighting as a JSON object: its own fields in their order, null where one does not apply."""
    return json.dumps(asdict(weighting), ensure_ascii=False, indent=2)


def equal(names: Iterable[str]) -> Weighting:
    """The same weight, 1/n, for each of ``names``.

    >>> equal(["cases", "spread"]).weights
    {'cases': 0.5, 'spread': 0.5}
    """
    known = _names(names)
    return Weighting("equal", _shares(known, np.ones(len(known))))


def ahp(matrix: pd.DataFrame) -> Weighting:
    """Weights by the analytic hierarchy process: the principal eigenvector of the judgements, made to sum to 1.

    ``matrix``: the same names in the same order as index and columns; a cell says how many times as important the row
    is as the column: a number, or a fraction written as text ("1/3"). Cells below the diagonal may be blank (they are
    the reciprocals). Where both are given and are reciprocal but for rounding, the larger is taken as what was judged.

    A w = λmax w; CI = (λmax − n) / (n − 1); CR = CI / RI with the random index of Saaty 1980; CR is 0 for one and two
    criteria, which cannot contradict each other. Source: T. L. Saaty, How to make a decision, European Journal of
    Operational Research 48 (1990). The judgement to reconsider is the one whose aᵢⱼ wⱼ / wᵢ is the furthest from 1 as a
    ratio: Saaty, Decision-making with the AHP: Why is the principal eigenvector necessary, ibid. 145 (2003).
    """
    names = _names_of_square(matrix)
    judgements = _judgements(matrix, names)
    eigenvalues, eigenvectors = np.linalg.eig(judgements)
    principal = eigenvalues.real.argmax()
    weights = _shares(names, np.abs(eigenvectors[:, principal].real))
    # λmax ≥ n holds for every reciprocal matrix; what the machine is short of that, or over it, is rounding.
    lambda_max = max(float(len(names)), round(float(eigenvalues[principal].real), DECIMALS))
    random_index = RANDOM_INDEX[len(names) - 1]
    index = (lambda_max - len(names)) / (len(names) - 1) if len(names) > 1 else 0.0
    ratio = index / random_index if random_index else 0.0
    return Weighting(
        method="ahp",
        weights=weights,
        lambda_max=lambda_max,
        consistency_index=index,
        consistency_ratio=ratio,
        random_index=random_index,
        reconsider=_worst_judgement(judgements, weights) if ratio > ACCEPTABLE_RATIO else None,
    )


def entropy(table: pd.DataFrame, cost: Collection[str]) -> Weighting:
    """Weights by Shannon's entropy: a criterion weighs more, the more unevenly it is spread over the alternatives.

    ``table``: rows are alternatives, columns criteria; ``cost`` names the criteria where less is better. Each column is
    min-max normalised to 0–1 with cost columns turned round, z; then pᵢⱼ = zᵢⱼ / Σᵢ zᵢⱼ, eⱼ = −Σᵢ pᵢⱼ ln pᵢⱼ / ln m
    with 0 ln 0 = 0, and wⱼ = (1 − eⱼ) / Σ (1 − eⱼ). A column that does not vary weighs 0.

    Source: C. E. Shannon, A mathematical theory of communication, 1948; C.-L. Hwang & K. Yoon, Multiple Attribute
    Decision Making, 1981. They divide the raw columns by their sums; normalising them before lets zeros, negative
    values and cost columns in and makes units indifferent, and gives other figures than raw sums do.
    """
    names, normalised, varies = _normalised(table, cost)
    share = normalised[:, varies] / normalised[:, varies].sum(axis=0)
    spread = -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=0) / np.log(len(share))
    amounts = np.zeros(len(names))
    amounts[varies] = 1 - spread
    return Weighting("entropy", _shares(names, amounts))


def critic(table: pd.DataFrame, cost: Collection[str]) -> Weighting:
    """Weights by CRITIC: a criterion weighs more, the more it varies and the less it agrees with the others.

    ``table``: rows are alternatives, columns criteria; ``cost`` names the criteria where less is better. On min-max
    normalised columns, cost columns turned round: Cⱼ = σⱼ Σₖ (1 − rⱼₖ), with the standard deviation σ and Pearson's r,
    and wⱼ = Cⱼ / Σ C. A column that does not vary weighs 0 and is left out of the sums, since it has no r; a column
    that is the only one to vary weighs 1.

    Source: D. Diakoulaki, G. Mavrotas & L. Papayannakis, Determining objective weights in multiple criteria problems:
    The CRITIC method, Computers & Operations Research 22 (1995).
    """
    names, normalised, varies = _normalised(table, cost)
    amounts = np.zeros(len(names))
    if varies.sum() == 1:
        amounts[varies] = 1.0
    else:
        conflict = 1 - np.corrcoef(normalised[:, varies], rowvar=False)
        conflict[conflict < NO_CONFLICT] = 0.0
        amounts[varies] = normalised[:, varies].std(axis=0) * conflict.sum(axis=0)
    if not amounts.any():
        raise WeightsError.because("weights.no_conflict")
    return Weighting("critic", _shares(names, amounts))


def effective_weights(parts: np.ndarray) -> np.ndarray:
    """The share of the score's variance over the areas that each indicator really has; shape (indicators,), sum 1.

    ``parts`` (areas, indicators) is what each indicator adds to the score s = Σ cᵢ of each area, as in an `Assessment`
    on one day, of the areas that have a score: shareᵢ = cov(cᵢ, s) / var(s). All are NaN when the score does not vary.

    This is the covariance decomposition: A. F. Shorrocks, Inequality decomposition by factor components, Econometrica
    50 (1982). A share can be negative (an indicator that works against the score); what two indicators have in
    common, 2 cov(cᵢ, cⱼ), is halved between them. It answers the question of W. Becker, M. Saisana, P. Paruolo &
    I. Vandecasteele, Weights and importance in composite indicators, Ecological Indicators 80 (2017), but is not their
    measure: the correlation ratio, var(E[s | xᵢ]) / var(s), takes all of what is common each time and sums to no 1.
    """
    score = parts.sum(axis=1)
    # The same rounding as for the score itself: what differs in the last bit does not vary.
    if len(np.unique(score.round(DECIMALS))) < 2:
        return np.full(parts.shape[1], np.nan)
    from_mean = score - score.mean()
    return from_mean @ (parts - parts.mean(axis=0)) / (from_mean @ from_mean)


def _table_of(file: Path) -> pd.DataFrame:
    """The cells of a CSV file as text; the first row and column become the names."""
    try:
        sheet = read_sheet("weights", file)
    except LoadError as error:
        raise WeightsError(*error.problems) from error
    if sheet.refused:
        first = sheet.refused[0]
        raise WeightsError.because("weights.row_misfit", line=first.line, reason=first.reason)
    blank = sheet.cells.apply(lambda column: column.str.strip() == "")
    # Spreadsheets write out columns in which something stood once.
    kept = [place for place, header in enumerate(sheet.headers) if place == 0 or header or not blank[place].all()]
    lines = sheet.cells.index.astype("str").to_series(index=sheet.cells.index)
    # An alternative without a name is called by its line.
    rows = sheet.cells[0].str.strip().mask(blank[0], lines)
    table = sheet.cells[kept[1:]].set_axis([sheet.headers[place] for place in kept[1:]], axis=1)
    return table.set_axis(rows.to_list(), axis=0)


def _names(names: Iterable[str]) -> list[str]:
    known = [str(name).strip() for name in names]
    if not known:
        raise WeightsError.because("weights.no_criteria")
    if "" in known:
        raise WeightsError.because("weights.name_blank", number=known.index("") + 1)
    twice = next((name for place, name in enumerate(known) if name in known[:place]), None)
    if twice is not None:
        raise WeightsError.because("weights.name_twice", name=shown(twice))
    return known


def _require_known(cost: Collection[str], names: Sequence[str]) -> None:
    for name in cost:
        if name not in names:
            raise WeightsError.because("weights.unknown_cost", name=shown(name), known=shown_headers(tuple(names)))


def _shares(names: Sequence[str], amounts: np.ndarray) -> dict[str, float]:
    return dict(zip(names, (amounts / amounts.sum()).tolist(), strict=True))


def _cells(table: pd.DataFrame) -> pd.Series:
    """All cells as cleaned text, row after row; blank ones are missing."""
    written = pd.Series(table.to_numpy(dtype=object).ravel(), dtype=object)
    return values.cleaned(written.map(str, na_action="ignore"))


def _refuse_first(table: pd.DataFrame, bad: np.ndarray, key: str, cells: pd.Series | None = None) -> None:
    """Raise for the first of the ``bad`` cells (a flat array, row after row) and say where it stands."""
    if not bad.any():
        return
    place = int(bad.argmax())
    row, column = divmod(place, table.shape[1])
    said = {} if cells is None else {"value": shown(cells.iloc[place])}
    raise WeightsError.because(key, row=shown(str(table.index[row])), column=shown(str(table.columns[column])), **said)


def _names_of_square(matrix: pd.DataFrame) -> list[str]:
    names = _names(matrix.columns)
    if matrix.shape[0] != matrix.shape[1]:
        raise WeightsError.because("weights.not_square", rows=matrix.shape[0], columns=matrix.shape[1])
    for number, (row, column) in enumerate(zip(matrix.index, names, strict=True), start=1):
        if str(row).strip() != column:
            raise WeightsError.because("weights.names_differ", number=number, row=shown(str(row)), column=shown(column))
    if len(names) > len(RANDOM_INDEX):
        raise WeightsError.because("weights.too_many_criteria", found=len(names), limit=len(RANDOM_INDEX))
    return names


def _judgements(matrix: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """The judgements as an exactly reciprocal matrix."""
    cells = _cells(matrix)
    # U+2044 is what half-width forms make of ½.
    parts = cells.str.replace("\u2044", "/").str.partition("/")
    below_line = values.numbers(parts[2].str.strip()).where(parts[1] == "/", 1.0)
    found = (values.numbers(parts[0].str.strip()) / below_line).to_numpy()
    within = (found >= 1 / LARGEST_JUDGEMENT) & (found <= LARGEST_JUDGEMENT)
    _refuse_first(matrix, cells.notna().to_numpy() & ~within, "weights.not_a_judgement", cells)
    given = found.reshape(matrix.shape)
    below = np.tri(len(names), k=-1, dtype=bool)
    _refuse_first(matrix, (np.isnan(given) & ~below).ravel(), "weights.missing_judgement")
    _refuse_first(matrix, (np.eye(len(names), dtype=bool) & (given != 1)).ravel(), "weights.diagonal", cells)

    rows, columns = np.triu_indices(len(names), 1)
    judged, back = given[rows, columns], given[columns, rows]
    back = np.where(np.isnan(back), 1 / judged, back)
    for pair in np.flatnonzero(np.abs(judged * back - 1) > ROUNDED_RECIPROCAL)[:1]:
        raise WeightsError.because(
            "weights.not_reciprocal",
            row=shown(names[rows[pair]]),
            column=shown(names[columns[pair]]),
            judged=f"{judged[pair]:.4g}",
            back=f"{back[pair]:.4g}",
            expected=f"{1 / judged[pair]:.4g}",
        )
    exact = np.ones(matrix.shape)
    exact[rows, columns] = np.where(judged >= back, judged, 1 / back)
    exact[columns, rows] = np.where(judged >= back, 1 / judged, back)
    return exact


def _worst_judgement(judgements: np.ndarray, weights: Mapping[str, float]) -> Reconsider:
    names = list(weights)
    weight = np.array(list(weights.values()))
    implied = weight[:, None] / weight
    departure = np.triu(np.abs(np.log(judgements / implied)), 1)
    row, column = np.unravel_index(departure.argmax(), departure.shape)
    return Reconsider(names[row], names[column], float(judgements[row, column]), float(implied[row, column]))


def _normalised(table: pd.DataFrame, cost: Collection[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names, the columns from 0 (worst) to 1 (best), and which of them vary at all."""
    names = _names(table.columns)
    _require_known(cost, names)
    if len(table) < 2:
        raise WeightsError.because("weights.too_few_alternatives", found=len(table))
    cells = _cells(table)
    _refuse_first(table, cells.isna().to_numpy(), "weights.missing_value")
    numbers = values.numbers(cells)
    _refuse_first(table, numbers.isna().to_numpy(), "weights.not_a_number", cells)
    given = numbers.to_numpy().reshape(table.shape)
    # Brought to at most 1 before the range is taken, which of very large numbers would be infinite.
    largest = np.abs(given).max(axis=0)
    given = given / np.where(largest > 0, largest, 1.0)
    span = np.ptp(given, axis=0)
    varies = span > 0
    if not varies.any():
        raise WeightsError.because("weights.nothing_differs")
    normalised = (given - given.min(axis=0)) / np.where(varies, span, 1.0)
    turned = [name in cost for name in names]
    return names, np.where(turned, 1 - normalised, normalised), varies
