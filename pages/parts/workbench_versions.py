"""Versions: comparing two of them, taking a file along and bringing one, and the door to adopting."""

from __future__ import annotations

import streamlit as st

from analytics.drawing import versions
from analytics.errors import UserError
from analytics.file_kinds import MEDIA_TYPES
from analytics.scheme import Scheme
from analytics.scheme.builtin import BUILTIN
from analytics.scheme.difference import differences
from analytics.scheme.reading import scheme_from
from analytics.scheme.writing import patch, yaml_with
from analytics.scoring.what_if import WhatIf
from analytics.wording.versions import version_name
from analytics.words import say
from analytics.workspace import runs, schemes
from pages.parts import drafts
from pages.parts.confirming import say_all
from pages.parts.controls import Choice
from pages.parts.open_forms import open_form
from pages.parts.workbench import Workbench
from pages.parts.workbench_adopting import ADOPT


def show_versions(bench: Workbench) -> None:
    """Every version with its reason; two of them held against each other; a file to take or to bring."""
    choice, lang = bench.choice, bench.choice.lang
    ws, data = choice.ws, choice.data
    texts = schemes.version_texts(ws, data, choice.scheme.id)
    entries = {entry.version: entry for entry in schemes.saved_versions(ws, data, choice.scheme.id)}
    st.html(versions.listed(lang, list(entries.values()), choice.scheme.version))
    now = yaml_with(bench.draft.file_text, bench.scheme)
    sides = {"draft": now, **texts}
    used = str(choice.scheme.version) if choice.scheme.version in entries else BUILTIN
    named = {name: version_name(lang, name, choice.scheme, ships=used == BUILTIN) for name in sides}
    row = st.container(horizontal=True, vertical_alignment="bottom")
    saved = schemes.version_of(ws, data, bench.scheme)
    old, new = (
        row.selectbox(
            say(lang, f"versions.{side}"), list(sides), list(sides).index(at), named.get, key=f"version_{side}"
        )
        for side, at in (("old", used), ("new", str(saved) if saved else "draft"))
    )
    other = None
    try:
        one, other = (scheme_from(sides[name].encode(), named[name]) for name in (old, new))
    except UserError as error:  # one that an older release of the product kept
        say_all(lang, error.problems)
    else:
        st.html(versions.difference(lang, differences(one, other), _tier_changes(choice, one, other)))
    with st.expander(say(lang, "versions.patch")):
        st.code(patch(sides[old], sides[new], f"{old}.yaml", f"{new}.yaml") or " ", language="diff")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            say(lang, "versions.download"), sides[new], f"{choice.scheme.id}-{new}.yaml", MEDIA_TYPES["yaml"],
            key="version_download", on_click="ignore",
        )  # fmt: skip
        opened = st.button(say(lang, "versions.open"), key="version_open", disabled=new == "draft" or other is None)
        entry = entries.get(int(new)) if new.isdecimal() else None
        may = ws.actor.may("adopt") and entry is not None and entry.version != choice.scheme.version and other
        adopt = say(lang, "versions.adopt_this", name=named[new]) if entry else say(lang, "versions.adopt")
        number = entry.number if entry else None
        asked = st.button(
            adopt, key="version_adopt", disabled=not may, type="primary", on_click=open_form, args=(ADOPT, number)
        )
    if entry is None and ws.actor.may("adopt"):
        st.caption(say(lang, "versions.adopt_saved"))
    if asked:  # this dialog makes way for the question
        st.rerun()
    if opened:
        _open(bench, other, sides[new])
    _load(bench)


def _tier_changes(choice: Choice, one: Scheme, other: Scheme) -> WhatIf | None:
    """Whose tier is another one under the second version; None where one of them cannot be scored on these data."""
    try:
        for scheme in (one, other):
            schemes.require_level(choice.scheme, scheme)
        return runs.compare_versions(choice.ws, choice.data, choice.scheme, (one, other), choice.day)
    except UserError:
        return None


def _open(bench: Workbench, scheme: Scheme, text: str) -> None:
    """Make a version the draft, if it can be scored on these data."""
    choice = bench.choice
    try:
        schemes.scheme_to_try(choice.ws, choice.data, choice.scheme, text.encode(), f"v{scheme.version}")
    except UserError as error:
        say_all(choice.lang, error.problems)
        return
    drafts.replace_by(choice, scheme, text)
    st.rerun()


def _load(bench: Workbench) -> None:
    """A scheme file that was edited elsewhere becomes the draft, or every fault of it is told with its line."""
    choice, lang = bench.choice, bench.choice.lang
    file = st.file_uploader(say(lang, "versions.load"), ["yaml", "yml"], key="version_file")
    if file is None:
        return
    try:
        scheme = schemes.scheme_to_try(choice.ws, choice.data, choice.scheme, file.getvalue(), file.name)
    except UserError as error:
        say_all(lang, error.problems)
        return
    st.html(versions.difference(lang, differences(bench.scheme, scheme)))
    if st.button(say(lang, "workbench.take"), key="version_take", type="primary"):
        drafts.replace_by(choice, scheme, file.getvalue().decode("utf-8-sig"))
        st.rerun()
