"""检验: was the map right, what would past outcomes have weighed, and where did nobody look."""

import streamlit as st

from analytics.drawing import evidence, evidence_charts
from analytics.drawing.html import card_title, sentence
from analytics.drawing.plotly_layout import CONFIG
from analytics.errors import UserError
from analytics.exhibits import evidence as exhibits
from analytics.scheme.writing import yaml_with
from analytics.wording.evidence import answer as answer_text
from analytics.words import say
from analytics.workspace import runs, schemes
from analytics.workspace.evidence import detection_bias_of
from pages.parts import evidence as parts
from pages.parts import state
from pages.parts.browser_id import remember_browser
from pages.parts.controls import control_row, footer
from pages.parts.evidence_asked import ask
from pages.parts.export_menu import save_menu
from pages.parts.interruption import show_interruption
from pages.parts.provenance_lines import caption_of

choice = control_row()
remember_browser()
lang, scheme = choice.lang, choice.scheme
found = []

stopped = st.container()
answer = st.container(key="evidence_answer")
asked = ask(choice)
weeks = asked.weeks

left, right = st.columns(2, gap="small")
try:
    with answer, st.spinner(say(lang, "evidence.working")):
        held = parts.view_of(choice, asked)
except UserError as error:
    answer.html(sentence(lang, error.text(lang)))
else:
    main, shown = held.main, held.maps
    said = answer_text(lang, main, weeks, held.kind, asked.other)
    caption = caption_of(choice, asked.other)
    with answer:
        st.html(evidence.headline(lang, main, said))
        if held.refused:
            st.html(sentence(lang, held.refused))
    with left.container(key="evidence_compared"):
        st.html(evidence.compared_title(lang, scheme))
        st.html(evidence.compared_card(lang, main, shown, held.against, held.kind))
    with left.container(key="evidence_time"):
        st.html(card_title(lang, "evidence.over_time", "evidence.over_time_hint"))
        st.plotly_chart(evidence_charts.over_time_chart(lang, main, shown), config=CONFIG, theme=None, key="pai")
    with right.container(key="evidence_curve"):
        st.html(card_title(lang, "evidence.curve", "evidence.curve_hint"))
        st.plotly_chart(evidence_charts.curve_chart(lang, main, shown), config=CONFIG, theme=None, key="curve")
    with left.container(key="evidence_fit"):
        fitted = parts.fit_card(choice, weeks)
        if fitted:
            file = yaml_with(schemes.scheme_text(choice.ws, choice.data, scheme.id), fitted.scheme)
            st.download_button(say(lang, "evidence.download"), file, f"{scheme.id}.yaml", on_click="ignore")
    found += [
        exhibits.compared(lang, caption, main, shown, said),
        exhibits.curve(lang, caption, main, shown),
        exhibits.pai_over_time(lang, caption, main, shown),
    ]
    if fitted:
        found += [
            exhibits.fitted_caught(lang, caption_of(choice), fitted),
            exhibits.fitted_weights(lang, caption_of(choice), scheme, fitted),
        ]

with right.container(key="evidence_looked"):
    try:
        run = runs.assessed(choice.ws, choice.data, scheme, [choice.day])
        with stopped:
            show_interruption(lang, run)
        table = detection_bias_of(choice.ws, choice.data, scheme, choice.day)
        st.html(evidence.detection_bias_title(lang, table))
        st.html(evidence.detection_bias_card(lang, table, run))
        found.append(exhibits.detection_bias(lang, caption_of(choice), table))
    except UserError as error:
        st.html(evidence.detection_bias_title(lang, None))
        st.html(sentence(lang, error.text(lang)))

if found:
    save_menu(choice, choice.day, found)
footer(choice)
state.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=scheme.id,
    date=choice.day.isoformat(),
    weeks=str(weeks),
    map=asked.map,
    against=asked.against,
)
