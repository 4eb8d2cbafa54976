"""Files that were chosen and are not loaded yet. They and what was said of them outlive the widgets that said it:
another table, language or page, or a load that is refused, loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.loaders import UploadedBytes
from analytics.words import Phrase
from analytics.workspace.loads import Incoming


@dataclass
class WaitingFile:
    """One file: ``said`` is what was chosen of it, by the name of the choice; ``refused`` is how it was to be loaded
    when that was refused, and ``problems`` why."""

    key: str
    file: UploadedBytes
    said: dict[str, object] = field(default_factory=dict)
    refused: Incoming | None = None
    problems: tuple[Phrase, ...] = ()

    def widget(self, name: str, lang: str, first: object) -> str:
        """The key of the widget that asks for ``name``, which shows what was chosen before, else ``first``. Each
        language has its own: a browser goes on showing what was chosen in the words of then."""
        kind, _, of = name.partition("_")
        key = f"{kind}_{lang}_{self.key}_{of}"
        if key not in st.session_state:
            st.session_state[key] = self.said.get(name, first)
        return key


def waiting_files() -> list[WaitingFile]:
    """The files that wait, in the order in which they were chosen."""
    return cast("list[WaitingFile]", st.session_state.setdefault("waiting", []))


def take_in(uploads: Iterable[UploadedFile]) -> bool:
    """Take the files out of the upload box, which another page or language would empty; whether there were any."""
    new = [(upload.file_id, (upload.name, upload.getvalue())) for upload in uploads]
    there = [one.file for one in waiting_files()]
    for key, file in new:
        if file not in there:
            waiting_files().append(WaitingFile(key, file))
    return bool(new)


def let_go(*keys: str) -> None:
    """Forget files: they are loaded, or were chosen by mistake."""
    st.session_state.waiting = [one for one in waiting_files() if one.key not in keys]
