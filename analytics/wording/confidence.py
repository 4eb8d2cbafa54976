"""How firm the colours are, in words: of all areas, of one, what was varied, and what is to be known first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analytics import tiers
from analytics.evidence.confidence import DRAWS, WORDS, Confidence
from analytics.evidence.sampling import GROUPS, UncertaintyRanges
from analytics.wording.numbers import NOTHING, kept_text, share_text
from analytics.wording.tiers import marked
from analytics.words import Language, say


def sentence(lang: Language, found: Confidence) -> str:
    """How many areas are firm, leaning and borderline, and what moves most colours."""
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


def sentence_with_settings(lang: Language, found: Confidence) -> str:
    """:func:`sentence` as it stands under a title elsewhere: it says there itself that it is not of the
    usual ranges."""
    said = sentence(lang, found)
    if found.is_usual:
        return said
    settings = _settings(lang, found.assumed, found.varied, found.number)
    return say(lang, "confidence.hint_tried", said=said, settings=settings)


def seen_by(lang: Language, keepers: Sequence[str], *, drafted: bool) -> str:
    """Who will see what is found before the first run; ``keepers``: see :func:`notes`."""
    if drafted:
        return say(lang, "confidence.draft_only_here")
    return say(lang, "confidence.only_seen", roles=keepers) if keepers else say(lang, "confidence.empty_kept")


def notes(lang: Language, found: Confidence, keepers: Sequence[str], *, differs: bool) -> list[str]:
    """What is to be known before the result is read: that it stands on this page alone, since it is of other ranges
    than the usual ones, or since only ``keepers``, other roles than the reader's, may keep it; and that it ``differs``
    from what is set now."""
    lines = []
    if not found.is_usual:
        usual = _settings(lang, UncertaintyRanges(), GROUPS, DRAWS)
        lines.append(say(lang, "confidence.tried", usual=usual))
    elif keepers:
        lines.append(say(lang, "confidence.only_seen", roles=keepers))
    if differs:
        lines.append(_differs(lang, found))
    return lines


def draft_notes(lang: Language, found: Confidence, in_use: Confidence | None, *, differs: bool) -> list[str]:
    """The same of a draft, which is kept for nobody: and what the scheme ``in_use`` is like under the same settings,
    where that is known."""
    lines = [say(lang, "confidence.draft_only_here")]
    if in_use and (in_use.assumed, in_use.number) == (found.assumed, found.number):
        lines.append(say(lang, "confidence.in_use_beside", said=sentence(lang, in_use)))
    else:
        lines.append(say(lang, "confidence.in_use_not_run"))
    if differs:
        lines.append(_differs(lang, found))
    return lines


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


def varied(lang: Language, found: Confidence) -> list[str]:
    """What was varied and what was not, how many draws there were and their seed, and which tier it is about."""
    ranges = {name: _range(lang, getattr(found.assumed, name)) for name in ("weights", "cutoffs")}
    parts = [say(lang, f"confidence.varied_{name}", range=ranges.get(name)) for name in found.varied]
    said = (
        say(lang, "confidence.varied", parts=parts, draws=f"{found.number:,}", seed=found.seed)
        if parts
        else say(lang, "confidence.varied_nothing")
    )
    left = [say(lang, f"confidence.group_{name}") for name in GROUPS if name not in found.varied]
    lines = [said, say(lang, "confidence.not_varied", parts=left) if left else "", say(lang, "confidence.about_tier")]
    return [line for line in lines if line]


def mover_rows(lang: Language, found: Confidence) -> list[tuple[str, float | None, bool]]:
    """The assumptions by their first-order share (0–1), the largest first, then what several move together and what was
    held: name, share (None for what was held), and whether it is one assumption alone."""
    shares = found.first_order or {}
    rows: list[tuple[str, float | None, bool]] = [
        (say(lang, f"confidence.group_{name}"), share, True)
        for name, share in sorted(shares.items(), key=lambda held: -held[1])
    ]
    if found.together is not None:
        rows.append((say(lang, "confidence.together"), found.together, False))
    rows += [(say(lang, f"confidence.group_{name}"), None, True) for name in GROUPS if name not in found.varied]
    return rows


def movers_note(lang: Language, found: Confidence) -> str | None:
    """From how many draws the shares are estimated, and how well; None where that is not known."""
    if found.error is None:
        return None
    # Rounded up, and never to nothing: it is an estimate.
    points = max(1, math.ceil(found.error * 100))
    return say(lang, "confidence.movers_note", draws=f"{found.number:,}", points=points)


def firmness_word(lang: Language, found: Confidence, area_id: str) -> str:
    """The word for an area, and the tier that it has more often; a dash where it has none."""
    if not found.words[area_id]:
        return NOTHING
    word, likelier = say(lang, f"confidence.word_{found.words[area_id]}"), likelier_text(lang, found, area_id)
    return say(lang, "confidence.word_but", word=word, likelier=likelier) if likelier else word


def firmness_of_tier(lang: Language, found: Confidence, area_id: str, shown: str) -> str:
    """The word for an area, in how many draws it kept its computed tier, which may be another than the one that is
    ``shown``, and which tier it had more often."""
    tier = found.present[area_id]
    said = say(
        lang,
        "confidence.of_card" if tier == shown else "confidence.of_card_computed",
        word=say(lang, f"confidence.word_{found.words[area_id]}"),
        draws=f"{found.number:,}",
        share=kept_text(found.kept[area_id]),
        tier=marked(lang, tier),
    )
    likelier = likelier_text(lang, found, area_id)
    return say(lang, "reason.separator").join([said, likelier] if likelier else [said])


def likelier_text(lang: Language, found: Confidence, area_id: str) -> str:
    """The tier that an area has in more draws than its own, and whether in most of them; else nothing."""
    tier = found.likelier[area_id]
    if tier is None:
        return ""
    most = found.shares[tier][area_id] > 1 / 2
    return say(lang, "confidence.mostly" if most else "confidence.more_often", tier=marked(lang, tier))


def shares_text(lang: Language, found: Confidence, area_id: str) -> str:
    """The tiers that an area had in any draw, each with its share."""
    shares = found.shares.loc[area_id]
    told = [f"{marked(lang, tier)} {share_text(share)}" for tier, share in shares.items() if share]
    return say(lang, "overview.names", names=told)
