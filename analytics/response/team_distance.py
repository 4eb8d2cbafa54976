"""How far the places of teams are from areas, in kilometres as the crow flies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""


def team_distance(areas: pd.Series, community: pd.Series, homes: pd.Series, teams: pd.Series) -> np.ndarray:
    """Kilometres from the community of each team to each area, (teams, areas); NaN where a place is not known.

    ``areas``: shapes in degrees (index ``area_id``), ``community`` the id of that of each. ``homes``: shapes of
    communities by id; one without stands at the mean of its areas. ``teams``: the community of each.
    """
    here = _points(areas)
    own = _points(homes.reindex(pd.unique(teams.dropna())))
    mean = here.groupby(community.reindex(here.index)).mean()
    there = own.fillna(mean.reindex(own.index)).reindex(teams)
    return _great_circle(there.to_numpy()[:, None], here.to_numpy()[None])


def _points(shapes: pd.Series) -> pd.DataFrame:
    middle = shapely.centroid(np.where(shapes.notna(), shapes.to_numpy(dtype=object), None))
    return pd.DataFrame({"lon": shapely.get_x(middle), "lat": shapely.get_y(middle)}, index=shapes.index)


def _great_circle(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """By the haversine formula, of longitudes and latitudes in degrees (…, 2)."""
    (lon, lat), (lon2, lat2) = (np.moveaxis(np.radians(place), -1, 0) for place in (one, other))
    half = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(half))
