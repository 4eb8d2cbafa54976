"""What the tests of releases share."""

from tests.store.books import book
from tests.store.postgres import postgres

__all__ = ["book", "postgres"]
