"""The workbench in one value: the draft, and the same records under it and under the scheme in use."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analytics.response.duty_load import DutyChange
from analytics.response.workload import InspectionLoad, WorkloadChange
from analytics.scheme import Scheme
from analytics.scheme.editing import Level, levels
from analytics.scoring.what_if import WhatIf
from analytics.workspace import runs, schemes
from analytics.workspace.drafts import DraftState
from pages.parts.controls import Choice
from pages.parts.drafts import draft_of


@dataclass(frozen=True, eq=False)
class Workbench:
    """What the parts of the workbench are drawn from, one value a run."""

    choice: Choice
    draft: DraftState
    trial: WhatIf
    published: bool

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


def workbench_of(choice: Choice) -> Workbench:
    """The draft beside the scheme in use on the chosen day, by the tiers that the other pages show, or, where that is
    switched on, by the day's own records alone.

    Raises ``UserError`` where the draft cannot be scored on the data: they may have changed since it was begun.
    """
    draft, published = draft_of(choice), not st.session_state.get("bench_computed", False)
    schemes.require_level(choice.scheme, draft.scheme)
    trial = runs.what_if(choice.ws, choice.data, choice.scheme, draft.scheme, choice.day, published=published)
    return Workbench(choice, draft, trial, published)


def load_of(bench: Workbench) -> InspectionLoad:
    """How many checks one round of each area takes on the chosen day."""
    choice = bench.choice
    return runs.inspection_load(choice.ws, choice.data, choice.scheme, choice.day)


def duties_of(bench: Workbench) -> DutyChange:
    """What the duties of the draft ask beside those of the scheme in use."""
    choice = bench.choice
    return runs.duty_change(choice.ws, choice.data, bench.trial, choice.scheme, choice.day)


def price_of(bench: Workbench) -> WorkloadChange:
    """What the draft costs beside the scheme in use."""
    choice = bench.choice
    return runs.workload_change(choice.ws, choice.data, bench.trial, choice.scheme, choice.day)
