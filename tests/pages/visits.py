"""Visiting the dashboard without a browser: a page that opens, what it says, and releases for it to show."""

import re
from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from analytics.access import Actor
from analytics.workspace import datasets, ledgers, open_workspace, published, schemes
from pages.parts.browser_id import SEAT

ROOT = Path(__file__).parents[2]
PAGES = {
    "overview": "pages/lead/overview.py",
    "area": "pages/lead/area.py",
    "response": "pages/lead/response.py",
    "trends": "pages/lead/trends.py",
    "method": "pages/study/method.py",
    "data": "pages/data/loading.py",
    "compare": "pages/lead/compare.py",
    "releases": "pages/data/releases.py",
    "drafts": "pages/data/drafts.py",
    "weights": "pages/study/weights.py",
    "confidence": "pages/study/confidence.py",
    "evidence": "pages/study/evidence.py",
    "briefing": "pages/meet/briefing.py",
    "presentation": "pages/meet/presentation.py",
    "settings": "pages/data/settings.py",
    "embed": "pages/meet/embed.py",
}
AT_THE_DOOR = ("overview", "embed")
"""What opens without a name in the address."""
CJK = re.compile(r"[\u4e00-\u9fff]")
WANG = Actor("wang", "local")
AGAIN = ("again",)
"""What is confirmed where the same is published twice."""


def tab(lang="zh", **link):
    """A browser's tab with a link in it, before anything has run; the link leaves out what is None."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    for name, value in {"lang": lang, **link}.items():
        if value is not None:
            app.query_params[name] = value
    return app


def visit(page, lang="zh", **link):
    """A page, opened by a link."""
    return go(tab(lang, **link), page)


def go(app, page):
    """The same tab on another page."""
    if page == "data" and not app._tree.children:
        app.run()  # before its first run AppTest takes a file's name for the page's address, and this one has another
    if page not in AT_THE_DOOR or app._tree.children:
        app.switch_page(PAGES[page])
    app.run()
    assert not app.exception
    assert app._registered_pages[app._finished_page_script_hash]["script_path"].endswith(PAGES[page])
    return app


def html(app):
    """All but the script that holds the browser's own seat."""
    return "\n".join(part.value for part in app.html if SEAT not in part.value)


def said(app):
    """Every sentence in a box, and every caption."""
    kinds = (app.info, app.error, app.success, app.warning, app.caption)
    return [part.value for kind in kinds for part in kind]


def keys(app):
    """The keys of every button."""
    return {button.key for button in app.button}


def labels(app):
    """What stands on every widget."""
    widgets = (*app.selectbox, *app.button, *app.text_input, *app.date_input, *app.get("download_button"))
    return [widget.proto.label for widget in widgets]


def press(app, key):
    """Press a button."""
    app.button(key=key).click().run()
    assert not app.exception
    return app


def demo(actor=WANG):
    """The workspace of somebody, and the demo street in it."""
    ws = open_workspace(actor=actor)
    return ws, datasets.find(ws, "demo_street")[0]


def demo_ledger():
    """The ledger of the demo street."""
    return ledgers.ledger(*demo())


def made(*weeks_ago, publish=True, reason="例会", scheme="epidemic"):
    """Releases of the demo street as of so many weeks before its newest day, one after the other."""
    ws, data = demo()
    chosen = schemes.scheme_for(ws, data, scheme)[0]
    make = published.publish if publish else published.keep_draft
    for weeks in weeks_ago:
        make(ws, data, chosen, data.days(chosen)[1] - timedelta(weeks=weeks), reason, AGAIN)


def field(widgets, name):
    """A field of a form, whose key changes once the form was used."""
    return next(widget for widget in widgets if (widget.key or "").rpartition("_")[0] == name)


def confirm(app):
    """Press the button of the open form that goes on."""
    return press(app, next(key for key in keys(app) if key and key.startswith("confirm_")))


def confirm_twice(app):
    """Tick what is asked about once more, and press on."""
    (tick,) = app.checkbox
    tick.check().run()
    return confirm(app)


def planned(app):
    """The sentences of the open form that say what will happen."""
    found = re.findall(r'<div class="fc plan">(.*?)</div>', html(app), flags=re.DOTALL)
    return [re.sub(r"<[^>]+>", "", line).strip() for part in found for line in part.split("</p>") if line.strip()]
