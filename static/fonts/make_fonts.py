"""Cut the product's font out of Noto Sans SC: GB 2312 and the 8,105 characters of 通用规范汉字表, regular and bold.

    python static/fonts/make_fonts.py --source FOLDER --unihan Unihan_OtherMappings.txt

FOLDER holds NotoSansSC_400Regular.ttf and NotoSansSC_700Bold.ttf (npm: @expo-google-fonts/noto-sans-sc). The Unihan
file (Debian: unicode-data) names the characters of the 2013 table in its field kTGH. Needs fonttools and brotli. The
family is renamed because the licence (OFL.txt) reserves the original's name for the unchanged font.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Five Colour Sans"
SIGNS = "−▲◆■●✓▨△▽▼▴▾←→↑↓↔①②③④⑤⑥⑦⑧⑨⑩—–…≥≤≠≈±×÷·•°℃％‰（）【】《》「」、。，；：？！¥€£©"


def wanted_characters(unihan: Path) -> set[int]:
    """Code points of ASCII, Latin-1, GB 2312, the signs that the product draws and the table of 2013."""
    gb2312 = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            gb2312.update(map(ord, bytes([high, low]).decode("gb2312", errors="ignore")))
    table = {
        int(line.split("\t")[0].removeprefix("U+"), 16)
        for line in unihan.read_text(encoding="utf-8").splitlines()
        if "\tkTGH\t" in line
    }
    return set(range(0x20, 0x100)) | gb2312 | table | set(map(ord, SIGNS))


def cut(source: Path, characters: set[int], style: str, target: Path) -> None:
    """Write the subset of ``source`` as woff2 for pages and as TTF for files, renamed to ``FAMILY``."""
    font = TTFont(source)
    cutter = subset.Subsetter(subset.Options(layout_features=["kern", "palt", "locl"], hinting=False))
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    check_mark = font.getBestCmap()[ord("✓")]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord("✔")] = check_mark  # the original has no heavy check mark, which is the mark of green
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = FAMILY
        elif record.nameID in (3, 4):
            record.string = f"{FAMILY} {style}"
        elif record.nameID == 6:
            record.string = f"{FAMILY.replace(' ', '')}-{style}"
    font.save(target.with_suffix(".ttf"))
    font.flavor = "woff2"
    font.save(target)


def main() -> None:
    """Read the arguments and write both weights beside this file."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--source", type=Path, required=True)
    arguments.add_argument("--unihan", type=Path, required=True)
    given = arguments.parse_args()
    characters = wanted_characters(given.unihan)
    for name, style in (("NotoSansSC_400Regular.ttf", "Regular"), ("NotoSansSC_700Bold.ttf", "Bold")):
        target = Path(__file__).parent / f"FiveColourSans-{style}.woff2"
        cut(given.source / name, characters, style, target)


if __name__ == "__main__":
    main()
