"""What an office says of itself: what its papers, pictures and pages print, and which scheme opens first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Self

from analytics.errors import LedgerError
from analytics.loaders.sheet import shown
from analytics.personal_text import OFFICE_LINES, require_impersonal
from analytics.words import LANGUAGES, Language, phrase, say

LONGEST = 120
"""Characters of a setting: what fits on one line of a paper."""

ON = "on"
"""What a setting says that is either on or off ("")."""

_APPROVAL = re.compile(r"[A-Za-z\u4e00-\u9fff]{1,8}[（(〔]\d{4}[）)〕]\s?\d{1,6}号?")
"""As maps carry it: GS（2024）0001号, 浙S(2023)12号."""

PRINTED = ("office", "letterhead", "signature", "report_to", "copy_to", "base_map")
"""The settings that are a text in each language, in the order of a form."""

OF_PUBLIC_MAPS = ("map_approval", "map_exemption", "map_exempted_by")
"""The settings without which no map leaves for the public."""


@dataclass(frozen=True)
class OfficeSettings:
    """The settings of an office, "" where nothing was said; each text may be given in Chinese, English or both.

    ``office`` is its name, ``letterhead`` what stands over its papers, ``signature`` who signs them (落款),
    ``report_to`` and ``copy_to`` whom they go to (报送、抄送), ``base_map`` the line under every map.
    ``first_scheme`` is the id of the scheme that opens first; ``two_hands`` is "on" where two people publish: one
    drafts, communities check, another one approves. A map for the public needs its ``map_approval`` (审图号), or a
    ``map_exemption`` and by whom that was decided, ``map_exempted_by``.
    """

    office_zh: str = ""
    office_en: str = ""
    letterhead_zh: str = ""
    letterhead_en: str = ""
    signature_zh: str = ""
    signature_en: str = ""
    report_to_zh: str = ""
    report_to_en: str = ""
    copy_to_zh: str = ""
    copy_to_en: str = ""
    base_map_zh: str = ""
    base_map_en: str = ""
    first_scheme: str = ""
    two_hands: str = ""
    map_approval: str = ""
    map_exemption: str = ""
    map_exempted_by: str = ""

    def office(self, lang: Language) -> str:
        """The name of the office."""
        return self._text("office", lang)

    def letterhead(self, lang: Language) -> str:
        """What stands over a paper; "" leaves it to the paper."""
        return self._text("letterhead", lang)

    def signature(self, lang: Language) -> str:
        """Who signs a paper: the office, unless something else was said."""
        return self._text("signature", lang) or self.office(lang)

    def report_to(self, lang: Language) -> str:
        """To whom a paper is reported."""
        return self._text("report_to", lang)

    def copy_to(self, lang: Language) -> str:
        """Who gets a copy of a paper."""
        return self._text("copy_to", lang)

    def base_map(self, lang: Language) -> str:
        """The line under a map; never empty."""
        return self._text("base_map", lang) or say(lang, "page.base_map")

    def _text(self, name: str, lang: Language) -> str:
        """What was said in this language, else in the other: what an office wrote is printed, translated or not."""
        own = getattr(self, f"{name}_{lang}")
        return own or next(filter(None, (getattr(self, f"{name}_{other}") for other in LANGUAGES)), "")

    def changed(self, values: Mapping[str, str]) -> Self:
        """These settings with some set anew, by the names of the fields; "" takes one back.

        Raises :class:`LedgerError` for a name that is none; for a text that is too long, has signs that are not seen or
        that turn the order of the others, or holds something of a person, which a line of the office is not; and for
        what is neither on nor off.
        """
        known = [field.name for field in fields(self)]
        tidy = {name: " ".join(text.split()) for name, text in values.items()}
        for name, text in tidy.items():
            if name not in known:
                raise LedgerError.because("settings.unknown", name=shown(name), known=known)
            told = {"name": phrase(f"settings.{name.removesuffix('_zh').removesuffix('_en')}")}
            if len(text) > LONGEST:
                raise LedgerError.because("settings.too_long", **told, most=LONGEST, length=len(text))
            if hidden := sorted({f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign)[0] == "C"}):
                raise LedgerError.because("settings.hidden_sign", **told, signs=hidden)
            require_impersonal(told["name"], text, LedgerError, OFFICE_LINES)
            if name == "map_approval" and text and not _APPROVAL.fullmatch(text):
                raise LedgerError.because("settings.no_approval", **told, text=text)
            if name == "two_hands" and text not in ("", ON):
                raise LedgerError.because("settings.on_or_off", **told, text=text, on=ON)
        return replace(self, **tidy)


UNSAID = OfficeSettings()
"""Of an office that said nothing."""
