"""Adopting a saved version: whose tier changes is read and confirmed first, and said afterwards."""

from __future__ import annotations

from collections.abc import Collection

from analytics.scheme.content import same_rules
from analytics.wording import versions as wording
from analytics.words import say
from analytics.workspace import schemes
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.open_forms import Deed, Done, Plan
from pages.parts.safe_forms import in_dialog

ADOPT = "adopt"
"""The form that is opened with the number of a version in the ledger."""


def show_adopting(choice: Choice) -> None:
    """The question, while it is open."""
    ws, data, lang, used = choice.ws, choice.data, choice.lang, choice.scheme
    versions = {entry.number: entry for entry in schemes.saved_versions(ws, data, used.id)}

    def plan(number: int) -> Plan:
        trial = schemes.adoption(ws, data, used, number, choice.day)
        return Plan(wording.adoption_plan(lang, versions[number], trial))

    def do(number: int, confirmed: Collection[str]) -> Done:
        trial = schemes.adoption(ws, data, used, number, choice.day)
        schemes.adopt_version(ws, data, number, confirmed)
        if same_rules(drafts.draft_of(choice).scheme, trial.after.scheme):
            drafts.forget(choice)
        return Done(wording.adopted(versions[number], trial))

    in_dialog(lang, ADOPT, say(lang, "versions.adopt_title"), Deed(plan, do))
