"""Schemes: what one is (`model`), and how a file of one is read and checked (`reading`)."""

from analytics.scheme.conditions import Where
from analytics.scheme.model import (
    BandsPoints,
    CutOffs,
    Decision,
    Dimension,
    FloorRule,
    Indicator,
    LinearPoints,
    Measure,
    RelativePoints,
    Scheme,
    ShareCutOffs,
    StabilityRule,
)
from analytics.scheme.reading import json_schema, pack_ids, read_scheme, scheme_named
from analytics.scheme.tables import Table

__all__ = [
    "BandsPoints",
    "CutOffs",
    "Decision",
    "Dimension",
    "FloorRule",
    "Indicator",
    "LinearPoints",
    "Measure",
    "RelativePoints",
    "Scheme",
    "ShareCutOffs",
    "StabilityRule",
    "Table",
    "Where",
    "json_schema",
    "pack_ids",
    "read_scheme",
    "scheme_named",
]
