"""The presentation holds what the release says, in both themes, and asks nobody for anything."""

import dataclasses
import re

import pytest

from analytics.briefing.show import show
from analytics.words import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_a_page_for_each_focus_area_and_every_count(second, lang):
    html = show(second[lang])
    assert html.count('<section class="page') == 3 + len(second[lang].focus)
    for count in second[lang].counts:
        assert re.search(rf'class="chip {count.tier}">.*{count.name} {count.count}<', html)
    for text in (second[lang].finding, second[lang].cut_off, second[lang].code, second[lang].base_map):
        assert text in html
    assert html.count("<template data-map=") == 2


def test_nothing_in_it_points_to_another_machine_and_names_are_escaped(second):
    told = second["zh"]
    areas = (dataclasses.replace(told.areas[0], name="<script>x</script>"), *told.areas[1:])
    html = show(dataclasses.replace(told, areas=areas))
    assert "<script>x" not in html
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) <= {"http://www.w3.org/2000/svg"}


def test_without_shapes_or_a_release_before_it_says_so(first, second):
    assert "没有边界" in show(dataclasses.replace(second["zh"], shapes=None))
    assert first["zh"].against in show(first["zh"])
