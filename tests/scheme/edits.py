"""Schemes that differ from another in one place, for every place that there is."""

import copy
from contextlib import suppress

from pydantic import ValidationError

from analytics.scheme import Scheme
from analytics.scheme.content import plain, same

RICH = """\
# 手写方案
id: rich
version: 4
level:   community
name: {zh: 丰富, en: "Rich, all of it"}
needs_basis: true
basis: {document: 街办〔2026〕1号, from: 2026-01-01, to: 2026-12-31}   # 文号
dimensions:
# 前
- id: outer
  name: {zh: 外, en: Outer}
  aggregate: sum
  then: percent_rank
  dimensions:
  - id: inner
    weight: 2   # 两份
    indicators:
    - {id: a, from: areas, measure: given, given: {column: a}, points: {method: rank}, weight: 1}
    # 乙
    - id: b
      from: places
      where: {use: shared_let, capacity: {op: ">=", value: 3}, kind: [rental, venue]}
      of:
        kind: rental
        capacity: 3.0
      measure: share
      never_seen: zero
      points:
        method: bands
        bands:
        - [0, 0]
        - [1, 50.5]
      weight: 3
  indicators:
    -   id: c
        name: {zh: 丙, en: 'yes'}
        from: incidents
        measure: rate
        window_days: 7
        per: {base: shops, scale: 10}
        harder_when: low
        points: {method: linear, linear: {low: 0.5, high: 4}}
        weight: 0.5
        actionable: yes
    -   {id: d, from: checks, measure: days_since, days_since: {cap: 9}, points: {method: none}, weight: 1}
- id: other
  indicators: [{id: e, from: incidents, measure: open, points: {method: z_score}, weight: 1}]
aggregate: geometric
then: rank
tiers:
  by: share
  red: 0.1  # 一成
  # 再加两成
  orange: 0.2
floors:
- at_least: blue
  when: {not: {any: [{indicator: a, op: ">", value: 1}, {dimension: inner, op: "<", value: 5}]}}
  name: {zh: 甲线, en: A}

# 乙线
- at_least: red
  when:
    all:
    - {indicator: b, is: missing}
    - {indicator: c, is: known}
  name: {zh: 乙线, en: B}
missing: {minimum_known_weight: 0.7, carried_days: 5, left_out: [c, e]}
stability:
  {confirm_up_days: 3, at_once_when_tiers_up: 1, confirm_down_days: 5, minimum_stay_days: 7, one_step_down: false}
measures:
  red: {cadence_days: 0.5, minutes_per_check: 10, text: {zh: 查, en: See}, post: {zh: 岗, en: P}, first_within_days: 2}
  green: {cadence_days: 9, minutes_per_check: 5, text: {zh: 看, en: Look}, feedback: {zh: 报, en: Told}}
duties:
  - id: seen  # 逐处
    name: {zh: 看楼, en: Seen}
    where: {kind: [visit, sweep]}
    of: {kind: rental}
    minutes_per_check: 4
    people_per_check: 2
  - id: walked
    from: areas
    where: {kind: round}
    every_days: {red: 1, green: 7.5}
"""
"""Every kind of setting, in the layouts that people write."""

_NUMBERS = (0.25, 3, 7, 12, 55.5, 99)
_TEXTS = ("乙, 甲: #", "yes", "grid", "high", "low", "zero", "missing", "worst", "rank", "min_max", "population",
          "checks", "places", "stock", "open", "red", "yellow", ">", "known", "other", "rental", "refused", "count",
          "a", "outer", "overdue", "2026-03-31")  # fmt: skip


def neighbours(scheme):
    """(path, scheme) for each setting that was changed, and each list or mapping that was cut short or turned round."""
    content = plain(scheme)
    for path, value in list(_places(content, ())):
        for other in _instead(value):
            changed = copy.deepcopy(content)
            held = changed
            for step in path[:-1]:
                held = held[step]
            held[path[-1]] = other
            with suppress(ValidationError):
                found = Scheme.model_validate(changed)
                if not same(plain(found), content):
                    yield path, found
                    if not isinstance(value, list | dict):
                        break


def _instead(value):
    match value:
        case list():
            return [value[1:], value[::-1]]
        case dict():
            return [dict(list(value.items())[1:]), dict(reversed(value.items())), None]
        case bool():
            return [not value]
        case None:
            return ["rank", 3]
        case str():
            return _TEXTS
    return [*_NUMBERS, None]


def _places(value, path):
    if path:
        yield path, value
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))
