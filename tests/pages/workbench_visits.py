"""What is done on the workbench: sliders that move, cut-offs that are typed, and what the page then says."""

import re

from analytics.scheme import scheme_named
from analytics.scheme.builtin import builtin_text
from analytics.scheme.writing import yaml_with
from tests.pages.visits import WANG, demo_ledger, go, html, press, tab, visit


def bench(lang="zh", **link):
    """The workbench, opened by a link."""
    app = visit("weights", lang, **link)
    assert not app.error
    return app


def bench_again(app):
    """The workbench in another tab of the same browser."""
    again = tab()
    again.session_state.seat = app.session_state.seat
    return go(again, "weights")


def counts(app):
    """Areas in each tier before and after, as the page tells them."""
    found = re.findall(r'data-tier="(\w+)" data-before="(\d+)" data-after="(\d+)"', html(app))
    return {tier: (int(before), int(after)) for tier, before, after in found}


def held(widgets, name):
    """A widget that shows what others may change too: it has another key each time that they do."""
    return next(widget for widget in widgets if (widget.key or "").partition("~")[0] == name)


def move(app, child, percent):
    held(app.slider, f"weight_{child}").set_value(percent).run()
    assert not app.exception
    return app


def weights(app):
    sliders = [slider for slider in app.slider if slider.key.startswith("weight_")]
    return {slider.key.removeprefix("weight_").partition("~")[0]: slider.value for slider in sliders}


def cut(app, tier, value):
    held(app.number_input, f"cut_typed_{tier}").set_value(value).run()
    assert not app.exception
    return app


def in_dialog(app, opener):
    """Run what was just set in a dialog. Without a browser every run is of the whole page, which closes it."""
    press(app, opener)
    return app


def work(app):
    return next(iter(app.session_state.drafts.values()))


def session_scheme(app):
    """The scheme of the draft, once something was changed."""
    return work(app).scheme


def adopted(**changes):
    """A version that was saved and adopted past the page."""
    scheme = scheme_named("epidemic").model_copy(update=changes)
    saved = demo_ledger().save_scheme(WANG, yaml_with(builtin_text("epidemic"), scheme), "试行")
    demo_ledger().adopt_scheme(WANG, saved.number)
