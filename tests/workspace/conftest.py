"""What the tests of the workspace share."""

from tests.store.books import book
from tests.store.postgres import postgres

__all__ = ["book", "postgres"]
