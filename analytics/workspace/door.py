"""Who has come in, where the records lie and what day it is; and the doors, each of which asks for a role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from analytics import office
from analytics.access import Action, Actor
from analytics.errors import AccessError
from analytics.store.accounts import own_actor
from analytics.store.home import home_folder
from analytics.store.writing import writing
from analytics.words import Language

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Workspace:
    """``actor`` asks, about the records in ``home``, on the office's own calendar day ``today``; areas are called as in
    ``lang``."""

    actor: Actor
    home: Path
    today: date
    lang: Language = "zh"


def open_workspace(home: Path | None = None, actor: Actor | None = None, lang: Language = "zh") -> Workspace:
    """The workspace of the ``actor`` who signed in, else of whoever runs this program, on the ``home`` that was given,
    else that of the setting."""
    folder = home_folder(home)
    return Workspace(actor or own_actor(folder), folder, office.today(), lang)


def door(
    action: Action, own_areas: Callable[..., Any] | None = None, *, by_itself: bool = False
) -> Callable[[Callable[Concatenate[Workspace, P], Result]], Callable[Concatenate[Workspace, P], Result]]:
    """A function of the workspace that raises ``AccessError`` unless the actor's role may do ``action``.

    An actor who may see some areas alone gets what ``own_areas`` leaves of the answer: it is called with these areas,
    the answer, and what was asked by place (see `own_areas`). What goes by these areas ``by_itself`` is told of them.
    Without either the door is closed to such an actor.
    """

    def guarded(made: Callable[Concatenate[Workspace, P], Result]) -> Callable[Concatenate[Workspace, P], Result]:
        @wraps(made)
        def asked(ws: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            ws.actor.require(action)
            areas = ws.actor.areas
            if areas is not None and own_areas is None and not by_itself:
                raise AccessError.because("access.whole_office")
            whole = ws if areas is None or by_itself else replace(ws, actor=replace(ws.actor, areas=None))
            with nullcontext() if action == "read" else writing():
                found = made(whole, *args, **kwargs)
            return found if areas is None or own_areas is None else own_areas(areas, found, *args)

        asked.action = action  # type: ignore[attr-defined]  # tests read it, cell by cell
        asked.own_areas = own_areas is not None or by_itself  # type: ignore[attr-defined]  # and this
        return asked

    return guarded
