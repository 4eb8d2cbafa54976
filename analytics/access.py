"""Who may see and do what: one table of roles and actions. Until there is a sign-in the role is a setting."""

from __future__ import annotations

import os
from collections.abc import Mapping

from analytics.errors import AccessError
from analytics.words import phrase

ROLE_SETTING = "FIVE_COLOUR_ROLE"
LOCAL = "local"
"""One person at one computer, who may do all."""

ACTIONS = ("read", "draft", "load", "release", "adopt", "override")

ALLOWED: Mapping[str, frozenset[str]] = {
    "leader": frozenset({"read"}),
    "analyst": frozenset({"read", "draft"}),
    "keeper": frozenset({"read", "load", "release"}),
    "admin": frozenset({"read", "adopt", "override"}),
    LOCAL: frozenset(ACTIONS),
}

ROLES = tuple(ALLOWED)


def may(role: str, action: str) -> bool:
    """Whether ``role`` may do ``action``; a role that does not exist may do nothing."""
    return action in ALLOWED.get(role, ())


def require(role: str, action: str) -> None:
    """Raise :class:`AccessError`, which names the roles that may, unless ``role`` may do ``action``."""
    if role not in ALLOWED:
        raise AccessError.because("access.no_such_role", role=role, roles=ROLES)
    if not may(role, action):
        raise AccessError.because(
            "access.not_allowed",
            role=phrase(f"access.role_{role}"),
            action=phrase(f"access.action_{action}"),
            roles=[phrase(f"access.role_{other}") for other in ROLES if may(other, action)],
        )


def current_role() -> str:
    """The role of the setting; `LOCAL` where there is none. Raises :class:`AccessError` for a role that is none."""
    role = os.environ.get(ROLE_SETTING) or LOCAL
    if role not in ALLOWED:
        raise AccessError.because("access.setting_wrong", setting=ROLE_SETTING, role=role, roles=ROLES)
    return role
