"""Cards: parts of an Assessment as HTML for a page. Every name is escaped; every word comes from the word tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import jinja2
import numpy as np
import pandas as pd

from analytics import tiers
from analytics.drawing.area_map import FrameWords
from analytics.drawing.figures import score_text, short_name, value_text
from analytics.evidence.confidence import Confidence
from analytics.evidence.detection_bias import UNVISITED_DAYS
from analytics.scheme import CutOffs, Indicator, Scheme
from analytics.scoring import Assessment, Gap, Reason, ranking, reason_for, transitions
from analytics.scoring.counterfactual import SmallestImprovement, smallest_improvement
from analytics.scoring.rate_support import FEW_EVENTS, RateSupport
from analytics.scoring.summary import changes
from analytics.store.ledger import ReleaseEntry
from analytics.words import Language, day, keys, pick, say

TEMPLATES = Path(__file__).parent / "templates"
NAMES_PER_MOVE = 8
LEADS_TOLD = 2
LATIN_QUOTES = "".join(
    f"@font-face {{ font-family: 'Five Colour Sans'; font-weight: {weight}; unicode-range: U+2018-2019, U+201C-201D; "
    f"src: {', '.join(f'local({name!r})' for name in names)}; }}"
    for weight, names in (
        (400, ("Segoe UI", "Arial", "Liberation Sans", "DejaVu Sans")),
        (700, ("Segoe UI Bold", "Arial Bold", "Liberation Sans Bold", "DejaVu Sans Bold")),
    )
)
"""Quotation marks are as wide as a Chinese character in our font; in English they come from one of the machine's."""
ROOM_FOR_A_DIGIT = 0.07  # of a bar


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def render(lang: Language, template: str, **values: object) -> str:
    """A template of this folder, filled; every value is escaped."""
    return (
        _environment()
        .get_template(template)
        .render(say=lambda key, **params: say(lang, key, **params), looks=tiers.LOOKS, **values)
    )


def style_and_script(lang: Language) -> str:
    """The pages' own style sheet, and the script that closes Streamlit's dialog over the first deep link to a fresh
    server, as one element. The style also says what Streamlit itself says in English alone: in the upload box, and
    where a page broke off."""
    # That of all pages first: those of single ones build on it.
    sheets = sorted(TEMPLATES.glob("*.css"), key=lambda file: (file.name != "page.css", file.name))
    style = "".join(file.read_text(encoding="utf-8") for file in sheets)
    script = (TEMPLATES / "cold_link.js").read_text(encoding="utf-8")
    box = "[data-testid='stFileUploaderDropzone'] button[kind='secondary']"
    button = f"{box}::after {{ content: '{say(lang, 'data.choose_file')}'; }}"
    fault = f"[data-testid='stException'] [role='alert']::after {{ content: '{say(lang, 'page.fault')}'; }}"
    quotes = LATIN_QUOTES if lang == "en" else ""
    return f"<style>{style}{button}{fault}{quotes}</style><script>{script}</script>"


def headline(lang: Language, assessment: Assessment, before: ReleaseEntry | None, aside: str) -> str:
    """One sentence: how many areas need most work, and how many changed colour since the assessment's first day, which
    is that of the release ``before`` where there is one."""
    first, last = assessment.counts().iloc[0], assessment.counts().iloc[-1]
    now, then = (int(counts[list(tiers.ELEVATED)].sum()) for counts in (last, first))
    since = assessment.days[0]
    trend = "more" if now > then else "fewer" if now < then else "same"
    sentence = say(
        lang,
        f"overview.sentence_{trend}",
        heavy=now,
        by=abs(now - then),
        since=say(lang, "overview.since_release", release=release_name(lang, before))
        if before
        else say(lang, "overview.since_day", day=short_day(lang, since)),
        changed=len(changes(assessment)),
        areas=len(assessment.areas),
    )
    return render(lang, "headline.html", sentence=sentence, aside=aside)


def counts(lang: Language, assessment: Assessment) -> str:
    """The five counts and unknown on the last day, each with its change since the first."""
    table = assessment.counts()
    items = [
        {
            "tier": tier,
            "count": int(table[tier].iloc[-1]),
            "delta": signed(lang, int(table[tier].iloc[-1] - table[tier].iloc[0])),
        }
        for tier in tiers.SHOWN
    ]
    return render(lang, "counts.html", items=items)


def ranking_card(lang: Language, assessment: Assessment, selected: str | None, most: int = 5) -> str:
    """The areas with most work to do, with what weighs most and the measure of their tier."""
    scheme, last = assessment.scheme, assessment.on(assessment.days[-1])
    table, names = ranking(last), brief_names(last)
    rows = [
        {
            "name": names[area_id],
            "parent": parent_name(assessment, area_id),
            "tier": row.tier,
            "score": score_text(row.score),
            "why": leading_values(lang, last, area_id, row.leads),
            "measure": scheme.measures[row.tier].text.text(lang) if row.tier in scheme.measures else "",
            "chosen": area_id == selected,
        }
        for area_id, row in table[table["tier"] != tiers.UNKNOWN].head(most).iterrows()
    ]
    return render(lang, "ranking.html", rows=rows)


def leading_values(lang: Language, assessment: Assessment, area_id: str, leads: Sequence[str]) -> list[str]:
    """The first of the indicators ``leads`` with their values on the last day: 近14天新增病例 3."""
    at = assessment.areas.index.get_loc(area_id)
    told = []
    for number, indicator in enumerate(assessment.scheme.indicators):
        if indicator.id in leads[:LEADS_TOLD]:
            small = bool(assessment.small[-1, at, number])
            value = value_text(lang, indicator, assessment.values[-1, at, number], Gap.NONE, small=small)
            told.append(
                (leads.index(indicator.id), say(lang, "reason.named", name=indicator.name.text(lang), value=value))
            )
    return [text for _, text in sorted(told)]


def area_card(
    lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport], unlooked: bool = False,
    firm: Confidence | None = None,
) -> str:  # fmt: skip
    """The card of one area: why this colour on the last day of the assessment; ``behind`` its rates stand counts.
    ``unlooked``: it is green, and nobody has looked lately. ``firm``: what draws of that day said, if any.
    """
    scheme = assessment.scheme
    last, first = (assessment.on(assessment.days[end]) for end in (-1, 0))
    reason, before = reason_for(last, area_id), reason_for(first, area_id)
    name, parent = assessment.areas["name"][area_id], parent_name(assessment, area_id)
    return render(
        lang,
        "reason.html",
        name=name,
        parent="" if name.startswith(parent) else parent,
        tier=reason.tier,
        score=score_text(reason.score, reason.tier),
        before=say(
            lang,
            "reason.before",
            since=short_day(lang, assessment.days[0]),
            score=score_text(before.score, before.tier),
            tier=marked(lang, before.tier),
        ),
        cuts=_cuts(scheme),
        falls=_falls(lang, scheme, reason),
        rows=indicator_rows(lang, assessment, area_id, behind),
        lines=_lines(lang, scheme, reason, smallest_improvement(last, area_id), firm) + _unlooked(lang) * unlooked,
        sentence=sentence(lang, assessment, area_id),
    )


def indicator_rows(
    lang: Language, assessment: Assessment, area_id: str, behind: Mapping[str, RateSupport]
) -> list[dict[str, object]]:
    """Each indicator of an area on the last day: its value (``missing``: the words for why there is none), what stands
    ``beside`` it, its points, its weight and what it adds."""
    parts = reason_for(assessment.on(assessment.days[-1]), area_id).parts
    return [
        {
            "name": indicator.name.text(lang),
            "value": value_text(lang, indicator, part.value, part.gap, small=part.small),
            "missing": part.gap is not Gap.NONE,
            "beside": _beside(lang, indicator, part.gap, behind, assessment.areas.index.get_loc(area_id)),
            "points": score_text(part.points),
            "weight": f"{part.weight:.0%}",
            "adds": f"{part.contribution:.1f}" if part.gap is Gap.NONE else "—",
        }
        for indicator, part in zip(assessment.scheme.indicators, parts.itertuples(), strict=True)
    ]


def _beside(lang: Language, indicator: Indicator, gap: Gap, behind: Mapping[str, RateSupport], at: int) -> str:
    """What stands beside a rate: the one that borrows from the other areas, and whether it rests on few incidents."""
    if gap is not Gap.NONE or indicator.id not in behind:
        return ""
    events, smoothed = int(behind[indicator.id].events[at]), behind[indicator.id].smoothed[at]
    said = say(lang, "reason.smoothed", value=f"{smoothed:,.1f}")
    if events >= FEW_EVENTS:
        return said
    return say(lang, "reason.separator").join([say(lang, "reason.few_events", n=events), said])


def sentence(lang: Language, assessment: Assessment, area_id: str) -> str:
    """Why an area has its colour, in one sentence made of the same parts as its card."""
    last = assessment.on(assessment.days[-1])
    reason = reason_for(last, area_id)
    parts = [_what_decided(lang, assessment.scheme, reason)]
    leads = leading_values(lang, last, area_id, tuple(ranking(last)["leads"][area_id]))
    if leads and not reason.lacks_data:
        parts.append(say(lang, "reason.led_by", leads=leads))
    if easing := smallest_improvement(last, area_id):
        parts.append(say(lang, "reason.easing_would", easing=_easing(lang, easing)))
    return say(
        lang,
        "reason.sentence",
        name=assessment.areas["name"][area_id],
        tier=say(lang, f"tiers.{reason.tier}"),
        score=score_text(reason.score, reason.tier),
        parts=say(lang, "reason.separator").join(parts),
    )


def _cuts(scheme: Scheme) -> list[dict[str, object]]:
    if not isinstance(scheme.tiers, CutOffs):
        return []
    return [
        {"tier": tier, "at": max(0.0, min(100.0, cut)), "text": f"{cut:g}"}
        for tier, cut in zip(tiers.RANKED[1:], scheme.tiers.ascending(), strict=True)
    ]


def _falls(lang: Language, scheme: Scheme, reason: Reason) -> list[dict[str, object]]:
    """The score as a waterfall of its dimensions, largest first, and the whole; empty when there is no score."""
    if reason.score != reason.score:
        return []
    parts = (
        reason.parts.groupby("dimension", sort=False)["contribution"].sum().sort_values(ascending=False, kind="stable")
    )
    names = {dimension.id: dimension.name.text(lang) for dimension in scheme.dimensions}
    starts = parts.cumsum() - parts
    falls = [
        {
            "label": names[key],
            "start": starts[key],
            "width": parts[key],
            "text": f"+{parts[key]:.1f}",
            "tier": "",
            "total": False,
        }
        for key in parts.index
    ]
    label = say(lang, "reason.score_known" if reason.lacks_data else "reason.score")
    total = {"label": label, "start": 0, "width": reason.score, "text": score_text(reason.score)}
    return [*falls, total | {"tier": reason.tier, "total": True}]


def _lines(
    lang: Language, scheme: Scheme, reason: Reason, easing: SmallestImprovement | None, firm: Confidence | None
) -> list[dict[str, str]]:
    lines = [("decided", _what_decided(lang, scheme, reason))]
    if scheme.stability or reason.tier != reason.computed:
        lines.append(("three_tiers", _three_tiers(lang, reason)))
    if firm is not None and firm.words.get(reason.area_id):
        lines.append(("confidence", _how_firm(lang, reason, firm)))
    distances = []
    if reason.to_harder is not None:
        harder = tiers.RANKED[tiers.RANK[reason.by_score] + 1]
        distances.append(say(lang, "reason.to_harder", points=f"{reason.to_harder:.1f}", tier=marked(lang, harder)))
    if reason.to_easier is not None:
        distances.append(
            say(lang, "reason.above_cut", points=f"{reason.to_easier:.1f}", tier=marked(lang, reason.by_score))
        )
    if distances:
        lines.append(("distance", say(lang, "reason.separator").join(distances)))
    if easing:
        lines.append(("easing", _easing(lang, easing)))
    if reason.tier in scheme.measures:
        lines.append(("measure", scheme.measures[reason.tier].text.text(lang)))
    return [{"label": say(lang, f"reason.{key}"), "text": text} for key, text in lines]


def _unlooked(lang: Language) -> list[dict[str, str]]:
    return [
        {"label": say(lang, "evidence.looked"), "text": say(lang, "evidence.nobody_looked", days=UNVISITED_DAYS)}
    ]  # fmt: skip


def _three_tiers(lang: Language, reason: Reason) -> str:
    said = [
        say(
            lang,
            "reason.tiers_are",
            computed=marked(lang, reason.computed),
            published=marked(lang, reason.published),
            shown=marked(lang, reason.tier),
        )
    ]
    if reason.next_change:
        said.append(
            say(
                lang,
                "reason.waiting",
                tier=marked(lang, reason.waiting_for),
                held=reason.days_held,
                needed=reason.days_needed,
                day=short_day(lang, reason.next_change),
            )
        )
    return say(lang, "reason.separator").join(said)


def _how_firm(lang: Language, reason: Reason, firm: Confidence) -> str:
    """The word for an area, in how many draws it kept its computed tier, and which tier it had more often."""
    tier = firm.present[reason.area_id]
    said = say(
        lang,
        "confidence.of_card" if tier == reason.tier else "confidence.of_card_computed",
        word=say(lang, f"confidence.word_{firm.words[reason.area_id]}"),
        draws=f"{firm.number:,}",
        share=kept_text(firm.kept[reason.area_id]),
        tier=marked(lang, tier),
    )
    likelier = likelier_text(lang, firm, reason.area_id)
    return say(lang, "reason.separator").join([said, likelier] if likelier else [said])


def _easing(lang: Language, easing: SmallestImprovement) -> str:
    before, after = (
        value_text(lang, easing.indicator, value, Gap.NONE, small=False) for value in (easing.before, easing.after)
    )
    return say(
        lang,
        "reason.easing_is",
        name=easing.indicator.name.text(lang),
        before=before,
        after=after,
        score=score_text(easing.score),
        tier=marked(lang, easing.tier),
    )


def _what_decided(lang: Language, scheme: Scheme, reason: Reason) -> str:
    if reason.floor is not None:
        return say(lang, "reason.by_floor", name=reason.floor.name.text(lang), tier=marked(lang, reason.floor.at_least))
    if reason.lacks_data:
        least = scheme.missing.minimum_known_weight
        entry = "reason.by_missing" if reason.known < least else "reason.by_missing_green"
        return say(lang, entry, known=f"{reason.known:.0%}", least=f"{least:.0%}")
    if reason.line is not None:
        return reason.line.name.text(lang) if reason.line.name else say(lang, "reason.by_line")
    if reason.score == 0:
        return say(lang, "reason.by_nothing")
    parts = reason.parts.groupby("dimension", sort=False)["contribution"].sum()
    name = next(dimension.name.text(lang) for dimension in scheme.dimensions if dimension.id == parts.idxmax())
    said = [say(lang, "reason.by_score", name=name, share=f"{parts.max() / reason.score:.0%}")]
    if reason.holding:
        said.append(say(lang, "reason.floors_hold", names=[floor.name.text(lang) for floor in reason.holding]))
    return say(lang, "reason.separator").join(said)


def moves(lang: Language, assessment: Assessment) -> str:
    """The areas that changed colour between the first and the last day, from → to, by name."""
    table, names = transitions(changes(assessment)), brief_names(assessment)
    groups = []
    for key, chosen in (
        ("heavier", table["raised"].eq(True)),
        ("lighter", table["raised"].eq(False)),
        ("unknown", table["raised"].isna()),
    ):
        rows = table[chosen.fillna(False)]
        if rows.empty:
            continue
        total = int(rows["areas"].str.len().sum())
        groups.append(
            {
                "title": say(lang, f"overview.moves_{key}", n=total),
                "moves": [
                    {
                        "before": row.before,
                        "after": row.after,
                        "names": _some_names(lang, names[row.areas]),
                        "count": say(lang, "overview.n_areas", n=len(row.areas)),
                    }
                    for row in rows.itertuples()
                ],
            }
        )
    span = say(
        lang, "overview.span", first=short_day(lang, assessment.days[0]), last=short_day(lang, assessment.days[-1])
    )
    total = say(lang, "overview.n_areas", n=int(table["areas"].str.len().sum()))
    return render(lang, "changes.html", groups=groups, span=span, total=total)


def _some_names(lang: Language, names: Sequence[str]) -> str:
    if len(names) <= NAMES_PER_MOVE:
        return say(lang, "overview.names", names=list(names))
    return say(lang, "overview.names_more", names=list(names[:NAMES_PER_MOVE]), more=len(names) - NAMES_PER_MOVE)


def weeks(lang: Language, assessment: Assessment, chosen: date) -> str:
    """Counts of every day of the assessment as small stacked bars, the chosen one outlined."""
    items = []
    for moment, row in assessment.counts().iterrows():
        total = int(row.sum())
        parts = [
            {
                "tier": tier,
                "count": int(row[tier]),
                "text": f"{row[tier]}" if row[tier] >= ROOM_FOR_A_DIGIT * len(f"{row[tier]}") * total else "",
            }
            for tier in tiers.SHOWN
            if row[tier]
        ]
        heavy = int(row[list(tiers.ELEVATED)].sum())
        items.append(
            {
                "parts": parts,
                "day": short_day(lang, moment),
                "heavy": say(lang, "overview.heavy_short", n=heavy),
                "words": say(
                    lang,
                    "overview.names",
                    names=[f"{say(lang, 'tiers.' + part['tier'])} {part['count']}" for part in parts],
                ),
                "chosen": moment.date() == chosen,
            }
        )
    return render(lang, "weeks.html", weeks=items)


def footer(lang: Language, scheme: Scheme, notice: str, source: str) -> str:
    """What every page carries: what the data is, what the order means, and that the map settles no boundary."""
    version = say(lang, "page.scheme_version", name=scheme.name.text(lang), version=scheme.version)
    source = say(lang, "page.source", source=source)
    note = scheme.note.text(lang) if scheme.note else ""
    return render(lang, "footer.html", notice=notice, source=source, scheme=version, note=note)


def parent_name(assessment: Assessment, area_id: str) -> str:
    """The name of the area that this one lies in; nothing where there is none."""
    return assessment.parents.get(assessment.areas["parent_id"][area_id], "")


def brief_names(assessment: Assessment) -> pd.Series:
    """Names as the map writes them, for lists beside it; where two areas would share one, both keep the whole name."""
    whole = assessment.areas["name"]
    parents = assessment.areas["parent_id"].map(assessment.parents).fillna("")
    brief = pd.Series(list(map(short_name, whole, parents)), whole.index)
    return brief.mask(brief.duplicated(keep=False), whole)


def marked(lang: Language, tier: str) -> str:
    """A tier with its mark: ▲红."""
    return f"{tiers.LOOKS[tier].mark}{say(lang, f'tiers.{tier}')}"


def share_text(share: float) -> str:
    """A share of draws in whole percent; 0% and 100% are said of none and of all alone."""
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"


def kept_text(share: float) -> str:
    """A share of draws on which a word hangs, with a decimal, so that 59.6% is not called 60%."""
    if share == 1:
        return "100%"
    return ">99.9%" if share > 0.999 else f"{share:.1%}"


def likelier_text(lang: Language, firm: Confidence, area_id: str) -> str:
    """The tier that an area has in more draws than its own, and whether in most of them; else nothing."""
    tier = firm.likelier[area_id]
    if tier is None:
        return ""
    most = firm.shares[tier][area_id] > 1 / 2
    return say(lang, "confidence.mostly" if most else "confidence.more_often", tier=marked(lang, tier))


def unplaced(lang: Language, assessment: Assessment) -> str:
    """How many records name an area above the scored level, by table."""
    counts = [
        say(lang, "page.unplaced_of", table=say(lang, f"tables.{table}"), n=f"{count:,}")
        for table, count in assessment.unplaced.items()
    ]
    return say(lang, "page.unplaced", counts=counts)


def tiers_of(assessment: Assessment) -> np.ndarray:
    """The tier of every area as shown on the last day, in the order of the areas."""
    return tiers.names(assessment.shown[-1])


def area_options(lang: Language, ranked: pd.DataFrame, selected: str, most: int) -> Mapping[str, str]:
    """Lines of a list of areas (1 云桥社区书院网格 ▲红 80.6) by id: the first ``most`` of a ranking, and the chosen."""
    mark = {tier: marked(lang, tier) for tier in tiers.SHOWN}
    listed = ranked.head(most)
    if selected not in listed.index:
        listed = pd.concat([listed, ranked.loc[[selected]]])
    columns = (listed[column] for column in ("rank", "name", "tier", "score"))
    lines = (
        f"{rank}  {name}  {mark[tier]}  {score_text(score, tier)}"
        for rank, name, tier, score in zip(*columns, strict=True)
    )
    return dict(zip(listed.index, lines, strict=True))


def dataset_name(lang: Language, data: object) -> str:
    """The name of a data set, and whether it is made up, real, or the visitor's own."""
    kind = {True: "data.sample", False: "data.real"}.get(getattr(data, "made_up", None), "data.own")
    return say(lang, kind, name=pick(lang, data.name))


def title(lang: Language, title: str, hint: str | None = None) -> str:
    """The head of a card, by the keys of its words."""
    return render(lang, "title.html", title=say(lang, title), hint=say(lang, hint) if hint else "")


def leading_columns(lang: Language, counts: pd.DataFrame, first: Sequence[str], most: int) -> pd.DataFrame:
    """The columns of ``counts`` with those of ``first`` in front, at most ``most``: the rest is added up as others."""
    ordered = [name for name in first if name in counts] + [name for name in counts if name not in first]
    if len(ordered) <= most:
        return counts[ordered]
    rest = counts[ordered[most - 1 :]].sum(axis=1).rename(say(lang, "trends.other"))
    return pd.concat([counts[ordered[: most - 1]], rest], axis=1)


def series_name(lang: Language, by: str, value: str, names: Mapping[str, str]) -> str:
    """How a category or a community is called on a chart; a word that the tables do not have stays as it is."""
    entry = f"categories.{value}"
    if by == "category" and entry in keys():
        return say(lang, entry)
    return names.get(value, value)


def latest_week(lang: Language, counts: pd.DataFrame, last: date) -> str:
    """The newest week's incidents, against the week before and the same week a year before ("—" against none)."""
    total = counts.sum(axis=1)
    now = int(total.iloc[-1])
    items = [
        {"label": say(lang, "trends.week_to", day=short_day(lang, last)), "text": f"{now:,}"},
        {"label": say(lang, "trends.before"), "text": _against(total, now, 1)},
        {"label": say(lang, "trends.year_before"), "text": _against(total, now, 52)},
    ]
    return render(lang, "figures.html", items=items)


def _against(total: pd.Series, now: int, weeks: int) -> str:
    then = int(total.iloc[-1 - weeks]) if len(total) > weeks else 0
    return f"{(now - then) / then:+.1%}" if then else "—"


def embed_head(lang: Language, scheme: Scheme, day: date, entry: ReleaseEntry | None) -> str:
    """What a frame in another system says of itself: scheme, cut-off and release."""
    said = say(lang, "overview.names", names=[cut_off(lang, day), release_name(lang, entry)])
    return render(lang, "title.html", title=scheme.name.text(lang), hint=said)


def aside(lang: Language, entry: ReleaseEntry | None, notice: str) -> str:
    """What stands at the end of the headline: which release this is, that it is a draft or none, and the notice."""
    return say(lang, "overview.names", names=[part for part in (release_name(lang, entry), notice) if part])


def release_name(lang: Language, entry: ReleaseEntry | None) -> str:
    """第5期（总第74期）, a draft, or the run that is not frozen."""
    if entry is None:
        return say(lang, "page.working")
    if entry.number is None:
        return say(lang, "page.draft", number=entry.draft, day=short_day(lang, entry.day))
    return say(lang, "page.release_number", year=entry.year, of_year=entry.number_of_year, number=entry.number)


def map_title(lang: Language) -> str:
    """The head of the map's card."""
    return render(lang, "map_title.html")


def signed(lang: Language, difference: int) -> str:
    """A change of a count: ↑ 2, ↓ 1, or that it stayed."""
    if difference == 0:
        return say(lang, "overview.level")
    return f"{'↑' if difference > 0 else '↓'} {abs(difference)}"


def short_day(lang: Language, moment: date) -> str:
    """2月27日, 27 Feb."""
    return f"{moment.month}月{moment.day}日" if lang == "zh" else f"{moment.day} {moment:%b}"


def cut_off(lang: Language, moment: date) -> str:
    """截至2026年2月27日24时."""
    return say(lang, "page.cut_off", day=day(lang, moment))


def frame_words(lang: Language) -> FrameWords:
    """What a map's frame says by itself: of each tier at the pointer, of a change for the heavier (+) and the lighter
    (-), and of the map as a whole."""
    said = {
        tier: say(lang, "tiers.tooltip", tier=marked(lang, tier), meaning=say(lang, f"tiers.meaning_{tier}"))
        for tier in tiers.SHOWN
    }
    return FrameWords(
        lang=lang,
        label=say(lang, "overview.map_label"),
        zoom_in=say(lang, "overview.zoom_in"),
        zoom_out=say(lang, "overview.zoom_out"),
        missing=say(lang, "overview.shapes_missing"),
        pointer=said | {"+": say(lang, "overview.heavier"), "-": say(lang, "overview.lighter")},
    )
