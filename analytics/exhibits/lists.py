"""The exhibits of the pages on data and releases: lists of what is there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from analytics.exhibits.exhibit import CaptionMaker, PendingExhibit, named, pending_table
from analytics.scheme import Scheme
from analytics.store import Load
from analytics.store.ledger import ReleaseEntry
from analytics.wording.loads import load_rows
from analytics.wording.releases import release_rows
from analytics.words import Language


def releases(
    lang: Language,
    caption: CaptionMaker,
    entries: Sequence[ReleaseEntry],
    schemes: Mapping[str, Scheme],
    carried: Mapping[str, int],
) -> PendingExhibit:
    """:func:`releases_table`."""
    return pending_table(lang, "release_pages.list", caption, partial(releases_table, lang, entries, schemes, carried))


def releases_table(
    lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme], carried: Mapping[str, int]
) -> pd.DataFrame:
    """All releases and drafts, as `release_rows`."""
    table = pd.DataFrame(release_rows(lang, entries, schemes, carried)).set_index("name")
    table = table.rename(columns={"at": "when", "code": "check_code"})
    return named(lang, table[["day", "scheme", "status", "author", "reason", "when", "check_code"]], "period")


def loads(lang: Language, caption: CaptionMaker, history: Sequence[Load]) -> PendingExhibit:
    """:func:`loads_table`."""
    return pending_table(lang, "data.history", caption, partial(loads_table, lang, history))


def loads_table(lang: Language, history: Sequence[Load]) -> pd.DataFrame:
    """What was loaded into the store."""
    table = pd.DataFrame(load_rows(lang, history)).set_index("number")
    table = table.rename(columns={"who": "author", "file": "source_file"})
    shown = ["when", "author", "table", "source_file", "read", "accepted", "repaired", "refused", "status"]
    return named(lang, table[shown], "number")
