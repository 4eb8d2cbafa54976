"""The typesetter: a template and its data become a PNG, a PDF or an SVG, whole or not at all.

It runs as a process of its own: one that is killed, hangs or runs out of memory takes no server with it, and what it
had begun is never seen.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from analytics.briefing.font import FONTS, narrow, require_signs
from analytics.errors import BriefingError

Form = Literal["png", "pdf", "svg"]

TEMPLATES = Path(__file__).parent / "templates"
_PROCESS = Path(__file__).with_name("typst_process.py")

SECONDS = 120
"""After which a run is given up."""

_START = {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-", "svg": b"<svg"}
_END = {"png": b"IEND\xaeB`\x82", "pdf": b"%%EOF", "svg": b"</svg>"}
_MARK = "briefing-refused:"
"""What a template panics with where a text does not fit: the mark, the place, a bar, the text."""


def typeset(
    template: str,
    data: Mapping[str, object],
    form: Form,
    ppi: float = 144,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document that ``templates/<template>.typ`` makes of ``data``, which it reads as ``data.json``.

    ``pictures`` are further files beside it, by name (``map.svg``). ``ppi``: pixels an inch of a PNG; a PNG or an SVG
    is of one page. A template that finds that a text does not fit says so by ``panic("briefing-refused:place|text")``.

    Raises :class:`BriefingError` when the font lacks a sign, when a text does not fit, and when the typesetter ends
    without a whole document.
    """
    require_signs(_texts(data))
    with TemporaryDirectory(prefix="five-colour-briefing-") as folder:
        room = Path(folder)
        for source in TEMPLATES.glob("*.typ"):
            (room / source.name).write_bytes(source.read_bytes())
        (room / "data.json").write_text(narrow(json.dumps(data, ensure_ascii=False)), encoding="utf-8")
        for name, content in (pictures or {}).items():
            (room / name).write_bytes(content)
        target = room / f"made.{form}"
        arguments = [str(room / f"{template}.typ"), str(target), form, str(ppi), str(FONTS)]
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_PROCESS), *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BriefingError.because("briefing.renderer_slow", seconds=SECONDS) from None
        made = target.read_bytes() if target.exists() else b""
    if done.returncode:
        raise _refusal(done)
    if not (made.startswith(_START[form]) and made.rstrip().endswith(_END[form])):
        raise BriefingError.because("briefing.renderer_failed", detail=form)
    return made


def _refusal(done: subprocess.CompletedProcess[str]) -> BriefingError:
    said = done.stderr.strip()
    if _MARK in said:
        place, _, text = said.split(_MARK, 1)[1].splitlines()[0].partition("|")
        return BriefingError.because("briefing.too_long", text=text, place=place)
    return BriefingError.because("briefing.renderer_failed", detail=said.splitlines()[-1] if said else done.returncode)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
