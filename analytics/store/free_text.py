"""What a person types before it enters a book that nothing is taken out of again: it may say nothing of a person.

Numbers and doors are told as everywhere (`personal_text`), and a label before a colon is held against the headers that
no file may bring. A name in the midst of a sentence cannot be told; one that stands where a post has to can.
"""

from __future__ import annotations

import re
import unicodedata

from analytics.errors import LedgerError, UserError
from analytics.loaders.columns import is_private
from analytics.loaders.person_names import is_a_post, names_a_person
from analytics.personal_text import require_impersonal
from analytics.scheme import Scheme
from analytics.words import Phrase, phrase

LONGEST_POST = 40

_LABEL = re.compile(r"(?P<label>[^\s:：,，。;；、()（）]+)\s*[:：]\s*(?P<said>[^\s:：,，。;；()（）]*)")
_HOTLINE = re.compile("1[0-2][0-9]|12[0-9]{3}|9[56][0-9]{3}")
"""110, 12345, 96110: everybody's."""
_OF_TEXTS = re.compile(r".*(?:备注|说明|描述|意见|结果|情况|notes?|remarks?|description)", re.IGNORECASE)
"""Headers of columns that are refused since they are texts: here a text is what is asked for."""


def tidy(name: str, text: str, longest: int) -> str:
    """The ``text`` of the field ``name`` on one line.

    Raises :class:`LedgerError` for one of more than ``longest`` characters, with signs that are not seen, or with a
    number, a door or a label of a person.
    """
    text = " ".join(text.split())
    told = {"field": phrase(f"tasks.field_{name}")}
    if len(text) > longest:
        raise LedgerError.because("tasks.too_long", **told, most=longest, length=len(text))
    if hidden := sorted({f"U+{ord(sign):04X}" for sign in text if unicodedata.category(sign)[0] == "C"}):
        raise LedgerError.because("tasks.hidden_sign", **told, signs=hidden)
    require_nobody(told["field"], text)
    return text


def require_nobody(field: Phrase, text: str, error: type[UserError] = LedgerError) -> None:
    """Raise ``error`` where the text of a ``field`` holds something of a person, or a label of it."""
    require_impersonal(field, text, error)
    for found in _LABEL.finditer(text):
        label, said = found["label"], found["said"]
        of_a_text = _OF_TEXTS.fullmatch(label) or is_a_post(said) or _HOTLINE.fullmatch(said)
        if is_private(label) and not of_a_text:
            raise error.because("personal.label", field=field, label=label)


def require_reason(text: str, error: type[UserError] = LedgerError) -> None:
    """The same of the reason of a decision."""
    require_nobody(phrase("personal.reason"), text, error)


def tidy_post(name: str, text: str, longest: int) -> str:
    """The same of a post or a department; raises :class:`LedgerError` for what is a Chinese person's name too."""
    text = tidy(name, text, longest)
    if names_a_person(text):
        raise LedgerError.because("tasks.person_named", field=phrase(f"tasks.field_{name}"))
    return text


def require_posts(scheme: Scheme) -> None:
    """Raise :class:`LedgerError` where a person stands for the post that answers for a tier: a scheme that was saved
    stays, and its posts are printed."""
    for action in scheme.measures.values():
        for text in (action.post.zh, action.post.en) if action.post else ():
            tidy_post("post", text, LONGEST_POST)
