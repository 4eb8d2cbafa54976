"""The area map: shapes and script sent once as files, a frame that stays, and half a character an area for the colours.

Four pieces, each made for the way that ``st_folium`` works:

- :func:`shapes_file` is the geometry as bytes. The caller puts it into a folder that the server hands out under an
  unguessable name; the map's frame fetches it once and keeps it.
- :func:`frame_file` is the script of the frame with what it says, to be put there as well: whatever st_folium is given
  as a script travels with every rerun.
- :func:`base_map` is the frame. Its script depends on the two files alone, so that a slider never tears it down.
- :func:`recolour` is what changes: a feature group whose whole script is ``fiveColour.recolour("0a7Z…", …)``.

The painting itself is in the folder ``frame``. Nothing is requested from anywhere but the server that sent the page.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files

import folium
import geopandas as gpd
import numpy as np
import shapely
from folium.template import Template

from analytics import tiers
from analytics.drawing.ground import DECIMALS, ground_of
from analytics.marks import BOX, FORMS, KEEPING
from analytics.tiers import LOOKS, UNKNOWN
from analytics.wording.areas import short_name
from analytics.wording.map_frame import FrameWords

FONTS_URL = "../../app/static/fonts"
"""The web fonts as the map's frame sees them."""

PLAIN = "plain"
"""Stands in place of a tier where none is to be told: the area is left without colour or mark."""

_PLAIN_CODE, _PLAIN_FILL = ".", "#FAFBFC"

CODES = "".join(look.code for look in LOOKS.values()) + _PLAIN_CODE
WAYS = ".+-"
CARRIED = ".~"
FLAGS = (*KEEPING, "outlined", "behind", "untold")
DIGITS = string.digits + string.ascii_letters
"""Two codes, three ways of a change, or five areas carried on or not, are one digit: 7 × 7, 3 × 3 × 3 and 2 × 2 × 2 × 2
× 2 are fewer than there are digits."""

HATCH_GROUND, HATCH_LINE = "#F3F5F8", "#B9C2CD"

_SCALE = 10**DECIMALS


def shapes_file(areas: gpd.GeoDataFrame, context: gpd.GeoDataFrame | None = None) -> bytes:
    """The geometry of a map as compact JSON; the order of its areas is that of the tiers in :func:`recolour`.

    Parameters
    ----------
    areas
        Indexed by ``area_id``, with ``name``, ``parent_id`` and a polygon (or nothing) as geometry; ``parent_name``,
        where there is one, is cut from the front of the names on the map.
    context
        Polygons of ``kind`` ``water`` and lines of ``kind`` ``road``, for finding one's way.

    Notes
    -----
    A ring is one list of whole numbers: the first point in millionths of a degree from ``origin``, each further one
    from the point before. Large sets are simplified along shared edges together, so that no gap opens between areas.
    """
    ground = ground_of(areas, context)
    origin = _origin(ground.whole)
    encode = _Encoder(origin)
    names = areas["name"].astype(str)
    parents = areas["parent_name"].fillna("") if "parent_name" in areas else [""] * len(areas)
    rows = [
        [area_id, name, "" if short == name else short, encode.point(label), encode.rings(shape)]
        for area_id, name, short, label, shape in zip(
            areas.index.astype(str), names, map(short_name, names, parents), ground.labels, ground.areas, strict=True
        )
    ]
    content = {
        "scale": _SCALE,
        "origin": origin,
        "areas": rows,
        "outer": encode.rings(ground.whole),
        "communities": encode.lines(ground.communities),
        "water": [ring for shape in ground.water for ring in encode.rings(shape)],
        "roads": [line for shape in ground.roads for line in encode.lines(shape)],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


_FRAME_PARTS = ("shapes.js", "labels.js", "painting.js", "pointer.js", "map.js")
"""The script of the frame in the order of its parts. Together they are one function, which is given what is baked into
the file, and returns the function that makes a map: from the id of its element and where the shapes and fonts lie, a
Leaflet map. Leaflet moves and zooms; polygons, lines and labels are painted by the parts, because 20,000 Leaflet layers
would be restyled one by one at each step of a slider. Afterwards half a character an area is sent to
``fiveColour.recolour``."""


def frame_file(words: FrameWords) -> bytes:
    """The frame's script and words as a file: it defines ``fiveColourFrame``, which the script of a map calls."""
    folder = files(__package__).joinpath("frame")
    source = "\n".join(folder.joinpath(part).read_text(encoding="utf-8") for part in _FRAME_PARTS)
    baked = {
        "looks": _looks(),
        "codes": CODES,
        "ways": WAYS,
        "carried": CARRIED,
        "digits": DIGITS,
        "unknown": LOOKS[UNKNOWN].code,
        "marks": {name: asdict(form) for name, form in FORMS.items()},
        "box": BOX,
        "flags": FLAGS,
        "hatch": {"ground": HATCH_GROUND, "line": HATCH_LINE},
        "words": asdict(words) | {"pointer": _by_code(words.pointer)},
    }
    made = f"(baked) => function (elementId, addresses) {{\n'use strict';\n{source}return map;\n}}"
    return f"window.fiveColourFrame = ({made})({_script_value(baked)});\n".encode()


def base_map(shapes_url: str, frame_url: str, leaflet_url: str, fonts_url: str = FONTS_URL) -> folium.Map:
    """The frame of a map: the same script each time for the same two files; ``leaflet_url`` is where the frame finds
    Leaflet.

    Give ``st_folium`` a ``key`` that holds the fingerprint of the data: it forgets parts of the script when it decides
    whether a map is still the same one.
    """
    return _AreaMap(shapes_url, frame_url, leaflet_url, fonts_url)


def recolour(
    tiers: Sequence[str],
    selected: str | None,
    changes: str | None,
    words: Mapping[str, str] | None = None,
    flags: Mapping[str, Sequence[bool]] | None = None,
) -> Recoloured:
    """The colours of the areas, for ``feature_group_to_add``.

    Parameters
    ----------
    tiers
        Tier names in the order of the shapes, or `PLAIN`.
    selected
        The ``area_id`` that is outlined.
    changes
        A character an area: ``+`` carries the mark for heavier, ``-`` for lighter, ``.`` neither.
    words
        What the card at the pointer says otherwise than in the frame's own words.
    flags
        By name of `FLAGS`, whether it is true of an area. One that is carried on, held by the stability rule or decided
        by a person bears that mark, the first a dotted line inside its edge besides; an outlined one is one of those
        that were asked for, and gets a dark line around it; one that is behind is hatched: what was due there is not
        done; one that is untold the other way: nobody knows whether it was.
    """
    codes = [_PLAIN_CODE if tier == PLAIN else LOOKS[tier].code for tier in tiers]
    if changes is not None and len(changes) != len(codes):
        raise ValueError(f"changes has {len(changes)} characters, but there are {len(codes)} areas.")
    told: dict[str, object] = {"areas": len(codes), "selected": selected}
    if changes and set(changes) != {"."}:
        told["changes"] = packed(changes, WAYS, 3)
    for name, true_of in (flags or {}).items():
        if name not in FLAGS:
            raise ValueError(f"{name} is none of the flags of an area.")
        if any(true_of):
            told[name] = packed([CARRIED[bool(one)] for one in true_of], CARRIED, 5)
    if words:
        told["words"] = _by_code(words)
    return Recoloured(packed(codes, CODES, 2), told)


def packed(symbols: Sequence[str], alphabet: str, together: int) -> str:
    """``symbols`` of an ``alphabet``, ``together`` of them in each digit of `DIGITS`, the first weighing most."""
    place = {symbol: number for number, symbol in enumerate(alphabet)}
    numbers = np.array([place[symbol] for symbol in symbols], dtype=np.int64)
    filled = np.pad(numbers, (0, -len(numbers) % together)).reshape(-1, together)
    weights = len(alphabet) ** np.arange(together - 1, -1, -1)
    return "".join(np.array(list(DIGITS))[filled @ weights].tolist())


def _by_code(words: Mapping[str, str]) -> dict[str, str]:
    return {_coded(key): text for key, text in words.items()}


def _coded(key: str) -> str:
    """A tier's code in place of its name, also behind the sign of a carried one."""
    sign, tier = (key[0], key[1:]) if key.startswith(CARRIED[1]) else ("", key)
    return sign + LOOKS[tier].code if tier in LOOKS else key


# ---------------------------------------------------------------- encoding


def _origin(whole: shapely.Geometry) -> list[int]:
    if whole.is_empty:
        return [0, 0]
    west, south, *_ = whole.bounds
    return [round(west * _SCALE), round(south * _SCALE)]


class _Encoder:
    """Geometry to lists of whole numbers, relative to one origin."""

    def __init__(self, origin: Sequence[int]) -> None:
        self._origin = np.asarray(origin, dtype=np.int64)

    def _whole(self, shape: shapely.Geometry) -> np.ndarray:
        return np.rint(shapely.get_coordinates(shape) * _SCALE).astype(np.int64) - self._origin

    def point(self, point: shapely.Point) -> list[int] | None:
        return None if point.is_empty else self._whole(point)[0].tolist()

    def rings(self, shape: shapely.Geometry) -> list[list[int]]:
        """Every ring of a polygon or of several, without the closing point; one that has no area left is dropped."""
        polygons = shapely.get_parts(shape)
        found = (_moved(self._whole(ring)) for ring in shapely.get_rings(polygons))
        return [_steps(points[:-1]) for points in found if len(points) > 3]

    def lines(self, shape: shapely.Geometry) -> list[list[int]]:
        """Every line of one or of several."""
        found = (_moved(self._whole(line)) for line in _lines(shape))
        return [_steps(points) for points in found if len(points) > 1]


def _lines(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "LineString":
            yield part


def _moved(points: np.ndarray) -> np.ndarray:
    """The points without those that repeat the one before."""
    return points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]] if len(points) else points


def _steps(points: np.ndarray) -> list[int]:
    return np.diff(points, axis=0, prepend=0).ravel().tolist()


# ---------------------------------------------------------------- scripts


def _script_value(value: object) -> str:
    """``value`` as a literal that survives a script element, an ``eval``, and those who read scripts as templates.

    branca renders every script as a Jinja template, in which a name like ``{{ … }}`` would be *run on the server*;
    st_folium replaces ``{{'name'}}`` itself. In JSON these pairs of characters stand inside strings only.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("'", "\\u0027")
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


def _looks() -> dict[str, dict[str, object]]:
    looks = {
        look.code: {
            "mark": look.mark,
            "fill": look.fill,
            "on_fill": look.on_fill,
            "strong": tier in tiers.ABOVE_ROUTINE,
        }
        for tier, look in LOOKS.items()
    }
    return looks | {_PLAIN_CODE: {"mark": "", "fill": _PLAIN_FILL, "on_fill": "#8A97A6", "strong": False}}


class _ForStFolium:
    """For elements whose script st_folium takes from the template: folium's own page, which nobody sees, stays empty.

    It would be compiled as a template at each rerun, which takes longer than all the rest.
    """

    def render(self, **kwargs: object) -> None:
        pass


class _AreaMap(_ForStFolium, folium.Map):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = fiveColourFrame({{ this.get_name()|tojson }}, {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, shapes_url: str, frame_url: str, leaflet_url: str, fonts_url: str) -> None:
        super().__init__(tiles=None)
        self.default_js = [("leaflet", f"{leaflet_url}/leaflet.js"), ("frame", frame_url)]
        self.default_css = [("leaflet_css", f"{leaflet_url}/leaflet.css")]
        self.settings = _script_value({"shapes": shapes_url, "fonts": fonts_url})


class Recoloured(_ForStFolium, folium.FeatureGroup):
    """What :func:`recolour` makes: a layer that is nothing but its script."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = fiveColour.recolour("{{ this.codes }}", {{ this.settings }});
        {% endmacro %}
        """
    )

    def __init__(self, codes: str, options: Mapping[str, object]) -> None:
        super().__init__(control=False, show=False)  # 'show' would add the layer a second time
        self.codes = codes
        self.settings = _script_value(options)
