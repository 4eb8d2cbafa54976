"""The wider areas that a row names beside its own: its community and its street, in columns of their own or, of a whole
worksheet, in its name. They tell apart areas of one name, and keep the rows that say nothing finer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.loaders import values
from analytics.loaders.meant import BESIDE, Meant, meant_by
from analytics.loaders.names import AreaNames, segments
from analytics.loaders.rows import Rows, quotable
from analytics.loaders.sheet import SHEET_STEP

_KINDS = {"community": "社区", "street": "街道"}
_TOLD = 5


class Uppers:
    """The wider areas of the rows of one file, among ``areas``. A column counts as read once it is asked."""

    def __init__(self, rows: Rows, areas: pd.DataFrame) -> None:
        self._rows, self._areas = rows, areas
        self._columns = rows.uppers()
        self._names: AreaNames | None = None
        self._written = pd.Series(None, index=rows.good.index, dtype="str")
        # What a row says of a finer area in which it is not, or of which there are several.
        self._missed = pd.Series(None, index=rows.good.index, dtype="str")

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
        for level in _KINDS if wanted.any() else ():
            for cells in self._cells(level):
                asked = wanted & area_id.isna() & cells.notna()
                self._written = self._written.fillna(cells.where(asked))
                if asked.any():
                    position = self._positions(level, cells[asked])
                    known = values.taken(position, self._areas.index, cells.index[asked.to_numpy()]).dropna()
                    area_id[known.index] = known
                    self._written[known.index] = cells[known.index]
                    missed = cells[asked].drop(known.index)
                    self._missed[missed.index] = self._missed[missed.index].fillna(missed)
        return area_id

    def instead(self, wanted: pd.Series, cells: pd.Series) -> pd.Series:
        """The area_id of the wider area that each ``wanted`` row names, whose own cell means no area, or not one alone;
        each is told. Missing where it names none."""
        found = self.found(wanted)
        self._tell_within(found, cells)
        self._missed = self._missed.where(found.isna())
        return found

    def note_unknown_streets(self) -> None:
        """Say which streets that good rows name are in no list of areas that has streets."""
        if not (self._areas["level"] == "street").any():
            return
        for cells in self._cells("street"):
            counts = cells[self._rows.good].value_counts()
            meant = meant_by(counts.index.to_list(), self._areas, self.names)
            unknown = [text for text, one in zip(counts.index, meant, strict=True) if one.position < 0]
            for text in [text for text in unknown if not self.names.may_be(text)][:_TOLD]:
                self._rows.note("loading.upper_unknown", written=quotable(str(text)), n=int(counts[text]))

    def _tell_within(self, kept: pd.Series, written: pd.Series) -> None:
        names = kept.map(self._areas["name"]).astype("str").fillna("")
        self._rows.repair(kept.notna(), "area_id", "loading.area_within", written=written, code=kept, name=names)

    def tell(self, kept: pd.Series) -> None:
        """Have the report say which rows are kept at the wider area that they name: ``kept`` is its area_id there."""
        rows = self._rows
        within = kept.where(self._missed.notna())
        self._tell_within(within, self._missed)
        kept = kept.where(within.isna())
        names = kept.map(self._areas["name"]).astype("str").fillna("")
        # Where no area lies within it, it is no wider one: the row said all there is to say.
        wider = kept.isin(self._areas["parent_id"].dropna())
        rows.repair(wider, "area_id", "loading.area_upper", code=kept, name=names)
        whole = kept.notna() & ~wider
        rows.repair(whole, "area_id", "loading.area_by_name", written=self._written, code=kept, name=names)
        for (code, name), n in Counter(zip(kept[wider], names[wider], strict=True)).most_common(_TOLD):
            rows.note("loading.areas_upper", n=n, code=code, name=quotable(name))

    def refuse_unknown(self, lost: pd.Series) -> None:
        """Refuse the ``lost`` rows that name a wider area which nobody knows, with its name."""
        unknown = lost & self._written.notna()
        self._rows.refuse(unknown, "area_id", "loading.area_unknown", code=self._written)

    def _cells(self, level: str) -> Iterator[pd.Series]:
        return (self._rows.other(position) for position, of in self._columns.items() if of == level)

    def _positions(self, level: str, cells: pd.Series) -> np.ndarray:
        """The place among the areas that each cell means, below 0 for none."""
        written = cells
        if level == "community":
            street = self._around("street").reindex(cells.index).fillna("")
            plain = cells.isin(self._areas.index) | (street == "")
            written = cells.where(plain, street + BESIDE + cells)
        coded = values.arrow_of(written).dictionary_encode()
        meant = meant_by(coded.dictionary.to_pylist(), self._areas, self.names)
        return np.array([one.position for one in meant], dtype=np.int32)[coded.indices.to_numpy(zero_copy_only=False)]

    def _around(self, level: str) -> pd.Series:
        """The name of the wider area of this level that each row gives, as it is put in front of a name."""
        found = pd.Series(None, index=self._rows.good.index, dtype="str")
        for cells in self._cells(level):
            texts = cells.dropna().unique().tolist()
            meant = meant_by(texts, self._areas, self.names)
            named = {text: self._in_front(level, text, one) for text, one in zip(texts, meant, strict=True)}
            found = found.fillna(values.texts_by_value(cells, named.get))
        return found

    def _in_front(self, level: str, text: str, meant: Meant) -> str | None:
        """A code as the name of its area; a street only if it is one of the areas, a community as it is written."""
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
