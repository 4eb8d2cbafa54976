"""Neighbours: areas that share an edge, and not those that meet at a corner."""

import geopandas as gpd
import pandas as pd
import shapely

from analytics.scoring.neighbours import neighbours

SIDE = 0.002
"""Of a square, in degrees: about 200 m."""


def squares(gap=0.0, crs=4326):
    """Nine squares in three rows, named by row and column, so far from one another as the ``gap`` says."""
    places = [(row, column) for row in range(3) for column in range(3)]
    shapes = [
        shapely.box(column * (SIDE + gap), row * (SIDE + gap), column * (SIDE + gap) + SIDE, row * (SIDE + gap) + SIDE)
        for row, column in places
    ]
    index = pd.Index([f"{row}{column}" for row, column in places], name="area_id")
    return gpd.GeoDataFrame({"name": index}, geometry=shapes, index=index, crs=4326).to_crs(crs)


def test_edges_make_neighbours_and_corners_do_not():
    assert neighbours(squares(), "11") == ["01", "10", "12", "21"]
    assert neighbours(squares(), "00") == ["01", "10"]


def test_edges_that_were_drawn_twice_need_not_meet():
    assert neighbours(squares(gap=4e-6), "11") == ["01", "10", "12", "21"]
    assert neighbours(squares(gap=1e-3), "11") == []


def test_other_coordinates_give_the_same():
    assert neighbours(squares(crs=3857), "11") == ["01", "10", "12", "21"]


def test_without_shapes_there_are_none():
    assert neighbours(pd.DataFrame(squares()), "11") == []
    holed = squares()
    holed.loc["11", "geometry"] = None
    assert neighbours(holed, "11") == []
    assert neighbours(holed, "01") == ["00", "02"]
