"""The typesetter's own process, which `typesetting` starts: it imports nothing but typst, so that it starts at once.

Arguments: the template, the file to write, its form, pixels an inch, the folder with the fonts.
"""

import sys
from pathlib import Path

import typst


def main(source: str, target: str, form: str, ppi: str, fonts: str) -> None:
    """Write the document, or end with the typesetter's own words on standard error."""
    own = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    try:
        typst.compile(source, output=target, root=str(Path(source).parent), font_paths=own, format=form, ppi=float(ppi))
    except typst.TypstError as error:
        sys.exit(error.message)


if __name__ == "__main__":
    main(*sys.argv[1:])
