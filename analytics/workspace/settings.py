"""What an office says of itself, and what is printed of it on whatever is made of these data."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analytics.errors import LedgerError
from analytics.scheme import pack_ids
from analytics.store.office_settings import OfficeSettings
from analytics.workspace.datasets import Dataset
from analytics.workspace.door import Workspace, door
from analytics.workspace.ledgers import ledger, own_ledger
from analytics.workspace.own_areas import as_it_is

__all__ = ["OfficeSettings"]


@door("read", as_it_is)
def office_settings(ws: Workspace, data: Dataset) -> OfficeSettings:
    """The settings of these data: a sample has its own, so that no office's name stands under made-up figures."""
    return ledger(ws, data).settings()


@door("configure")
def save_office_settings(
    ws: Workspace, data: Dataset, values: Mapping[str, str], confirmed: Collection[str] = ()
) -> tuple[str, ...]:
    """Set some of them anew, by the names of the fields; returns those that are other than before.

    Raises ``LedgerError`` for a name that is none, a text that cannot be printed, and a scheme that is not there.
    """
    _require_scheme(values)
    return ledger(ws, data).save_settings(ws.actor, values, confirmed)


@door("read", as_it_is)
def own_settings(ws: Workspace) -> OfficeSettings:
    """The office's own settings, whether or not any records are loaded."""
    return own_ledger(ws).settings()


@door("configure")
def save_own_settings(ws: Workspace, values: Mapping[str, str], confirmed: Collection[str] = ()) -> tuple[str, ...]:
    """Set some of the office's own anew; raises as :func:`save_office_settings` does."""
    _require_scheme(values)
    return own_ledger(ws).save_settings(ws.actor, values, confirmed)


def _require_scheme(values: Mapping[str, str]) -> None:
    wanted = values.get("first_scheme", "").strip()
    if wanted and wanted not in pack_ids():
        raise LedgerError.because("settings.no_scheme", scheme=wanted, known=list(pack_ids()))
