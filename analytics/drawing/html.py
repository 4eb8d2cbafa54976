"""Templates filled to HTML: every value is escaped. And what a page as a whole needs: its style, and heads of cards."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analytics import tiers
from analytics.marks import BOX, FORMS, Mark
from analytics.words import Language, say

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).parent / "templates"
LATIN_QUOTES = "".join(
    f"@font-face {{ font-family: 'Five Colour Sans'; font-weight: {weight}; unicode-range: U+2018-2019, U+201C-201D; "
    f"src: {', '.join(f'local({name!r})' for name in names)}; }}"
    for weight, names in (
        (400, ("Segoe UI", "Arial", "Liberation Sans", "DejaVu Sans")),
        (700, ("Segoe UI Bold", "Arial Bold", "Liberation Sans Bold", "DejaVu Sans Bold")),
    )
)
"""Quotation marks are as wide as a Chinese character in our font; in English they come from one of the machine's."""


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def render(lang: Language, template: str, **values: object) -> str:
    """A template of this folder, filled; every value is escaped."""
    return (
        _environment()
        .get_template(template)
        .render(
            say=lambda key, **params: say(lang, key, **params),
            language=lang,
            looks=tiers.LOOKS,
            mark_image=mark_image,
            **values,
        )
    )


def image_address(drawing: str) -> str:
    """An SVG document as the address of an image: pages take no SVG in the midst of their HTML."""
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"


@cache
def mark_image(name: Mark) -> str:
    """A mark beside a tier as the address of an image."""
    return image_address(_environment().get_template("mark.svg").render(form=FORMS[name], box=BOX))


def style_and_script(lang: Language) -> str:
    """The pages' own style sheet, and the scripts that close Streamlit's dialog over the first deep link to a fresh
    server and keep the history to views that were seen, as one element. The style also says what Streamlit itself says
    in English alone: in the upload box, and where a page broke off."""
    # That of all pages first: those of single ones build on it.
    sheets = sorted(TEMPLATES.glob("*.css"), key=lambda file: (file.name != "page.css", file.name))
    style = "".join(file.read_text(encoding="utf-8") for file in sheets)
    script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("cold_link.js", "history.js"))
    box = "[data-testid='stFileUploaderDropzone'] button[kind='secondary']"
    button = f"{box}::after {{ content: '{say(lang, 'data.choose_file')}'; }}"
    fault = f"[data-testid='stException'] [role='alert']::after {{ content: '{say(lang, 'page.fault')}'; }}"
    quotes = LATIN_QUOTES if lang == "en" else ""
    colours = "".join(f"--tier-{tier}: {look.fill}; --on-{tier}: {look.on_fill};" for tier, look in tiers.LOOKS.items())
    style = f":root {{ {colours} }} {style}{button}{fault}{quotes}"
    return f"<style>{style}</style><script>{script}</script>"


def card_head(lang: Language, title: str, hint: str = "") -> str:
    """The head of a card by its texts."""
    return render(lang, "title.html", title=title, hint=hint)


def card_title(lang: Language, title: str, hint: str | None = None, **params: object) -> str:
    """The head of a card by the keys of its words; ``params`` fill the hint."""
    return card_head(lang, say(lang, title), say(lang, hint, **params) if hint else "")


def leave_link(lang: Language, link: str) -> str:
    """The way out of the presentation, which its Esc key presses."""
    return render(lang, "leave.html", link=link)


def sentence(lang: Language, said: str) -> str:
    """A sentence where there is nothing to draw."""
    return render(lang, "workbench_said.html", said=said)


def plan_lines(lang: Language, said: Sequence[str]) -> str:
    """What a press would do: the first sentence says it whole, the others what goes with it."""
    return render(lang, "plan.html", said=said)


def tier_legend(lang: Language) -> str:
    """The tiers with their marks, hardest first, for a chart that has no legend of its own."""
    return render(lang, "tier_legend.html", shown=tiers.SHOWN)


def links(lang: Language, leads_to: Mapping[str, str]) -> str:
    """Links that can be pressed (as pages take them) with the keys of their words."""
    return render(lang, "links.html", leads_to=leads_to)


def figures(lang: Language, items: Sequence[Mapping[str, str]]) -> str:
    """Large figures, each a ``label`` and a ``text``."""
    return render(lang, "figures.html", items=items)
