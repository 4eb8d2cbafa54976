"""The plan of an invented street: outline, river, roads, communities and grids, as a coverage without gaps.

Everything is first drawn in a flat "plan" in metres, where the river runs straight and every road is nearly so: there,
cutting a piece in two is easy. Then one smooth warp bends river and roads together, and so the blocks follow both.
The cutting lines are cut at their junctions before the warp and bent piece by piece, and polygons are built from the
result; neighbours therefore share their edges exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Polygon

ORIGIN_LON, ORIGIN_LAT = 150.0, 30.0  # open ocean: no real place is to be given an invented colour
METRES_PER_DEGREE_LAT = 110_850.0
METRES_PER_DEGREE_LON = 96_490.0  # at latitude 30

DEFAULT_GRIDS = 52  # the size for which WIDTH and HEIGHT hold; other sizes keep the area of a grid
WIDTH, HEIGHT = 3000.0, 2000.0
GRIDS_PER_COMMUNITY = 6.5
FEWEST_GRIDS, MOST_GRIDS = 5, 8  # in a community
COMMUNITIES_PER_STREET = 12  # only a plan with more than this many communities is divided into several streets
NEARLY_SQUARE = 1.75  # longer side over shorter
RIVER_HALF_WIDTH = 41.0
MARGIN = 110.0  # how far river and roads run on beyond the outline
STEP = 55.0  # longest straight side of a bent line
FLAT_CORNER = 7.0  # a corner that spans less than a triangle of this many metres squared is left out
DEGREE_DIGITS = 6


@dataclass(frozen=True)
class Plan:
    """Polygons in degrees. ``community_of`` has one entry a grid, ``street_of`` one a community."""

    grids: np.ndarray
    community_of: np.ndarray
    street_of: np.ndarray
    river: Polygon
    roads: list[LineString]


@dataclass(frozen=True)
class _Piece:
    """A part of the plan, and the same part of the plan with its margin (from which the roads are taken)."""

    inner: Polygon
    wide: Polygon


@dataclass
class _Draft:
    """Lines and cells collected while cutting."""

    lines: list = field(default_factory=list)
    roads: list = field(default_factory=list)
    cells: list = field(default_factory=list)
    community_of: list = field(default_factory=list)
    street_of: list = field(default_factory=list)


class _Bend:
    """The warp from the straight plan to the ground: the river winds, and what is near it winds with it."""

    def __init__(self, width: float, rng: np.random.Generator) -> None:
        self._waves = [
            (170.0, 2900.0, rng.uniform(-0.5, 0.5) + 3.3),
            (40.0, 1300.0, rng.uniform(0, 2 * np.pi)),
        ]
        self._reach = 780.0  # how far from the river its bends are still felt
        self._sway = (0.018 * min(width, 9000.0), 2600.0, rng.uniform(0, 2 * np.pi))
        self._turn = np.deg2rad(-6.0)

    def __call__(self, plan: np.ndarray) -> np.ndarray:
        u, v = plan[:, 0], plan[:, 1]
        wind = sum(size * np.sin(2 * np.pi * u / length + phase) for size, length, phase in self._waves)
        size, length, phase = self._sway
        x = u + size * np.sin(2 * np.pi * v / length + phase)
        y = v + wind * np.exp(-((v / self._reach) ** 2)) + size * np.sin(2 * np.pi * u / (1.7 * length) + phase)
        return np.column_stack(
            [x * np.cos(self._turn) - y * np.sin(self._turn), x * np.sin(self._turn) + y * np.cos(self._turn)]
        )


def draw_plan(grids: int, rng: np.random.Generator) -> Plan:
    """A plan with exactly ``grids`` grids."""
    if grids < 2 * FEWEST_GRIDS:
        raise ValueError(f"A street needs at least {2 * FEWEST_GRIDS} grids.")
    width = WIDTH * np.sqrt(grids / DEFAULT_GRIDS)
    bend = _Bend(width, rng)
    outline = _outline(width, width * HEIGHT / WIDTH, rng)
    river = _river(outline, rng)
    draft = _cut_all(outline, river, grids, rng)
    edges = shapely.unary_union(draft.lines, grid_size=0.01)
    bent = [_to_degrees(bend(_points(line))) for line in edges.geoms]
    faces = shapely.get_parts(shapely.polygonize([LineString(line) for line in bent if len(line) > 1]))
    inside = _to_degrees(bend(np.array([cell.representative_point().coords[0] for cell in draft.cells])))
    cells = shapely.coverage_simplify(_faces_at(faces, inside), FLAT_CORNER / METRES_PER_DEGREE_LAT)
    roads = [LineString(_to_degrees(bend(_points(road)))) for road in draft.roads]
    return Plan(
        grids=shapely.normalize(cells),
        community_of=np.array(draft.community_of),
        street_of=np.array(draft.street_of),
        river=Polygon(_to_degrees(bend(_points(river.exterior)))),
        roads=[road.simplify(0.5 / METRES_PER_DEGREE_LAT) for road in roads],
    )


def _outline(width: float, height: float, rng: np.random.Generator) -> Polygon:
    """A rounded, irregular shape about the origin."""
    angle = np.linspace(0, 2 * np.pi, 181)[:-1]
    roundness = 2.7  # 2 is an ellipse, more is fuller
    radius = (np.abs(np.cos(angle)) ** roundness + np.abs(np.sin(angle)) ** roundness) ** (-1 / roundness)
    for waves, size in ((2, 0.03), (3, 0.045), (5, 0.018)):
        radius *= 1 + size * np.cos(waves * angle + rng.uniform(0, 2 * np.pi))
    return Polygon(np.column_stack([radius * np.cos(angle) * width / 2, radius * np.sin(angle) * height / 2]))


def _river(outline: Polygon, rng: np.random.Generator) -> Polygon:
    """A strip along the axis of the plan, a little wider and narrower on its way."""
    west, _, east, _ = outline.bounds
    u = np.arange(west - 1.6 * MARGIN, east + 1.6 * MARGIN, 40.0)
    half = RIVER_HALF_WIDTH * (1 + 0.14 * np.sin(2 * np.pi * u / 1700 + rng.uniform(0, 2 * np.pi)))
    return Polygon([*zip(u, half, strict=True), *zip(u[::-1], -half[::-1], strict=True)])


def _cut_all(outline: Polygon, river: Polygon, grids: int, rng: np.random.Generator) -> _Draft:
    communities = round(grids / GRIDS_PER_COMMUNITY)
    draft = _Draft(lines=[outline.exterior, river.exterior])
    whole = _Piece(outline, outline.buffer(MARGIN))
    pieces: list[_Piece] = []
    if communities <= COMMUNITIES_PER_STREET:
        pieces = list(_communities(whole, river, communities, draft, rng))
        draft.street_of = [0] * communities
    else:
        streets = round(communities / (COMMUNITIES_PER_STREET * 2 / 3))
        banks = _banks(whole, river)
        parts = _portions([bank.inner.area for bank in banks], streets, 1, streets)
        for bank, part in zip(banks, parts, strict=True):
            for street in _cut_into(bank, part, draft, rng):
                pieces.append(street)
        shares = _portions([piece.inner.area for piece in pieces], communities, 1, communities)
        draft.street_of = np.repeat(np.arange(streets), shares).tolist()
        pieces = [piece for street, n in zip(pieces, shares, strict=True) for piece in _cut_into(street, n, draft, rng)]
    counts = _portions([piece.inner.area for piece in pieces], grids, FEWEST_GRIDS, MOST_GRIDS)
    for community, (piece, count) in enumerate(zip(pieces, counts, strict=True)):
        blocks = list(_blocks(piece.inner, count, rng.normal(0, np.deg2rad(4)), draft, rng))
        draft.cells += blocks
        draft.community_of += [community] * count
    return draft


def _communities(
    piece: _Piece, river: Polygon, count: int, draft: _Draft, rng: np.random.Generator
) -> Iterator[_Piece]:
    """Communities of a piece that lies on both banks: first a road over a bridge, then the banks apart."""
    if count >= 6:
        first = count // 2 + int(rng.integers(0, 2))
        for part, n in zip(_cut_road(piece, first / count, np.pi / 2, draft, rng), (first, count - first), strict=True):
            yield from _communities(part, river, n, draft, rng)
        return
    banks = _banks(piece, river)
    for bank, n in zip(banks, _portions([b.inner.area for b in banks], count, 1, count), strict=True):
        yield from _cut_into(bank, n, draft, rng)


def _banks(piece: _Piece, river: Polygon) -> list[_Piece]:
    inner = _largest(piece.inner.difference(river), 2)
    wide = _largest(piece.wide.difference(river), 2)
    return [_Piece(a, b) for a, b in zip(_north_first(inner), _north_first(wide), strict=True)]


def _north_first(parts: list[Polygon]) -> list[Polygon]:
    return sorted(parts, key=lambda part: -part.centroid.y)


def _cut_into(piece: _Piece, count: int, draft: _Draft, rng: np.random.Generator) -> Iterator[_Piece]:
    """``count`` pieces of about the same area, parted by roads."""
    if count == 1:
        yield piece
        return
    first = count // 2
    for part, n in zip(
        _cut_road(piece, first / count, _road_way(piece.inner, rng), draft, rng), (first, count - first), strict=True
    ):
        yield from _cut_into(part, n, draft, rng)


def _cut_road(
    piece: _Piece, share: float, direction: float, draft: _Draft, rng: np.random.Generator
) -> tuple[_Piece, _Piece]:
    """Two pieces, the first with ``share`` of the area, parted by a long curved road."""
    angle = direction + rng.normal(0, np.deg2rad(5))
    line, half = _dividing_line(piece.inner, share * rng.uniform(0.93, 1.07), angle, rng.uniform(-0.07, 0.07))
    draft.lines.append(line.intersection(piece.inner.buffer(0.05)))
    draft.roads.append(_longest(line.intersection(piece.wide)))
    return (
        _Piece(*(_largest(shape.intersection(half), 1)[0] for shape in (piece.inner, piece.wide))),
        _Piece(*(_largest(shape.difference(half), 1)[0] for shape in (piece.inner, piece.wide))),
    )


def _blocks(piece: Polygon, count: int, direction: float, draft: _Draft, rng: np.random.Generator) -> Iterator[Polygon]:
    """``count`` compact blocks, parted by slightly bent lanes along or across the ``direction``."""
    if count == 1:
        yield piece
        return
    first = count // 2
    share = first / count * rng.uniform(0.9, 1.1)
    angle = _short_way(piece, direction) + rng.normal(0, np.deg2rad(2.5))
    line, half = _dividing_line(piece, share, angle, rng.uniform(-0.035, 0.035))
    draft.lines.append(line.intersection(piece.buffer(0.05)))
    for part, n in ((piece.intersection(half), first), (piece.difference(half), count - first)):
        yield from _blocks(_largest(part, 1)[0], n, direction, draft, rng)


def _road_way(piece: Polygon, rng: np.random.Generator) -> float:
    """The angle of a road through a piece: across its longer side, or either way when the piece is nearly square."""
    width, height = np.ptp(np.array(piece.exterior.coords), axis=0)
    if max(width, height) < NEARLY_SQUARE * min(width, height):
        return float(rng.choice([0.0, np.pi / 2]))
    return _short_way(piece, 0.0)


def _short_way(piece: Polygon, direction: float) -> float:
    """The angle of a cut across the longer side of a piece, ``direction`` being that of the roads around it."""
    corners = np.array(piece.exterior.coords)
    along = np.ptp(corners @ [np.cos(direction), np.sin(direction)])
    across = np.ptp(corners @ [-np.sin(direction), np.cos(direction)])
    return direction + np.pi / 2 if along > across else direction


def _dividing_line(piece: Polygon, share: float, angle: float, bow: float) -> tuple[LineString, Polygon]:
    """A bowed line that leaves ``share`` of the area on one side, and a polygon that covers that side.

    ``bow`` is the height of the bow as a share of the line's length within the piece.
    """
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    corners = np.array(piece.exterior.coords)
    far = 4 * np.ptp(corners, axis=0).max()
    on_line, off_line = corners @ along, corners @ across
    middle, half_length = (on_line.min() + on_line.max()) / 2, np.ptp(on_line) / 2
    s = np.linspace(-1.6, 1.6, 33)
    curve = np.outer(middle + s * half_length, along) + np.outer(bow * 2 * half_length * (1 - s**2), across)
    curve = np.vstack([curve[0] - far * along, curve, curve[-1] + far * along])
    behind = np.array([curve[-1] - 2 * far * across, curve[0] - 2 * far * across])
    low, high = off_line.min() - far / 8, off_line.max() + far / 8
    for _ in range(22):
        offset = (low + high) / 2
        half = Polygon(np.vstack([curve, behind]) + offset * across)
        if piece.intersection(half).area < share * piece.area:
            low = offset
        else:
            high = offset
    return LineString(curve + offset * across), half


def _portions(weights: list[float], total: int, fewest: int, most: int) -> list[int]:
    """Whole numbers in proportion to ``weights``, each within bounds, that sum to ``total``."""
    wanted = np.array(weights) / sum(weights) * total
    counts = np.clip(np.round(wanted), fewest, most).astype(int)
    while counts.sum() != total:
        step = 1 if counts.sum() < total else -1
        movable = (counts + step >= fewest) & (counts + step <= most)
        counts[np.argmax(np.where(movable, step * (wanted - counts), -np.inf))] += step
    return counts.tolist()


def _points(line: LineString) -> np.ndarray:
    return shapely.get_coordinates(shapely.segmentize(line, STEP))


def _to_degrees(ground: np.ndarray) -> np.ndarray:
    """Rounded degrees of points on the ground in metres, without the repeats that rounding makes."""
    degrees = np.round(
        ground / [METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT] + [ORIGIN_LON, ORIGIN_LAT], DEGREE_DIGITS
    )
    moved = np.any(np.diff(degrees, axis=0) != 0, axis=1)
    return degrees[np.concatenate([[True], moved])]


def _faces_at(faces: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The face around each point."""
    tree = shapely.STRtree(faces)
    which_point, which_face = tree.query(shapely.points(points), predicate="within")
    if not np.array_equal(which_point, np.arange(len(points))) or len(set(which_face)) != len(points):
        raise RuntimeError("The plan did not close: some grid has no polygon of its own.")
    return faces[which_face]


def _largest(shape: shapely.Geometry, count: int) -> list[Polygon]:
    return sorted(shapely.get_parts(shape), key=lambda part: -part.area)[:count]


def _longest(shape: shapely.Geometry) -> LineString:
    return max(shapely.get_parts(shape), key=lambda part: part.length)
