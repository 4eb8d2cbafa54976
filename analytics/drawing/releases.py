"""Releases, people's decisions, the audit trail and what two releases say together, as parts of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

import segno

from analytics import tiers
from analytics.drawing.cards import brief_names, cut_off, marked, release_name, render
from analytics.releases import Found, check_code
from analytics.releases.bulletin import Bulletin
from analytics.releases.compare import CAUSES, Change, Comparison
from analytics.releases.making import Report
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.store.ledger import OverrideEntry, ReleaseEntry
from analytics.store.ledger_database import AuditEntry
from analytics.words import Language, say

NAMES_PER_MOVE = 40
_INK = "#14202B"
_QUIET_MODULES = 2  # beside a QR code; the white card around it is the rest of its quiet zone
_FLOWS = ("left", "came", "added", "removed")
_LESS = ("left", "removed")


def head(lang: Language, title: str, hint: str, **params: object) -> str:
    """The head of a card by the keys of its words; ``params`` fill the hint."""
    return render(lang, "title.html", title=say(lang, title), hint=say(lang, hint, **params))


def release_list(lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme]) -> str:
    """All releases and drafts, as the ledger has them; ``schemes`` by id, where they are still there."""
    rows = [
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
    return render(lang, "releases.html", rows=rows)


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


def check_result(lang: Language, found: Found, entries: Sequence[ReleaseEntry]) -> str:
    """What a check code led to: the release and whether a newer one was published since."""
    if found.status == "unknown":
        return render(lang, "notes.html", notes=[say(lang, "release_pages.check_unknown")])
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
    return say(lang, "release_pages.by", who=who, role=say(lang, f"access.role_{role}"))


def _moment(at: str) -> str:
    return at[:16].replace("T", " ")


# ---------------------------------------------------------------- two releases


def changed(lang: Language, told: Report) -> str:
    """How many areas changed colour between two releases, and how many chance alone would have changed."""
    comparison, noise = told.comparison, told.noise
    ways = [change.heavier for change in comparison.changes]
    key = "release_pages.changed_sentence" if ways else "release_pages.unchanged_sentence"
    sentence = say(
        lang,
        key,
        compared=comparison.compared,
        changed=len(ways),
        heavier=ways.count(True),
        lighter=ways.count(False),
        unknown=ways.count(None),
    )
    aside = say(lang, "release_pages.by_chance_unknown")
    if noise:
        bounds = {name: getattr(noise, name) for name in ("observed", "low", "high")}
        aside = say(lang, "release_pages.by_chance", expected=f"{noise.expected:.0f}", **bounds)
    return render(lang, "compare_head.html", sentence=sentence, aside=aside)


def maps_title(lang: Language) -> str:
    """The head of the card of the two maps."""
    return render(lang, "compare_maps.html")


def side_title(lang: Language, entry: ReleaseEntry) -> str:
    """What stands over one of the two maps."""
    return render(lang, "compare_side.html", name=release_name(lang, entry), day=cut_off(lang, entry.day))


def counts_then_now(lang: Language, comparison: Comparison) -> str:
    """Each tier's count before and after with what lies between: areas that left, came, were added or removed."""
    table = comparison.counts
    total = table.sum()
    rows = [
        {
            "tier": tier,
            "before": int(row["before"]),
            "after": int(row["after"]),
            "flows": [(name, int(row[name]), _signed(name, int(row[name]))) for name in _FLOWS],
        }
        for tier, row in [*table.iterrows(), ("", total)]
    ]
    return render(lang, "compare_counts.html", rows=rows, flows=_FLOWS)


def _signed(flow: str, number: int) -> str:
    return f"{'−' if flow in _LESS else '+'}{number}" if number else "0"


def matrix(lang: Language, comparison: Comparison) -> str:
    """Areas in both releases, from tier (rows) to tier (columns)."""
    table = comparison.transitions
    rows = [
        {"tier": before, "cells": [(after, int(row[after])) for after in tiers.SHOWN]}
        for before, row in table.iterrows()
    ]
    return render(lang, "compare_matrix.html", rows=rows, shown=tiers.SHOWN)


def causes(lang: Language, told: Report) -> str:
    """The changes by name, from tier to tier and by cause; the causes add up to all of them."""
    comparison = told.comparison
    names = brief_names(told.after.assessment)

    def kind(change: Change) -> tuple[int, int, str, str]:
        return order[change.before, change.after], CAUSES.index(change.cause), change.cause, change.detail.text(lang)

    order: dict[tuple[str, str], int] = {}
    for change in comparison.changes:  # heaviest moves first
        order.setdefault((change.before, change.after), len(order))
    rows = []
    for (_, _, cause, detail), group in groupby(sorted(comparison.changes, key=kind), key=kind):
        these = list(group)
        rows.append(
            {
                "before": these[0].before,
                "after": these[0].after,
                "names": _some(lang, [names[change.area_id] for change in these]),
                "cause": say(lang, f"release_pages.cause_{cause}"),
                "detail": detail,
                "n": len(these),
            }
        )
    parts = [
        {"cause": cause, "label": say(lang, f"release_pages.cause_{cause}"), "n": n}
        for cause, n in comparison.by_cause.items()
    ]
    others = [
        say(lang, key, n=len(frame), names=_some(lang, frame["name"].tolist()))
        for key, frame in (
            ("release_pages.added_names", comparison.added),
            ("release_pages.removed_names", comparison.removed),
        )
        if len(frame)
    ]
    return render(lang, "compare_causes.html", parts=parts, total=len(comparison.changes), rows=rows, others=others)


def _some(lang: Language, names: Sequence[str]) -> str:
    if len(names) <= NAMES_PER_MOVE:
        return say(lang, "release_pages.names", names=list(names))
    told, more = list(names[:NAMES_PER_MOVE]), len(names) - NAMES_PER_MOVE
    return say(lang, "release_pages.names_more", names=told, more=more)


def change_marks(changes: Collection[Change], assessment: Assessment) -> str:
    """A character for each area of ``assessment``, as the map takes it: + heavier, - lighter, . neither."""
    marks = {change.area_id: {True: "+", False: "-", None: "."}[change.heavier] for change in changes}
    return "".join(marks.get(area_id, ".") for area_id in assessment.areas.index)


def bulletin_card(lang: Language, told: Bulletin) -> str:
    """The bulletin as it is read and copied: its title, then each heading and its sentences, one a line."""
    sections = [
        {"heading": say(lang, f"bulletin.section_{name}"), "lines": [item.text(lang) for item in sentences]}
        for name, sentences in told.sections.items()
    ]
    return render(lang, "bulletin.html", title=told.title.text(lang), sections=sections)


def tier_options(lang: Language) -> Mapping[str, str]:
    """The five tiers that a person can decide on, hardest first, with their marks."""
    return {tier: marked(lang, tier) for tier in reversed(tiers.RANKED)}
