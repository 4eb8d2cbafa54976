"""What the files of the corpus are put together from: the grids of a street, its incidents, and ways to write them."""

import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely

STREET, COMMUNITY = "330802005", "330802005001"
GRIDS = [f"{COMMUNITY}{number:03d}" for number in range(1, 5)]
NAMES = [f"花径一村社区第{number}网格" for number in "一二三四"]
AREA_HEADERS = ["网格编码", "名称", "层级", "上级编码", "人口"]
AREAS = [
    [STREET, "衢化街道", "街道", "", "5200"],
    [COMMUNITY, "花径一村社区", "社区", STREET, "4100"],
    *[
        [code, name, "网格", COMMUNITY, str(1000 + 10 * n)]
        for n, (code, name) in enumerate(zip(GRIDS, NAMES, strict=False))
    ],
]
HEADERS = ["事件编号", "网格编码", "发生时间", "事件类别"]
ENGLISH = ["incident_id", "area_id", "occurred_at", "category"]
DAYS = ["2020-02-15", "2020-02-16 09:10", "2020-02-17"]
INCIDENTS = [
    ["甲1", GRIDS[0], DAYS[0], "发热"],
    ["甲2", GRIDS[1], DAYS[1], "噪声扰民"],
    ["甲3", GRIDS[3], DAYS[2], "消防隐患"],
]
POSITIONS = [("118.805", "28.905"), ("118.815", "28.905"), ("118.835", "28.905")]


def moment(*parts):
    return pd.Timestamp(*parts).to_pydatetime()


def square(number):
    west = 118.80 + 0.01 * number
    return shapely.box(west, 28.90, west + 0.01, 28.91)


def text(rows, mark=","):
    def cell(value):
        return f'"{value}"' if mark in value else value

    return "".join(mark.join(map(cell, row)) + "\n" for row in rows)


def with_dates(*dates):
    return [HEADERS, *[[f"甲{n}", GRIDS[0], day, "发热"] for n, day in enumerate(dates, 1)]]


def workbook(**sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    made.properties.created = made.properties.modified = moment(2020, 3, 1)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return made


def saved(made):
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def repacked(content, changes=None, further=None):
    """A zip with the text of some members replaced, and further members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in (changes or {}).get(name, {}).items():
                assert before.encode() in part, before
                part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
        for name, part in (further or {}).items():
            new.writestr(name, part)
    return stream.getvalue()


def frame(columns=AREA_HEADERS, crs=4326, shapes=None):
    rows = AREAS[2:]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry=shapes or [square(n) for n in range(4)], crs="EPSG:4326"
    ).to_crs(crs)


def shapefile(layer, encoding, cpg=True, rename=None):
    """A zipped Shapefile; ``rename``: the bytes of field names."""
    with tempfile.TemporaryDirectory() as folder:
        layer.to_file(Path(folder, "网格.shp"), encoding=encoding, engine="pyogrio")
        parts = {file.suffix: file.read_bytes() for file in Path(folder).iterdir()}
    if not cpg:
        del parts[".cpg"]
        # Older programs leave the mark of the code page blank, too.
        parts[".dbf"] = parts[".dbf"][:29] + b"\0" + parts[".dbf"][30:]
    for place, name in enumerate(rename or []):
        start = 32 + 32 * place
        parts[".dbf"] = parts[".dbf"][:start] + name[:10].ljust(11, b"\0") + parts[".dbf"][start + 11 :]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for suffix, part in sorted(parts.items()):
            packed.writestr(f"边界/网格{suffix}", part)
    return stream.getvalue()


def geopackage():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.gpkg")
        roads = gpd.GeoDataFrame(
            {"路名": ["花径路"]}, geometry=[shapely.LineString([(118.8, 28.9), (118.84, 28.9)])], crs=4326
        )
        for layer, made in {"道路": roads, "网格": frame()}.items():
            made.to_file(file, layer=layer, engine="pyogrio", layer_options={"SPATIAL_INDEX": "NO"})
        database = sqlite3.connect(file)
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        # Only what another program needs for reading stays, so that the file is small.
        for name in ("gpkg_tile_matrix", "gpkg_tile_matrix_set", "gpkg_ogr_contents", "gpkg_extensions"):
            database.execute(f"DROP TABLE IF EXISTS {name}")
        database.commit()
        database.execute("PRAGMA page_size = 512")
        database.execute("VACUUM")
        database.close()
        return file.read_bytes()


def features(shapes, crs=None, properties=None):
    made = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
            for row, shape in zip(
                properties or [dict(zip(AREA_HEADERS, row, strict=False)) for row in AREAS[2:]], shapes, strict=False
            )
        ],
    }
    if crs:
        made["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(made, ensure_ascii=False).encode()
