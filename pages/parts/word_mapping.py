"""Words in the office's own records that nobody knows: what each may mean, and one press that says so."""

import re
from itertools import groupby

import streamlit as st

from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.loaders import UnknownWord
from analytics.loaders.coded import OTHER, codes
from analytics.wording.indicators import doubtful_text
from analytics.wording.loads import code_label, column_heading, quoted_word
from analytics.words import Language, say
from analytics.workspace import words
from pages.parts.confirming import say_all
from pages.parts.controls import Choice

SHOWN = 24
"""So many words of a column have a choice of their own; the rest is mapped with one press."""


def show_words(choice: Choice, may_map: bool) -> None:
    """The unknown words of each column with a choice of codes; nothing where all are known."""
    lang, found = choice.lang, words.unknown_words(choice.ws)
    if not found:
        return
    with st.container(key="data_words"):
        st.html(card_title(lang, "data.words", "data.words_hint"))
        for one in words.doubtful(choice.ws):
            st.caption(_unmarked(doubtful_text(lang, one.scheme, one.indicator, one.words)))
        for (table, column), several in groupby(found, key=lambda one: (one[0], one[1].column)):
            _show_column(choice, table, column, [word for _, word in several], may_map)


def _show_column(choice: Choice, table: str, column: str, unknown: list[UnknownWord], may_map: bool) -> None:
    lang = choice.lang
    heading = say(
        lang, "data.words_of", table=say(lang, f"tables.{table}"), column=column_heading(lang, table, column),
        n=len(unknown),
    )  # fmt: skip
    options = ["", *codes(table, column), OTHER]
    named = {code: code_label(lang, column, code) if code else say(lang, "data.word_not_mapped") for code in options}
    # What may mean something comes first.
    shown = sorted(unknown, key=lambda one: (one.guess is None, -one.rows, one.word))[:SHOWN]
    with st.expander(heading, expanded=any(one.guess for one in unknown)):
        with st.grid(4):
            picked = {
                one.word: _choice_of(lang, one, options, named, f"word_{table}_{column}_{one.word}", may_map)
                for one in shown
            }
        chosen = {word: code for word, code in picked.items() if code}
        rest = {one.word: OTHER for one in unknown if not picked.get(one.word)}
        row = st.container(horizontal=True)
        for key, mapped in (("map", chosen), ("other", rest)):
            label = say(lang, f"data.words_{key}", n=len(mapped))
            if row.button(label, key=f"{key}_{table}_{column}", disabled=not (mapped and may_map)):
                _map(choice, table, column, mapped)


def _choice_of(
    lang: Language, one: UnknownWord, options: list[str], named: dict[str, str], key: str, may_map: bool
) -> str:
    label = _unmarked(say(lang, "data.unknown_word", word=quoted_word(one.word), n=f"{one.rows:,}"))
    if options == ["", OTHER]:
        written = st.text_input(label, key=key, placeholder=say(lang, "data.word_age_band"), disabled=not may_map)
        return written.strip()
    at = options.index(one.guess) if one.guess in options else 0
    return st.selectbox(label, options, index=at, format_func=named.get, key=key, disabled=not may_map)


def _unmarked(text: str) -> str:
    """A text in which no sign of a file's word is taken for markup."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>~:$-])", r"\\\1", text)


def _map(choice: Choice, table: str, column: str, mapped: dict[str, str]) -> None:
    try:
        words.map_words(choice.ws, table, column, mapped)
    except UserError as error:
        say_all(choice.lang, error.problems)
    else:
        st.rerun()
