"""``deploy`` from a shell."""

import io

import pandas as pd
import pytest

from analytics.__main__ import main
from tests.test_command_line import STREET
from tests.test_store_commands import TABLES


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """The street, whose teams have so few hours that not all is covered."""
    folder = tmp_path_factory.mktemp("street")
    home, teams = folder / "home", folder / "teams.csv"
    table = pd.read_csv(STREET / "teams.csv")
    table.assign(hours_per_day=(table["hours_per_day"] / 10).round(1)).to_csv(teams, index=False)
    for name in ("areas", "residents", "incidents", "places", "checks"):
        main(["load", str(STREET / TABLES[name]), "--as", name, "--home", str(home)])
    main(["load", str(teams), "--as", "teams", "--home", str(home)])
    return home


def test_objectives_and_gaps_are_told_and_the_table_is_printed_or_written(street, tmp_path, capsys):
    given = ["deploy", "--scheme", "epidemic", "--home", str(street)]
    assert main(given) == 0
    told = capsys.readouterr()
    lines = told.err.splitlines()
    stages = [line for line in lines if line.endswith(("（已是最少）", "）")) and "（" in line]
    assert [line[:2] for line in stages] == ["红色", "橙色", "黄色", "蓝色", "绿色", "调整", "调整"]
    assert any("只是测算，不自动生效" in line for line in lines)
    assert "外社区增援" in told.out
    out = tmp_path / "增援.csv"
    assert main([*given, "--lock", "DS-06-04=T05", "--lang", "en", "--out", str(out)]) == 0
    written = out.read_bytes().decode("utf-8-sig").splitlines()
    table = pd.read_csv(io.StringIO("\n".join(written[written.index("") + 1 :])))
    assert (table["By whom"].str.endswith("(fixed)")).sum() == 1
    assert table.loc[table["By whom"].str.endswith("(fixed)"), "Team"].item() == "助老服务组"
    assert table["Community"].str.isascii().all()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["--lock", "DS-06-04"], "DS-06-04"),
        (["--lock", "DS-06-04=T05", "--lock", "DS-06-04=T06"], "DS-06-04"),
        (["--lock", "DS-06-04=T99"], "T99"),
        (["--lock", "X=T05"], "X"),
        (["--out", "增援.pdf"], ".txt、.csv、.xlsx"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(street, given, named, capsys):
    assert main(["deploy", "--scheme", "epidemic", "--home", str(street), *given]) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "请" in line]
    assert named in line
