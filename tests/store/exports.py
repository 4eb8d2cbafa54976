"""Exports of incidents that are made up, as an office sends them one after the other, and what can go wrong with it."""

import numpy as np
import pandas as pd

from tests.store import made

SYLLABLES = ("ka", "lo", "mi", "re", "su", "ta", "vo", "zin")


def words(random, number):
    """Different words that no table knows."""
    found = set()
    while len(found) < number:
        found.add("".join(random.choice(SYLLABLES, random.integers(2, 4))))
    return sorted(found)


def rows(random, days, most_areas=8, spread=2.0, first="2026-01-01"):
    """Incidents of some days, areas, kinds and channels: counts of a day and area with a variance of ``spread`` times
    their mean."""
    areas = [f"A{at}" for at in range(int(random.integers(3, most_areas)))]
    kinds, channels = words(random, int(random.integers(2, 6))), words(random, int(random.integers(2, 4)))
    mean = random.uniform(0.5, 4, len(areas))
    shape = mean / (spread - 1) if spread > 1 else None
    drawn = random.poisson(mean, (days, len(areas))) if shape is None else random.negative_binomial(
        shape, 1 / spread, (days, len(areas))
    )  # fmt: skip
    day, area = (np.repeat(index.ravel(), drawn.ravel()) for index in np.indices(drawn.shape))
    number = len(day)
    occurred = (pd.Timestamp(first) + pd.to_timedelta(day, "D")).as_unit("us")
    closed = pd.Series(occurred + pd.Timedelta(days=2)).where(random.random(number) < 0.8)
    return pd.DataFrame(
        {
            "area_id": np.array(areas)[area],
            "incident_id": [f"{first[:4]}-{at}" for at in range(number)],
            "occurred_at": occurred,
            "category": random.choice(kinds, number),
            "channel": random.choice(channels, number),
            "severity": None,
            "status": np.where(closed.notna(), "closed", "open"),
            "due_at": pd.Series(occurred + pd.Timedelta(days=5)),
            "closed_at": closed.to_numpy(),
            "satisfied": pd.Series(random.random(number) < 0.5, dtype="boolean"),
        }
    )


def export(frame, source="incidents.csv"):
    """What a loader makes of the rows."""
    return made.of("incidents", frame.reset_index(drop=True), source)


def any_rows(random, frame):
    return frame[random.random(len(frame)) > random.uniform(0.05, 0.9)]


def cut_file(random, frame):
    by = random.choice(["incident_id", "area_id", "occurred_at", "category"])
    return frame.sort_values(by).iloc[: int(len(frame) * random.uniform(0.55, 0.95))]


def last_days(random, frame):
    return frame[frame["occurred_at"] < frame["occurred_at"].max() - pd.Timedelta(days=int(random.integers(1, 20)))]


def one_value(column):
    def damage(random, frame):
        return frame[frame[column] != random.choice(frame[column].unique())]

    return damage


def renamed(column):
    def damage(random, frame):
        chosen = random.choice(frame[column].unique())
        return frame.assign(**{column: frame[column].mask(frame[column] == chosen, "another")})

    return damage


def emptied(column):
    def damage(random, frame):
        return frame.assign(**{column: frame[column].mask(random.random(len(frame)) < random.uniform(0.3, 1))})

    return damage


def shifted(random, frame):
    days = pd.Timedelta(days=int(random.choice([-30, -7, -1, 1, 7, 30])))
    return frame.assign(occurred_at=(frame["occurred_at"] + days).astype(frame["occurred_at"].dtype))


DAMAGES = {
    "rows": any_rows,
    "cut": cut_file,
    "last days": last_days,
    "an area": one_value("area_id"),
    "a kind": one_value("category"),
    "a feed": one_value("channel"),
    "kind renamed": renamed("category"),
    "area renamed": renamed("area_id"),
    "feed renamed": renamed("channel"),
    "closing days": emptied("closed_at"),
    "due days": emptied("due_at"),
    "dates": shifted,
}
