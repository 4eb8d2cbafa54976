"""The workbench in one value: the draft, and the same records under it and under the scheme in use."""

from __future__ import annotations

from dataclasses import dataclass

from analytics import session
from analytics.response.workload import InspectionLoad, TeamCapacity, WorkloadChange, crew_of, price, rounds
from analytics.scheme import Scheme
from analytics.scheme.editing import Level, levels
from analytics.scoring import Assessment, reassess
from analytics.scoring.what_if import WhatIf, same_measures
from pages.parts.controls import Choice
from pages.parts.draft_state import Work
from pages.parts.drafts import draft_of


@dataclass(frozen=True, eq=False)
class Workbench:
    """What the parts of the workbench are drawn from, one value a run."""

    choice: Choice
    draft: Work
    trial: WhatIf

    @property
    def scheme(self) -> Scheme:
        """The draft's."""
        return self.trial.after.scheme

    @property
    def levels(self) -> dict[str, Level]:
        """Every level of the draft by its id."""
        return {level.id: level for level in levels(self.scheme)}

    @property
    def current_levels(self) -> dict[str, Level]:
        """Every level of the scheme in use by its id."""
        return {level.id: level for level in levels(self.trial.before.scheme)}


def workbench_of(choice: Choice, published: bool) -> Workbench:
    """The draft and its trial on the chosen day, by the tiers as computed, or as they would be ``published``.

    Raises ``UserError`` where the draft cannot be scored on the data: they may have changed since it was begun.
    """
    draft = draft_of(choice)
    session.require_level(choice.scheme, draft.scheme)
    run = session.assessed(choice.data, choice.scheme, [choice.day])
    return Workbench(
        choice,
        draft,
        WhatIf(_tried(choice, run, choice.scheme, published), _tried(choice, run, draft.scheme, published)),
    )


def _tried(choice: Choice, run: Assessment, scheme: Scheme, published: bool) -> Assessment:
    if not published and same_measures(run.scheme, scheme):
        return reassess(run, scheme)
    found = session.tried(choice.data, scheme, choice.day)
    return found if published else reassess(found, scheme)


def rounds_of(bench: Workbench) -> InspectionLoad:
    """How many checks one round of each area takes on the chosen day."""
    choice = bench.choice
    facts = session.facts(choice.data, choice.scheme)
    return choice.data.keep(
        ("rounds", choice.scheme.digest(), choice.day), lambda: rounds(facts, choice.scheme, choice.day)
    )


def crew(bench: Workbench) -> TeamCapacity:
    """The teams there are."""
    return crew_of(bench.choice.data.teams)


def price_of(bench: Workbench) -> WorkloadChange:
    """What the draft costs beside the scheme in use."""
    return price(bench.trial.before, bench.trial.after, rounds_of(bench), crew(bench))
