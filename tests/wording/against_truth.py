"""Whether what is printed of an area's tier is so: clauses, sentences and cells against a :class:`Truth`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from analytics.scheme import Scheme
from analytics.wording.smallest import ChangeRow
from analytics.words import Language
from tests.wording.printed import Clause, clauses_of, day_in, opening_of, score_in, tier_in
from tests.wording.second_way import ORDER, RANK, Truth

ROUNDED = 0.05 + 1e-6
"""How far a number with one decimal may be from what it stands for."""

KEPT = ("held", "carried", "set")
"""The forms of what keeps a tier that is not the computed one."""

_DIFFERS = {
    "zh": (r"因稳定规则(\d+)个", r"因数据中断沿用(\d+)个", r"因人工调整(\d+)个"),
    "en": (r"stability rule (\d+)", r"carried \(data interrupted\) (\d+)", r"manual override (\d+)"),
}


class Checker:
    """Checks texts in one language on areas under one scheme; ``forms`` counts, by form, what was checked."""

    def __init__(self, lang: Language, scheme: Scheme, forms: Counter[str]) -> None:
        self.lang = lang
        self.scheme = scheme
        self.forms = forms
        cuts = scheme.tiers
        self.cuts = [] if scheme.decide else [cuts.blue, cuts.yellow, cuts.orange, cuts.red]

    def sentence(self, text: str, name: str, truth: Truth) -> None:
        """A whole sentence on an area."""
        told = opening_of(self.lang, name, text)
        if told.form == "no_tier":
            assert (truth.shown, truth.by) == ("unknown", "missing"), text
        elif told.form != "kept":
            assert tier_in(told.said["tier"]) == truth.shown == truth.computed, text
            assert not truth.kept, text
        rest = list(clauses_of(self.lang, told.said["rest"])) if told.said.get("rest") else []
        if told.form == "by_score":
            assert truth.by == "score", text
            self._score(float(told.said["score"]), truth, text)
            assert self.read_off(float(told.said["score"])) == truth.shown, text
            self.forms["computed"] += 1
        if told.form == "by_rule":
            assert truth.by in ("floor", "line"), text
        if told.form == "kept":
            assert rest[0].form == truth.kept != "", text
        elif told.form != "plain":
            assert not set(KEPT) & {clause.form for clause in rest}, text
        self._clauses(rest, truth, text)

    def lines(self, lines: Iterable[str], truth: Truth) -> None:
        """The lines of an area's card: what decided first."""
        for number, text in enumerate(lines):
            told = list(clauses_of(self.lang, text))
            if number == 0:
                assert (told[0].form if told[0].form in KEPT else "") == truth.kept, text
            self._clauses(told, truth, text)

    def _clauses(self, told: Iterable[Clause], truth: Truth, text: str) -> None:
        told = list(told)
        forms = {clause.form for clause in told}
        for clause in told:
            getattr(self, f"_{clause.form}_is_so")(clause, truth)
            self.forms[clause.form] += 1
        for clause in told:
            # A score of the day says the computed tier, unless a rule beside it did another.
            if clause.form == "score" and self.cuts and self.read_off(float(clause.said["score"])) != truth.computed:
                assert "floor" in forms, text

    def score_beside(self, text: str, shown: str, truth: Truth) -> None:
        """A score that stands alone beside a tier that is shown."""
        told = score_in(self.lang, text)
        assert shown == truth.shown, text
        if told.computed:
            assert told.computed == truth.computed != truth.shown, text
        if told.floor:
            assert truth.by == "floor", text
        if told.score is None:
            assert truth.computed == "unknown" or truth.score != truth.score, text
        else:
            self._score(told.score, truth, text)
            if self.cuts and not told.floor:
                assert self.read_off(told.score) == (told.computed or truth.shown), text
        self.forms["beside" + "_computed" * bool(told.computed) + "_floor" * told.floor] += 1

    def in_bulletin(self, text: str, by_name: Mapping[str, Truth]) -> None:
        """A bulletin's sentence on one of some areas."""
        name = max((name for name in by_name if text.startswith(name)), key=len)
        truth = by_name[name]
        self.sentence(text, name, truth)
        self.forms[f"bulletin_{truth.kept or truth.by}"] += 1

    def differs(self, said: Sequence[str], truths: Collection[Truth]) -> None:
        """Of how many areas the tier as shown is another than the computed one, and by what."""
        apart = [truth for truth in truths if truth.shown != truth.computed]
        wanted = [sum(truth.kept == form for truth in apart) for form in ("held", "carried", "set")]
        assert len(said) == any(wanted), said
        if said:
            told = [re.search(pattern, said[0]) for pattern in _DIFFERS[self.lang]]
            assert [int(found[1]) if found else 0 for found in told] == wanted, (said, wanted)
            self.forms["bulletin_differs"] += 1

    def cell(self, why: Iterable[str], score: str, tier: str, truth: Truth) -> None:
        """A row of a list: the tier, the score without more words, and the first reasons, which say what it is not."""
        assert tier_in(tier) == truth.shown
        told = [clause for text in why for clause in clauses_of(self.lang, text)]
        held = [clause for clause in told if clause.form in (*KEPT, "floor")]
        for clause in held:
            getattr(self, f"_{clause.form}_is_so")(clause, truth)
        first = told[0].form if told else ""
        assert (first if first in KEPT else "") == truth.kept, told
        printed = score_in(self.lang, score)
        assert (printed.computed, printed.floor) == (None, False), score
        if printed.score is None:
            assert truth.computed == "unknown" or truth.score != truth.score, score
        else:
            self._score(printed.score, truth, score)
            said = truth.computed if first in KEPT else truth.shown
            if self.cuts and self.read_off(printed.score) != said:
                assert "floor" in {clause.form for clause in held}, (score, tier, told)
        self.forms["cell_" + (first if first in (*KEPT, "floor") else "plain")] += 1

    def read_off(self, score: float) -> str:
        """The tier that the legend gives for a score."""
        return ORDER[sum(score >= cut for cut in self.cuts)]

    def _score(self, printed: float, truth: Truth, text: str) -> None:
        assert abs(printed - truth.score) <= ROUNDED, text
        if self.cuts:
            assert self.read_off(printed) == self.read_off(truth.score), text

    def _held_is_so(self, clause: Clause, truth: Truth) -> None:
        said = {name: tier_in(clause.said[name]) for name in ("tier", "computed")}
        assert truth.kept == "held", clause
        assert said == {"tier": truth.shown, "computed": truth.computed}, clause
        assert truth.shown == truth.published, clause
        assert day_in(clause.said["day"], truth.day) == truth.change, (clause, truth)
        rises = RANK[truth.computed] > RANK[truth.shown]
        assert (clause.said["way"] in ("上调", "raised")) == rises, clause
        assert (RANK[truth.then] > RANK[truth.shown]) == rises, clause
        to = clause.said["next"]
        assert (tier_in(to) if to else truth.computed) == truth.then, (clause, truth)
        assert (to is None) == (truth.then == truth.computed), clause
        self.forms[("held_rise" if rises else "held_fall") + ("_to" if to else "")] += 1

    def _set_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.decided, clause
        assert (tier_in(clause.said["tier"]), tier_in(clause.said["computed"])) == (truth.shown, truth.computed), clause
        until, by_rule = clause.said["day"], clause.said["published"]
        assert (day_in(until, truth.day) if until else None) == truth.until, (clause, truth)
        assert (tier_in(by_rule) if by_rule else truth.computed) == truth.published, clause
        self.forms["set_until" if until else "set_without_end"] += 1
        self.forms["set_by_rule"] += by_rule is not None

    def _floor_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by == "floor", clause
        assert clause.said["name"] == self.scheme.floors[truth.rule].name.text(self.lang), clause
        assert tier_in(clause.said["tier"]) == self.scheme.floors[truth.rule].at_least == truth.computed, clause

    def _name_is_so(self, clause: Clause, truth: Truth) -> None:
        """A line of the scheme, or the measure of the tier that is shown."""
        allowed = []
        if truth.by == "line":
            named = self.scheme.decide[truth.rule].name
            if named is not None:
                allowed += [form.format(named.text(self.lang)) for form in ("{}", "符合“{}”", "condition “{}”")]
        if truth.shown in self.scheme.measures:
            allowed.append(self.scheme.measures[truth.shown].text.text(self.lang))
        if truth.by == "floor":  # as a bulletin writes it
            named = self.scheme.floors[truth.rule].name.text(self.lang)
            allowed += [f"触发红线规则“{named}”", f"floor rule “{named}”"]
        assert clause.text in allowed, (clause, allowed)

    def _missing_is_so(self, clause: Clause, truth: Truth) -> None:
        known, least = float(clause.said["known"]), float(clause.said["least"])
        assert truth.by == "missing", clause
        assert truth.known < self.scheme.missing.minimum_known_weight, clause
        assert abs(known / 100 - truth.known) <= 0.005 + 1e-6, (clause, truth)
        assert round(least / 100, 9) == self.scheme.missing.minimum_known_weight, clause
        assert known < least, clause

    def _span_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by == "missing", clause
        assert [tier_in(clause.said[name]) for name in ("least", "most")] == [truth.least, truth.most], (clause, truth)
        assert truth.least != truth.most, clause
        assert abs(float(clause.said["known"]) / 100 - truth.known) <= 0.005 + 1e-6, (clause, truth)

    def _silent_is_so(self, clause: Clause, truth: Truth) -> None:
        since = truth.day - timedelta(days=int(clause.said["days"]) - 1)
        assert day_in(clause.said["since"], since) == since, clause
        assert (since, None) in truth.silences, (clause, truth)

    def _silent_before_is_so(self, clause: Clause, truth: Truth) -> None:
        words = (clause.said["since"], clause.said["until"])
        said = {tuple(day_in(word, since) for word in words) for since, _ in truth.silences}
        assert said & truth.silences, (clause, truth)

    def _ends_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.computed == "unknown", clause
        assert [tier_in(clause.said[name]) for name in ("least", "most")] == [truth.least, truth.most], (clause, truth)

    def _known_part_is_so(self, clause: Clause, truth: Truth) -> None:
        assert abs(float(clause.said["known"]) / 100 - truth.known) <= 0.005 + 1e-6, (clause, truth)

    def _at_least_is_so(self, clause: Clause, truth: Truth) -> None:
        assert RANK[tier_in(clause.said["least"])] == RANK[truth.least] > 0, clause

    def _carried_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.kept == "carried", clause
        assert truth.computed == "unknown", clause
        assert truth.shown == truth.published == tier_in(clause.said.get("tier", truth.shown)), clause
        assert int(clause.said["days"]) == truth.carried, (clause, truth)
        until = clause.said["day"]
        assert (day_in(until, truth.day) if until else None) == truth.carried_until, (clause, truth)
        self.forms["carried_until" if until else "carried_without_end"] += 1

    def _nothing_is_so(self, clause: Clause, truth: Truth) -> None:
        assert (truth.score, truth.by) == (0, "score"), clause

    def _rest_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by == "line", clause
        assert self.scheme.decide[truth.rule].name is None, clause
        assert self.scheme.decide[truth.rule].when is None, clause

    def _numbered_is_so(self, clause: Clause, truth: Truth) -> None:
        assert (truth.by, truth.rule + 1) == ("line", int(clause.said["number"])), clause
        assert self.scheme.decide[truth.rule].name is None, clause

    def _share_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by == "score", clause
        (part,) = (
            truth.parts[d.id]
            for d in self.scheme.dimensions
            if d.name.text(self.lang).lower() == clause.said["name"].lower()
        )
        assert part >= max(truth.parts.values()) - 1e-9, clause
        assert abs(part / truth.score - float(clause.said["share"]) / 100) <= 0.005 + 1e-6, clause

    def _holding_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by == "score", clause
        names = [self.scheme.floors[number].name.text(self.lang) for number in truth.holding]
        assert names, clause
        assert clause.said["names"] == {"zh": "、", "en": ", "}[self.lang].join(names), clause

    def _score_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.computed != "unknown", clause
        self._score(float(clause.said["score"]), truth, clause.text)

    def _leads_is_so(self, clause: Clause, truth: Truth) -> None:
        assert truth.by != "missing", clause

    def _easing_is_so(self, clause: Clause, truth: Truth) -> None:
        easier = tier_in(clause.said["tier"])
        assert 0 <= RANK[easier] < RANK[truth.computed], clause
        assert bool(clause.said["score"]) == bool(self.cuts), clause
        if clause.said["day"]:
            assert day_in(clause.said["day"], truth.day) > truth.day, clause
            assert self.scheme.stability is not None, clause
        if self.cuts:
            score = float(clause.said["score"])
            assert score <= truth.score + ROUNDED, clause
            assert (self.read_off(score) != easier) == bool(clause.said["floor"]), (clause, truth)
            self.forms["easing_floor"] += bool(clause.said["floor"])

    def change(self, row: ChangeRow, truth: Truth) -> None:
        """A row of what would lower a tier: the score, the tier that it gives, and whether that is a milder one."""
        assert (RANK[row.tier] < RANK[truth.computed]) == row.enough, row
        by_floor = False
        if self.cuts:
            score = float(row.score)
            assert score <= truth.score + ROUNDED, row
            by_floor = self.read_off(score) != row.tier
            assert RANK[self.read_off(score)] <= RANK[row.tier], row
        self.forms[f"change_{'enough' if row.enough else 'short'}" + "_floor" * by_floor] += 1

    def distance(self, text: str, truth: Truth) -> None:
        """How far the next tiers are, where the score decides."""
        told = list(clauses_of(self.lang, text)) if text else []
        assert {clause.form for clause in told} <= {"to_harder", "above_cut", "below_cut"}, text
        self._clauses(told, truth, text)

    def _to_harder_is_so(self, clause: Clause, truth: Truth) -> None:
        tier = tier_in(clause.said["tier"])
        if self.lang == "en" and tier == truth.shown:  # English has one wording below a cut-off, and below the next one
            self._below_cut_is_so(clause, truth)
            return
        assert RANK[tier] == RANK[truth.shown] + 1, clause
        self._distance(clause, self.cuts[RANK[tier] - 1] - truth.score, truth)

    def _above_cut_is_so(self, clause: Clause, truth: Truth) -> None:
        tier = tier_in(clause.said["tier"])
        assert RANK[tier] in (RANK[truth.shown], RANK[truth.shown] + 1), clause
        self._distance(clause, truth.score - self.cuts[RANK[tier] - 1], truth)

    def _below_cut_is_so(self, clause: Clause, truth: Truth) -> None:
        assert tier_in(clause.said["tier"]) == truth.shown, clause
        self._distance(clause, self.cuts[RANK[truth.shown] - 1] - truth.score, truth)

    def _distance(self, clause: Clause, points: float, truth: Truth) -> None:
        assert truth.by == "score", clause
        assert not truth.decided, clause
        assert points >= 0, (clause, truth)
        if clause.said["points"].startswith("<"):
            assert 0 < points < ROUNDED, (clause, truth)
        else:
            assert abs(float(clause.said["points"]) - points) <= ROUNDED, (clause, truth)
