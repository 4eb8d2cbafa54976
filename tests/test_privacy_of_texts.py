"""What somebody types of a person is refused wherever it could enter, and nothing of it stays or is said again."""

import io
import logging

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.scheme import reading
from analytics.store import HOME_SETTING
from tests.pages.test_release_pages import fill_in, opened
from tests.pages.visits import field, said
from tests.test_privacy import IDENTITY, PHONE, PLATE, ROOT, leaks, leaks_under

TYPED = {
    "phone": f"反映人{PHONE}，已处置",
    "phone_parted": f"反映人{PHONE[:3]}-{PHONE[3:7]}-{PHONE[7:]}",
    "id": f"当事人证号{IDENTITY}",
    "plate": f"{PLATE}占道",
}
MORE = (PHONE[3:7] + "-" + PHONE[7:], PHONE[:3] + "-" + PHONE[3:7])
STREET = ROOT / "sample_data" / "demo_street"


def told(text):
    return [*leaks(text), *(one for one in MORE if one in text)]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A home with records and a release, and who reads what a command says."""
    home = tmp_path_factory.mktemp("typed") / "home"
    for table in ("areas", "residents", "incidents"):
        file = next(STREET.glob(f"{table}.*"))
        assert main(["load", str(file), "--as", table, "--home", str(home)]) in (0, 3)
    assert main([*RELEASE, "--publish", "--reason", "例会", "--home", str(home)]) == 0
    assert main(["task-add", "清理通道", "--post", "网格长", "--days", "3", "--home", str(home)]) == 0
    return home


def written(folder, name, text):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def scheme_with(old, new):
    text = (reading.PACKS / "epidemic.yaml").read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


RELEASE = ("release", "--scheme", "epidemic", "--date", "2026-10-31")
ENTRIES = {
    "release": lambda text, _: [*RELEASE, "--publish", "--reason", text],
    "draft": lambda text, _: [*RELEASE, "--reason", text],
    "withdrawal": lambda text, _: ["withdraw-release", "1", "--reason", text],
    "override": lambda text, _: [
        *("override", "DS-01-01", "red", "--scheme", "epidemic", "--from", "2026-10-31", "--to", "2026-11-01"),
        *("--reason", text),
    ],
    "void": lambda text, _: ["void", "incidents", "SJ00001", "--reason", text],
    "settings": lambda text, _: ["settings", f"office_zh={text}"],
    "setting without a name": lambda text, _: ["settings", text],
    "name of a setting": lambda text, _: ["settings", f"{text}=东桥"],
    "number of a record": lambda text, _: ["void", "incidents", text, "--reason", "重复"],
    "letterhead": lambda text, _: ["settings", f"letterhead_zh={text}"],
    "assignment": lambda text, _: ["task-add", text, "--post", "网格长", "--days", "3"],
    "post": lambda text, _: ["task-add", "清理", "--post", text, "--days", "3"],
    "step": lambda text, _: ["task-step", "1", "report", "--text", text],
    "scheme's reason": lambda text, folder: [
        "save-scheme", written(folder, "s.yaml", scheme_with("red: 55", "red: 56")), "--reason", text
    ],
    "scheme's note": lambda text, folder: [
        "save-scheme", written(folder, "s.yaml", scheme_with("note:", f'note: {{zh: "{text}", en: "x"}}\nother:')),
        "--reason", "核对",
    ],
    "scheme's comment": lambda text, folder: [
        "save-scheme", written(folder, "s.yaml", f"{scheme_with('red: 55', 'red: 56')}\n# {text}\n"), "--reason", "核对"
    ],
    "scheme to try": lambda text, folder: [
        "check-scheme", written(folder, "s.yaml", f"{scheme_with('red: 55', 'red: 56')}\n# {text}\n")
    ],
    "word": lambda text, _: ["words", "--map", "incidents.category", text, "noise"],
}  # fmt: skip


NO_TEXTS = ("setting without a name", "name of a setting", "number of a record")
"""Refused for something else, without being said again."""


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize("entry", ENTRIES)
def test_what_is_typed_is_refused_before_it_enters_and_not_said_again(office, tmp_path, capfd, caplog, entry, kind):
    caplog.set_level(logging.DEBUG)
    before = {file: file.stat().st_mtime_ns for file in office.rglob("*.sqlite")}
    commits = sorted((office / "records").rglob("*"))
    home = [] if entry == "scheme to try" else ["--home", str(office)]
    for lang, sign in (("zh", "请删去"), ("en", "Remove it")):
        assert main([*ENTRIES[entry](TYPED[kind], tmp_path), *home, "--lang", lang]) == 2
        heard = capfd.readouterr()
        assert (sign in heard.err) == (entry not in NO_TEXTS)
        assert told(heard.out + heard.err + caplog.text) == []
    assert {file: file.stat().st_mtime_ns for file in office.rglob("*.sqlite")} == before
    assert sorted((office / "records").rglob("*")) == commits
    assert leaks_under(office) == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_of_areas_sheets_and_kinds_leave_no_trace(tmp_path, capfd, caplog, monkeypatch, lang):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(HOME_SETTING, str(tmp_path / "kept" / "home"))
    given = tmp_path / "given"
    given.mkdir()
    areas = f"网格编码,网格名称,层级\nG1,第一网格,网格\nG2,{PHONE}家,网格\nG3,{PLATE},网格\nG4,{IDENTITY},网格\n"
    kinds = "".join(
        f"S{at},G1,2026-01-{1 + at:02},{word}\n" for at, word in enumerate([*TYPED.values(), *["发热"] * 20])
    )
    (tmp_path / "kept").mkdir()
    for table, text in (("areas", areas), ("incidents", f"事件编号,网格编码,发生时间,类别\n{kinds}")):
        file, report = written(given, f"{table}.csv", text), str(tmp_path / "kept" / f"{table}.xlsx")
        assert main(["load", file, "--as", table, "--report", report, "--lang", lang]) in (0, 3)
    book = openpyxl.Workbook()
    book.active.title = f"张三{PHONE}"
    for row in (["网格编码", "人数"], ["G1", 3]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    (given / "residents.xlsx").write_bytes(held.getvalue())
    assert main(["load", str(given / "residents.xlsx"), "--as", "residents", "--lang", lang]) == 2
    main(["export", str(tmp_path / "kept" / "export"), "--lang", lang])
    main(["words", "--lang", lang])
    heard = capfd.readouterr()
    assert {"zh": "工作表名", "en": "Worksheet name"}[lang] in heard.err
    assert told(heard.out + heard.err + caplog.text) == []
    assert leaks_under(tmp_path / "kept") == {}


def test_a_page_says_what_is_wrong_and_shows_nothing_of_it(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    app = fill_in(opened("releases", "zh"), "DS-02-03", "red", TYPED["phone"])
    assert "手机号码" in "".join(said(app))
    shown = "".join(said(app)) + "".join(part.value for part in app.html)
    assert told(shown) == []
    assert field(app.text_input, "decide_reason").value == TYPED["phone"]  # the form keeps what was typed
    heard = capfd.readouterr()
    assert told(heard.out + heard.err + caplog.text) == []
