"""Which area one text means: by its code, by its code without the zeros that a spreadsheet ate, or by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analytics.loaders.columns import normalised
from analytics.loaders.names import AreaNames

BESIDE = "\x1f"
"""Between the name of what lies around an area and its own; no cell holds it."""

# Close codes and names are looked for the most frequent ones: each takes about a millisecond.
_WITH_SUGGESTIONS = 1000


@dataclass
class Meant:
    """What one text in a column of areas means: the place of the area among all, below 0 for none."""

    position: int = -1
    how: Literal["code", "zeros", "name"] = "code"
    suggestions: tuple[str, ...] = ()


def area_key(code: str) -> str:
    """An area code without case, spaces and full-width forms."""
    return "".join(normalised(code).casefold().split())


def without_zeros(codes: Iterable[str]) -> Mapping[str, str]:
    """Digits without leading zeros -> the one code of ``codes`` that they are; codes that agree so mean none."""
    digits = [code for code in dict.fromkeys(codes) if code.isascii() and code.isdigit()]
    times = Counter(code.lstrip("0") for code in digits)
    return {code.lstrip("0"): code for code in digits if times[code.lstrip("0")] == 1}


def meant_by(texts: Sequence[str], areas: pd.DataFrame, names: AreaNames | None) -> list[Meant]:
    """What each text means; ``names`` may be missing where every text is a code.

    A name that what lies around it tells apart goes before a code that only lacks zeros; without that, a text that may
    mean one area by its zeros and another by its name means none.
    """
    exact = {code: place for place, code in enumerate(areas.index)}
    loose = _once({area_key(code): place for code, place in exact.items()}, map(area_key, areas.index))
    official = areas["official_code"].to_list() if "official_code" in areas else []
    keys = [area_key(code) if isinstance(code, str) else None for code in official]
    by_official = _once({key: place for place, key in enumerate(keys) if key}, keys)
    eaten = without_zeros(loose)
    found = []
    for whole in texts:
        around, _, text = whole.rpartition(BESIDE)
        key = area_key(text)
        place = exact.get(text, loose.get(key, by_official.get(key)))
        if place is not None:
            found.append(Meant(place))
            continue
        short = eaten.get(key.lstrip("0")) if key.isascii() and key.isdigit() else None
        by_zeros = None if short is None else loose[short]
        named = names.meant(text, around) if names else None
        by_name = None if named is None else exact[named]
        if by_name is not None and (around or by_zeros in (None, by_name)):
            found.append(Meant(by_name, "name"))
        elif by_zeros is not None and by_name is None:
            found.append(Meant(by_zeros, "zeros"))
        else:
            found.append(Meant())
    return found


def suggest(meant: list[Meant], texts: Sequence[str], counts: Counter[int], names: AreaNames) -> None:
    """Give those of ``meant`` that mean no area their suggestions; ``counts``: rows by place in ``texts``."""
    unknown = sorted((place for place, one in enumerate(meant) if one.position < 0), key=lambda place: -counts[place])
    for place in unknown[:_WITH_SUGGESTIONS]:
        meant[place].suggestions = names.suggestions(texts[place].rpartition(BESIDE)[2])


def _once(places: dict[str, int], keys: Iterable[str | None]) -> dict[str, int]:
    times = Counter(keys)
    return {key: place for key, place in places.items() if times[key] == 1}
