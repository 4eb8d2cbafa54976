"""A list of areas can be changed whatever else is loaded: tables whose rows lie in no area say nothing of it."""

import pandas as pd
import pytest

from analytics.errors import HeldLoadError
from analytics.loaders import TABLES
from analytics.loaders.made_up import made_up_rows
from analytics.loaders.templates import template
from analytics.store import Store, load_into
from analytics.store.loading import Asked
from tests.store import made
from tests.store.test_export import TODAY


def loaded(store, table, content, confirmed=""):
    return load_into(store, table, (f"{table}.xlsx", content), TODAY, made.ME, Asked(confirmed=confirmed))


def listed(areas):
    return areas.reset_index().to_csv(index=False).encode()


@pytest.mark.parametrize("table", [table for table in TABLES if table != "areas"])
def test_areas_are_renamed_and_added_beside_any_table(tmp_path, monkeypatch, table):
    monkeypatch.setattr("os.fsync", lambda _: None)
    store = Store.open(tmp_path / "home")
    areas = made_up_rows("areas", "zh", None, TODAY).set_index("area_id")
    csv = "areas.csv"
    load_into(store, "areas", (csv, listed(areas)), TODAY, made.ME, Asked())
    content = template(table, "zh", areas, made_up=True, today=TODAY)
    assert not loaded(store, table, content)[0].report.refused
    left = areas.index[-1]
    changed = pd.concat([areas.rename({left: "another"}), areas.iloc[[-1]].rename({left: "one more"})])
    try:
        load_into(store, "areas", (csv, listed(changed)), TODAY, made.ME, Asked())
    except HeldLoadError:
        load_into(store, "areas", (csv, listed(changed)), TODAY, made.ME, Asked(confirmed="load"))
    assert {"another", "one more"} <= {*store.table("areas").index}
    assert left not in store.table("areas").index
