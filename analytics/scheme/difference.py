"""What differs between two schemes, in words and in the file's order. Nothing differs in silence but the version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

import yaml

from analytics.scheme.basics import required
from analytics.scheme.content import Entry, paired, plain, same
from analytics.scheme.model import Scheme
from analytics.words import Phrase, phrase

_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "==": "=", "!=": "≠"}
_DAYS = ("confirm_up_days", "confirm_down_days", "minimum_stay_days")

_Names = Mapping[str, Phrase]


def differences(old: Scheme, new: Scheme) -> tuple[Phrase, ...]:
    """A sentence for each difference; none where the two are equal but for their version.

    Weights are said as shares of their level; what has no words of its own is named by its path in the file.

    >>> from analytics.scheme import scheme_named
    >>> from analytics.scheme.editing import recut
    >>> epidemic = scheme_named("epidemic")
    >>> [one.text("en") for one in differences(epidemic, recut(epidemic, {"red": 58}))]
    ['Red: 55 or more → 58 or more']
    """
    before, after = plain(old), plain(new)
    names = {**_names(before), **_names(after)}
    apart = ("version", "note", "dimensions", "tiers", "decide", "floors", "missing", "stability", "measures")
    return (
        *_fields((), before, after, apart),
        *_note(before["note"], after["note"]),
        *_level((), None, (before, after), ("dimensions",)),
        *_tiers(before["tiers"], after["tiers"]),
        *_rules("decide", "tier", (before, after), names),
        *_rules("floors", "at_least", (before, after), names),
        *_missing(before["missing"], after["missing"], names),
        *_stability(before["stability"], after["stability"]),
        *_measures(before["measures"], after["measures"]),
    )


def _fields(path: Sequence[str], old: Entry, new: Entry, apart: Sequence[str] = ()) -> Iterator[Phrase]:
    """Differences by their path: `cases.new_cases_14d.window_days`."""
    for key in dict.fromkeys((*old, *new)):
        if key not in apart:
            yield from _field((*path, key), old.get(key), new.get(key))


def _field(path: Sequence[str], old: object, new: object) -> Iterator[Phrase]:
    if same(old, new):
        return
    inside = list(_fields(path, old, new)) if isinstance(old, dict) and isinstance(new, dict) else []
    # Where no entry differs, their order does.
    yield from inside or [phrase("difference.field", path=".".join(path), before=_shown(old), after=_shown(new))]


def _shown(value: object) -> object:
    if value in (None, [], {}):
        return phrase("difference.nothing")
    if isinstance(value, str):
        return value
    return yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf"))[
        1:-2
    ]


# Weights


def _level(
    path: Sequence[str], inside: Phrase | None, both: tuple[Entry, Entry], kinds: Sequence[str]
) -> Iterator[Phrase]:
    """Of what is weighed against each other: weights, what came and went, the order, and then each by itself."""
    old, new = both
    total = [sum(item["weight"] for kind in kinds for item in side[kind]) for side in both]
    as_they_stand = [side["aggregate"] == "sum" for side in both]
    stayed = []
    for kind in kinds:
        places = paired(old[kind], new[kind])
        kept = [at for at, place in places if at is not None and place is not None]
        if kept != sorted(kept):
            yield phrase("difference.order", path=".".join((*path, kind)))
        for at, place in places:
            was, now = (None if at is None else old[kind][at]), (None if place is None else new[kind][place])
            one = required(now or was)
            item = phrase("difference.item", name=_name(one))
            if inside:
                item = phrase("difference.item_in", place=inside, name=_name(one))
            if was is None:
                yield phrase(
                    "difference.added", item=item, weight=_weight(one, total[1], as_it_stands=as_they_stand[1])
                )
            elif now is None:
                yield phrase(
                    "difference.removed", item=item, weight=_weight(was, total[0], as_it_stands=as_they_stand[0])
                )
            else:
                yield from _weights(item, (was, now), total, as_they_stand)
                stayed.append((kind, was, now))
    for kind, was, now in stayed:
        here = (*path, was["id"])
        yield from _fields(here, was, now, ("weight", "indicators", "dimensions"))
        if kind == "dimensions":
            yield from _level(here, _name(now), (was, now), ("indicators", "dimensions"))


def _weights(
    item: Phrase, both: tuple[Entry, Entry], total: Sequence[float], as_they_stand: Sequence[bool]
) -> Iterator[Phrase]:
    raw = [side["weight"] for side in both]
    before, after = (
        _weight(item, whole, as_it_stands=stands)
        for item, whole, stands in zip(both, total, as_they_stand, strict=True)
    )
    if any(as_they_stand) and raw[0] == raw[1]:
        return
    if before != after:
        yield phrase("difference.weight", item=item, before=before, after=after)
    elif raw[0] != raw[1]:
        yield phrase(
            "difference.weight_same_share", item=item, before=_number(raw[0]), after=_number(raw[1]), share=after
        )


def _weight(item: Entry, total: float, *, as_it_stands: bool) -> str:
    return _number(item["weight"]) if as_it_stands else _percent(item["weight"] / total)


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g}%"


def _number(value: float) -> str:
    return str(value)


# Tiers, floors and conditions


def _tiers(old: Entry | None, new: Entry | None) -> Iterator[Phrase]:
    kinds = [phrase(f"difference.by_{_kind(side)}") for side in (old, new)]
    if _kind(old) != _kind(new):
        yield phrase("difference.tiers", before=kinds[0], after=kinds[1])
    if new is None:
        return
    for tier in (key for key in new if key != "by"):
        after = _cut(new, tier)
        if old is None or _kind(old) != _kind(new):
            yield phrase("difference.cut_is", tier=phrase(f"tiers.{tier}"), after=after)
        elif not same(old[tier], new[tier]):
            yield phrase("difference.cut", tier=phrase(f"tiers.{tier}"), before=_cut(old, tier), after=after)


def _kind(cutoffs: Entry | None) -> str:
    if cutoffs is None:
        return "conditions"
    return "share" if "by" in cutoffs else "score"


def _cut(cutoffs: Entry, tier: str) -> Phrase:
    if "by" in cutoffs:
        return phrase("difference.hardest", share=_exact_percent(cutoffs[tier]))
    return phrase("difference.from_score", score=_number(cutoffs[tier]))


def _exact_percent(share: float) -> str:
    return f"{share * 100:.12g}%" if float(f"{share * 100:.12g}") / 100 == share else _number(share)


def _rules(kind: str, tier: str, both: tuple[Entry, Entry], names: _Names) -> Iterator[Phrase]:
    """Lines of ``floors`` or ``decide``; ``tier`` is the setting that holds a line's tier."""
    old, new = both[0][kind], both[1][kind]
    places = paired(old, new)
    kept = [at for at, place in places if at is not None and place is not None]
    if kept != sorted(kept):
        yield phrase("difference.order", path=kind)
    for at, place in places:
        was, now = (None if at is None else old[at]), (None if place is None else new[place])
        line = required(now or was)
        told = {"rule": phrase(f"difference.{kind}", name=_rule_name(line, names))}
        if was is None or now is None:
            said = {"when": _condition(line["when"], names), "tier": _tier_of(kind, line[tier])}
            yield phrase("difference.rule_added" if was is None else "difference.rule_removed", **told, **said)
            continue
        if was[tier] != now[tier]:
            before, after = (_tier_of(kind, side[tier]) for side in (was, now))
            yield phrase("difference.rule_tier", **told, before=before, after=after)
        if not same(was["when"], now["when"]):
            before, after = (_condition(side["when"], names) for side in (was, now))
            yield phrase("difference.rule_when", **told, before=before, after=after)
        yield from _fields((f"{kind}[{required(place) + 1}]",), was, now, (tier, "when"))


def _tier_of(kind: str, tier: str) -> Phrase:
    return phrase(f"difference.{kind}_tier", tier=phrase(f"tiers.{tier}"))


def _rule_name(line: Entry, names: _Names) -> Phrase:
    return _name(line) if line["name"] else _condition(line["when"], names)


def _condition(when: Entry | None, names: _Names) -> Phrase:
    """A condition as it is said; one within another stands in brackets."""
    if when is None:
        return phrase("difference.rest")
    for key in ("all", "any"):
        if key in when:
            parts = [_part(inner, names) for inner in when[key]]
            return reduce(lambda left, right: phrase(f"difference.{key}", left=left, right=right), parts)
    if "not" in when:
        return phrase("difference.not", inner=_part(when["not"], names))
    name = names[when["indicator"] if "indicator" in when else when["dimension"]]
    if "is" in when:
        return phrase(f"difference.is_{when['is']}", name=name)
    return phrase("difference.compared", name=name, sign=_SIGNS[when["op"]], value=_number(when["value"]))


def _part(when: Entry, names: _Names) -> Phrase:
    said = _condition(when, names)
    return phrase("difference.bracketed", inner=said) if {"all", "any"} & set(when) else said


def _names(scheme: Entry) -> dict[str, Phrase]:
    found: dict[str, Phrase] = {}
    for item in (*scheme.get("dimensions", ()), *scheme.get("indicators", ())):
        found |= {item["id"]: _name(item), **_names(item)}
    return found


def _name(item: Entry) -> Phrase:
    return phrase("difference.name", **item["name"])


# The rest


def _note(old: Entry | None, new: Entry | None) -> Iterator[Phrase]:
    """In the reader's language alone, and as it is now: in that language it may be as before."""
    if not same(old, new):
        yield phrase("difference.note", after=phrase("difference.name", **new) if new else phrase("difference.nothing"))


def _missing(old: Entry, new: Entry, names: dict[str, Phrase]) -> Iterator[Phrase]:
    if old["minimum_known_weight"] != new["minimum_known_weight"]:
        before, after = (_exact_percent(side["minimum_known_weight"]) for side in (old, new))
        yield phrase("difference.known_weight", before=before, after=after)
    if old["carried_days"] != new["carried_days"]:
        yield phrase("difference.carried_days", before=old["carried_days"], after=new["carried_days"])
    for entry, some, others in (("left_out", new, old), ("left_out_ended", old, new)):
        for name in some["left_out"]:
            if name not in others["left_out"]:
                yield phrase(f"difference.{entry}", name=names[name])
    if list(old["left_out"]) != list(new["left_out"]) and set(old["left_out"]) == set(new["left_out"]):
        yield phrase("difference.order", path="missing.left_out")


def _stability(old: Entry | None, new: Entry | None) -> Iterator[Phrase]:
    if old is None and new is None:
        return
    if old is None or new is None:
        days = {name: required(new or old)[name] for name in _DAYS}
        yield phrase("difference.stability_removed" if new is None else "difference.stability_added", **days)
        return
    for name in _DAYS:
        if old[name] != new[name]:
            yield phrase(f"difference.{name}", before=old[name], after=new[name])
    name = "at_once_when_tiers_up"
    if old[name] != new[name]:
        before, after = (phrase("difference.nothing") if side[name] is None else side[name] for side in (old, new))
        yield phrase("difference.at_once", before=before, after=after)
    if old["one_step_down"] != new["one_step_down"]:
        yield phrase("difference.one_step" if new["one_step_down"] else "difference.several_steps")


def _measures(old: Entry, new: Entry) -> Iterator[Phrase]:
    for tier in dict.fromkeys((*old, *new)):
        was, now = old.get(tier), new.get(tier)
        told = {"tier": phrase(f"tiers.{tier}")}
        if was is None or now is None:
            text = phrase("difference.name", **required(now or was)["text"])
            yield phrase("difference.measure_added" if was is None else "difference.measure_removed", **told, text=text)
            continue
        for name in ("cadence_days", "minutes_per_check"):
            if was[name] != now[name]:
                yield phrase(f"difference.{name}", **told, before=_number(was[name]), after=_number(now[name]))
        yield from _fields(("measures", tier), was, now, ("cadence_days", "minutes_per_check"))
    kept = [tier for tier in old if tier in new]
    if kept != [tier for tier in new if tier in old]:
        yield phrase("difference.order", path="measures")
