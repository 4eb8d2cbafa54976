"""A page with one map of made-up areas, for ``test_map_frame.py``: ``?areas=5000`` sets how many."""

import hashlib
import math
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st
from streamlit_folium import st_folium
from xstatic.pkg import leaflet

from analytics.drawing.area_map import base_map, frame_file, recolour, shapes_file
from analytics.tiers import SHOWN
from analytics.wording.map_frame import FrameWords

NAMES = (
    "望江清泉翠园金桥紫荆滨河文汇锦绣云桥向阳长安建设南塔北苑广信和睦东湖西园兴工春晖"
    "红星民主丰泽福安学府万泉松涛太和明珠永宁新华朝阳航空昇平玥湾未来科苑创新珺悦柳林"
    "玉泉嘉禾星光铁路轻工机床团结胜利凤翔喆园竹园梅园兰亭银河纺织同心光明龙腾站前柳湖"
)
HOSTILE = """</script><b>'"{{'x'}}\u2028"""
FOLDER = Path(tempfile.gettempdir()) / "five_colour_map_app"
FONTS = Path(__file__).parents[3] / "static" / "fonts"

st.set_page_config(layout="wide")


def components() -> tuple[str, str, str]:
    """The frame's addresses of Leaflet, of the shapes and of the fonts."""
    FOLDER.mkdir(exist_ok=True)
    served = [("leaflet", leaflet.BASE_DIR), ("shapes", str(FOLDER)), ("fonts", str(FONTS))]
    made = [st.components.v1.declare_component(name, path=path) for name, path in served]
    return tuple(f"../{component.name}" for component in made)


def town(n: int, rng: np.random.Generator) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """``n`` areas in an oval of a few kilometres, six communities, and a river through them."""
    middle = np.array([118.87, 28.95])
    radius = np.array([0.032, 0.0195])
    side = math.ceil(math.sqrt(n * 4 / math.pi))
    grid = (np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) + 0.5) / side * 2 - 1
    points = grid[np.argsort(np.hypot(*grid.T), kind="stable")[:n]]
    seeds = middle + (points + rng.uniform(-0.55, 0.55, points.shape) / side) * radius
    oval = shapely.Polygon(
        [
            middle + radius * np.array([math.cos(a), math.sin(a)]) * (1.02 + 0.05 * math.sin(3 * a + 1))
            for a in np.linspace(0, 2 * math.pi, 90, endpoint=False)
        ]
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=oval, ordered=True))
    cells = shapely.intersection(cells, oval)
    angle = np.arctan2(*(seeds - middle).T)
    names = [NAMES[2 * i : 2 * i + 2] or f"第{i}网格" for i in range(n)]
    names[n // 2] = HOSTILE
    areas = gpd.GeoDataFrame(
        {"name": names, "parent_id": [f"community {int(a * 3 / math.pi)}" for a in angle + math.pi]},
        geometry=cells,
        index=[f"area {i}" for i in range(n)],
        crs=4326,
    )
    along = np.linspace(-1.15, 1.15, 60)
    course = shapely.LineString(middle + radius * np.stack([along, 0.35 * np.sin(2.6 * along + 0.4) - 0.08], -1))
    road = shapely.LineString([middle - radius, middle + radius])
    river = course.buffer(radius[1] * 0.07, cap_style="flat")
    context = gpd.GeoDataFrame({"kind": ["water", "road"]}, geometry=[river, road], crs=4326)
    return areas, context


@st.cache_resource
def shapes(n: int) -> tuple[str, list[str]]:
    areas, context = town(n, np.random.default_rng(7))
    content = shapes_file(areas, context)
    digest = hashlib.sha256(content).hexdigest()
    FOLDER.joinpath(f"{digest}.json").write_bytes(content)
    return digest, list(areas.index)


def tiers_at(step: int, n: int) -> np.ndarray:
    drift = np.random.default_rng(1).uniform(0, 1, n) + 0.02 * step * np.random.default_rng(2).normal(size=n)
    rank = np.digitize(drift, [0.03, 0.12, 0.25, 0.6, 0.93])
    return np.array(SHOWN)[rank]


n = int(st.query_params.get("areas", "60"))
leaflet_url, shapes_url, fonts_url = components()
digest, ids = shapes(n)
step = st.slider("step", 0, 10, key="step")
now, before = tiers_at(step, n), tiers_at(max(step - 1, 0), n)
harder = {tier: rank for rank, tier in enumerate(SHOWN[:-1])} | {"unknown": None}
changes = "".join(
    "." if a == b or None in (harder[a], harder[b]) else "+" if harder[a] < harder[b] else "-"
    for a, b in zip(now, before, strict=True)
)
pointer = {tier: f"{tier} words" for tier in SHOWN} | {"+": "heavier", "-": "lighter"}
clicked = st.session_state.get(f"map {digest}", {}).get("last_active_drawing") or {"properties": {"area_id": None}}
selected = clicked["properties"]["area_id"]

pointer |= {f"~{tier}": f"{tier} carried" for tier in SHOWN}
script = frame_file(FrameWords("zh", "五色分布图", "放大", "缩小", "missing", pointer))
frame = f"{hashlib.sha256(script).hexdigest()}.js"
FOLDER.joinpath(frame).write_bytes(script)
answer = st_folium(
    base_map(f"{shapes_url}/{digest}.json", f"{shapes_url}/{frame}", leaflet_url=leaflet_url, fonts_url=fonts_url),
    key=f"map {digest}",
    feature_group_to_add=recolour(now, selected, changes),
    returned_objects=["last_active_drawing"],
    use_container_width=True,
    height=560,
)
st.text(f"selected {selected}")
