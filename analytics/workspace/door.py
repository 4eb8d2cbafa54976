"""Who has come in, where the records lie and what day it is; and the doors, each of which asks for a role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
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


OBEYED: Any = object()
"""In the place of what leaves out others' areas: the door itself looks at which areas the actor may see."""


def _always() -> bool:
    """Of whoever need not sign in."""
    return True


@dataclass(frozen=True)
class Workspace:
    """``actor`` asks, about the records in ``home``, on the office's own calendar day ``today``; areas are called as in
    ``lang``. ``still``: whether the actor may do now what it might when it came in; a page that stays open would go
    on with rights that are gone."""

    actor: Actor
    home: Path
    today: date
    lang: Language = "zh"
    still: Callable[[], bool] = field(default=_always, compare=False, repr=False)

    def whole(self) -> Workspace:
        """The same with all areas, for doors that leave out what the actor may not see."""
        return replace(self, actor=replace(self.actor, areas=None))


def open_workspace(
    home: Path | None = None,
    actor: Actor | None = None,
    lang: Language = "zh",
    still: Callable[[], bool] = _always,
) -> Workspace:
    """The workspace of the ``actor`` who signed in, else of whoever runs this program, on the ``home`` that was given,
    else that of the setting."""
    folder = home_folder(home)
    return Workspace(actor or own_actor(folder), folder, office.today(), lang, still)


def door(
    action: Action, own_areas: Callable[..., Any] | None = None, *, public: bool = False
) -> Callable[[Callable[Concatenate[Workspace, P], Result]], Callable[Concatenate[Workspace, P], Result]]:
    """A function of the workspace that raises ``AccessError`` unless the actor's role may do ``action``.

    What it gives is internal: who reads has to have the right to that as well, unless it gives the ``public`` form.
    An actor who may see some areas alone gets what ``own_areas`` leaves of the answer: it is called with these areas,
    the answer, and what was asked by place (see `own_areas`). Without it the door is closed to such an actor.
    """

    def guarded(made: Callable[Concatenate[Workspace, P], Result]) -> Callable[Concatenate[Workspace, P], Result]:
        @wraps(made)
        def asked(ws: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            if not ws.still():
                raise AccessError.because("access.session_over")
            ws.actor.require(action)
            if action == "read" and not public:
                ws.actor.require("internal")
            areas = ws.actor.areas
            if areas is not None and own_areas is None:
                raise AccessError.because("access.whole_office")
            obeyed = areas is None or own_areas is OBEYED
            with nullcontext() if action == "read" else writing():
                found = made(ws if obeyed else ws.whole(), *args, **kwargs)
            return found if obeyed or own_areas is None else own_areas(areas, found, *args)

        asked.public = public  # type: ignore[attr-defined]
        asked.action = action  # type: ignore[attr-defined]  # tests read it, cell by cell
        asked.own_areas = own_areas is not None  # type: ignore[attr-defined]  # and this
        return asked

    return guarded
