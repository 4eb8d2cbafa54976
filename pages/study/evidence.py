"""检验: was the map right, what would past outcomes have weighed, and where did nobody look."""

import streamlit as st

from analytics import session
from analytics.drawing import cards, charts, evidence
from analytics.errors import UserError
from analytics.evidence.detection_bias import detection_bias
from analytics.scheme.writing import yaml_with
from analytics.words import say
from pages.parts import evidence as parts
from pages.parts.browser_id import remember_browser
from pages.parts.controls import control_row, footer
from pages.parts.evidence_asked import ask
from pages.parts.export_menu import save_menu, table
from pages.parts.provenance_lines import provenance_lines

choice = control_row()
remember_browser()
lang, scheme = choice.lang, choice.scheme
exhibits = []

answer = st.container(key="evidence_answer")
asked = ask(choice)
weeks = asked.weeks

left, right = st.columns(2, gap="small")
try:
    with answer, st.spinner(say(lang, "evidence.working")):
        held = parts.view_of(choice, asked)
except UserError as error:
    answer.html(evidence.sentence(lang, error.text(lang)))
else:
    main, shown = held.main, held.maps
    said = evidence.answer(lang, main, weeks, held.kind, asked.other)
    lines = provenance_lines(choice, asked.other)
    with answer:
        st.html(evidence.headline(lang, main, said))
        if held.refused:
            st.html(evidence.sentence(lang, held.refused))
    with left.container(key="evidence_compared"):
        st.html(evidence.compared_title(lang, scheme))
        st.html(evidence.compared_card(lang, main, shown, held.against, held.kind))
    with left.container(key="evidence_time"):
        st.html(cards.title(lang, "evidence.over_time", "evidence.over_time_hint"))
        st.plotly_chart(evidence.over_time_chart(lang, main, shown), config=charts.CONFIG, theme=None, key="pai")
    with right.container(key="evidence_curve"):
        st.html(cards.title(lang, "evidence.curve", "evidence.curve_hint"))
        st.plotly_chart(evidence.curve_chart(lang, main, shown), config=charts.CONFIG, theme=None, key="curve")
    with left.container(key="evidence_fit"):
        fitted = parts.fit_card(choice, weeks)
        if fitted:
            file = yaml_with(session.scheme_text(choice.data, scheme.id), fitted.scheme)
            st.download_button(say(lang, "evidence.download"), file, f"{scheme.id}.yaml", on_click="ignore")
    exhibits += [
        table(choice, "evidence.compared", lambda: evidence.compared(lang, main, shown), hint=said, lines=lines),
        table(choice, "evidence.curve", lambda: evidence.curve_table(lang, main, shown), lines=lines),
        table(
            choice,
            "evidence.over_time",
            lambda: evidence.over_time_table(lang, main, shown),
            kind="lines",
            lines=lines,
        ),
    ]
    if fitted:
        exhibits += [
            table(choice, "evidence.fared", lambda: evidence.fared(lang, fitted)),
            table(choice, "evidence.fitted", lambda: evidence.weights(lang, scheme, fitted)),
        ]

with right.container(key="evidence_looked"):
    try:
        run = session.assessed(choice.data, scheme, [choice.day])
        found = detection_bias(session.facts(choice.data, scheme), run)
        st.html(evidence.detection_bias_title(lang, found))
        st.html(evidence.detection_bias_card(lang, found, cards.brief_names(run)))
        exhibits.append(table(choice, "evidence.looked_for", lambda: evidence.detection_bias_table(lang, found)))
    except UserError as error:
        st.html(evidence.detection_bias_title(lang, None))
        st.html(evidence.sentence(lang, error.text(lang)))

if exhibits:
    save_menu(lang, choice.day, dict(exhibits))
footer(choice)
session.remember_in_link(
    lang=lang,
    data=choice.data.id,
    scheme=scheme.id,
    date=choice.day.isoformat(),
    weeks=str(weeks),
    map=asked.map,
    against=asked.against,
)
