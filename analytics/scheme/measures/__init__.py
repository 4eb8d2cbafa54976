"""Measures: each is one object, a `MeasureSpec`, in a module of its own.

A new measure is a module here that ends with its ``MEASURE``, the words ``measure_…`` in ``words/method.yaml``, and its
line in the list below. Whatever it forgets fails here, at import, with its name (see `registry`); nothing else in the
product lists measures or asks which one an indicator has.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from analytics.scheme.measures.gaps import MINIMUM_BASE, Gap
from analytics.scheme.measures.registry import RegistrationError, register
from analytics.scheme.measures.spec import MeasureSpec

__all__ = ["MEASURES", "MINIMUM_BASE", "Gap", "MeasureSpec", "RegistrationError", "register"]


def _spec_in(module: str) -> MeasureSpec:
    """The measure of a module of this package; raises :class:`RegistrationError` where it has none of its name."""
    found = getattr(import_module(f"{__name__}.{module}"), "MEASURE", None)
    if not isinstance(found, MeasureSpec) or found.id != module:
        raise RegistrationError(f"measure {module!r}: its module has no MEASURE with this id")
    return found


MEASURES: Mapping[str, MeasureSpec] = register(
    _spec_in(module)
    for module in (
        "count",
        "rate",
        "share",
        "open",
        "overdue",
        "days_since",
        "stock",
        "stock_rate",
        "per_check",
        "coverage",
        "visit_rate",
        "given",
    )
)
"""All measures by their id, in the order in which they are told."""
