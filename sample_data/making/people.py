"""Who lives in the street and what stands there: areas with their sizes, residents by group, places, teams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from making.names import community_and_grid_words
from making.plan import Plan

AGE_BANDS = ("0-17", "18-59", "60-69", "70-79", "80+")
TENURES = ("own", "rent", "lodge")
ORIGINS = ("local", "elsewhere")


@dataclass(frozen=True)
class _Character:
    """What kind of quarter a community is; a grid varies about it."""

    household_size: float
    elders: float  # share of residents aged 60 and over
    elders_alone: float  # share of those aged 60 and over who live alone
    rent: float  # share of residents who rent
    shops: float  # shops in a grid
    busy: float  # how much is reported there, 1 being usual


_OLD_QUARTER = _Character(2.25, 0.37, 0.21, 0.16, 6, 1.25)
_MARKET = _Character(2.45, 0.16, 0.10, 0.52, 10, 1.40)
_WORKSHOPS = _Character(2.35, 0.13, 0.09, 0.41, 6, 1.05)
_MIXED = _Character(2.60, 0.22, 0.12, 0.22, 6, 0.95)
_NEW_ESTATE = _Character(2.85, 0.13, 0.07, 0.11, 4, 0.62)
# One community after another, over and over: no two quiet ones lie side by side in the default street.
_CHARACTERS = (_OLD_QUARTER, _NEW_ESTATE, _MARKET, _MIXED, _MIXED, _OLD_QUARTER, _WORKSHOPS, _NEW_ESTATE)

_DEPARTMENTS = (
    ("派出所、司法所", "治安巡防组", 12, "patrol;sweep"),
    ("综合行政执法中队、城建办", "街面秩序组", 14, "patrol"),
    ("消防救援站、应急办", "消防检查组", 14, "patrol;sweep"),
    ("社区卫生服务中心、卫健办", "健康随访组", 13, "visit;medical"),
    ("民政办、残联", "助老服务组", 12, "visit"),
    ("市场监管所、经发办", "场所检查组", 13, "patrol"),
    ("流动人口服务站、房管所", "出租房核查组", 14, "visit;sweep"),
    ("网格管理中心、综治中心", "专职网格员组", 18, "patrol;visit;sweep"),
    ("志愿服务队", "邻里互助组", 10, "visit"),
)
"""Departments, name, people and skills of each team: 17 departments and 120 people."""
_LEADS = ("包联领导", "社区书记", "值班领导")
"""Posts that lead a team, in turn."""

DWELLINGS, PREMISES = ("building", "rental"), ("shop", "venue")
_USES = {
    "building": (("residential", "mixed"), (0.85, 0.15)),
    "rental": (("whole_let", "shared_let"), (0.6, 0.4)),
    "shop": (("food", "retail", "repair", "service"), (0.35, 0.35, 0.1, 0.2)),
    "venue": (("market", "clinic", "school", "activity_hall", "gym"), (0.2, 0.15, 0.2, 0.3, 0.15)),
}
_LEAST_BEDS, _MOST_BEDS = {"whole_let": 0.4, "shared_let": 0.7}, {"whole_let": 1.0, "shared_let": 1.5}
"""Beds of a rented home for each person that it is meant for."""


@dataclass(frozen=True)
class Grids:
    """The grids in one frame (index ``area_id``), with polygons in the same order.

    ``frame`` holds name, parent_id and sizes, and the hidden character that residents and incidents are drawn from.
    ``uncounted`` marks grids without a head count (no population, no residents); ``new`` those of them that were set up
    only lately, and whose households are not known either.
    """

    frame: pd.DataFrame
    polygons: np.ndarray


def settle(plan: Plan, rng: np.random.Generator) -> tuple[Grids, pd.DataFrame]:
    """The grids with their sizes and characters, and a frame of communities (index ``area_id``) with their street."""
    communities = _communities(plan)
    count = len(plan.grids)
    words = community_and_grid_words(len(communities), count)[1]
    number = pd.Series(plan.community_of).groupby(plan.community_of).cumcount().to_numpy() + 1
    parent = communities.index.to_numpy()[plan.community_of]
    kind = pd.DataFrame([vars(_CHARACTERS[c % len(_CHARACTERS)]) for c in plan.community_of])
    households = rng.integers(300, 501, count)
    frame = pd.DataFrame(
        {
            "name": communities["name"].to_numpy()[plan.community_of] + np.array(words, dtype=object) + "网格",
            "parent_id": parent,
            "households": households,
            "population": np.round(households * kind["household_size"] * rng.uniform(0.93, 1.07, count)).astype(int),
            "buildings": rng.integers(8, 15, count),
            "rentals": 2 + rng.poisson(16 * kind["rent"]),
            "shops": 1 + rng.poisson(kind["shops"] - 1),
            "venues": 1 + rng.poisson(1.2, count),
            "elders": np.clip(kind["elders"] * rng.lognormal(0, 0.16, count), 0.05, 0.55),
            "elders_alone": np.clip(kind["elders_alone"] * rng.lognormal(0, 0.36, count), 0.02, 0.42),
            "rent": np.clip(kind["rent"] * rng.lognormal(0, 0.36, count), 0.03, 0.78),
            # A gamma multiplier makes the counts of incidents negative binomial over the grids.
            "busy": kind["busy"] * rng.gamma(5.0, 1 / 5.0, count),
            "slow": rng.normal(0, 0.28, count) + rng.normal(0, 0.16, len(communities))[plan.community_of],
        }
    )
    frame.index = pd.Index([f"{p}-{n:02d}" for p, n in zip(parent, number, strict=True)], name="area_id")
    frame["new"], frame["uncounted"] = _without_head_count(plan, rng)
    return Grids(frame, plan.grids), communities


def _communities(plan: Plan) -> pd.DataFrame:
    words = community_and_grid_words(len(plan.street_of), 0)[0]
    streets = len(set(plan.street_of.tolist()))
    street_ids = np.array(["DS"] if streets == 1 else [f"DS{s + 1:03d}" for s in range(streets)], dtype=object)
    number = pd.Series(plan.street_of).groupby(plan.street_of).cumcount() + 1
    parents = street_ids[plan.street_of]
    return pd.DataFrame(
        {"name": [f"{word}社区" for word in words], "parent_id": parents},
        index=pd.Index([f"{p}-{n:02d}" for p, n in zip(parents, number, strict=True)], name="area_id"),
    )


def _without_head_count(plan: Plan, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two marks: grids newly set up, and all grids without a head count. Both lie in different communities."""
    pairs = max(1, round(len(plan.grids) / 52))
    first_grids = np.flatnonzero(np.diff(plan.community_of, prepend=-1))
    picked = rng.choice(len(first_grids), 2 * pairs, replace=False)
    at = first_grids[picked] + rng.integers(0, 5, 2 * pairs)  # a community has at least five grids
    new, uncounted = np.zeros(len(plan.grids), bool), np.zeros(len(plan.grids), bool)
    new[at[:pairs]] = True
    uncounted[at] = True
    return new, uncounted


def area_features(grids: Grids, communities: pd.DataFrame, counted: pd.DataFrame) -> list[dict]:
    """GeoJSON features of street, communities and grids, from large to small. A sum leaves out what is not known.

    ``counted`` are the residents: the share of renters is counted from them.
    """
    frame = grids.frame
    sizes = frame[["population", "households", "buildings", "shops"]].astype("Int64")
    sizes.loc[frame["uncounted"], "population"] = pd.NA
    sizes.loc[frame["new"], "households"] = pd.NA
    sizes["renters"] = counted[counted["tenure"] == "rent"].groupby("area_id")["count"].sum().astype("Int64")
    community_of = frame["parent_id"]
    street_of = community_of.map(communities["parent_id"])
    features = []
    for street, members in frame.groupby(street_of.to_numpy(), sort=True).groups.items():
        name = "示例街道" if street == "DS" else f"示例第{int(street[2:])}街道"
        features.append(_feature(street, name, "street", None, sizes.loc[members].sum(), _union(grids, members)))
    for community, members in frame.groupby("parent_id", sort=True).groups.items():
        row = communities.loc[community]
        shape = _union(grids, members)
        features.append(
            _feature(community, row["name"], "community", row["parent_id"], sizes.loc[members].sum(), shape)
        )
    for (area_id, row), (_, size), shape in zip(frame.iterrows(), sizes.iterrows(), grids.polygons, strict=True):
        features.append(_feature(area_id, row["name"], "grid", row["parent_id"], size, shape))
    return features


def _union(grids: Grids, members: pd.Index) -> shapely.Geometry:
    return shapely.normalize(shapely.coverage_union_all(grids.polygons[grids.frame.index.get_indexer(members)]))


def _feature(area_id: str, name: str, level: str, parent: str | None, size: pd.Series, shape: shapely.Geometry) -> dict:
    properties = {"area_id": area_id, "name": name, "level": level, "parent_id": parent}
    if area_id == "DS":  # the only street has an official English name; all others are spelt by their sound
        properties["name_en"] = "Demo Subdistrict"
    properties |= {column: None if pd.isna(value) else int(value) for column, value in size.items()}
    renters, population = properties.pop("renters"), properties["population"]
    if renters is not None:  # absent, not zero, where nobody was counted
        properties["renter_share"] = round(100 * renters / population, 1)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(shape),
    }


def residents(grids: Grids, as_of: str, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of residents of one kind, without identity; the counts of a grid sum to its population."""
    known = grids.frame[~grids.frame["uncounted"]]
    cells = pd.MultiIndex.from_product(
        [AGE_BANDS, (0, 1), TENURES, ORIGINS], names=["age_band", "lives_alone", "tenure", "origin"]
    )
    tables = []
    for area_id, grid in known.iterrows():
        counts = rng.multinomial(int(grid["population"]), _chances(grid).ravel())
        held = counts > 0
        tables.append(cells[held].to_frame(index=False).assign(area_id=area_id, count=counts[held]))
    columns = ["area_id", "count", *cells.names]
    return pd.concat(tables, ignore_index=True)[columns].assign(as_of=as_of)


def _chances(grid: pd.Series) -> np.ndarray:
    """Chance of each (age band, lives alone, tenure, origin) for one resident of a grid."""
    elders, rent = grid["elders"], grid["rent"]
    children = 0.19 * (1 - elders)
    age = np.array([children, 1 - children - elders, 0.55 * elders, 0.29 * elders, 0.16 * elders])
    alone = np.array([0, 0.05 + 0.12 * rent, *(grid["elders_alone"] * np.array([0.75, 1.15, 1.55]))]).clip(0, 0.7)
    renting = (rent * np.array([0.95, 1.2, 0.4, 0.3, 0.3])).clip(0, 0.85)
    lodging = np.array([0.01, 0.03, 0.01, 0.01, 0.01])
    tenure = np.column_stack([1 - renting - lodging, renting, lodging])
    elsewhere = np.array([0.10, 0.74, 0.62])
    origin = np.column_stack([1 - elsewhere, elsewhere])
    living = np.column_stack([1 - alone, alone])
    chances = np.einsum("a,al,at,to->alto", age, living, tenure, origin)
    return chances / chances.sum()


def places(grids: Grids, rng: np.random.Generator) -> pd.DataFrame:
    """Buildings, rentals, shops and venues; the capacities of a grid's buildings sum to its households."""
    frame = grids.frame
    kinds = {"building": "buildings", "rental": "rentals", "shop": "shops", "venue": "venues"}
    rows = []
    for area_id, grid in frame.iterrows():
        for kind, column in kinds.items():
            count = int(grid[column])
            if kind == "building":
                capacity = 4 + rng.multinomial(int(grid["households"]) - 4 * count, np.full(count, 1 / count))
            else:
                low, high = {"rental": (2, 15), "shop": (2, 30), "venue": (30, 400)}[kind]
                capacity = rng.integers(low, high, count)
            uses = rng.choice(_USES[kind][0], count, p=_USES[kind][1])
            rows += [(area_id, kind, size, use) for size, use in zip(capacity.tolist(), uses.tolist(), strict=True)]
    table = pd.DataFrame(rows, columns=["area_id", "kind", "capacity", "use"])
    table.insert(0, "place_id", [f"PL{n:05d}" for n in range(1, len(table) + 1)])
    return table


def lets(places: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The places with what a register says of the rented homes among them: whether they are registered, oftener in some
    grids than in others, and their beds, of which rooms let one by one hold more than homes let whole. Of other places
    it says nothing."""
    let = places[places["kind"] == "rental"]
    grids = let["area_id"].unique()
    habit = pd.Series(rng.beta(6, 1.4, len(grids)), index=grids)[let["area_id"]].to_numpy()
    low, high = (let["use"].map(bound) for bound in (_LEAST_BEDS, _MOST_BEDS))
    beds = np.maximum(1, np.round(let["capacity"] * rng.uniform(low, high)))
    told = pd.DataFrame({"registered": rng.random(len(let)) < habit, "beds": beds}, index=let.index)
    return places.join(told.astype("Int64"))


def teams(communities: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Nine teams a street, of 17 departments and 120 people, each tied to a community and led by a post."""
    rows = []
    for _, members in communities.groupby("parent_id", sort=True).groups.items():
        homes = rng.permutation(members.to_numpy())
        for place, (department, name, people, skills) in enumerate(_DEPARTMENTS):
            hours, lead = float(rng.choice([6, 7, 7.5, 8])), _LEADS[place % len(_LEADS)]
            rows.append((name, department, people, homes[place % len(homes)], skills, hours, lead))
    columns = ["name", "department", "members", "home_area_id", "skills", "hours_per_day", "lead_post"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "team_id", [f"T{n:02d}" for n in range(1, len(table) + 1)])
    return table
