"""What leaves for the public: the form of it, and its files. Nothing here hands out anything internal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analytics.exhibits.captions import Origin
from analytics.exhibits.exhibit import Exhibit
from analytics.exhibits.public_form import public_map, public_table
from analytics.scheme import Scheme
from analytics.scheme.basics import required
from analytics.scoring.public_form import PublicForm, public_form
from analytics.store.home import open_home
from analytics.store.ledger_entries import ReleaseEntry
from analytics.words import Language, pick
from analytics.workspace import datasets, schemes
from analytics.workspace.datasets import Dataset, require_own
from analytics.workspace.door import OBEYED, Workspace, door
from analytics.workspace.ledgers import ledger
from analytics.workspace.published import frozen, newest_standing


@door("read")
def form_of(ws: Workspace, data: Dataset, scheme: Scheme, entry: ReleaseEntry) -> PublicForm:
    """The day of a release in its public form, by today's records: what a release froze is internal."""
    key = ("public", data.counts.digest, scheme.digest(), entry.day)
    return data.results.get(key, lambda: public_form(data.counts, scheme, entry.day, open_home(data.home)))


@door("read")
def exhibit_of(ws: Workspace, data: Dataset, entry: ReleaseEntry, lang: Language, *, as_map: bool = False) -> Exhibit:
    """The table, or the map, of a release for the public.

    Raises ``UserError`` where nothing may be published of it, and for a map without its approval number.
    """
    form = form_of(ws, data, frozen(ws, data, entry).scheme, entry)
    origin = Origin(pick(lang, data.name), pick(lang, data.source), pick(lang, data.notice) if data.notice else "", "")
    make = public_map if as_map else public_table
    return make(lang, form, origin, ledger(ws, data).settings(), ws.today)


@door("read")
def own_exhibit(ws: Workspace, entry: ReleaseEntry, lang: Language, *, as_map: bool = False) -> Exhibit:
    """:func:`exhibit_of` for one of the office's own releases."""
    return exhibit_of(ws, require_own(ws), entry, lang, as_map=as_map)


@door("read", OBEYED, public=True)
def schemes_told(ws: Workspace, lang: Language) -> Mapping[str, str]:
    """The schemes of which a reader may see the newest release in its public form, and what they are called."""
    inside = _inside(ws)
    data = datasets.find(inside, None)[0]
    found = schemes.schemes(inside, data)
    return {
        name: scheme.name.text(lang)
        for name, scheme in found.items()
        if name in data.schemes and newest_standing(inside, data, name) is not None
    }


@door("read", OBEYED, public=True)
def exhibit_for(ws: Workspace, scheme_id: str, lang: Language, *, as_map: bool = False) -> Exhibit:
    """The newest release of one of these in its public form."""
    inside = _inside(ws)
    data = datasets.find(inside, None)[0]
    entry = required(newest_standing(inside, data, scheme_id))
    return exhibit_of(inside, data, entry, lang, as_map=as_map)


def _inside(ws: Workspace) -> Workspace:
    """The program itself, which makes the public form out of internal figures and hands out nothing else."""
    return replace(ws, actor=replace(ws.actor, role="leader", areas=None))
