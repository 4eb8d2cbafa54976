"""What words mean is a commit of the store: it applies to all loads, changes the digest, and can be undone."""

import json

import pytest

from analytics.errors import LoadError, StoreError
from analytics.loaders.coded import OTHER
from analytics.store import Store, counts_of, load_into
from analytics.store.loading import Asked
from tests.store import made
from tests.store.test_export import TODAY

AREAS = "area_id,name,level\nA,A,grid\nB,B,grid\n"
HEAD = "incident_id,area_id,occurred_at,category,状态\n"
FIRST = HEAD + "1,A,2026-02-01,noise,甪曱\n2,B,2026-02-02,noise,囧烎\n"
SECOND = HEAD + "3,A,2026-02-03,noise,甪曱\n4,B,2026-02-03,甪噪声,open\n"


def loaded(store, name, content, values=None, table="incidents"):
    return load_into(store, table, (name, content.encode()), TODAY, made.ME, Asked(values=values))


@pytest.fixture
def store(tmp_path):
    found = Store.open(tmp_path / "home")
    loaded(found, "areas.csv", AREAS, table="areas")
    loaded(found, "first.csv", FIRST)
    return found


def unknown(store):
    return [(table, one.column, one.word, one.rows) for table, one in counts_of(store).unknown()]


def still_open(store):
    tally = counts_of(store).daily("incidents", "occurred_at", {}, only="dated")
    return int(tally.n.sum())


def test_a_mapping_applies_to_all_loads_those_to_come_too_and_is_undone_like_a_load(store):
    before, digest = unknown(store), store.digest()
    assert before == [("incidents", "status", "囧烎", 1), ("incidents", "status", "甪曱", 1)]
    number = store.map_words("incidents", "status", {"甪曱": "open"}, made.ME)
    assert store.digest() != digest
    report = loaded(store, "second.csv", SECOND)[0].report
    assert [(one.column, one.word, one.guess) for one in report.unknown] == [("category", "甪噪声", "noise")]
    assert unknown(store) == [("incidents", "category", "甪噪声", 1), ("incidents", "status", "囧烎", 1)]
    assert still_open(store) == 3
    assert store.table("incidents")["status"].tolist() == ["open", "囧烎", "open", "open"]
    assert "甪曱" in store.undo(number, made.ME)[0].text("zh")
    assert ("incidents", "status", "甪曱", 2) in unknown(store)
    assert still_open(store) == 1
    store.undo(store.loads()[0].number, made.ME)
    assert (unknown(store), store.digest()) == (before, digest)
    with pytest.raises(StoreError, match="already been undone"):
        store.undo(number, made.ME)


def test_the_newest_mapping_of_a_word_counts_however_it_is_written(store):
    store.map_words("incidents", "status", {"甪曱": "open", "囧烎": "void"}, made.ME)
    newer = store.map_words("incidents", "status", {" 甪曱 ": "closed"}, made.ME)
    assert (unknown(store), still_open(store)) == ([], 0)
    store.undo(newer, made.ME)
    assert still_open(store) == 1


def test_none_of_the_codes_at_the_load_is_known_until_the_load_is_undone(store):
    values = {"category": {"甪噪声": OTHER}}
    number = loaded(store, "second.csv", SECOND, values)[1].number
    assert not any(column == "category" for _, column, _, _ in unknown(store))
    assert store.table("incidents")["category"].tolist()[-1] == "甪噪声"
    store.undo(number, made.ME)
    # Remembered for files with these headers, and another meaning of the same file is another load.
    again = loaded(store, "second.csv", SECOND)
    assert again[0].reading.values == values
    assert loaded(store, "second.csv", SECOND, {})[1].replaced == (again[1].number,)


def test_what_was_remembered_before_words_could_be_mapped_is_still_read(store):
    (store.home / "columns" / "0a.json").write_text(json.dumps({"category": "小类", "channel": None}))
    assert (store.columns_for("0a"), store.values_for("0a")) == ({"category": "小类", "channel": None}, {})
    store.remember("0a", {"category": "大类"}, {"status": {"甪": "open"}})
    assert (store.columns_for("0a"), store.values_for("0a")) == ({"category": "大类"}, {"status": {"甪": "open"}})


def test_what_is_no_code_or_a_column_without_codes_is_refused(store):
    for table, column, words in (("incidents", "status", {"甪": "ended"}), ("incidents", "due_at", {"甪": "open"})):
        with pytest.raises(LoadError):
            store.map_words(table, column, words, made.ME)
    with pytest.raises(StoreError, match="only at import"):
        store.map_words("areas", "level", {"甪": "grid"}, made.ME)
    assert store.mappings() == ()


def test_the_ledger_takes_mappings_down(store):
    store.map_words("incidents", "status", {"甪曱": "open"}, made.ME)
    entry = store.commits()[-1]
    assert (entry.kind, entry.subject, entry.who) == ("words", "incidents.status", made.ME.name)
