"""Releases, people's decisions and the audit trail in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from analytics import tiers
from analytics.releases import CodeLookup, check_code
from analytics.releases.release import Manifest
from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.store.ledger import OverrideEntry, ReleaseEntry
from analytics.store.ledger_database import AuditEntry
from analytics.wording.areas import area_name
from analytics.wording.dates import minute_text, short_day
from analytics.wording.loads import column_heading
from analytics.wording.numbers import NOTHING
from analytics.wording.people import by_whom
from analytics.words import Language, keys, say


def release_name(lang: Language, entry: ReleaseEntry | Manifest | None) -> str:
    """第5期（总第74期）, a draft, or the run that is not frozen; one that was withdrawn says so everywhere."""
    if entry is None:
        return say(lang, "page.working")
    if entry.number is None:
        return say(lang, "page.draft", number=entry.draft, day=short_day(lang, entry.day))
    name = say(lang, "page.release_number", year=entry.year, of_year=entry.number_of_year, number=entry.number)
    return _or_withdrawn(lang, entry, name)


def release_in_brief(lang: Language, entry: ReleaseEntry | None) -> str:
    """As :func:`release_name`, without its number among those of all years, for boxes and buttons."""
    if entry is None:
        return say(lang, "page.working_short")
    if entry.number is None:
        return release_name(lang, entry)
    name = say(lang, "page.release_short", year=entry.year, of_year=entry.number_of_year)
    return _or_withdrawn(lang, entry, name)


def _or_withdrawn(lang: Language, entry: ReleaseEntry | Manifest, name: str) -> str:
    if isinstance(entry, ReleaseEntry) and entry.withdrawn:
        return say(lang, "page.release_withdrawn", release=name)
    return name


def release_line(lang: Language, entry: ReleaseEntry) -> str:
    """A release and the day it speaks of, on one line."""
    if entry.number is None:
        return release_name(lang, entry)
    return say(lang, "release_pages.line", release=release_name(lang, entry), day=f"{entry.day}")


def code_of(entry: ReleaseEntry) -> str:
    """The check code of a published release, in two halves as it is read out: 7F3A-92C1; a draft has none."""
    if entry.number is None:
        return NOTHING
    code = check_code(entry.digest, {})
    return f"{code[:4]}-{code[4:]}"


def code_to_scan(lang: Language, code: str) -> str:
    """What a check code's picture is, for those who hear it."""
    return say(lang, "release_pages.qr", code=code)


def code_status(lang: Language, found: CodeLookup, entries: Mapping[int, ReleaseEntry]) -> str:
    """What a check code led to, and whether a newer release than that was published since; ``entries`` by number."""
    if found.status == "unknown":
        return say(lang, "release_pages.check_unknown")
    if found.status == "unchanged":
        return say(lang, "release_pages.check_unchanged")
    if found.status == "withdrawn":
        reason = entries[found.number].withdrawn_reason or NOTHING
        return say(lang, "release_pages.check_withdrawn", reason=reason)
    return say(lang, "release_pages.check_superseded", newest=release_name(lang, entries[found.newest]))


def release_rows(
    lang: Language, entries: Sequence[ReleaseEntry], schemes: Mapping[str, Scheme], carried: Mapping[str, int]
) -> list[dict[str, object]]:
    """What the list of releases says of each; ``schemes`` by id, where they are still there; ``carried``: by name, how
    many tiers were carried on."""
    return [
        {
            "name": release_name(lang, entry),
            "link": f"./?{urlencode({'scheme': entry.scheme_id, 'release': entry.name})}",
            "day": f"{entry.day}",
            "scheme": schemes[entry.scheme_id].name.text(lang) if entry.scheme_id in schemes else entry.scheme_id,
            "status": _status(lang, entry, carried.get(entry.name, 0)),
            "past": not entry.stands,
            "author": by_whom(lang, entry.author, entry.role),
            "reason": entry.reason if entry.withdrawn_reason is None else _withdrawn(lang, entry),
            "at": minute_text(entry.at),
            "code": code_of(entry),
        }
        for entry in entries
    ]


def decision_rows(lang: Language, entries: Sequence[OverrideEntry], assessment: Assessment) -> list[dict[str, object]]:
    """What the list of decisions says of each, with the computed, the published and the decided tier on the last day of
    ``assessment``."""
    at = {entry.number: assessment.areas.index.get_indexer([entry.area_id])[0] for entry in entries}
    return [
        {
            "number": entry.number,
            "area_id": entry.area_id if entry.area_id in assessment.areas.index else "",
            "area": area_name(assessment, entry.area_id),
            "tiers": [
                tiers.names(ranks)[-1, at[entry.number]] if at[entry.number] >= 0 else tiers.UNKNOWN
                for ranks in (assessment.computed, assessment.published)
            ]
            + [entry.tier],
            "reason": entry.reason,
            "span": say(lang, "release_pages.from_to", first=f"{entry.starts}", last=f"{entry.expires}"),
            "by": by_whom(lang, entry.who, entry.role),
        }
        for entry in entries
    ]


def audit_rows(
    lang: Language, entries: Sequence[AuditEntry], schemes: Mapping[str, Scheme], assessment: Assessment
) -> list[dict[str, object]]:
    """Entries of the audit trail: when, who, what and of what; a scheme that is not among ``schemes``, and an area that
    ``assessment`` has not, by its code."""
    return [
        {
            "number": entry.number,
            "at": minute_text(entry.at),
            "by": by_whom(lang, entry.who, entry.role),
            "action": say(lang, f"release_pages.action_{entry.action}"),
            "subject": _of_what(lang, entry, schemes, assessment),
        }
        for entry in entries
    ]


def _of_what(lang: Language, entry: AuditEntry, schemes: Mapping[str, Scheme], assessment: Assessment) -> str:
    """What an entry is of, in words: an area and its scheme, a setting, a table, a column, a release, a load."""
    subject, numbered = entry.subject, entry.subject.isdigit()
    if numbered and entry.action in ("publish", "withdraw_release", "rebuild"):
        return say(lang, "release_pages.of_release", number=int(subject))
    if numbered and entry.action == "undo":
        return say(lang, "release_pages.of_load", number=int(subject))
    if numbered and entry.action.startswith("assign"):
        return say(lang, "release_pages.of_assignment", number=int(subject))
    if entry.action in ("override", "withdraw", "save_scheme", "adopt_scheme"):
        of, *areas = subject.split("/", maxsplit=1)
        scheme = schemes[of].name.text(lang) if of in schemes else of
        area = area_name(assessment, areas[0]) if areas else ""
        return say(lang, "release_pages.of_area", scheme=scheme, area=area) if area else scheme
    if entry.action == "settings":
        fields = dict.fromkeys(re.sub("_(zh|en)$", "", field) for field in subject.split(", "))
        return say(lang, "overview.names", names=[say(lang, f"settings.{field}") for field in fields])
    # A table, or one with its column, or with a record and why.
    name, *rest = re.split(r"[. ]", subject, maxsplit=1)
    if entry.action not in ("load", "words", "void") or f"tables.{name}" not in keys():
        return subject
    table, part = say(lang, f"tables.{name}"), "".join(rest)
    if not part:
        return table
    part = column_heading(lang, name, part) if entry.action == "words" else part
    return say(lang, "release_pages.of_part", table=table, part=part)


def _status(lang: Language, entry: ReleaseEntry, carried: int) -> str:
    status = say(lang, f"release_pages.status_{'withdrawn' if entry.withdrawn else entry.status}")
    return say(lang, "release_pages.status_carried", status=status, n=carried) if carried else status


def taken_back(lang: Language, entry: ReleaseEntry) -> str:
    """That a release was withdrawn, when and why: over each page that shows it."""
    told = {"at": minute_text(entry.withdrawn or entry.at), "reason": entry.withdrawn_reason or NOTHING}
    return say(lang, "page.taken_back", release=release_name(lang, entry), **told)


def _withdrawn(lang: Language, entry: ReleaseEntry) -> str:
    """Why a release was made, and why it was taken back."""
    return say(lang, "release_pages.reason_withdrawn", reason=entry.reason, withdrawn=entry.withdrawn_reason)
