"""What goes on to its end though somebody presses something else meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

Made = TypeVar("Made")


def undisturbed(work: Callable[[], Made]) -> Made:
    """Streamlit breaks off the run of a page at the next press, wherever that run writes to the page; what runs in
    another thread it does not."""
    context = get_script_run_ctx()
    with ThreadPoolExecutor(1, initializer=lambda: add_script_run_ctx(None, context)) as beside:
        return beside.submit(work).result()
