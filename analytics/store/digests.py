"""Digests of what is in tables."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import pandas as pd

from analytics.store.words import Vocabulary


def digest_of(tables: Mapping[str, pd.DataFrame], words: Vocabulary) -> str:
    """The SHA-256 (hex) of what is in some tables and what their words mean, whatever the order of their rows."""
    held = sha256(words.key.encode())
    for name, frame in sorted(tables.items()):
        # Of areas the index is their ids; of other tables it says where a row stood.
        plain = pd.DataFrame(frame).reset_index(drop=name != "areas")
        plain = plain.assign(**{column: plain[column].astype("str") for column in plain if column == "geometry"})
        rows = np.sort(pd.util.hash_pandas_object(plain, index=False).to_numpy())
        held.update(f"{name} {list(plain)} ".encode() + rows.tobytes())
    return held.hexdigest()
