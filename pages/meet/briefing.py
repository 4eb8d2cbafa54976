"""简报: a release as a picture, slides or a paper: choose, look, take it along."""

from urllib.parse import urlencode

import streamlit as st

from analytics.briefing.document import starter_template, template_fields
from analytics.drawing.html import card_title
from analytics.errors import UserError
from analytics.file_kinds import FORMATS, MEDIA_TYPES
from analytics.words import say
from pages.parts import state
from pages.parts.briefing_download import choose_look, one_of, show_file, show_preview
from pages.parts.confirming import say_all
from pages.parts.controls import control_row, footer
from pages.parts.empty_state import nothing_here
from pages.parts.public_file import show_public

choice = control_row(releases=True, dates=False, working=False)
lang, data, entry = choice.lang, choice.data, choice.release

if entry is None:
    nothing_here(lang, say(lang, "briefing.no_release"), "releases")
else:
    preview, aside = st.columns([2.2, 1], gap="small")
    with aside.container(key="brief_choice"):
        st.html(card_title(lang, "briefing.choose"))
        kinds = {form: say(lang, f"briefing.kind_{form}") for form in FORMATS}
        form = one_of(say(lang, "briefing.choose_form"), "brief_form", kinds)
        st.caption(say(lang, f"briefing.about_{form}"))
        wanted, vision = choose_look(choice, form)
        template = None
        if form == "docx":
            with st.expander(say(lang, "briefing.template")):
                template = st.file_uploader(
                    say(lang, "briefing.template"), type="docx", key="template", label_visibility="collapsed"
                )
                st.download_button(
                    say(lang, "briefing.starter"), starter_template(lang), f"{say(lang, 'briefing.starter')}.docx",
                    MEDIA_TYPES["docx"], key="starter", on_click="ignore",
                )  # fmt: skip
                st.table(template_fields(lang))
        taking = st.container(key="brief_take")
        shown = {"lang": lang, "data": data.id, "scheme": choice.scheme.id, "release": entry.name}
        st.link_button(
            say(lang, "briefing.present"), f"presentation?{urlencode({**shown, 'theme': wanted.appearance.theme})}",
            width="stretch",
        )  # fmt: skip
        st.caption(say(lang, "briefing.present_hint"))
    own = template.getvalue() if template else None
    try:
        with preview.container(key="brief_preview"):
            show_preview(choice, wanted, vision, own)
        with taking:
            show_file(choice, wanted, own)
    except UserError as error:
        say_all(lang, error.problems)
    show_public(choice, entry)

footer(choice)
state.remember_in_link(lang=lang, data=data.id, scheme=choice.scheme.id, release=entry and entry.name)
