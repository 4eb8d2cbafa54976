"""Every string of the word tables, held to the rules of writing that can be read by a machine.

A rule has its exceptions beside it, each with the reason; one that is no longer needed fails too.
"""

import re
from pathlib import Path

import pytest
import yaml

WORDS = Path(__file__).parents[2] / "analytics" / "words"
PACKS = Path(__file__).parents[2] / "analytics" / "scheme" / "packs"
HAN = "[一-鿿]"

REPLACED_ZH = (
    "载入", "事项", "变色", "加重", "减轻", "现用", "名义权重", "定级", "校验码", "核对码", "讲稿", "一页纸",
    "家中无人", "抓到", "看得准吗", "找过没有", "去掉试试", "决定不了什么", "怎么数", "最难", "稳不稳", "牵动",
    "分不开", "准不准无从谈起", "没人去看", "画不出", "读不出来", "写不下", "放不下", "印出来", "多半是", "划线",
    "带走", "要什么", "谁来看", "偏稳", "目标倒推", "自带的", "附带方案", "红橙区域", "总分", "支队伍",
)  # fmt: skip
"""Words of the glossary that another has replaced, and words that an office does not print."""

REPLACED_EN = (
    "matter", "matters", "repaired", "heavier", "lighter", "as of the end of", "take back", "taken back",
    "take it back", "in use", "as shipped", "that ships", "focus area", "focus areas", "most work",
    "changed colour", "changes colour", "people’s decision", "person’s decision", "held steady", "mended", "firm",
    "catch", "catches", "caught", "elders", "draws", "working run",
)  # fmt: skip

EXCEPT = {
    "a space between 汉字 and a figure": {
        "bulletin.title": "the number of the release stands apart, and the Word document parts them there",
    },
    "brackets in brackets": {
        "page.scheme_unfit": ":gray[…] is markup and is not printed",
    },
    "a hyphen as minus, dash or range": {
        "loading.cell_formula": "the sign that a formula begins with",
        "loading.cell_formula_blank": "the sign that a formula begins with",
    },
    "a word that was replaced": {
        "scheme.string_pattern_mismatch": "下划线 is an underscore",
        "cdc_community_levels.dimensions.burden.indicators.beds.name": "beds are in use, no scheme is",
    },
}
"""By rule: which string may break it, and why."""


def strings():
    for file in sorted(WORDS.glob("*.yaml")):
        for entry, texts in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            yield f"{file.stem}.{entry}", texts["zh"], texts["en"]
    for file in sorted(PACKS.rglob("*.yaml")):
        for place, pair in pairs(yaml.safe_load(file.read_text(encoding="utf-8")), file.stem):
            yield place, pair["zh"], pair["en"]


def pairs(value, place):
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            yield place, value
        for key, held in value.items():
            yield from pairs(held, f"{place}.{key}")
    if isinstance(value, list):
        for at, held in enumerate(value):
            yield from pairs(held, f"{place}.{held.get('id', at) if isinstance(held, dict) else at}")


def bare(text):
    """A string without what is filled in, and without what it quotes of a file, a link or a command line."""
    return re.sub(r"\{[^{}]*\}", "{}", text)


def spaced(zh, _):
    """No space between 汉字 and a figure; one beside a Latin word, and two in aligned columns, may stay."""
    said = bare(zh)
    before = re.findall(rf"(?:{HAN}|[，。；：、）」”]) (?=\{{|\d)", said)
    after = [found[0] for found in re.finditer(rf"(\S+) (?={HAN})", said) if re.search(r"[}%]$|^\d+$", found[1])]
    return before + [found for found in after if not re.search(r"[A-Za-z]", found)]


def nested(zh, en):
    """No brackets inside brackets."""
    found = []
    for said, opened, closed in ((bare(zh), "（(", "）)"), (bare(en), "([", ")]")):
        depth = 0
        for letter in said:
            depth += (letter in opened) - (letter in closed)
            if depth > 1:
                found.append(said)
                break
    return found


def straight(zh, en):
    """Quotation marks and apostrophes are curly."""
    return re.findall(r"[\"']", zh + en)


def hyphened(zh, en):
    """A range, a minus and a dash are no ASCII hyphens: 7～16 and 7–16, −1, —."""
    return re.findall(r"(?<![\w-])-(?=\{|\d)|\}-\{|(?<!\d)(?<!-)\d-\d(?![\d-])| - ", bare(zh) + "\n" + bare(en))


def ranged(zh, _):
    """Ranges of numbers have a 浪纹线 in Chinese, of days a 一字线."""
    return re.findall(r"\}[–-]\{|\d–\d", bare(zh))


def replaced(zh, en):
    """Words that were replaced, and words that an office does not print."""
    said = bare(en).lower()
    return [word for word in REPLACED_ZH if word in zh] + [
        word for word in REPLACED_EN if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", said)
    ]


RULES = {
    "a space between 汉字 and a figure": spaced,
    "brackets in brackets": nested,
    "straight quotes": straight,
    "a hyphen as minus, dash or range": hyphened,
    "a dash in a Chinese range of numbers": ranged,
    "a word that was replaced": replaced,
}


@pytest.mark.parametrize("rule", RULES)
def test_every_string_keeps_the_rule(rule):
    broken = {place: found for place, zh, en in strings() if (found := RULES[rule](zh, en))}
    assert broken.keys() == EXCEPT.get(rule, {}).keys(), broken


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("a space between 汉字 and a figure", "共 {n}个", ""),
        ("a space between 汉字 and a figure", "近{n} 天", ""),
        ("a space between 汉字 and a figure", "5 个区域", ""),
        ("brackets in brackets", "（较上期（10月24日））", ""),
        ("brackets in brackets", "", "(since (then))"),
        ("straight quotes", "", "the day's tier"),
        ("straight quotes", '"', ""),
        ("a hyphen as minus, dash or range", "", "{low}-{high}"),
        ("a hyphen as minus, dash or range", "", "fell by -{n}"),
        ("a dash in a Chinese range of numbers", "{low}–{high}个", ""),
        ("a word that was replaced", "载入文件", ""),
        ("a word that was replaced", "", "2 matters"),
    ],
)
def test_each_rule_finds_what_it_is_for(rule, zh, en):
    assert RULES[rule](zh, en)


@pytest.mark.parametrize("kept", ["PAI {pai}", "Excel 文件", "UTF-8 编码", "A4 横向", "8,025行", "60-69", "2020-02-15"])
def test_what_may_stay_is_not_found(kept):
    assert not any(rule(kept, "") for rule in RULES.values())
