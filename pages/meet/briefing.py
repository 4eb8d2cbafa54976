"""简报: a release as a picture, slides or a paper: choose, look, take it along."""

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

choice = control_row(releases=True, dates=False, working=False)
lang, data, entry = choice.lang, choice.data, choice.release

if entry is None:
    st.info(say(lang, "briefing.no_release"))
    if st.button(say(lang, "release_pages.go_releases"), key="go_releases", type="primary"):
        st.switch_page("pages/data/releases.py")
else:
    preview, aside = st.columns([2.2, 1], gap="small")
    with aside.container(key="brief_choice"):
        st.html(card_title(lang, "briefing.choose"))
        kinds = {form: say(lang, f"briefing.kind_{form}") for form in FORMATS}
        form = one_of(say(lang, "briefing.choose_form"), "brief_form", kinds)
        st.caption(say(lang, f"briefing.about_{form}"))
        wanted, vision = choose_look(lang, form)
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
        st.page_link(
            "pages/meet/presentation.py", label=say(lang, "briefing.present"),
            query_params={"lang": lang, "data": data.id, "scheme": choice.scheme.id, "release": entry.name,
                          "theme": wanted.appearance.theme},
        )  # fmt: skip
    try:
        with preview.container(key="brief_preview"):
            show_preview(choice, wanted, vision)
        with taking:
            show_file(choice, wanted, template.getvalue() if template else None)
    except UserError as error:
        say_all(lang, error.problems)

footer(choice)
state.remember_in_link(lang=lang, data=data.id, scheme=choice.scheme.id, release=entry and entry.name)
