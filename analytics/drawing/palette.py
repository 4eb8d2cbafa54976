"""The quiet colours of everything that is no tier: the ink, lines, and series of charts, here and in the typesetter."""

from __future__ import annotations

INK, LINE = "#14202B", "#DDE3EA"
AXIS, FAINT = "#B4BFCA", "#8A97A4"
SERIES = ("#17324F", "#5E7690", "#9FB0C1", "#3D5A5B", "#8A7A66", "#B9A88F", "#6B5B7B", "#A99BB8")
"""Colours of series that are not tiers: quiet, and none of them near a tier's fill."""
DASHES = ("solid", "dash", "dot", "dashdot", "solid", "dash", "dot", "dashdot")
"""How the lines of the same series are broken, for those who see no colours."""
