"""Signs that are not seen, or that turn the order of those around them: a text with one could pass for another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_TURNING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def hidden_signs(texts: Iterable[str]) -> list[str]:
    """Those in some texts, each once and in order, as their code points (``U+202E``): of private use, of no use, and
    those that turn the direction of writing (Unicode Standard Annex 9)."""
    return sorted({f"U+{ord(sign):04X}" for text in texts for sign in text if _hidden(sign)})


def _hidden(sign: str) -> bool:
    return ord(sign) in _TURNING or unicodedata.category(sign) in ("Co", "Cs", "Cn")
