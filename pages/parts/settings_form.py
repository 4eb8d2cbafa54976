"""The form of the settings: a text in each language, and the scheme that opens first."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from analytics.store.office_settings import LONGEST, OF_PUBLIC_MAPS, ON, PRINTED, OfficeSettings
from analytics.words import LANGUAGES, Language, say
from analytics.workspace import schemes, settings
from pages.parts.confirming import attempt
from pages.parts.controls import Choice

_TOLD = "settings_told"


def show_form(choice: Choice) -> None:
    """Show what is set, let it be changed by whoever may, and say what was saved."""
    lang, held = choice.lang, settings.office_settings(choice.ws, choice.data)
    locked = not choice.ws.actor.may("configure")
    with st.form("settings_form", border=False):
        values = {
            field: text for name in PRINTED for field, text in _in_each_language(choice, name, held, locked).items()
        }
        values["first_scheme"] = _first_scheme(choice, held, locked)
        values["two_hands"] = _two_hands(choice, held, locked)
        values |= _of_public_maps(choice, held, locked)
        pressed = st.form_submit_button(
            say(lang, "settings.save"), key="settings_save", type="primary", disabled=locked
        )

    def save(confirmed: Collection[str]) -> tuple[str, ...]:
        return settings.save_office_settings(choice.ws, choice.data, values, confirmed)

    changed = attempt(lang, "settings", pressed, save)
    if changed is not None:
        st.session_state[_TOLD] = changed
        st.rerun()  # the foot of the page and the first scheme are shown as they are now
    if (told := st.session_state.pop(_TOLD, None)) is not None:
        names = list(
            dict.fromkeys(say(lang, f"settings.{name.removesuffix('_zh').removesuffix('_en')}") for name in told)
        )
        st.success(say(lang, "settings.saved", names=names) if names else say(lang, "settings.nothing_new"))


def _in_each_language(choice: Choice, name: str, held: OfficeSettings, locked: bool) -> dict[str, str]:
    found = {}
    for column, of in zip(st.columns(len(LANGUAGES), gap="small"), LANGUAGES, strict=True):
        field = f"{name}_{of}"
        label = {"name": say(choice.lang, f"settings.{name}"), "language": say(choice.lang, f"settings.in_{of}")}
        found[field] = column.text_input(
            say(choice.lang, "settings.in_language", **label), getattr(held, field), disabled=locked, max_chars=LONGEST,
            key=f"settings_{choice.data.id}_{field}", placeholder=_example(name, of),
        )  # fmt: skip
    return found


def _of_public_maps(choice: Choice, held: OfficeSettings, locked: bool) -> dict[str, str]:
    columns = st.columns(len(OF_PUBLIC_MAPS), gap="small")
    return {
        name: column.text_input(
            say(choice.lang, f"settings.{name}"), getattr(held, name), disabled=locked, max_chars=LONGEST,
            key=f"settings_{choice.data.id}_{name}", help=say(choice.lang, "settings.map_help"),
        )
        for column, name in zip(columns, OF_PUBLIC_MAPS, strict=True)
    }  # fmt: skip


def _example(name: str, of: Language) -> str:
    """What stands in an empty box: what is printed then, or what could be written."""
    return say(of, "page.base_map" if name == "base_map" else f"settings.example_{name}")


def _first_scheme(choice: Choice, held: OfficeSettings, locked: bool) -> str:
    known = schemes.schemes(choice.ws, choice.data)
    names = {key: scheme.name.text(choice.lang) for key, scheme in known.items()}
    names = {"": say(choice.lang, "settings.usual_scheme", scheme=names[choice.data.schemes[0]]), **names}
    return st.selectbox(
        say(choice.lang, "settings.first_scheme"), list(names), format_func=names.get, disabled=locked, width=420,
        index=list(names).index(held.first_scheme) if held.first_scheme in names else 0,
        key=f"settings_{choice.data.id}_first_scheme",
    )  # fmt: skip


def _two_hands(choice: Choice, held: OfficeSettings, locked: bool) -> str:
    label, key = say(choice.lang, "settings.two_hands"), f"settings_{choice.data.id}_two_hands"
    return ON if st.checkbox(label, bool(held.two_hands), disabled=locked, key=key) else ""
