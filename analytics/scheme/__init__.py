"""Schemes: what one is (`model`), and how a file of one is read and checked (`reading`)."""

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
    Table,
    Where,
)
from analytics.scheme.reading import json_schema, pack_ids, read_scheme, scheme_named

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
