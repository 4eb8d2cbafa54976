"""Indicators of which the office keeps no records at all: left out of the draft at one press, and taken back too."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from analytics.scheme.editing import leaving_out
from analytics.wording.schemes import names_of
from analytics.words import say
from pages.parts import drafts
from pages.parts.controls import Choice
from pages.parts.workbench import Workbench


def show_left_out(bench: Workbench) -> None:
    """A sentence and a button for each table that is not loaded; and what the draft leaves out so far."""
    lang, scheme, counts = bench.choice.lang, bench.scheme, bench.choice.data.counts
    out, names = set(scheme.missing.left_out), names_of(lang, scheme)
    lacking: dict[str, list[str]] = {}
    for item in scheme.indicators:
        if item.id not in out:
            for table in dict.fromkeys((item.source, item.spec.of_table(item.source))):
                if table and not counts.has(table):
                    lacking.setdefault(table, []).append(item.id)
    for table, ids in lacking.items():
        told = {"table": say(lang, f"tables.{table}"), "n": len(ids), "names": [names[one] for one in ids]}
        st.caption(say(lang, "workbench.left_out_ask", **told))
        st.button(
            say(lang, "workbench.left_out_press"), key=f"leave_out_{table}", on_click=_leave_out,
            args=(bench.choice, out.union(ids)),
        )  # fmt: skip
    if out:
        st.caption(say(lang, "workbench.left_out_now", names=[names[one] for one in scheme.missing.left_out]))
        st.button(
            say(lang, "workbench.left_out_back"), key="leave_out_none", on_click=_leave_out, args=(bench.choice, ())
        )


def _leave_out(choice: Choice, ids: Collection[str]) -> None:
    drafts.change(choice, leaving_out(drafts.draft_of(choice).scheme, ids))
