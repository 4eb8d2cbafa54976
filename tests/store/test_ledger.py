"""The ledger: what people decided, who may, and the audit trail that no one can change unnoticed."""

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.access import Actor
from analytics.errors import AccessError, LedgerError, SchemeError
from analytics.hidden_signs import hidden_signs
from analytics.store import ledger as ledger_module
from analytics.store.ledger import Ledger
from analytics.store.ledger_entries import OverrideEntry, ReleaseEntry
from analytics.store.ledger_tables import digest_of
from tests.long.sizes import many
from tests.store.books import KINDS, FileBook, empty_book

DAY = date(2026, 2, 10)
YAML = yaml.safe_dump(
    {
        "id": "made",
        "version": 3,
        "level": "grid",
        "dimensions": [
            {
                "id": "d",
                "weight": 1,
                "indicators": [
                    {
                        "id": "x",
                        "from": "areas",
                        "measure": "given",
                        "given": {"column": "x"},
                        "points": {"method": "none"},
                        "weight": 1,
                    }
                ],
            }
        ],
        "tiers": {"blue": 20, "yellow": 40, "orange": 60, "red": 80},
    }
)


@pytest.fixture(autouse=True)
def _no_ledger_of_the_machine(monkeypatch):
    monkeypatch.delenv("FIVE_COLOUR_LEDGER", raising=False)


ANALYST, ADMIN = Actor("丙", "analyst"), Actor("乙", "admin")


def decision(area="A", **changed):
    usual = {"scheme_id": "made", "tier": "red", "reason": "联合检查", "starts": DAY}
    usual |= {"expires": DAY + timedelta(days=3), "number": 0, "who": "", "role": "", "at": "", "withdrawn": None}
    return OverrideEntry(area_id=area, **(usual | changed))


def shown(ledger, area="A", who="甲", role="admin", confirmed=(), **changed):
    return ledger.override(Actor(who, role), decision(area, **changed), confirmed)


def planned(publish=True, scheme_id="made", draft=None, reason="", day=DAY):
    return ReleaseEntry(
        number=None, number_of_year=None, year=None, draft=draft, scheme_id=scheme_id, day=day,
        status="published" if publish else "draft", digest="", author="", role="", reason=reason, at="",
    )  # fmt: skip


def released(ledger, role="local", put=lambda entry: entry.name, confirmed=(), **settings):
    return ledger.add_release(Actor("甲", role), planned(**settings), put, confirmed)


def filled(ledger):
    """Write six entries, of every kind."""
    shown(ledger)
    ledger.withdraw(ADMIN, 1)
    ledger.save_scheme(ANALYST, YAML, "试行")
    ledger.adopt_scheme(ADMIN, 1)
    released(ledger, publish=False)
    released(ledger, draft=1)
    return ledger


# Overrides and schemes


def test_an_override_holds_on_its_days_and_expires_by_itself(ledger):
    number = shown(ledger)
    held = [len(ledger.overrides("made", DAY + timedelta(days=offset))) for offset in range(-1, 5)]
    assert held == [0, 1, 1, 1, 1, 0]
    (found,) = ledger.overrides("made", DAY)
    assert (found.number, found.area_id, found.tier, found.reason, found.role) == (
        number,
        "A",
        "red",
        "联合检查",
        "admin",
    )
    assert (found.starts, found.expires) == (DAY, DAY + timedelta(days=3))
    assert ledger.overrides("other", DAY) == ()


def test_a_withdrawn_override_no_longer_holds_and_cannot_be_withdrawn_again(ledger):
    shown(ledger)
    shown(ledger, tier="blue")
    ledger.withdraw(ADMIN, 1)
    assert [found.tier for found in ledger.overrides("made", DAY)] == ["blue"]
    for number in (1, 9):
        with pytest.raises(LedgerError):
            ledger.withdraw(ADMIN, number)
    assert ledger.verify_audit() == 3


@pytest.mark.parametrize(
    "wrong", [{"tier": "unknown"}, {"reason": " "}, {"reason": "测试\u202e一二三"}, {"expires": date(2026, 1, 1)}]
)
def test_a_wrong_override_is_refused_and_leaves_no_entry(ledger, wrong):
    with pytest.raises(LedgerError):
        shown(ledger, **wrong)
    assert ledger.audit() == ()


def test_each_decision_asks_for_its_own_role(ledger):
    with pytest.raises(AccessError):
        shown(ledger, role="keeper")
    with pytest.raises(AccessError):
        ledger.withdraw(ANALYST, 1)
    with pytest.raises(AccessError):
        ledger.save_scheme(Actor("甲", "leader"), YAML, "试行")
    with pytest.raises(AccessError):
        ledger.adopt_scheme(ANALYST, 1)
    with pytest.raises(AccessError):
        released(ledger, role="analyst")
    with pytest.raises(AccessError):
        released(ledger, role="leader", publish=False)
    assert ledger.audit() == ()


def test_a_scheme_is_saved_with_its_digest_and_adopted_until_another_is(ledger):
    first = ledger.save_scheme(ANALYST, YAML, "试行")
    second = ledger.save_scheme(ANALYST, YAML.replace("red: 80", "red: 75"), "放宽红线")
    assert (first.number, second.number, first.version) == (1, 2, 3)
    assert first.digest != second.digest
    for number in (1, 2, 1):
        ledger.adopt_scheme(ADMIN, number)
    versions = ledger.scheme_versions("made")
    assert max(versions, key=lambda version: version.adopted).number == 1
    assert versions[1].yaml_text.count("red: 75") == 1
    assert ledger.scheme_versions("other") == ()
    assert ledger.verify_audit() == 5


@pytest.mark.parametrize("post", ["王小明", "网格长张三", "网格长 13800138000"])
def test_a_scheme_whose_post_is_a_person_is_not_saved(ledger, post):
    action = "{cadence_days: 1, minutes_per_check: 5, text: {zh: 查, en: c}, post: {zh: POST, en: p}}"
    text = f"{YAML}\nmeasures: {{red: {action}}}\n"
    with pytest.raises((LedgerError, SchemeError)) as refused:
        ledger.save_scheme(ANALYST, text.replace("POST", post), "试行")
    assert post not in refused.value.text("zh")
    assert ledger.save_scheme(ANALYST, text.replace("POST", "网格长"), "试行").number == 1


def test_a_wrong_scheme_or_one_without_a_reason_is_not_saved(ledger):
    with pytest.raises(SchemeError):
        ledger.save_scheme(ANALYST, "id: made", "试行")
    with pytest.raises(LedgerError):
        ledger.save_scheme(ANALYST, YAML, "")
    with pytest.raises(LedgerError):
        ledger.adopt_scheme(ADMIN, 1)
    assert ledger.audit() == ()


# Numbers of releases


def test_the_number_of_the_year_begins_again_each_year_while_the_total_goes_on(ledger, monkeypatch):
    numbers = []
    for year in (2025, 2025, 2026, 2026, 2026, 2027):
        monkeypatch.setattr(ledger_module, "now", lambda year=year: f"{year}-12-31T23:59:59+08:00")
        found = released(ledger, scheme_id="ab"[len(numbers) % 2])
        numbers.append((found.year, found.number_of_year, found.number))
    assert numbers == [(2025, 1, 1), (2025, 2, 2), (2026, 1, 3), (2026, 2, 4), (2026, 3, 5), (2027, 1, 6)]
    assert [found.number for found in ledger.releases()] == [6, 5, 4, 3, 2, 1]
    assert [found.number for found in ledger.releases("a")] == [5, 3, 1]


def test_a_draft_has_its_own_number_until_it_is_published(ledger):
    released(ledger)
    assert released(ledger, publish=False).name == "D000001"
    assert released(ledger, publish=False).name == "D000002"
    published = released(ledger, draft=2)
    assert (published.name, published.number_of_year, published.status) == ("000002", 2, "published")
    assert [found.name for found in ledger.releases()] == ["D000001", "000002", "000001"]
    for wrong in (2, 7):
        with pytest.raises(LedgerError):
            released(ledger, draft=wrong)
    assert released(ledger, publish=False).name == "D000003"


def test_a_folder_that_could_not_be_laid_takes_no_number(ledger):
    def full(_entry):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        released(ledger, put=full)
    assert ledger.audit() == ()
    assert released(ledger).number == 1


# The audit trail


def test_every_change_is_one_entry_that_says_who_did_what_and_when(ledger):
    entries = filled(ledger).audit()
    assert [entry.action for entry in entries] == [
        "override",
        "withdraw",
        "save_scheme",
        "adopt_scheme",
        "draft",
        "publish",
    ]
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert (entries[1].who, entries[1].role, entries[1].subject) == ("乙", "admin", "made/A")
    assert entries[2].detail["row"]["reason"] == "试行"
    assert [entry.before_digest for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]


@pytest.fixture(scope="module", params=KINDS)
def six(request, tmp_path_factory):
    found = empty_book(request.param, tmp_path_factory.mktemp("six"), request)
    filled(found.open())
    return found


@pytest.fixture
def copy(six, tmp_path):
    found = six.copied(tmp_path)
    assert found.open().verify_audit() == 6
    return found


def assert_refused(book, number):
    with pytest.raises(LedgerError, match=f"^Entry {number} of the audit trail"):
        book.open().verify_audit()


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("column", ["at", "who", "role", "action", "subject", "detail", "before_digest", "digest"])
def test_a_changed_entry_is_named(copy, column, number):
    copy.raw(f"UPDATE audit SET {column} = replace({column}, substr({column}, -1), '~') WHERE number = {number}")
    assert_refused(copy, number)


@pytest.mark.parametrize("number", range(1, 7))
def test_a_removed_entry_is_named_the_last_one_too(copy, number):
    copy.raw(f"DELETE FROM audit WHERE number = {number}")
    assert_refused(copy, number)


def test_all_entries_removed_are_missed(copy):
    copy.raw("DELETE FROM audit")
    assert_refused(copy, 1)


@pytest.mark.parametrize("number", range(1, 7))
def test_an_inserted_entry_is_named(copy, number):
    copy.raw(
        f"UPDATE audit SET number = number + 100 WHERE number > {number}",
        f"UPDATE audit SET number = number - 99 WHERE number > {number + 1}",
        f"INSERT INTO audit SELECT {number + 1}, at, who, role, action, subject, detail, digest, digest "
        f"FROM audit WHERE number = {number}",
    )
    assert_refused(copy, number + 1)


@pytest.mark.parametrize("number", range(1, 6))
def test_swapped_entries_are_named(copy, number):
    copy.raw(
        f"UPDATE audit SET number = 99 WHERE number = {number}",
        f"UPDATE audit SET number = {number} WHERE number = {number + 1}",
        f"UPDATE audit SET number = {number + 1} WHERE number = 99",
    )
    assert_refused(copy, number)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("overrides", "UPDATE overrides SET withdrawn = NULL"),
        ("overrides", "UPDATE overrides SET expires = '2030-01-01'"),
        ("releases", "UPDATE releases SET digest = 'another'"),
        ("releases", "DELETE FROM releases"),
        ("scheme_versions", "UPDATE scheme_versions SET yaml_text = yaml_text || ' '"),
        ("scheme_versions", "UPDATE scheme_versions SET adopted = 9"),
        (
            "overrides",
            "INSERT INTO overrides (key, scheme_id, area_id, tier, reason, who, role, starts, expires, at, entry) "
            "SELECT 2, scheme_id, area_id, tier, reason, who, role, starts, expires, at, entry FROM overrides",
        ),
    ],
)
def test_a_table_that_says_what_the_trail_does_not_is_named(copy, table, statement):
    copy.raw(statement)
    with pytest.raises(LedgerError, match=f"row [12] of the table {table}"):
        copy.open().verify_audit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'x'",
        "DELETE FROM audit WHERE number = 6",
        "DELETE FROM releases",
        "DELETE FROM overrides",
        "DELETE FROM scheme_versions",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove(copy, statement):
    with pytest.raises(copy.refusal, match="append-only"):
        copy.raw(statement, protected=True)
    assert copy.open().verify_audit() == 6


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        (
            "sqlite",
            "REPLACE INTO audit "
            "SELECT number, at, 'x', role, action, subject, detail, before_digest, digest FROM audit",
        ),
        ("postgresql", "TRUNCATE audit"),
        ("postgresql", "TRUNCATE releases, overrides"),
        (
            "postgresql",
            "INSERT INTO audit SELECT number, at, 'x', role, action, subject, detail, before_digest, digest FROM audit "
            "ON CONFLICT (number) DO UPDATE SET who = 'x'",
        ),
    ],
)
def test_no_way_around_that_a_database_knows_is_open(request, tmp_path, kind, statement):
    found = empty_book(kind, tmp_path, request)
    filled(found.open())
    with pytest.raises(found.refusal, match="append-only"):
        found.raw(statement, protected=True)
    assert found.open().verify_audit() == 6


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
seen = text.map(lambda some: "".join(sign for sign in some if not hidden_signs(sign)))
entries = st.fixed_dictionaries(dict.fromkeys(("at", "who", "role", "action", "subject", "detail"), text))


@given(entries, st.integers(1, 10**6), st.sampled_from(["at", "who", "role", "action", "subject", "detail"]), text)
def test_no_other_entry_has_the_same_digest(entry, number, changed, other):
    entry = {"number": number, **entry}
    assert (digest_of(entry) == digest_of(entry | {changed: other})) == (entry[changed] == other)
    assert digest_of(entry) != digest_of(entry | {"number": number + 1})
    assert digest_of(dict(reversed(entry.items()))) == digest_of(entry)


@given(st.lists(st.tuples(seen.filter(str.strip), text, st.booleans()), min_size=1, max_size=8), st.data())
@settings(max_examples=many(10))
def test_any_decisions_are_told_again_by_the_trail_and_no_order_of_them_by_another(tmp_path_factory, decided, data):
    home = tmp_path_factory.mktemp("any")
    ledger = Ledger.open(None, home)
    for reason, who, withdrawn in decided:
        number = shown(ledger, reason=reason, who=who)
        if withdrawn:
            ledger.withdraw(Actor(who, "admin"), number)
    held = [(found.reason, found.who) for found in ledger.overrides("made", DAY)]
    assert held == [(reason, who) for reason, who, withdrawn in decided if not withdrawn]
    count = len(decided) + sum(withdrawn for *_, withdrawn in decided)
    assert ledger.verify_audit() == count
    first = data.draw(st.integers(1, count))
    FileBook(home).raw(f"UPDATE audit SET detail = detail || ' ' WHERE number >= {first}")
    assert_refused(FileBook(home), first)


# A ledger that cannot be read or written


def test_a_ledger_that_lost_a_table_gives_one_sentence(copy):
    copy.raw("DROP TABLE overrides")
    with pytest.raises(LedgerError, match="is damaged"):
        copy.open().overrides("made", DAY)


def test_a_ledger_that_lost_its_format_gives_one_sentence(copy):
    copy.raw("DELETE FROM ledger_format")
    with pytest.raises(LedgerError, match="is damaged"):
        copy.open()


def test_a_day_that_is_none_gives_one_sentence(copy):
    copy.raw("UPDATE releases SET day = 'never'")
    with pytest.raises(LedgerError, match="is damaged"):
        copy.open().releases()
