"""From a release to a file for the meeting: the one way, from a page and from a shell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from analytics.briefing.appearance import Appearance
from analytics.briefing.composing import briefing_of
from analytics.briefing.content import Briefing
from analytics.briefing.meeting import Meeting
from analytics.evidence.confidence_store import load
from analytics.file_kinds import IN_TWO_THEMES, ON_A_SHEET, Format, Size, ending_of
from analytics.releases import verify
from analytics.releases.publishing import predecessor, report
from analytics.response.tasks import MeetingList, meeting_list
from analytics.scheme.basics import required
from analytics.store.ledger import Ledger, ReleaseEntry
from analytics.words import Language, say


@dataclass(frozen=True)
class ExportOptions:
    """Which file. ``size`` is for what comes on a sheet, ``appearance`` for what is not a paper; ``numbered``: a report
    that stays in the office, with the numbers of incidents that are overdue."""

    form: Format
    appearance: Appearance = field(default_factory=Appearance)
    size: Size = "1080p"
    numbered: bool = False


def briefing_for(home: Path, ledger: Ledger, entry: ReleaseEntry, lang: Language, today: date) -> Briefing:
    """What a release says against the one before it; both are found as they were written, and every figure recomputed.

    Where draws of the release's scheme, data and day were kept under ``home``, it also says how firm its tiers are. The
    assignments of its meeting are as they stand ``today``.

    Raises ``ReleaseError`` or ``BulletinError`` for one that is not, and ``BriefingError`` where no area is scored.
    """
    told = report(home, ledger, predecessor(ledger, entry), entry)
    frozen = verify(home, ledger, entry.name)
    firm = load(home, frozen.provenance, frozen.scheme)
    return briefing_of(frozen, told, lang, entry, firm, ledger.settings(), list_for(ledger, entry, today))


def list_for(ledger: Ledger, entry: ReleaseEntry, today: date) -> MeetingList | None:
    """The assignments that the meeting on a release goes through; None where nothing was ever assigned."""
    held = ledger.assignments()
    return meeting_list(held, entry.day, today) if held else None


def render_briefing(
    briefing: Briefing, wanted: ExportOptions, template: bytes | None = None, meeting: Meeting | None = None
) -> bytes:
    """The file, whole, or ``BriefingError`` where it cannot be made; ``template`` is an office's own for Word, and
    ``meeting`` what a report says beside the release."""
    # The libraries that write slides and papers take long to import: only who makes one waits for them.
    match wanted.form:
        case "png" | "pdf":
            from analytics.briefing.sheet import sheet

            return sheet(briefing, wanted.form, appearance=wanted.appearance, size=wanted.size)
        case "report":
            from analytics.briefing.report import report as report_paper

            return report_paper(briefing, required(meeting))
        case "bulletin":
            from analytics.briefing.bulletin_paper import bulletin_paper

            return bulletin_paper(briefing)
        case "pptx":
            from analytics.briefing.slides import slides

            return slides(briefing, appearance=wanted.appearance)
        case "docx":
            from analytics.briefing.document import document

            return document(briefing, template)


def file_name(briefing: Briefing, wanted: ExportOptions) -> str:
    """What the file is called: title, place, release, kind, and how it looks where there is a choice of that; in the
    language of the briefing."""
    lang = briefing.lang
    kind = say(lang, f"briefing.kind_{wanted.form}")
    theme = say(lang, f"briefing.theme_{wanted.appearance.theme}") if wanted.form in IN_TWO_THEMES else ""
    size = say(lang, f"briefing.size_{wanted.size}") if wanted.form in ON_A_SHEET else ""
    kept = say(lang, "meeting.file_numbered") if wanted.numbered else ""
    parts = (briefing.title, briefing.place, briefing.period, kind, kept, theme, size)
    safe = (re.sub(r"[^\w.-]+", "-", part).strip("-.") for part in parts if part)
    return f"{'_'.join(safe)}.{ending_of(wanted.form)}"
