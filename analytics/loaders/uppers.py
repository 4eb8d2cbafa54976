"""The wider areas that a row names beside its own: its community and its street, in columns of their own or, of a whole
worksheet, in its name. They tell apart areas of one name, and keep the rows that say nothing finer."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.meant import BESIDE, Meant, meant_by
from analytics.loaders.names import AreaNames, segments
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.sheet import SHEET_STEP

_KINDS = {"street": "街道", "community": "社区"}
_TOLD = 5


class Uppers:
    """The wider areas of the rows of one file, among ``areas``."""

    def __init__(self, rows: Rows, areas: pd.DataFrame) -> None:
        self._rows, self._areas = rows, areas
        self._columns = rows.uppers()
        self._names: AreaNames | None = None

    @property
    def names(self) -> AreaNames:
        """The names of the areas, looked at once."""
        if self._names is None:
            self._names = AreaNames(self._areas)
        return self._names

    def beside(self, cells: pd.Series) -> pd.Series:
        """The cells, each that is no code preceded by what lies around its row."""
        asked = cells.notna() & ~cells.isin(self._areas.index)
        if not asked.any():
            return cells
        around = self._around("street").fillna("") + self._around("community").fillna(self._of_worksheet()).fillna("")
        asked &= around != ""
        return cells.mask(asked, around + BESIDE + cells) if asked.any() else cells

    def found(self, wanted: pd.Series) -> pd.Series:
        """The area_id of the community of each ``wanted`` row, else of its street; missing where it names none."""
        area_id = pd.Series(None, index=wanted.index, dtype="str")
        for level in ("community", "street"):
            for cells in self._columns.get(level, ()):
                asked = wanted & area_id.isna() & cells.notna()
                if asked.any():
                    position = self._positions(level, cells[asked])
                    area_id[asked] = values.taken(position, self._areas.index, cells.index[asked.to_numpy()])
        return area_id

    def tell(self, kept: pd.Series) -> None:
        """Have the report say which rows are known only to a wider area: ``kept`` is its area_id, where that is so."""
        rows = self._rows
        names = kept.map(self._areas["name"]).astype("str").fillna("")
        rows.repair(kept.notna(), "area_id", "loading.area_upper", code=kept, name=names)
        for (code, name), n in Counter(zip(kept.dropna(), names[kept.notna()], strict=True)).most_common(_TOLD):
            rows.note("loading.areas_upper", n=n, code=code, name=quotable(name))

    def _positions(self, level: str, cells: pd.Series) -> np.ndarray:
        written = cells
        if level == "community":
            street = self._around("street").reindex(cells.index).fillna("")
            plain = cells.isin(self._areas.index) | (street == "")
            written = cells.where(plain, street + BESIDE + cells)
        coded = values.arrow_of(written).dictionary_encode()
        meant: list[Meant] = meant_by(coded.dictionary.to_pylist(), Counter(), self._areas, self.names)
        return np.array([one.position for one in meant], dtype=np.int32)[coded.indices.to_numpy(zero_copy_only=False)]

    def _around(self, level: str) -> pd.Series:
        """The name of the wider area of this level that each row gives."""
        found = pd.Series(None, index=self._rows.good.index, dtype="str")
        for cells in self._columns.get(level, ()):
            found = found.fillna(values.texts_by_value(cells, lambda text: self._name_of(level, text)))
        return found

    def _name_of(self, level: str, text: str) -> str | None:
        """A wider area as it is put in front of a name; a street only if it is one of the areas."""
        meant = meant_by([text], Counter(), self._areas, self.names)[0]
        if meant.position >= 0 and (meant.how != "name" or level == "street"):
            text = str(self._areas["name"].iloc[meant.position])
        elif level == "street":
            return None
        parts = segments(text)
        return text if not parts or parts[-1].kind else text + _KINDS[level]

    def _of_worksheet(self) -> pd.Series:
        """The name of each row's worksheet, where that is the name of a wider area."""
        index = self._rows.good.index
        parents = set(self._areas["parent_id"].dropna())
        sheets = [sheet if sheet and self.names.meant(sheet) in parents else None for sheet in self._rows.sheet.sheets]
        return pd.Series(np.array(sheets, dtype=object)[(index // SHEET_STEP).to_numpy()], index=index).astype("str")
