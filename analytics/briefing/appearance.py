"""How a picture or a slide looks: light or dark, and whether the tiers are told by hatching as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.file_kinds import Theme
from analytics.tiers import DARK_GROUND, DARK_LOOKS, LOOKS, Look


@dataclass(frozen=True)
class Appearance:
    """``hatched``: every tier has a pattern of its own over its colour, and every area with room for it its mark, so
    that a photocopy still tells the tiers apart."""

    theme: Theme = "light"
    hatched: bool = False

    @property
    def looks(self) -> Mapping[str, Look]:
        """Colours and marks of the tiers."""
        return DARK_LOOKS if self.theme == "dark" else LOOKS

    @property
    def colours(self) -> Mapping[str, str]:
        """Colours that mean no tier, by what they are for."""
        return _COLOURS[self.theme]


_COLOURS: Mapping[Theme, Mapping[str, str]] = {
    "light": {
        "ground": "#EEF2F6",
        "card": "#FFFFFF",
        "line": "#D5DCE4",
        "ink": "#14202B",
        "muted": "#5B6675",
        "banner": "#17324F",
        "on_banner": "#FFFFFF",
        "banner_label": LOOKS["yellow"].fill,
        "border": "#FFFFFF",
        "water": "#CFE3F5",
        "road": "#FFFFFF",
        "hatch": "#B9C2CD",
        "pin": "#14202B",
        "on_pin": "#FFFFFF",
    },
    "dark": {
        "ground": "#0B1421",
        "card": "#142233",
        "line": "#25374B",
        "ink": "#F2F5F9",
        "muted": "#A9B5C4",
        "banner": "#1C3A5C",
        "on_banner": "#FFFFFF",
        "banner_label": DARK_LOOKS["yellow"].fill,
        "border": DARK_GROUND,
        "water": "#1C3A57",
        "road": DARK_GROUND,
        "hatch": "#6B7A8F",
        "pin": "#0B1421",
        "on_pin": "#FFFFFF",
    },
}
