"""The building sweep of the made-up street: five grids in ten days, as a platform would export it. A seeded script:

    python -m sample_data.make_sweep

It writes ``demo_street/campaigns/five_grids``. Who is at home, who does not agree and which homes are empty is drawn
without a look at any tier. The numbers at the end are those of a rehearsal: of 1,889 households 1,790 recorded, 71
called three times in vain, 17 that did not agree and 11 empty; of 32 shops one closed down.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.loaders import load_records
from analytics.response.campaign import Campaign, campaign_from
from analytics.response.sweep import Register, register_of, tally
from analytics.response.sweep_plan import pairs_of, plan
from analytics.response.sweep_rounds import CALL_COLUMNS
from analytics.store.campaigns import CALLS, CampaignFolder

STREET = Path(__file__).parent / "demo_street"
FOLDER = STREET / "campaigns" / "five_grids"
SEED = 20261020
VACANT, NOT_AGREED, IN_VAIN = 11, 17, 71
AT_HOME = (0.65, 0.25, 0.10)
"""Of those who are recorded in the end: at the first, the second and the third call."""
FIRST_DAYS, SECOND_DAYS, THIRD_DAYS = range(4), range(4, 6), range(6, 10)
"""Second calls are made at the weekend, all of them in the evening."""


def main() -> None:
    """Write the rounds beside the campaign, in place of those before."""
    campaign, register, teams = read()
    for old in (FOLDER / CALLS).glob("*.json"):
        old.unlink()
    rows = rounds(campaign, register, teams)
    # Not the moment at which the script ran: the same seed gives the same file.
    about = {"source": "made by a program", "at": f"{campaign.last}T24:00:00"}
    number = CampaignFolder(FOLDER).add(CALLS, rows, about)
    assert number == 1


def read() -> tuple[Campaign, Register, pd.DataFrame]:
    """The campaign, its register and the teams of the street."""
    files = {"areas": "areas.geojson", "places": "places.csv", "teams": "teams.csv"}
    records, _ = load_records({table: STREET / file for table, file in files.items()}, date(2026, 11, 1))
    campaign = campaign_from((FOLDER / "campaign.yaml").read_bytes(), "campaign.yaml")
    return campaign, register_of(campaign, records.areas, records.places), records.teams


def rounds(campaign: Campaign, register: Register, teams: pd.DataFrame) -> pd.DataFrame:
    """All rounds of the campaign (`CALL_COLUMNS`)."""
    rng = np.random.default_rng(SEED)
    buildings = register.places[register.places["kind"] == "building"]
    fates = _fates(int(buildings["units"].sum()), rng)
    pairs = pairs_of(campaign, teams)
    begin = tally(campaign, register, None, None, campaign.first - timedelta(days=1))
    holder = plan(begin, pairs).held.drop_duplicates("place_id").set_index("place_id")["team"]
    size = (register.persons / buildings.groupby("area_id")["units"].sum()).to_dict()
    first = [_round(campaign, buildings, fates, 1, holder, size, rng), _premises(campaign, register, holder, rng)]
    second = _round(campaign, buildings, fates, 2, holder, size, rng)
    before = pd.concat([*first, second], ignore_index=True)
    later = tally(campaign, register, before, None, campaign.first + timedelta(days=THIRD_DAYS.start))
    moved = plan(later, pairs).held.drop_duplicates("place_id").set_index("place_id")["team"]
    third = _round(campaign, buildings, fates, 3, moved.combine_first(holder), size, rng)
    every = pd.concat([before, third], ignore_index=True)
    return every.sort_values(["checked_at", "place_id"], ignore_index=True)


def _fates(households: int, rng: np.random.Generator) -> np.ndarray:
    """What becomes of each household: recorded at call 1, 2 or 3; 0 in vain, -1 did not agree, -2 vacant."""
    fates = np.zeros(households, dtype="int64")
    fates[IN_VAIN:] = rng.choice([1, 2, 3], households - IN_VAIN, p=AT_HOME)
    fates[IN_VAIN : IN_VAIN + NOT_AGREED] = -1
    fates[IN_VAIN + NOT_AGREED : IN_VAIN + NOT_AGREED + VACANT] = -2
    return rng.permutation(fates)


def _round(
    campaign: Campaign, buildings: pd.DataFrame, fates: np.ndarray, call: int, holder: pd.Series,
    size: dict[str, float], rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    days = (FIRST_DAYS, SECOND_DAYS, THIRD_DAYS)[call - 1]
    ends = buildings["units"].cumsum().astype("int64")
    for place, end in ends.items():
        own = fates[end - int(buildings["units"][place]) : end]
        asked = own if call == 1 else own[(own == 0) | (own >= call)]
        if not len(asked):
            continue
        met = int((asked == call).sum())
        refused, vacant = (int((asked == fate).sum()) if call == 1 else 0 for fate in (-1, -2))
        more = rng.poisson(max(size[str(buildings["area_id"][place])] - 1, 0.1), met).sum()
        moment = _moment(campaign, int(rng.choice(list(days))), 18 * 60 + 30, 20 * 60 + 30, rng)
        rows.append(
            (place, moment, holder.get(place, ""), call, len(asked), met, met, refused, vacant, met + int(more))
        )
    return pd.DataFrame(rows, columns=list(CALL_COLUMNS)).astype({"persons": "float64"})


def _premises(campaign: Campaign, register: Register, holder: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Shops and venues, each called once in its hours; one shop has closed down."""
    held = register.places[register.places["kind"] != "building"]
    closed = rng.choice(held.index[held["kind"] == "shop"])
    rows = []
    for place in held.index:
        moment = _moment(campaign, int(rng.integers(0, len(campaign.days()))), 10 * 60, 17 * 60, rng)
        open_ = int(place != closed)
        rows.append((place, moment, holder.get(place, ""), 1, 1, open_, open_, 0, 1 - open_, np.nan))
    return pd.DataFrame(rows, columns=list(CALL_COLUMNS))


def _moment(campaign: Campaign, day: int, first: int, last: int, rng: np.random.Generator) -> datetime:
    minutes = int(rng.integers(first, last))
    return datetime.combine(campaign.first, time()) + timedelta(days=day, minutes=minutes)


if __name__ == "__main__":
    main()
