"""The public form as a table and as a map to take along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.disclosure import FEW, few_text
from analytics.errors import UserError
from analytics.exhibits.captions import Origin
from analytics.exhibits.exhibit import Exhibit, MapContent
from analytics.scheme import Indicator
from analytics.scheme.measures import Gap
from analytics.scoring.public_form import PublicForm, Telling
from analytics.store.office_settings import OfficeSettings
from analytics.wording.dates import cut_off
from analytics.wording.indicators import value_text
from analytics.wording.numbers import NOTHING
from analytics.wording.provenance import scheme_version, source_and_notice
from analytics.wording.tiers import marked
from analytics.words import Language, say


def public_table(lang: Language, form: PublicForm, origin: Origin, office: OfficeSettings, today: date) -> Exhibit:
    """Each area with its tier and what its indicators may be told as; those that are not told at all have no column."""
    columns: dict[str, Sequence[str]] = {say(lang, "public.tier"): _tiers(lang, form)}
    for number, item in enumerate(form.scheme.indicators):
        telling, name = form.telling[number], item.name.text(lang)
        if telling == "untold":
            continue
        head = say(lang, "public.people", name=name) if telling == "people" else name
        columns[head] = [_told(lang, item, telling, held) for held in form.told[:, number]]
    table = pd.DataFrame(columns, index=pd.Index(_names(lang, form), name=say(lang, "public.area")))
    return Exhibit(
        lang, _title(lang, form), office.office(lang), _about(lang, form, origin, today), table, day=form.day
    )


def public_map(lang: Language, form: PublicForm, origin: Origin, office: OfficeSettings, today: date) -> Exhibit:
    """The areas by their tiers, with the map's approval number or who decided that it needs none.

    Raises :class:`UserError` while the office has said neither, where areas have no boundaries, and where the tier of
    any is not told: a map has one hatching, which says that data lack, and these do not."""
    line = approval(lang, office)
    shapes = form.areas
    if untold := int((form.tier == tiers.UNKNOWN_RANK).sum()):
        raise UserError.because("public.tiers_untold", n=untold, of=len(shapes))
    if not isinstance(shapes, gpd.GeoDataFrame) or shapes.geometry.isna().any():
        raise UserError.because("public.no_shapes")
    names, ranks = _names(lang, form), tuple(map(str, tiers.names(form.tier)))
    content = MapContent(shapes, None, names, ranks, {})
    table = pd.DataFrame(
        {say(lang, "public.tier"): _tiers(lang, form)}, index=pd.Index(names, name=say(lang, "public.area"))
    )
    legend = {tier: ranks.count(tier) for tier in tiers.SHOWN}
    about = (line, *_about(lang, form, origin, today))
    return Exhibit(lang, _title(lang, form), office.office(lang), about, table, "map", content, legend, day=form.day)


def approval(lang: Language, office: OfficeSettings) -> str:
    """The line that lets a map leave; raises :class:`UserError` while the office has not said what it says."""
    if office.map_approval:
        return say(lang, "public.approved", number=office.map_approval)
    if office.map_exemption and office.map_exempted_by:
        return say(lang, "public.exempt", reason=office.map_exemption, who=office.map_exempted_by)
    raise UserError.because("public.map_not_approved")


def _title(lang: Language, form: PublicForm) -> str:
    return say(lang, "public.title", scheme=form.scheme.name.text(lang))


def _about(lang: Language, form: PublicForm, origin: Origin, today: date) -> tuple[str, ...]:
    lines = (
        say(lang, "overview.names", names=[cut_off(lang, form.day), scheme_version(lang, form.scheme, form.day)]),
        say(lang, "public.of_communities", today=today),
        say(lang, "public.rule"),
        say(lang, "public.left_out"),
        say(lang, "briefing.order"),
        source_and_notice(lang, origin.source, origin.notice),
    )
    return tuple(line for line in lines if line)


def _names(lang: Language, form: PublicForm) -> tuple[str, ...]:
    own = form.areas["name"].items()
    return tuple(form.english.get(str(area), str(name)) if lang == "en" else str(name) for area, name in own)


def _tiers(lang: Language, form: PublicForm) -> list[str]:
    return [
        say(lang, "public.no_tier") if rank == tiers.UNKNOWN_RANK else marked(lang, str(name))
        for rank, name in zip(form.tier, tiers.names(form.tier), strict=True)
    ]


def _told(lang: Language, item: Indicator, telling: Telling, held: float) -> str:
    if np.isnan(held):
        return say(lang, "public.untold") if telling == "people" else NOTHING
    if telling == "people":
        return few_text(lang) if held == FEW else f"{held:,.0f}"
    return value_text(lang, item, float(held), Gap.NONE, small=False)
