"""Schemes: what one is (`model`), and how a file of one is read and checked (`reading`)."""

from analytics.scheme.model import (
    BandsPoints,
    Dimension,
    FloorRule,
    Indicator,
    LinearPoints,
    Measure,
    Scheme,
    Table,
    Where,
)
from analytics.scheme.reading import pack_ids, read_scheme, scheme_named

__all__ = [
    "BandsPoints",
    "Dimension",
    "FloorRule",
    "Indicator",
    "LinearPoints",
    "Measure",
    "Scheme",
    "Table",
    "Where",
    "pack_ids",
    "read_scheme",
    "scheme_named",
]
