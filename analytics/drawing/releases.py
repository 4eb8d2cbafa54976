"""Releases, people's decisions and the audit trail, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import segno

from analytics import tiers
from analytics.drawing.html import render
from analytics.releases import CodeLookup
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.summary import carried_counts
from analytics.store.ledger import OverrideEntry, ReleaseEntry
from analytics.store.ledger_database import AuditEntry
from analytics.wording.numbers import arrowed
from analytics.wording.releases import (
    audit_rows,
    code_of,
    code_status,
    code_to_scan,
    decision_rows,
    release_name,
    release_rows,
)
from analytics.words import Language

_INK = "#14202B"
_QUIET_MODULES = 2  # beside a QR code; the white card around it is the rest of its quiet zone


def counts(lang: Language, now: Assessment, last: Assessment | None, against: str) -> str:
    """How many areas a release would hold of each tier, how many of these would be carried on, and the change since
    ``last``, which ``against`` names."""
    held, carried = now.counts().iloc[-1], carried_counts(now)
    before = held if last is None else last.counts().iloc[-1]
    items = [
        {
            "tier": tier,
            "count": int(held[tier]),
            "carried": int(carried[tier]),
            "delta": "" if last is None else arrowed(lang, int(held[tier] - before[tier])),
        }
        for tier in tiers.SHOWN
    ]
    return render(lang, "release_counts.html", items=items, against=against)


def release_list(
    lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme], carried: Mapping[str, int]
) -> str:
    """All releases and drafts, as the ledger has them; ``schemes`` by id, where they are still there; ``carried``: by
    name, how many tiers were carried on."""
    return render(lang, "releases.html", rows=release_rows(lang, entries, schemes, carried))


def step_list(lang: Language, lines: Sequence[str]) -> str:
    """Where a draft stands, what was said of it, and which communities have said nothing yet."""
    return render(lang, "notes.html", notes=lines)


def code_card(lang: Language, entry: ReleaseEntry, said: str) -> str:
    """A release with its check code, also as a QR code, and what is said of it."""
    code = code_of(entry)
    # A picture and not an element: Streamlit's cleaner takes SVG elements out of a page.
    drawn = segno.make(code.replace("-", ""), error="m", micro=False)
    source = drawn.svg_data_uri(dark=_INK, border=_QUIET_MODULES)
    return render(
        lang,
        "check_code.html",
        name=release_name(lang, entry),
        said=said,
        code=code,
        qr=source,
        alt=code_to_scan(lang, code),
    )


def check_result(lang: Language, found: CodeLookup, entries: Sequence[ReleaseEntry]) -> str:
    """What a check code led to: the release and whether a newer one was published since."""
    numbered = {entry.number: entry for entry in entries}
    said = code_status(lang, found, numbered)
    if found.status == "unknown":
        return render(lang, "notes.html", notes=[said])
    return code_card(lang, numbered[found.number], said)


def decisions(lang: Language, entries: Sequence[OverrideEntry], assessment: Assessment) -> str:
    """Decisions in force on the last day of ``assessment``, each beside the computed and the published tier."""
    return render(lang, "decisions.html", rows=decision_rows(lang, entries, assessment))


def audit_trail(
    lang: Language, entries: Sequence[AuditEntry], schemes: Mapping[str, Scheme], assessment: Assessment
) -> str:
    """Entries of the audit trail: when, who, what and of what."""
    return render(lang, "audit.html", rows=audit_rows(lang, entries, schemes, assessment))
