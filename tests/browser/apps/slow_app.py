"""A visit that takes long to write: begun.txt before it, done.txt in the folder of the setting at its end."""

import os
import time
from pathlib import Path

import streamlit as st

from analytics.serving import server
from analytics.workspace import door, open_workspace
from pages.parts import sign_in


@door("load")
def written(_ws):
    folder = Path(os.environ["FIVE_COLOUR_HOME"])
    (folder / "begun.txt").write_text("")
    time.sleep(3)
    (folder / "done.txt").write_text("")


if __name__ == "__main__":
    written(open_workspace())
else:
    app = st.App(__file__, **server.served("localhost", sign_in.how()))
