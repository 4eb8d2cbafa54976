"""Who may come in, in which role, for which areas: ``accounts.yaml`` in the home, which an administrator keeps.

Where the file is there, nobody is anybody by a setting: pages go by who signed in (OpenID Connect, or the headers of a
gateway), commands by the account of the system that runs them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from analytics.access import LOCAL, ROLES, Actor, local_actor
from analytics.errors import AccessError
from analytics.scheme.basics import Strict
from analytics.scheme.reading import read_as

ACCOUNTS_FILE = "accounts.yaml"
SIGNED_IN_ROLES = tuple(role for role in ROLES if role != LOCAL)
"""The roles that an account may have."""

_LONGEST_HOURS = 7 * 24
_CLOCKS_DIFFER_SECONDS = 120
"""By which the clocks of this machine and of the provider may differ."""


def _known_role(role: str) -> str:
    if role not in SIGNED_IN_ROLES:
        raise PydanticCustomError("accounts_role", "", {"roles": SIGNED_IN_ROLES})
    return role


def _said_at_all(value: object) -> object:
    """A key that is there and says nothing would stand for all that it may say."""
    if value is None:
        raise PydanticCustomError("accounts_empty", "")
    return value


Role = Annotated[str, AfterValidator(_known_role)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Said = BeforeValidator(_said_at_all)


class Rights(Strict):
    """What one account may do; ``areas``: the codes of the areas that it may see, each with all below it; None: all."""

    role: Role
    areas: Annotated[tuple[Name, ...] | None, Said] = Field(default=None, min_length=1)


class Claims(Strict):
    """How the provider's token calls the account, its roles and its areas. Without a name, none are taken from it."""

    account: Name = "preferred_username"
    role: Annotated[Name | None, Said] = None
    areas: Annotated[Name | None, Said] = None


class Gateway(Strict):
    """A gateway that lets people in and says who they are: from which ``addresses`` (or networks, as 10.0.0.0/24) its
    headers are believed, and how these are called."""

    addresses: tuple[str, ...] = Field(min_length=1)
    account: Name = "X-Forwarded-User"
    role: Annotated[Name | None, Said] = None
    areas: Annotated[Name | None, Said] = None

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            try:
                ip_network(address)
            except ValueError:
                raise PydanticCustomError("accounts_address", "", {"written": address}) from None
        return addresses

    def headers(self) -> tuple[str, ...]:
        """The names of its headers, in small letters: nobody else may send them."""
        return tuple(name.casefold() for name in (self.account, self.role, self.areas) if name)

    def speaks_from(self, client: str | None) -> bool:
        """Whether a request from this address came through the gateway."""
        try:
            address = ip_address(client or "")
        except ValueError:
            return False
        return any(address in ip_network(one) for one in self.addresses)


class Accounts(Strict):
    """The file. ``format`` goes up with every change of what it may say. ``session_hours``: after which somebody has to
    sign in again. ``roles``: by the provider's own names of groups, the roles they stand for; without any, its names
    are those of the roles themselves. ``accounts`` say more than a token does; ``commands``: by the system's accounts
    of this machine, what they may do by commands."""

    format: Literal[1]
    session_hours: float = Field(default=10, gt=0, le=_LONGEST_HOURS, allow_inf_nan=False)
    claims: Claims = Claims()
    gateway: Annotated[Gateway | None, Said] = None
    roles: Mapping[Name, Role] = {}
    accounts: Mapping[Name, Rights] = {}
    commands: Mapping[Name, Rights] = {}

    def of_token(self, claims: Mapping[str, object], now: datetime) -> Actor | None:
        """Who the ``claims`` of a token say has signed in; None where that is too long ago. ``now`` knows its zone.

        Raises :class:`AccessError` for an account without a role.
        """
        began, ends = claims.get("iat"), now.timestamp() - timedelta(hours=self.session_hours).total_seconds()
        if not isinstance(began, int | float) or not ends < began <= now.timestamp() + _CLOCKS_DIFFER_SECONDS:
            return None
        told = self.claims
        account = next(iter(_texts(claims.get(told.account) or claims.get("sub"))), None)
        return self._actor(account, _said(claims, told.role), _said(claims, told.areas)) if account else None

    def of_gateway(self, headers: Mapping[str, str]) -> Actor | None:
        """Who the headers of the gateway name; None where they name nobody. Raises as :meth:`of_token`."""
        if self.gateway is None or not (account := (headers.get(self.gateway.account) or "").strip()):
            return None
        role, areas = (_said(headers, name) for name in (self.gateway.role, self.gateway.areas))
        return self._actor(account, _split(role), _split(areas))

    def of_system(self, account: str) -> Actor:
        """Who runs a command. Raises :class:`AccessError` for an account that the file does not name."""
        if account not in self.commands:
            raise AccessError.because("access.no_command", account=account, file=ACCOUNTS_FILE)
        return _with(account, self.commands[account])

    def _actor(self, account: str, roles: Sequence[str] | None, areas: Sequence[str] | None) -> Actor:
        if account in self.accounts:
            return _with(account, self.accounts[account])
        # A group of the provider's may be called as a role is here, and mean something else.
        stands_for = self.roles or {role: role for role in SIGNED_IN_ROLES}
        known = {stands_for[role] for role in roles or () if role in stands_for}
        if len(known) != 1:
            key = "access.several_roles" if known else "access.no_role"
            raise AccessError.because(key, account=account, file=ACCOUNTS_FILE)
        if areas is not None and not areas:
            raise AccessError.because("access.no_areas", account=account, file=ACCOUNTS_FILE)
        return Actor(account, str(*known), None if areas is None else frozenset(areas))


def accounts_of(home: Path) -> Accounts | None:
    """The accounts of a home, as its file says now; None where there is no file. Raises ``SchemeError`` for a wrong
    one and :class:`AccessError` for one that cannot be read, which let nobody in."""
    file = home / ACCOUNTS_FILE
    try:
        seen = file.stat()
        return _read(file, seen.st_mtime_ns, seen.st_size)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AccessError.because("access.file_unreadable", file=ACCOUNTS_FILE, detail=error.strerror) from error


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int, _size: int) -> Accounts:
    return read_as(Accounts, file.read_bytes(), file.name)


def own_actor(home: Path) -> Actor:
    """Whoever runs this program on the ``home``: as its accounts say of the system's account, else the local person."""
    accounts = accounts_of(home)
    return accounts.of_system(_system_account()) if accounts else local_actor()


def _system_account() -> str:
    """The system's own word for it: what a user may set, as ``USER``, says nothing."""
    try:
        import pwd  # not on Windows
    except ImportError:
        return os.getlogin()
    return pwd.getpwuid(os.getuid()).pw_name


def _with(account: str, rights: Rights) -> Actor:
    return Actor(account, rights.role, None if rights.areas is None else frozenset(rights.areas))


def _said(told: Mapping[str, object], name: str | None) -> list[str] | None:
    """What is told under a name; None where nothing is to be told."""
    return None if name is None else _texts(told.get(name))


def _texts(told: object) -> list[str]:
    found: Iterable[object] = told if isinstance(told, list | tuple) else (told,)
    return [text.strip() for text in found if isinstance(text, str) and text.strip()]


def _split(told: list[str] | None) -> list[str] | None:
    return None if told is None else [part for text in told for part in _texts(text.split(","))]
