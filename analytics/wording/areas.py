"""How areas are called: whole and brief names, names in a row, and the lines of a list of areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analytics.scheme import Scheme
from analytics.scoring import Assessment
from analytics.scoring.assess import official_english
from analytics.scoring.places import english_places
from analytics.wording.reasons import score_beside
from analytics.wording.tiers import marked
from analytics.words import Language, say
from analytics.words.place_names import CHINESE, brief_english, english_names

FORMER_NAMED = 5
_KINDS_OF_AREA = ("网格", "社区", "街道")


def short_name(name: str, parent_name: str = "") -> str:
    """The name as the map writes it: without the parent's name before it and the kind of area after it.

    >>> short_name("花径一村社区第四网格", "花径一村社区")
    '第四'
    >>> short_name("东湖社区")
    '东湖'
    """
    short = name.strip()
    parent = parent_name.strip()
    if not CHINESE.search(short):
        return brief_english(short)
    if parent and short.startswith(parent) and short != parent:
        short = short.removeprefix(parent).lstrip()
    for suffix in _KINDS_OF_AREA:
        stem = short.removesuffix(suffix)
        if stem != short and len(stem) >= 2:
            return stem
    return short


def in_language(lang: Language, assessment: Assessment) -> Assessment:
    """The same run with its areas, and those above them, called as in ``lang``; see :func:`place_name`."""
    if lang != "en":
        return assessment
    names = english_places(assessment)
    own = [names.get(str(area_id), str(name)) for area_id, name in assessment.areas["name"].items()]
    above = {area_id: names.get(area_id, name) for area_id, name in assessment.parents.items()}
    return replace(assessment, areas=assessment.areas.assign(name=own), parents=above)


def place_name(lang: Language, assessment: Assessment, area_id: str) -> str:
    """What an area is called: its own name in Chinese; in English its official English one, else by pinyin, else the
    name as it is."""
    own = assessment.parents.get(area_id) or area_name(assessment, area_id)
    return english_places(assessment).get(area_id, own) if lang == "en" else own


def pinyin_note(lang: Language, assessment: Assessment) -> str:
    """That names are in pinyin, where any is; nothing in Chinese."""
    listed = [str(name) for area_id, name in assessment.areas["name"].items() if area_id not in assessment.english]
    found = lang == "en" and (bool(assessment.pinyin) or any(map(CHINESE.search, listed)))
    return say(lang, "page.in_pinyin") if found else ""


def area_name(assessment: Assessment, area_id: str) -> str:
    """An area's own name; its code where it is no longer scored."""
    return str(assessment.areas["name"].get(area_id, area_id))


def parent_name(assessment: Assessment, area_id: str) -> str:
    """The name of the area that this one lies in; nothing where there is none."""
    return assessment.parents.get(assessment.areas["parent_id"][area_id], "")


def siblings(assessment: Assessment, area_id: str) -> list[str]:
    """The areas that lie in what an area lies in, itself among them, in the order of the file; all where that is not
    known."""
    parents = assessment.areas["parent_id"]
    parent = parents[area_id]
    return parents.index[parents == parent].tolist() if isinstance(parent, str) else parents.index.tolist()


def parent_beside(assessment: Assessment, area_id: str, name: str) -> str:
    """:func:`parent_name` where ``name``, which it stands beside, does not say it already."""
    parent = parent_name(assessment, area_id)
    return "" if name.startswith(parent) or name.endswith(f", {parent}") else parent


def brief_names(assessment: Assessment) -> pd.Series:
    """Names as the map writes them (index ``area_id``), for lists beside it; where two areas would share one, both keep
    the whole name."""
    whole = assessment.areas["name"]
    parents = assessment.areas["parent_id"].map(assessment.parents).fillna("")
    brief = pd.Series(list(map(short_name, whole, parents)), whole.index)
    return brief.mask(brief.duplicated(keep=False), whole)


def names_text(lang: Language, names: Sequence[str], most: int) -> str:
    """Names in a row; beyond the first ``most`` their number."""
    form = "names" if len(names) <= most else "names_more"
    return say(lang, f"overview.{form}", names=list(names[:most]), more=len(names) - most)


def area_options(lang: Language, scheme: Scheme, ranked: pd.DataFrame, selected: str, most: int) -> Mapping[str, str]:
    """Lines of a list of areas (1 云桥社区书院网格 ▲红 80.6) by id: the first ``most`` of a ranking, and the chosen."""
    listed = ranked.head(most)
    if selected not in listed.index:
        listed = pd.concat([listed, ranked.loc[[selected]]])
    return {
        row.Index: "  ".join(
            (
                f"{row.rank}",
                row.name,
                marked(lang, row.tier, carried=row.carried),
                score_beside(lang, scheme, row),
            )
        )
        for row in listed.itertuples()
    }


def unplaced(lang: Language, assessment: Assessment) -> str:
    """How many records name an area above the scored level, by table."""
    counts = [
        say(lang, "page.unplaced_of", table=say(lang, f"tables.{table}"), n=f"{count:,}")
        for table, count in assessment.unplaced.items()
    ]
    return say(lang, "page.unplaced", counts=counts)


def unscored(lang: Language, assessment: Assessment) -> str:
    """Which areas are not scored since nobody knows their level or what they lie in, and how many records they have."""
    named = [
        code if assessment.parents[code] == code else f"{code} {assessment.parents[code]}"
        for code in assessment.unscored
    ]
    return say(
        lang,
        "page.unscored",
        n=len(named),
        areas=names_text(lang, named, FORMER_NAMED),
        rows=f"{sum(assessment.unscored.values()):,}",
    )


def former_areas(lang: Language, assessment: Assessment) -> list[str]:
    """How many records lie in areas that are no longer in the list of areas, a sentence a table."""
    return [
        say(
            lang,
            "page.former_areas",
            counted=say(lang, f"page.former_{table}", n=f"{sum(held.values()):,}"),
            areas=names_text(lang, list(held), FORMER_NAMED),
        )
        for table, held in assessment.former_areas.items()
    ]


def names_of_areas(lang: Language, areas: pd.DataFrame) -> dict[str, str]:
    """What all areas of the records are called, by id, whatever their level."""
    names = {str(area_id): str(name) for area_id, name in areas["name"].items()}
    if lang == "zh":
        return names
    parents = {str(area_id): str(above) for area_id, above in areas["parent_id"].dropna().items()}
    return english_names(names, parents, official_english(areas), {})
