from datetime import date

import pytest

from analytics.errors import LoadError
from analytics.loaders import sample_datasets

DESCRIPTION = """
name: {zh: 示例街道, en: Demo street}
notice: {zh: 示例数据，地名均为虚构, en: "Made-up data, invented names"}
source: {zh: 由脚本生成, en: written by a script}
made_up: true
files: {areas: areas.geojson, incidents: incidents.csv}
schemes: [epidemic]
default_date: 2020-02-27
context: context.geojson
"""


def described(root, name, text):
    folder = root / name
    folder.mkdir()
    (folder / "dataset.yaml").write_text(text, encoding="utf-8")
    return folder


def test_each_folder_with_a_description_is_a_data_set_in_order_of_its_id(tmp_path):
    (tmp_path / "notes").mkdir()
    described(
        tmp_path, "trafford", "name: {zh: 甲, en: a}\nsource: {zh: 甲, en: a}\nmade_up: false\nfiles: {areas: a.csv}\n"
    )
    folder = described(tmp_path, "demo", DESCRIPTION)
    demo, trafford = sample_datasets(tmp_path)
    assert (demo.id, demo.folder) == ("demo", folder)
    assert demo.name == {"zh": "示例街道", "en": "Demo street"}
    assert demo.files == {"areas": "areas.geojson", "incidents": "incidents.csv"}
    assert (demo.schemes, demo.default_date, demo.context) == (("epidemic",), date(2020, 2, 27), "context.geojson")
    assert (trafford.notice, trafford.made_up, trafford.schemes, trafford.default_date) == (None, False, (), None)


def test_a_folder_without_data_sets_has_none(tmp_path):
    assert sample_datasets(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "not valid YAML"),
        ("", "entry “dataset.yaml”"),
        (DESCRIPTION.replace("made_up: true", ""), "entry “made_up”"),
        (DESCRIPTION.replace("en: Demo street", "fr: Rue"), "entry “name.en”"),
        (DESCRIPTION + "colour: red\n", "entry “colour”"),
        (DESCRIPTION.replace("areas:", "places:"), "must hold areas"),
        (DESCRIPTION.replace("incidents:", "people:"), "no other tables"),
    ],
)
def test_a_wrong_description_names_the_file_and_the_entry(tmp_path, text, said):
    described(tmp_path, "demo", text)
    with pytest.raises(LoadError) as caught:
        sample_datasets(tmp_path)
    assert "demo/dataset.yaml" in str(caught.value)
    assert said in str(caught.value)
