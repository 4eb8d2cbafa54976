"""What the tests of older and newer homes share."""

from tests.store.books import book
from tests.store.postgres import postgres

__all__ = ["book", "postgres"]
