"""Taking something of a person out of the ledger again, so that the audit trail still proves all the rest.

The text goes from the row and from every entry that told it; digests of entries stay, and so does the chain. What an
entry says from then on is vouched for by a further entry, which is keyed: who took what out of where, and why, the
entry's own digest, the digest of what is left of it, and a keyed one of the text, by which a text that somebody has
can be held against it and from which none can be guessed.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from analytics.access import Actor
from analytics.errors import LedgerError
from analytics.store.free_text import require_reason
from analytics.store.ledger_database import AuditEntry, Database, Deed, add_entry, require_seen
from analytics.store.ledger_tables import AUDIT, REDACTION, STATE, canonical, digest_of
from analytics.words import LANGUAGES, say

REDACTABLE: Mapping[str, tuple[str, ...]] = {
    "overrides": ("reason",),
    "releases": ("reason", "withdrawn_reason"),
    "scheme_versions": ("reason",),
    "assignments": ("content",),
    "assignment_steps": ("text",),
    "release_steps": ("text",),
}
"""The fields in which a person types freely, by table. What the office says of itself is changed by its settings."""


@dataclass(frozen=True)
class Redaction:
    """The numbers of the entries that told the ``removed`` text."""

    entries: tuple[int, ...]
    removed: str


def removed_mark() -> str:
    """What stands in the place of a text that was taken out, in every language since it is stored."""
    return " · ".join(say(lang, "ledger.removed") for lang in LANGUAGES)


def redact(database: Database, actor: Actor, number: int, field: str, why: str) -> Redaction:
    """Take the text of a ``field`` out of entry ``number``, out of all others that told the same of the same row, and
    out of the row.

    Raises ``AccessError``, and :class:`LedgerError` for an entry that is not there or a field that is no such text.
    """
    actor.require("configure")
    if not why.strip():
        raise LedgerError.because("ledger.redact_reason")
    require_seen(why)
    require_reason(why)
    with database.writing() as connection:
        key, _ = database.seal.require_key(connection)
        detail = _detail_of(connection, number)
        name, row = detail.get("table"), detail.get("row", {})
        allowed = [each for each in REDACTABLE.get(str(name), ()) if row.get(each)]
        if field not in allowed:
            raise LedgerError.because("ledger.no_such_text", number=number, field=field, allowed=allowed or ["—"])
        removed, mark = row[field], removed_mark()
        if removed == mark:
            raise LedgerError.because("ledger.redacted_before", number=number, field=field)
        left = {}
        told = []
        for found in connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings():
            entry = {column: value for column, value in found.items() if column != "digest"}
            said = json.loads(entry["detail"])
            if (said.get("table"), said.get("key")) != (name, detail["key"]) or said["row"].get(field) != removed:
                continue
            said["row"][field] = mark
            left[entry["number"]] = entry["detail"] = canonical(said)
            told.append({"entry": entry["number"], "digest": found["digest"], "left": digest_of(entry, key)})
        kept = hmac.digest(key, canonical(["removed", removed]).encode(), "sha256").hex()
        what = {"redacted": told, "of": name, "field": field, "why": why, "removed": kept}
        # Before the entries are changed: the database lets nothing be changed but what its newest entry names.
        add_entry(connection, Deed(actor, REDACTION, ", ".join(map(str, left))), what)
        for changed, text in left.items():
            connection.execute(AUDIT.update().where(AUDIT.c.number == changed).values(detail=text))
        table = next(each for each in STATE if each.name == name)
        holds = (table.c.key == detail["key"]) & (table.c[field] == removed)
        connection.execute(table.update().where(holds).values({field: mark}))
    return Redaction(tuple(left), removed)


def redacted_in(entries: Iterable[AuditEntry]) -> frozenset[int]:
    """The numbers of the entries of which something was taken out."""
    return frozenset(one["entry"] for entry in entries if entry.action == REDACTION for one in entry.detail["redacted"])


def _detail_of(connection: Connection, number: int) -> dict[str, Any]:
    text = connection.scalar(select(AUDIT.c.detail).where(AUDIT.c.number == number))
    if text is None:
        raise LedgerError.because("ledger.no_entry", number=number)
    return json.loads(text)
