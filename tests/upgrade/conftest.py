"""What the tests of older homes share."""

from tests.store.postgres import postgres

__all__ = ["postgres"]
