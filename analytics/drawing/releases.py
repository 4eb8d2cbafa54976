"""Releases, people's decisions and the audit trail, as parts of a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import segno

from analytics import tiers
from analytics.access import LOCAL
from analytics.drawing.cards import marked, release_name, render, signed
from analytics.releases import CodeLookup, check_code
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.store.ledger import OverrideEntry, ReleaseEntry
from analytics.store.ledger_database import AuditEntry
from analytics.words import Language, say

_INK = "#14202B"
_QUIET_MODULES = 2  # beside a QR code; the white card around it is the rest of its quiet zone


def head(lang: Language, title: str, hint: str, **params: object) -> str:
    """The head of a card by the keys of its words; ``params`` fill the hint."""
    return render(lang, "title.html", title=say(lang, title), hint=say(lang, hint, **params))


def counts(lang: Language, now: Assessment, last: Assessment | None, against: str) -> str:
    """How many areas a release would hold of each tier, and the change since ``last``, which ``against`` names."""
    held = now.counts().iloc[-1]
    before = held if last is None else last.counts().iloc[-1]
    items = [
        {
            "tier": tier,
            "count": int(held[tier]),
            "delta": "" if last is None else signed(lang, int(held[tier] - before[tier])),
        }
        for tier in tiers.SHOWN
    ]
    return render(lang, "release_counts.html", items=items, against=against)


def release_list(lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme]) -> str:
    """All releases and drafts, as the ledger has them; ``schemes`` by id, where they are still there."""
    return render(lang, "releases.html", rows=release_rows(lang, entries, schemes))


def release_rows(
    lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme]
) -> list[dict[str, object]]:
    """What the list of releases says of each."""
    return [
        {
            "name": release_name(lang, entry),
            "day": f"{entry.day}",
            "scheme": schemes[entry.scheme_id].name.text(lang) if entry.scheme_id in schemes else entry.scheme_id,
            "status": say(lang, f"release_pages.status_{entry.status}"),
            "draft": entry.number is None,
            "author": _by(lang, entry.author, entry.role),
            "reason": entry.reason,
            "at": _moment(entry.at),
            "code": code_of(entry),
        }
        for entry in entries
    ]


def release_line(lang: Language, entry: ReleaseEntry) -> str:
    """A release and the day it speaks of, on one line."""
    if entry.number is None:
        return release_name(lang, entry)
    return say(lang, "release_pages.line", release=release_name(lang, entry), day=f"{entry.day}")


def code_of(entry: ReleaseEntry) -> str:
    """The check code of a published release, in two halves as it is read out: 7F3A-92C1; a draft has none."""
    if entry.number is None:
        return "—"
    code = check_code(entry.digest, {})
    return f"{code[:4]}-{code[4:]}"


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
        alt=say(lang, "release_pages.qr", code=code),
    )


def check_result(lang: Language, found: CodeLookup, entries: Sequence[ReleaseEntry]) -> str:
    """What a check code led to: the release and whether a newer one was published since."""
    if found.status == "unknown":
        return render(lang, "notes.html", parts=[], notes=[say(lang, "release_pages.check_unknown")])
    numbered = {entry.number: entry for entry in entries}
    said = (
        say(lang, "release_pages.check_unchanged")
        if found.status == "unchanged"
        else say(lang, "release_pages.check_superseded", newest=release_name(lang, numbered[found.newest]))
    )
    return code_card(lang, numbered[found.number], said)


def decisions(lang: Language, entries: Sequence[OverrideEntry], assessment: Assessment) -> str:
    """Decisions in force on the last day of ``assessment``, each beside the computed and the published tier."""
    at = {entry.number: assessment.areas.index.get_indexer([entry.area_id])[0] for entry in entries}
    rows = [
        {
            "number": entry.number,
            "area": area_name(assessment, entry.area_id),
            "tiers": [
                tiers.names(ranks)[-1, at[entry.number]] if at[entry.number] >= 0 else tiers.UNKNOWN
                for ranks in (assessment.computed, assessment.published)
            ]
            + [entry.tier],
            "reason": entry.reason,
            "span": say(lang, "release_pages.from_to", first=f"{entry.starts}", last=f"{entry.expires}"),
            "by": _by(lang, entry.who, entry.role),
        }
        for entry in entries
    ]
    return render(lang, "decisions.html", rows=rows)


def area_name(assessment: Assessment, area_id: str) -> str:
    """An area's own name; its code where it is no longer scored."""
    return str(assessment.areas["name"].get(area_id, area_id))


def audit_trail(lang: Language, entries: Sequence[AuditEntry]) -> str:
    """Entries of the audit trail: when, who, what and of what."""
    rows = [
        {
            "number": entry.number,
            "at": _moment(entry.at),
            "by": _by(lang, entry.who, entry.role),
            "action": say(lang, f"release_pages.action_{entry.action}"),
            "subject": entry.subject,
        }
        for entry in entries
    ]
    return render(lang, "audit.html", rows=rows)


def _by(lang: Language, who: str, role: str) -> str:
    return who if role == LOCAL else say(lang, "release_pages.by", who=who, role=say(lang, f"access.role_{role}"))


def _moment(at: str) -> str:
    return at[:16].replace("T", " ")


def tier_options(lang: Language) -> Mapping[str, str]:
    """The five tiers that a person can decide on, hardest first, with their marks."""
    return {tier: marked(lang, tier) for tier in reversed(tiers.RANKED)}
