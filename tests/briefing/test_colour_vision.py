"""What merges for which eyes, held against colours that are known."""

import io

import numpy as np
import pytest
from PIL import Image

from analytics.briefing.appearance import Appearance
from analytics.briefing.colour_vision import APART, VISIONS, indistinguishable_tiers, simulate_vision
from analytics.file_kinds import THEMES


def picture(*colours):
    image = Image.new("RGB", (len(colours), 1))
    image.putdata([tuple(bytes.fromhex(colour.lstrip("#"))) for colour in colours])
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)[0]


def test_a_grey_copy_has_no_colour_and_keeps_black_white_and_the_order_of_lightness():
    found = pixels(simulate_vision(picture("#000000", "#BA0E2B", "#79D3B1", "#FFFFFF"), "grey"))
    assert (found == found[:, :1]).all()
    assert found[0, 0] == 0
    assert found[-1, 0] == 255
    assert list(found[:, 0]) == sorted(found[:, 0])


@pytest.mark.parametrize("vision", VISIONS)
def test_greys_look_the_same_to_all_eyes_and_the_size_is_kept(vision):
    found = pixels(simulate_vision(picture("#000000", "#808080", "#FFFFFF"), vision))
    np.testing.assert_allclose(found, [[0] * 3, [128] * 3, [255] * 3], atol=1)


def test_red_and_green_of_one_lightness_merge_for_a_deutan_eye_but_not_for_a_tritan():
    one, other = "#C06040", "#7F8038"
    deutan, tritan = (pixels(simulate_vision(picture(one, other), vision)) for vision in ("deutan", "tritan"))
    assert np.abs(deutan[0] - deutan[1]).max() < 30
    assert np.abs(tritan[0] - tritan[1]).max() > 45


@pytest.mark.parametrize("theme", THEMES)
def test_red_and_blue_merge_in_grey_and_nothing_merges_for_the_three_kinds_of_vision(theme):
    """As measured for `look.md`: at least 20 in deutan vision, while red and blue come close in grey."""
    assert ("red", "blue") in indistinguishable_tiers(theme, "grey")
    assert [indistinguishable_tiers(theme, vision) for vision in VISIONS if vision != "grey"] == [(), (), ()]
    assert APART < 20


def test_hatching_changes_no_colour():
    assert Appearance(hatched=True).looks == Appearance().looks
