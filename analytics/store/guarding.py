"""What is told of a load before it is written; and what is asked, so that nothing is written until it is answered."""

from __future__ import annotations

import pandas as pd

from analytics.errors import HeldLoadError
from analytics.loaders import TABLES, Loaded, columns_of
from analytics.store.earlier import EarlierLoads
from analytics.store.guard import MOST_AREAS_LEFT, load_change
from analytics.store.guard_notes import agreement_notes, area_notes, change_notes, zero_report_notes
from analytics.store.plan import Plan, plan
from analytics.words import Phrase, phrase

GO_ON, ADD = "load", "add"
"""What can be confirmed: that a load counts as it is told, or that what it is taken for is something else that counts
beside it."""


def questions(
    loaded: Loaded, todo: Plan, earlier: EarlierLoads, areas: pd.DataFrame | None, confirmed: str
) -> tuple[Phrase, ...]:
    """What ``loaded`` takes away, a sentence each. Raises :class:`HeldLoadError` where that has to be ``confirmed``."""
    shown = todo
    if todo.doubled and not confirmed:
        # What is asked about is whether it takes the place of what is there: so that is told.
        shown = plan(loaded, "", earlier, areas, GO_ON)
    change = load_change(loaded, shown, earlier)
    told = [*change_notes(loaded.table, change), *_of_areas(loaded, shown, earlier, areas)]
    if loaded.table == "agreements":
        told += agreement_notes(earlier.counting_together(earlier.log.live("agreements")), loaded.frame)
    if loaded.table == "reports":
        replaced = [load for load in earlier.log.live("reports") if load.number in todo.replaced]
        told += zero_report_notes(earlier.counting_together(replaced), loaded.frame)
    asked = _asked(loaded, todo, held=change.held)
    if asked and not confirmed:
        answers, question = asked
        raise HeldLoadError(answers, *told, question)
    return tuple(told)


def _asked(loaded: Loaded, todo: Plan, *, held: bool) -> tuple[tuple[str, ...], Phrase] | None:
    if todo.doubled and loaded.table == "residents":
        return (GO_ON, ADD), phrase("guard.held_people", n=todo.doubled_areas, loads=todo.doubled)
    if todo.doubled and loaded.table == "areas":
        return (GO_ON, ADD), phrase("guard.held_same_list", loads=todo.doubled)
    if todo.doubled and loaded.table == "places":
        return (GO_ON, ADD), phrase("guard.held_register", loads=todo.doubled)
    if todo.doubled:
        return (GO_ON, ADD), phrase("guard.held_same_name", loads=todo.doubled)
    if len(todo.areas.left) - len(todo.areas.new) > MOST_AREAS_LEFT * todo.areas.compared:
        return (GO_ON, ADD), phrase("guard.held_areas")
    return ((GO_ON,), phrase("guard.held")) if held else None


def _of_areas(loaded: Loaded, todo: Plan, earlier: EarlierLoads, areas: pd.DataFrame | None) -> tuple[Phrase, ...]:
    if areas is None or not todo.areas.compared:
        return ()
    # Agreements, holidays and teams lie in no area.
    tables = [table for table in TABLES if table != "areas" and "area_id" in columns_of(table)]
    codes = (*todo.areas.left, *todo.areas.new)
    loads = earlier.loads_in(tables, todo.areas.left)
    return tuple(area_notes(todo.areas, areas, loaded.frame, earlier.by_area(tables, codes), loads))
