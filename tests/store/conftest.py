"""What the tests of the ledger share."""

from tests.store.books import book, ledger
from tests.store.postgres import postgres

__all__ = ["book", "ledger", "postgres"]
