"""How the dashboard is served: its port, its own addresses, and whether other machines may reach it at all."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from analytics.access import Actor
from analytics.errors import UserError
from analytics.serving.port import HOSTS_SETTING, LOOPBACK, GuardedPort, Port
from analytics.serving.signed_in import PEERS_SETTING, SignedInPort, tells_peers
from analytics.store.accounts import Gateway, accounts_of
from analytics.store.home import home_folder
from analytics.store.writing import wait_until_written
from analytics.words import LANGUAGES
from analytics.workspace import open_workspace
from analytics.workspace.datasets import store
from analytics.workspace.ledgers import own_ledger

OPEN_SETTING = "FIVE_COLOUR_OPEN"
"""1 where the office has closed an address of the network in another way, and whoever reaches the port may do all."""

LONGEST_WAIT_SECONDS = 60
"""For which a server that is asked to end waits for what is being written."""

NOT_STARTED = 2
"""The exit code of a server that may not start as it is set."""


LEAST_SECRET = 32
"""Characters of the secret with which cookies are signed."""


@dataclass(frozen=True)
class SignIn:
    """How people sign in: whether anybody has to (``is_on``), whose a request with given headers is (``account_of``),
    and the ``secret`` that signs the cookie of a sign-in, None where no provider is set up."""

    is_on: Callable[[], bool]
    account_of: Callable[[Headers], str | None]
    secret: str | None


def served(address: str | None, sign_in: SignIn) -> dict[str, Any]:
    """The arguments of ``st.App`` beside the script.

    ``address``: where the server listens, None for everywhere.

    Ends the process, with a sentence in both languages, where others could reach what nobody guards, and where a
    setting cannot be used.
    """
    try:
        require_guarded(address, os.environ, signed_in=sign_in.is_on())
        if sign_in.secret is not None and len(sign_in.secret) < LEAST_SECRET:
            raise UserError.because("serving.weak_secret", least=LEAST_SECRET)
        accounts = accounts_of(home_folder(None))
        if accounts is not None and accounts.gateway is not None and not tells_peers():
            raise UserError.because("serving.peers_hidden", setting=PEERS_SETTING)
        port = Port.of_settings()
    except UserError as error:
        for lang in LANGUAGES:
            print("\n".join(problem.text(lang) for problem in error.problems), file=sys.stderr)
        raise SystemExit(NOT_STARTED) from None
    return {
        "middleware": [
            Middleware(GuardedPort, port=port),
            Middleware(SignedInPort, is_on=sign_in.is_on, account_of=sign_in.account_of, gateway=_gateway),
        ],
        "lifespan": _lifespan,
        "routes": [Route("/health", _health), Route("/ready", _ready)],
    }


def _gateway() -> Gateway | None:
    accounts = accounts_of(home_folder(None))
    return accounts.gateway if accounts else None


def require_guarded(address: str | None, settings: Mapping[str, str], *, signed_in: bool) -> None:
    """Raise :class:`UserError` where a server would listen at an ``address`` that other machines reach, nobody has to
    sign in, and the setting does not say that this is meant to be so: whoever reaches it may do all. Who answers for
    other names than this machine's is reached by others too, through what stands in front."""
    names = [name for name in map(str.strip, settings.get(HOSTS_SETTING, "").split(",")) if name]
    reached = not _is_this_machine(address) or not all(map(_is_this_machine, names))
    if not signed_in and settings.get(OPEN_SETTING, "").strip() != "1" and reached:
        raise UserError.because("serving.not_guarded", address=address or "0.0.0.0", setting=OPEN_SETTING)


def _is_this_machine(address: str | None) -> bool:
    if address is None:
        return False  # the server then listens at every address
    if address in LOOPBACK or address.startswith("unix:"):
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def _lifespan(_app: object) -> AsyncIterator[None]:
    """A server that is asked to end lets what is being written finish: a visitor's thread would be broken off."""
    yield
    await run_in_threadpool(wait_until_written, LONGEST_WAIT_SECONDS)


async def _health(_request: Request) -> Response:
    """The server answers."""
    return PlainTextResponse("ok")


async def _ready(_request: Request) -> Response:
    """It does, and the records and the ledger can be read. No more is told to whoever asks."""
    readable = await run_in_threadpool(_is_readable)
    return PlainTextResponse("ok" if readable else "", 200 if readable else 503)


def _is_readable() -> bool:
    try:
        ws = open_workspace(actor=Actor("", "leader"))
        store(ws).tables()
        own_ledger(ws).releases()
    except Exception:  # whatever it is: the pages say why
        return False
    return True
