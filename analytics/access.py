"""Who may see and do what: one table of roles and actions. Until there is a sign-in the role is a setting."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from analytics.errors import AccessError
from analytics.words import phrase

ROLE_SETTING = "FIVE_COLOUR_ROLE"
LOCAL = "local"
"""One person at one computer, who may do all."""

Action = Literal[
    "read", "internal", "draft", "load", "release", "adopt", "override", "configure", "assign", "sign_off", "check"
]
ACTIONS: tuple[Action, ...] = get_args(Action)

ALLOWED: Mapping[str, frozenset[Action]] = {
    "reader": frozenset({"read"}),
    "leader": frozenset({"read", "internal", "sign_off", "check"}),
    "analyst": frozenset({"read", "internal", "draft"}),
    "keeper": frozenset({"read", "internal", "load", "draft", "release", "assign"}),
    "admin": frozenset({"read", "internal", "adopt", "override", "configure", "assign", "sign_off"}),
    LOCAL: frozenset(ACTIONS),
}

ROLES = tuple(ALLOWED)


@dataclass(frozen=True)
class Actor:
    """Who asks: a name for the records of who did what, a role, and the areas that it may see (None: all of them).

    Made once, where a person or a night's job comes in, and handed on from there.
    """

    name: str
    role: str
    areas: frozenset[str] | None = None

    def may(self, action: Action) -> bool:
        """Whether the role may do ``action``; a role that does not exist may do nothing."""
        return action in ALLOWED.get(self.role, ())

    def require(self, action: Action) -> None:
        """Raise :class:`AccessError`, which names the roles that may, unless this one may do ``action``."""
        if self.role not in ALLOWED:
            raise AccessError.because("access.no_such_role", role=self.role, roles=ROLES)
        if not self.may(action):
            raise AccessError.because(
                "access.not_allowed",
                role=phrase(f"access.role_{self.role}"),
                action=phrase(f"access.action_{action}"),
                roles=[phrase(f"access.role_{other}") for other in roles_that_may(action)],
            )


def roles_that_may(action: Action) -> tuple[str, ...]:
    """The roles that may do ``action``."""
    return tuple(role for role, allowed in ALLOWED.items() if action in allowed)


def local_actor() -> Actor:
    """Whoever sits at this computer, in the role of the setting, with all areas."""
    return Actor(getpass.getuser(), current_role())


def current_role() -> str:
    """The role of the setting; `LOCAL` where there is none. Raises :class:`AccessError` for a role that is none."""
    role = os.environ.get(ROLE_SETTING) or LOCAL
    if role not in ALLOWED:
        raise AccessError.because("access.setting_wrong", setting=ROLE_SETTING, role=role, roles=ROLES)
    return role
