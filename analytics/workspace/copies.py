"""What is taken along of what is internal: each copy has a number, and the ledger says who took it, when and what."""

from __future__ import annotations

from analytics.words import Language, say
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger
from analytics.workspace.own_areas import as_it_is


@door("read", as_it_is)
def heading_of_copy(ws: Workspace, data: Dataset, lang: Language, title: str, form: str, digest: str = "") -> str:
    """The heading of a copy that is being taken: that it is internal, and its number, under which it is logged from now
    on. ``digest``: of the release that it is made of; else it is of the records as they are."""
    taken = {"title": title, "form": form}
    number = ledger(ws, data).add_copy(ws.actor, digest or data.counts.digest, taken)
    return say(lang, "papers.copy", number=f"{number:06d}")


@door("read", as_it_is)
def require_logged(ws: Workspace, data: Dataset) -> None:
    """Raise ``LedgerError`` where a copy could not be logged, and so cannot be taken: what a browser asks for on a
    press gets no sentence any more."""
    ledger(ws, data).require_kept()
