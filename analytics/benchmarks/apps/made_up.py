"""The areas, points and tiers that all four pages draw: made up, the same for all of them and for who times them."""

from __future__ import annotations

import math
from functools import cache

import geopandas as gpd
import numpy as np
import shapely

from analytics.benchmarks.scoring import DIMENSIONS, INDICATORS_EACH, SEED, scheme_of
from analytics.scheme import Scheme
from analytics.scheme.editing import TOP, reweighted
from analytics.scoring.combine import scores
from analytics.scoring.decide import tier_by_cutoffs

LIGHTEST, HEAVIEST, STEP = 4, 96, 4
"""Percent of the first dimension's weight: the ends and the step of the slider. The others share what is left."""

WEST, SOUTH, WIDTH, HEIGHT = 150.0, 30.0, 0.064, 0.039
LONGITUDE, LATITUDE = WEST + WIDTH / 2, SOUTH + HEIGHT / 2
EDGE_POINTS = 4
"""Points inside each edge of four, which makes 20 an area: the shapes that come with the product have 18 and 23."""

PLACES = 6
"""Digits of a coordinate in degrees, a tenth of a metre, as in files that are published."""


@cache
def areas(number: int) -> gpd.GeoDataFrame:
    """``number`` areas of a jittered grid that meet along crooked edges: ``name``, ``parent_id``, index ``area_id``."""
    across = math.ceil(math.sqrt(number * WIDTH / HEIGHT))
    up = math.ceil(number / across)
    corner, along, upward = _lines(across, up, np.random.default_rng(SEED))
    rings = np.concatenate(
        [
            corner[:-1, :-1, None],
            along[:-1],
            corner[:-1, 1:, None],
            upward[:, 1:],
            corner[1:, 1:, None],
            along[1:, :, ::-1],
            corner[1:, :-1, None],
            upward[:, :-1, ::-1],
        ],
        axis=2,
    )
    points = rings.reshape(across * up, -1, 2)[:number]
    degrees = (points / [across, up] * [WIDTH, HEIGHT] + [WEST, SOUTH]).round(PLACES)
    ids = [f"G{place:05d}" for place in range(number)]
    return gpd.GeoDataFrame(
        {
            "name": [f"第{place}网格" for place in range(number)],
            "parent_id": [f"C{place // 10}" for place in range(number)],
        },
        geometry=shapely.polygons(degrees),
        index=ids,
        crs="EPSG:4326",
    )


def _lines(across: int, up: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners (up + 1, across + 1, 2) and the points inside the edges to the next corner along and upward, in cells."""
    corner = np.stack(np.meshgrid(np.arange(across + 1.0), np.arange(up + 1.0)), -1)
    corner += random.uniform(-0.2, 0.2, corner.shape)

    def between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        share = (np.arange(EDGE_POINTS) + 1)[:, None] / (EDGE_POINTS + 1)
        straight = first[:, :, None] + share * (second - first)[:, :, None]
        return straight + random.uniform(-0.05, 0.05, straight.shape)

    return corner, between(corner[:, :-1], corner[:, 1:]), between(corner[:-1], corner[1:])


@cache
def _points(number: int) -> np.ndarray:
    """Points (1, areas, indicators), 0–100; those of a dimension go together, so that its weight says something."""
    random = np.random.default_rng(SEED)
    shared = random.uniform(0, 100, (number, DIMENSIONS)).repeat(INDICATORS_EACH, axis=1)
    return (0.7 * shared + 0.3 * random.uniform(0, 100, shared.shape))[None]


@cache
def _scheme() -> Scheme:
    return scheme_of([1.0] * DIMENSIONS * INDICATORS_EACH)


def ranks(number: int, weight: int) -> np.ndarray:
    """The areas' tiers (areas,) as ranks, the first dimension having ``weight`` percent: scored anew at each call."""
    first, *others = (dimension.id for dimension in _scheme().dimensions)
    shares = {first: weight} | {other: (100 - weight) / len(others) for other in others}
    changed = reweighted(_scheme(), TOP, shares)
    return tier_by_cutoffs(scores(_points(number), changed).score, changed.tiers)[0]
