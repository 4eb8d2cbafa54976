"""How firm the colours are, as cards and tables: what the draws said, what moves the colours, and area by area."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analytics import tiers
from analytics.drawing.cards import brief_names, kept_text, likelier_text, marked, parent_name, render, share_text
from analytics.evidence.confidence import DRAWS, WORDS, Confidence
from analytics.evidence.sampling import GROUPS, UncertaintyRanges
from analytics.scoring import Assessment
from analytics.words import Language, say

MOST_LISTED = 300
ROOM_FOR_A_SHARE, ROOM_FOR_A_MARK = 0.12, 0.05  # of a bar
NOTHING = "—"


def empty(lang: Language, keepers: Sequence[str], drafted: bool) -> str:
    """What stands there before the first run: what is done, what to press, and who will see it. ``keepers``: see
    :func:`notes`."""
    seen = say(lang, "confidence.only_seen", roles=keepers) if keepers else say(lang, "confidence.empty_kept")
    if drafted:
        seen = say(lang, "confidence.draft_only_here")
    return render(lang, "confidence_empty.html", button=say(lang, "confidence.run"), seen=seen)


def notes(lang: Language, found: Confidence, keepers: Sequence[str], differs: bool) -> str:
    """What is to be known before the result is read, nothing where that is nothing: that it stands on this page alone,
    since it is of other ranges than the usual ones, or since only ``keepers``, other roles than the reader's, may keep
    it; and that it ``differs`` from what is set now."""
    lines = []
    if not found.is_usual:
        usual = _settings(lang, UncertaintyRanges(), GROUPS, DRAWS)
        lines.append(say(lang, "confidence.tried", usual=usual))
    elif keepers:
        lines.append(say(lang, "confidence.only_seen", roles=keepers))
    if differs:
        lines.append(_differs(lang, found))
    return render(lang, "confidence_notes.html", lines=lines) if lines else ""


def draft_notes(lang: Language, found: Confidence, in_use: Confidence | None, differs: bool) -> str:
    """The same of a draft, which is kept for nobody: and what the scheme ``in_use`` is like under the same settings,
    where that is known."""
    lines = [say(lang, "confidence.draft_only_here")]
    if in_use and (in_use.assumed, in_use.number) == (found.assumed, found.number):
        lines.append(say(lang, "confidence.in_use_beside", said=sentence(lang, in_use)))
    else:
        lines.append(say(lang, "confidence.in_use_not_run"))
    if differs:
        lines.append(_differs(lang, found))
    return render(lang, "confidence_notes.html", lines=lines)


def _differs(lang: Language, found: Confidence) -> str:
    settings = _settings(lang, found.assumed, found.varied, found.number)
    return say(lang, "confidence.differs", settings=settings)


def _settings(lang: Language, assumed: UncertaintyRanges, groups: Sequence[str], draws: int) -> list[str]:
    """What was varied, how far, and how often it was drawn, in a few words."""
    if not groups:
        return [say(lang, "confidence.nothing")]
    return [*(_named(lang, assumed, group) for group in groups), say(lang, "confidence.draws_made", draws=f"{draws:,}")]


def _named(lang: Language, assumed: UncertaintyRanges, group: str) -> str:
    name = say(lang, f"confidence.group_{group}")
    far = getattr(assumed, group)
    return name if isinstance(far, bool) else say(lang, "confidence.by", name=name, range=_range(lang, far))


def _range(lang: Language, share: float) -> str:
    return say(lang, "confidence.range", n=f"{share * 100:g}")


def headline(lang: Language, found: Confidence, drafted: bool) -> str:
    """One sentence: how many areas are firm, leaning and borderline, and what moves most colours; and whether it is of
    a draft."""
    title = say(lang, "confidence.of_draft" if drafted else "confidence.confidence")
    return render(lang, "confidence_headline.html", title=title, sentence=sentence(lang, found))


def hint(lang: Language, found: Confidence) -> str:
    """The headline as it stands under a title elsewhere: it says there itself that it is not of the usual ranges."""
    said = sentence(lang, found)
    if found.is_usual:
        return said
    settings = _settings(lang, found.assumed, found.varied, found.number)
    return say(lang, "confidence.hint_tried", said=said, settings=settings)


def sentence(lang: Language, found: Confidence) -> str:
    """The headline as text."""
    if not found.varied:
        unknown = int((found.present == tiers.UNKNOWN).sum())
        if unknown:
            return say(lang, "confidence.headline_nothing_but", n=unknown)
        return say(lang, "confidence.headline_nothing")
    counts = {word: int((found.words == word).sum()) for word in WORDS} | {
        tiers.UNKNOWN: int((found.present == tiers.UNKNOWN).sum())
    }
    said = say(
        lang,
        "confidence.headline",
        n=len(found.present),
        counts=[
            say(lang, f"confidence.count_{word}", n=count)
            for word, count in counts.items()
            if count or word != tiers.UNKNOWN
        ],
    )
    if found.first_order is None:
        return say(lang, "confidence.headline_still", said=said)
    name, share = max(found.first_order.items(), key=lambda held: held[1])
    return say(
        lang, "confidence.headline_most", said=said, name=say(lang, f"confidence.group_{name}"), share=share_text(share)
    )


def movers(lang: Language, found: Confidence) -> str:
    """The first-order shares as bars, the largest first, and what several assumptions move together."""
    rows = [
        {"label": label, "share": share, "text": NOTHING if share is None else share_text(share), "alone": alone}
        for label, share, alone in _movers(lang, found)
    ]
    note = None
    if found.error is not None:
        # Rounded up, and never to nothing: it is an estimate.
        points = max(1, math.ceil(found.error * 100))
        note = say(lang, "confidence.movers_note", draws=f"{found.number:,}", points=points)
    return render(lang, "confidence_movers.html", rows=rows, moved=found.first_order is not None, note=note)


def _movers(lang: Language, found: Confidence) -> Iterator[tuple[str, float | None, bool]]:
    """Name, share (None for what was held), and whether it is one assumption alone."""
    shares = found.first_order or {}
    for name, share in sorted(shares.items(), key=lambda held: -held[1]):
        yield say(lang, f"confidence.group_{name}"), share, True
    if found.together is not None:
        yield say(lang, "confidence.together"), found.together, False
    for name in GROUPS:
        if name not in found.varied:
            yield say(lang, f"confidence.group_{name}"), None, True


def varied(lang: Language, found: Confidence) -> str:
    """What was varied and what was not, how many draws there were, and their seed."""
    ranges = {name: _range(lang, getattr(found.assumed, name)) for name in ("weights", "cutoffs")}
    parts = [say(lang, f"confidence.varied_{name}", range=ranges.get(name)) for name in found.varied]
    said = (
        say(lang, "confidence.varied", parts=parts, draws=f"{found.number:,}", seed=found.seed)
        if parts
        else say(lang, "confidence.varied_nothing")
    )
    left = [say(lang, f"confidence.group_{name}") for name in GROUPS if name not in found.varied]
    lines = [said, say(lang, "confidence.not_varied", parts=left) if left else "", say(lang, "confidence.about_tier")]
    return render(lang, "confidence_varied.html", lines=[line for line in lines if line])


def areas(lang: Language, run: Assessment, found: Confidence) -> str:
    """Every area with the share of the draws in each tier, the least firm first, those of unknown tier last."""
    names = brief_names(run)
    ordered = _ordered(found)
    rows = [
        {
            "name": names[area_id],
            "parent": "" if names[area_id].startswith(parent_name(run, area_id)) else parent_name(run, area_id),
            "tier": found.present[area_id],
            "word": found.words[area_id],
            "likelier": likelier_text(lang, found, area_id),
            "kept": kept_text(found.kept[area_id]) if found.words[area_id] else NOTHING,
            "parts": [
                {"tier": tier, "share": share, "text": _in_bar(tier, share)}
                for tier, share in found.shares.loc[area_id].items()
                if share
            ],
            "said": say(
                lang,
                "overview.names",
                names=[f"{marked(lang, tier)} {share_text(share)}" for tier, share in _some(found, area_id).items()],
            ),
        }
        for area_id in ordered[:MOST_LISTED]
    ]
    return render(lang, "confidence_areas.html", rows=rows, most=MOST_LISTED if len(ordered) > MOST_LISTED else None)


def _in_bar(tier: str, share: float) -> str:
    """What stands in a part of a bar: the tier's mark, for those who see no colours, and its share if there is room."""
    mark = tiers.LOOKS[tier].mark
    return f"{mark} {share_text(share)}" if share >= ROOM_FOR_A_SHARE else mark if share >= ROOM_FOR_A_MARK else ""


def _some(found: Confidence, area_id: str) -> Mapping[str, float]:
    return {tier: share for tier, share in found.shares.loc[area_id].items() if share}


def _ordered(found: Confidence) -> pd.Index:
    share = found.kept.where(found.words.notna())
    return share.sort_values(kind="stable", na_position="last").index


def table(lang: Language, run: Assessment, found: Confidence) -> pd.DataFrame:
    """Every area with its word and the share of the draws in each tier, in words, the least firm first."""
    ordered = _ordered(found)
    columns = {
        "code": list(ordered),
        "area": list(run.areas["name"].loc[ordered]),
        "within": [parent_name(run, area_id) or NOTHING for area_id in ordered],
        "present": [marked(lang, tier) for tier in found.present[ordered]],
        "word": [_word(lang, found, area_id) for area_id in ordered],
    }
    rows = pd.DataFrame(columns, index=range(1, len(ordered) + 1))
    shares = found.shares.loc[ordered].map(share_text).set_axis(rows.index)
    return (
        rows.rename(columns=lambda key: say(lang, f"confidence.{key}"))
        .join(shares.rename(columns=lambda tier: marked(lang, tier)))
        .rename_axis(say(lang, "confidence.number"))
    )


def _word(lang: Language, found: Confidence, area_id: str) -> str:
    if not found.words[area_id]:
        return NOTHING
    word, likelier = say(lang, f"confidence.word_{found.words[area_id]}"), likelier_text(lang, found, area_id)
    return say(lang, "confidence.word_but", word=word, likelier=likelier) if likelier else word


def movers_table(lang: Language, found: Confidence) -> pd.DataFrame:
    """The first-order shares, in words."""
    held = say(lang, "confidence.held")
    rows = [(name, held if share is None else share_text(share)) for name, share, _ in _movers(lang, found)]
    names, shares = zip(*rows, strict=True)
    index = pd.Index(names, name=say(lang, "confidence.assumption"))
    return pd.DataFrame({say(lang, "confidence.share"): shares}, index=index)
