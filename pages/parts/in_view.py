"""What a visitor looks at: the data, the scheme, the release and the day, as chosen and held against what there is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from analytics.errors import UserError
from analytics.response.closing import By, choice_in
from analytics.response.periods import PeriodKind
from analytics.scheme import Scheme
from analytics.store.ledger_entries import ReleaseEntry
from analytics.wording import response_cells
from analytics.wording.provenance import dataset_name
from analytics.words import Language, Phrase, phrase, say
from analytics.workspace import Workspace, baselines, datasets, published, runs, schemes
from analytics.workspace.baselines import Baseline
from analytics.workspace.datasets import Dataset, quoted, unknown_in_link
from pages.parts.state import chosen, forget


def follow_code(ws: Workspace) -> Phrase | None:
    """Make the view that the link's check code stands for the chosen one, and return what the code says of it."""
    written = chosen().pop("code", None)
    if written is None:
        return None
    code = quoted(written)
    for name, make in datasets.datasets(ws).items():
        try:
            found = published.look_up(ws, make(), code)
        except UserError as error:  # no check code at all: the page opens as without one
            return error.problems[0]
        if found.status != "unknown":
            chosen().update({**(found.view or {}), "data": name, "release": f"{found.number:06}"})
            forget("date")
            return phrase(f"page.code_{found.status}", code=code, number=found.number, newest=found.newest)
    return phrase("page.code_unknown", code=code)


def view_said(scheme: Scheme, lang: Language) -> dict[str, str]:
    """What a check code of this view stands for."""
    return {"lang": lang, "scheme": scheme.id, **({"area": chosen()["area"]} if "area" in chosen() else {})}


def dataset(ws: Workspace) -> tuple[Dataset, Phrase | None]:
    """The data in use, and what to say where those that were asked for are not there."""
    return datasets.find(ws, chosen().get("data"))


def dataset_names(ws: Workspace, lang: Language) -> Mapping[str, str]:
    """How each data set is called, and whether it is made up or real."""
    known = datasets.samples()
    return {
        name: dataset_name(lang, known[name]) if name in known else say(lang, "page.own_data")
        for name in datasets.datasets(ws)
    }


def scheme_for(ws: Workspace, data: Dataset) -> tuple[Scheme, Phrase | None]:
    """The chosen scheme where it fits the data, else the usual one, and what to say where it does not exist."""
    return schemes.scheme_for(ws, data, chosen().get("scheme"))


def release_for(ws: Workspace, data: Dataset, scheme: Scheme) -> tuple[ReleaseEntry | None, Phrase | None]:
    """The release to show, None for the working run, and what to say where the one that was asked for is not there.

    A link that names a date alone means the records of that date.
    """
    return published.release_for(ws, data, scheme, chosen().get("release"), live="date" in chosen())


def day_for(data: Dataset, scheme: Scheme) -> tuple[date, Phrase | None]:
    """The chosen day, moved into the data where it lies outside, and what to say of that."""
    return runs.day_for(data, scheme, chosen().get("date"))


def baseline_for(
    ws: Workspace, data: Dataset, scheme: Scheme, release: ReleaseEntry | None, day: date
) -> tuple[Baseline, Phrase | None]:
    """What the view is held against, as chosen, and what to say where that is not there."""
    return baselines.baseline_for(ws, data, scheme, release, day, chosen().get("baseline"))


def week_in(ws: Workspace, data: Dataset, release: ReleaseEntry | None) -> tuple[date | None, Phrase | None]:
    """The chosen one of the earlier weeks that a release holds, and what to say where it holds no such one."""
    wanted = chosen().get("week")
    if wanted is None or release is None:
        return None, None
    return published.week_of(ws, data, release, wanted)


def cells_for() -> tuple[tuple[str, ...], Phrase | None]:
    """The chosen cells of tier and coverage, and what to say where one that was asked for does not exist."""
    wanted = chosen().get("cells")
    found = response_cells.cells_of(wanted)
    if found is None:
        return response_cells.default_cells(), phrase("response.unknown_cells", wanted=quoted(wanted or ""))
    return found, None


def closing_for() -> tuple[PeriodKind, By, Phrase | None]:
    """The chosen period and rows of the closing of incidents, and what to say where those do not exist."""
    wanted = chosen().get("closing")
    period, by, unknown = choice_in(wanted)
    return period, by, unknown_in_link(wanted) if wanted is not None and unknown else None
