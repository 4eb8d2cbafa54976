"""The Data page lists words that nobody knows with a choice of codes, and maps them with one press."""

from analytics.store import Store, counts_of, load_into
from tests.pages.visits import keys, labels, press, said, visit
from tests.store import made
from tests.store.test_export import TODAY

AREAS = "area_id,name,level,population\nA,A,grid,900\nB,B,grid,900\n"
INCIDENTS = "incident_id,area_id,occurred_at,category,状态\n1,A,2026-02-01,甪噪声,甪曱\n2,B,2026-02-02,囧烎,open\n"


def own_store():
    store = Store.open()
    for table, text in (("areas", AREAS), ("incidents", INCIDENTS)):
        load_into(store, table, (f"{table}.csv", text.encode()), TODAY, made.ME)
    return store


def test_words_are_mapped_as_guessed_and_the_rest_with_one_press():
    store = own_store()
    app = visit("data")
    assert {"“甪噪声”1行", "“囧烎”1行", "“甪曱”1行"} <= set(labels(app))
    assert app.selectbox(key="word_incidents_category_甪噪声").value == "noise"
    press(app, "map_incidents_category")
    assert [one.words for one in store.mappings()] == [{"甪噪声": "noise"}]
    press(app, "other_incidents_category")
    assert "map_incidents_category" not in keys(app)
    app.selectbox(key="word_incidents_status_甪曱").select("void").run()
    press(app, "map_incidents_status")
    assert counts_of(store).unknown() == ()
    assert not any("甪" in text for text in said(app))


def test_who_may_not_load_sees_the_words_and_maps_none(monkeypatch):
    own_store()
    monkeypatch.setenv("FIVE_COLOUR_ROLE", "analyst")
    app = visit("data")
    assert "“甪曱”1行" in labels(app)
    assert app.button(key="other_incidents_status").disabled
