"""The photocopy proof: how a picture looks in grey and to three kinds of colour vision, and which tiers merge there."""

from __future__ import annotations

import io
from functools import cache
from itertools import combinations
from typing import Literal, get_args

import numpy as np
from coloraide import Color
from PIL import Image

from analytics.briefing.appearance import Appearance, Theme
from analytics.tiers import RANKED

Vision = Literal["grey", "protan", "deutan", "tritan"]
VISIONS: tuple[Vision, ...] = get_args(Vision)

APART = 10.0
"""CIEDE2000 between two fills from which a glance tells them apart, in areas the size of a grid on a sheet of paper.
Ours: just noticeable is about 1 side by side; on a printed map they lie apart, in other light, under names."""


def simulate_vision(picture: bytes, vision: Vision) -> bytes:
    """A PNG as a grey copy or such eyes show it, as a PNG of the same size."""
    with Image.open(io.BytesIO(picture)) as opened:
        coded = np.asarray(opened.convert("RGB")) / 255
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    changed = np.clip(light @ _matrix(vision).T, 0, 1)
    again = np.where(changed <= 0.0031308, changed * 12.92, 1.055 * changed ** (1 / 2.4) - 0.055)
    made = io.BytesIO()
    Image.fromarray((again * 255 + 0.5).astype("uint8")).save(made, "PNG")
    return made.getvalue()


@cache
def indistinguishable_tiers(theme: Theme, vision: Vision) -> tuple[tuple[str, str], ...]:
    """The pairs of tiers whose fills are less than ``APART`` from each other then, harder tier first."""
    looks = Appearance(theme).looks
    then = {tier: _filtered(Color(looks[tier].fill), vision) for tier in RANKED}
    return tuple(
        (harder, easier)
        for easier, harder in combinations(RANKED, 2)
        if then[harder].delta_e(then[easier], method="2000") < APART
    )


def _filtered(colour: Color, vision: Vision) -> Color:
    if vision == "grey":
        return colour.filter("grayscale")
    # G. M. Machado et al., A physiologically-based model for simulation of color vision deficiency, 2009: one matrix.
    return colour.filter(vision, method="machado")


@cache
def _matrix(vision: Vision) -> np.ndarray:
    """What the filter does to linear light (red, green, blue): its columns are what becomes of each alone."""
    alone = (Color("srgb-linear", list(unit)) for unit in np.eye(3))
    return np.column_stack([_filtered(colour, vision).convert("srgb-linear").coords() for colour in alone])
