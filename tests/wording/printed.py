"""What printed texts on tiers say: tier words, numbers and dates, found in them by patterns of the test's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from analytics.words import Language

MARKS = "▲◆■●✔▨"
WORDS = {
    "红": "red", "橙": "orange", "黄": "yellow", "蓝": "blue", "绿": "green", "数据不足": "unknown",
    "red": "red", "orange": "orange", "yellow": "yellow", "blue": "blue", "green": "green",
    "not enough data": "unknown",
}  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CARRIED = ("（沿用，未核实）", " (carried, not verified)")
SEPARATOR = {"zh": "；", "en": "; "}
STOP = {"zh": "。", "en": "."}

_TIER = {
    "zh": f"[{MARKS}]?(?:红|橙|黄|蓝|绿)色?|[{MARKS}]?数据不足",
    "en": f"[{MARKS}]?(?:red|orange|yellow|blue|green|not enough data)",
}
_DAY = {"zh": r"(?:\d{4}年)?\d+月\d+日", "en": r"\d+ [A-Z][a-z]+(?: \d{4})?"}
_NUMBER = r"-?\d+(?:\.\d+)?"

_CLAUSES: dict[Language, dict[str, str]] = {
    "zh": {
        "held": "保持(?P<tier>T)：当日测算为(?P<computed>T)，(?P<day>D)起可(?P<way>上调|下调)(?:为(?P<next>T))?",
        "set": "经人工调整为(?P<tier>T)(?:，至(?P<day>D))?：当日测算为(?P<computed>T)"
        "(?:，按稳定规则为(?P<published>T))?",
        "floor": "红线规则“(?P<name>.+)”：至少为(?P<tier>T)",
        "missing": "数据不足：已知权重(?P<known>N)%，低于要求的(?P<least>N)%",
        "span": "数据不足：已知权重(?P<known>N)%，缺失部分使等级可能在(?P<least>T)至(?P<most>T)之间",
        "carried": "沿用(?P<tier>T)（未核实，第(?P<days>N)天，不下调(?:，仍无数据则(?P<day>D)后转为数据不足)?）",
        "carried, briefly": "沿用第(?P<days>N)天(?:，至(?P<day>D))?",
        "nothing": "各项指标均为0分",
        "share": "(?P<name>.+)，占得分(?P<share>N)%",
        "holding": "同时符合红线规则（未因此提高等级）：(?P<names>.+)",
        "score": "当日得分(?P<score>N)",
        "leads": "主要因素：(?P<leads>.+)",
        "easing": "(?:最小调整：)?.+?，(?:得(?P<score>N)分，)?(?P<floor>按红线规则)?测算转为(?P<tier>T)"
        "(?:，发布等级最早(?P<day>D)下调)?",
        "rest": "其余情况",
        "numbered": "方案第(?P<number>N)条",
        "to_harder": "距(?P<tier>T)分界值还差(?P<points>(?:N|<0\\.1))分",
        "above_cut": "高于(?P<tier>T)分界值(?P<points>(?:N|<0\\.1))分",
        "below_cut": "低于(?P<tier>T)分界值(?P<points>(?:N|<0\\.1))分",
        "silent": "(?P<name>.+?)(?P<since>D)起无数据（(?P<days>N)天）",
        "silent_before": "(?P<name>.+?)(?P<since>D)至(?P<until>D)无数据，仍在时间窗口内",
        "ends": "缺失部分均为最轻时为(?P<least>T)，均为最重时为(?P<most>T)",
        "known_part": "已知权重(?P<known>N)%",
        "at_least": "已有数据已达(?P<least>T)：(?P<leads>.+)",
    },
    "en": {
        "held": "held at (?P<tier>T): computed (?P<computed>T), may be (?P<way>raised|lowered)(?: to (?P<next>T))? "
        "from (?P<day>D)",
        "set": "(?P<tier>T) by manual override(?: until (?P<day>D))?: computed (?P<computed>T)"
        "(?:, (?P<published>T) by the stability rule)?",
        "floor": "floor rule “(?P<name>.+)”: at least (?P<tier>T)",
        "missing": "not enough data: known weight (?P<known>N)%, required (?P<least>N)%",
        "span": "not enough data: known weight (?P<known>N)%; with what is missing the tier could be (?P<least>T) to "
        "(?P<most>T)",
        "carried": "(?P<tier>T), carried \\(not verified, day (?P<days>N), not lowered"
        "(?:; not enough data after (?P<day>D) if no data arrive)?\\)",
        "carried, briefly": "carried(?: until (?P<day>D))?, day (?P<days>N) without data",
        "nothing": "every indicator is at 0",
        "share": "(?P<name>.+), (?P<share>N)% of the score",
        "holding": "floor rules also met, without raising the tier: (?P<names>.+)",
        "score": "score of the day (?P<score>N)",
        "leads": "(?:mainly|main factors:) (?P<leads>.+)",
        "easing": "(?:smallest change: )?.+ gives (?:(?P<score>N), )?computed (?P<tier>T)(?P<floor> by a floor rule)?"
        "(?:, the published tier falls on (?P<day>D) at the earliest)?",
        "rest": "the rest",
        "numbered": "line (?P<number>N) of the scheme",
        "to_harder": "(?P<points>(?:N|<0\\.1)) points below the (?P<tier>T) cut-off",
        "above_cut": "(?P<points>(?:N|<0\\.1)) points above the (?P<tier>T) cut-off",
        "silent": "(?P<name>.+): no data since (?P<since>D) \\((?P<days>N) days?\\)",
        "silent_before": "(?P<name>.+): no data from (?P<since>D) to (?P<until>D), still inside the time window",
        "ends": "(?P<least>T) if the missing part is at its lowest, (?P<most>T) if at its highest",
        "known_part": "known weight (?P<known>N)%",
        "at_least": "known data alone give (?P<least>T): (?P<leads>.+)",
    },
}
_OPENINGS: dict[Language, dict[str, str]] = {
    "zh": {
        "by_score": "为(?P<tier>T)，得分 ?(?P<score>N)[：，](?P<rest>.+)",
        "by_rule": "为(?P<tier>T)[：，](?P<rest>.+)",
        "no_tier": "未评级。(?P<rest>.+)",
        "plain": "为(?P<tier>T)",
        "kept": "(?P<rest>.+)",
    },
    "en": {
        "by_score": "is (?P<tier>T), score (?P<score>N)[:;] (?P<rest>.+)",
        "by_rule": "is (?P<tier>T)(?:: | by the )(?P<rest>.+)",
        "no_tier": "is not rated\\. (?P<rest>.+)",
        "plain": "is (?P<tier>T)",
        "kept": "is (?P<rest>.+)",
    },
}
_BESIDE = {
    "zh": "(?P<score>N|—)(?:（(?P<beside>.+)）)?",
    "en": "(?P<score>N|—)(?: \\((?P<beside>.+)\\))?",
}
_COMPUTED = {"zh": "测算(?P<tier>T)", "en": "computed (?P<tier>T)"}
_FLOOR = {"zh": "红线规则", "en": "floor rule"}


@dataclass(frozen=True)
class Clause:
    """What one clause says: its ``form``, and what stands in it, by name."""

    form: str
    said: dict[str, str | None]
    text: str


def _full(lang: Language, pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(lang, pattern).fullmatch(text)


def _with_separator(lang: Language) -> list[str]:
    """The patterns of clauses in which the separator of clauses stands."""
    return [pattern for pattern in _CLAUSES[lang].values() if SEPARATOR[lang] in pattern]


@cache
def _compiled(lang: Language, pattern: str) -> re.Pattern[str]:
    for letter, meant in (("T", _TIER[lang]), ("D", _DAY[lang]), ("N", _NUMBER)):
        pattern = re.sub(rf"(?<![A-Za-z\\]){letter}(?![a-z])", f"(?:{meant})".replace("\\", r"\\"), pattern)
    return re.compile(pattern, re.IGNORECASE)


def is_carried(word: str) -> bool:
    """Whether a word for a tier says that it is carried on."""
    return word.endswith(CARRIED)


def tier_in(word: str) -> str:
    """The tier that a word for one means, carried on or not."""
    for mark in CARRIED:
        word = word.removesuffix(mark)
    return WORDS[word.strip(MARKS).removesuffix("色").lower()]


def day_in(word: str, today: date) -> date:
    """The day that is meant: without a year, as a reader takes it, the next such day from ``today`` on."""
    if found := re.fullmatch(r"(?:(\d{4})年)?(\d+)月(\d+)日", word):
        year, month, day = found.groups()
    else:
        day, named, year = re.fullmatch(r"(\d+) ([A-Za-z]+)(?: (\d{4}))?", word).groups()
        month = MONTHS.index(named[:3]) + 1
    if year:
        return date(int(year), int(month), int(day))
    this = date(today.year, int(month), int(day))
    return this if this >= today else date(today.year + 1, int(month), int(day))


def clause_of(lang: Language, text: str) -> Clause:
    """What a clause says; one of no known form is a ``name``, of a line of the scheme."""
    for form, pattern in _CLAUSES[lang].items():
        if found := _full(lang, pattern, text):
            return Clause(form.removesuffix(", briefly"), found.groupdict(), text)
    return Clause("name", {"name": text}, text)


def clauses_of(lang: Language, text: str) -> Iterator[Clause]:
    """What the clauses of a text say. Some clauses have in themselves what else stands between two of them; in English
    that stands between the indicators that are named, too."""
    parts = text.split(SEPARATOR[lang])
    while parts:
        both = SEPARATOR[lang].join(parts[:2])
        whole = len(parts) > 1 and any(_full(lang, pattern, both) for pattern in _with_separator(lang))
        told = clause_of(lang, both if whole else parts[0])
        del parts[: 2 if whole else 1]
        while "leads" in told.said and parts and clause_of(lang, parts[0]).form == "name":
            told = clause_of(lang, SEPARATOR[lang].join([told.text, parts.pop(0)]))
        yield told


def opening_of(lang: Language, name: str, sentence: str) -> Clause:
    """How a sentence on an area begins, with its ``rest``."""
    assert sentence.startswith(name), sentence
    assert sentence.endswith(STOP[lang]), sentence
    said = sentence.removeprefix(name).removesuffix(STOP[lang]).strip()
    for form, pattern in _OPENINGS[lang].items():
        if found := _full(lang, pattern, said):
            return Clause(form, found.groupdict(), sentence)
    raise AssertionError(sentence)


@dataclass(frozen=True)
class Beside:
    """A score where it stands alone beside a tier: the number, None for a dash, and what is added to it."""

    score: float | None
    computed: str | None
    floor: bool


def score_in(lang: Language, text: str) -> Beside:
    """What such a score says."""
    found = _full(lang, _BESIDE[lang], text)
    assert found, text
    computed, floor = None, False
    for part in (found["beside"] or "").split(SEPARATOR[lang]):
        if match := _full(lang, _COMPUTED[lang], part):
            computed = tier_in(match["tier"])
        elif part:
            assert part.lower() == _FLOOR[lang], text
            floor = True
    return Beside(None if found["score"] == "—" else float(found["score"]), computed, floor)
