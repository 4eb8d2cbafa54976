"""Who has come in, where the records lie and what day it is; and the doors, each of which asks for a role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from analytics import office
from analytics.access import Action, Actor, local_actor
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
    """The workspace of whoever sits at this computer, on the ``home`` that was given, else that of the setting."""
    return Workspace(actor or local_actor(), home_folder(home), office.today(), lang)


def door(
    action: Action, *, public: bool = False
) -> Callable[[Callable[Concatenate[Workspace, P], Result]], Callable[Concatenate[Workspace, P], Result]]:
    """A function of the workspace that raises ``AccessError`` unless the actor's role may do ``action``.

    What it gives is internal: who reads has to have the right to that as well, unless it gives the ``public`` form.
    """

    def guarded(made: Callable[Concatenate[Workspace, P], Result]) -> Callable[Concatenate[Workspace, P], Result]:
        @wraps(made)
        def asked(ws: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            ws.actor.require(action)
            if action == "read" and not public:
                ws.actor.require("internal")
            with nullcontext() if action == "read" else writing():
                return made(ws, *args, **kwargs)

        asked.public = public  # type: ignore[attr-defined]
        asked.action = action  # type: ignore[attr-defined]  # tests read it, cell by cell
        return asked

    return guarded
