"""The sample data sets: a folder each, described by its dataset.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analytics.errors import LoadError
from analytics.loaders.load import TABLES

_DESCRIPTION = "dataset.yaml"


@dataclass(frozen=True)
class DatasetInfo:
    """What a folder of sample data says of itself; ``name``, ``notice`` and ``source`` are {zh, en} pairs.

    ``notice``: stands on every screen that shows the data. ``made_up``: nothing in it is real.
    ``files``: table -> file in ``folder``. ``schemes``: ids that fit the data, the usual one first.
    ``context``: GeoJSON file in ``folder`` of water and roads, drawn under the areas.
    """

    id: str
    folder: Path
    name: Mapping[str, str]
    notice: Mapping[str, str] | None
    source: Mapping[str, str]
    made_up: bool
    files: Mapping[str, str]
    schemes: tuple[str, ...]
    default_date: date | None
    context: str | None


class _Pair(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zh: str
    en: str


class _Description(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Pair
    notice: _Pair | None = None
    source: _Pair
    made_up: bool
    files: dict[str, str]
    schemes: tuple[str, ...] = ()
    default_date: date | None = None
    context: str | None = None


def sample_datasets(root: Path) -> tuple[DatasetInfo, ...]:
    """The data sets in ``root``, by id; a folder without a dataset.yaml is none.

    Raises ``LoadError`` that names the file and the entry at fault.
    """
    return tuple(_described(file) for file in sorted(root.glob(f"*/{_DESCRIPTION}")))


def _described(file: Path) -> DatasetInfo:
    shown = f"{file.parent.name}/{_DESCRIPTION}"
    try:
        description = _Description.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LoadError.because("loading.dataset_unreadable", file=shown) from error
    except ValidationError as error:
        entry = ".".join(map(str, error.errors()[0]["loc"])) or _DESCRIPTION
        raise LoadError.because("loading.dataset_entry_wrong", file=shown, entry=entry) from error
    if "areas" not in description.files or not set(description.files) <= set(TABLES):
        raise LoadError.because("loading.dataset_tables_wrong", file=shown, tables=TABLES)
    return DatasetInfo(id=file.parent.name, folder=file.parent, **description.model_dump())
