"""The container of old Excel files ([MS-CFB]): a chain of sectors that never ends would be followed for ever."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np

from analytics.errors import LoadError

_HEADER = 512  # bytes
_SECTOR_BITS = 30  # where the size of a sector stands, as a power of two
_MINI_CHAIN = 60  # where the first sector of the table of small sectors stands
_MASTER_CHAIN = 68  # where the first sector of the list of table sectors stands, beyond those in the header
_MASTER_LIST = 76
_LAST_SECTOR = 0xFFFFFFFA  # higher numbers are marks


def require_ends(name: str, content: bytes) -> None:
    """Raise ``LoadError`` unless each chain of sectors comes to an end."""
    if len(content) < _HEADER or (bits := struct.unpack_from("<H", content, _SECTOR_BITS)[0]) not in (9, 12):
        raise LoadError.because("files.damaged", file=name)
    size = 1 << bits
    following = _table(content, _table_sectors(name, content, size), size)
    _require_no_circle(name, following)
    small = [*_chain(struct.unpack_from("<I", content, _MINI_CHAIN)[0], following)]
    _require_no_circle(name, _table(content, small, size))


def _table_sectors(name: str, content: bytes, size: int) -> list[int]:
    """The sectors that hold the table of sectors."""
    found = list(np.frombuffer(content[_MASTER_LIST:_HEADER], "<u4"))
    sector = struct.unpack_from("<I", content, _MASTER_CHAIN)[0]
    seen = set()
    while sector <= _LAST_SECTOR:
        numbers = _table(content, [sector], size)
        if sector in seen or not len(numbers):
            raise LoadError.because("files.damaged", file=name)
        seen.add(sector)
        found += list(numbers[:-1])
        sector = int(numbers[-1])
    return [int(sector) for sector in found if sector <= _LAST_SECTOR]


def _table(content: bytes, sectors: list[int], size: int) -> np.ndarray:
    """The numbers in these sectors one after the other; none of a sector that the file does not have."""
    parts = [content[(sector + 1) * size : (sector + 2) * size] for sector in sectors]
    return np.concatenate([np.frombuffer(part[: len(part) // 4 * 4], "<u4") for part in parts] or [np.empty(0, "<u4")])


def _chain(sector: int, following: np.ndarray) -> Iterator[int]:
    while sector < len(following):
        yield sector
        sector = int(following[sector])


def _require_no_circle(name: str, following: np.ndarray) -> None:
    count = len(following)
    # A further place at the end stands for every mark; each round doubles the steps taken from each sector.
    after = np.append(np.minimum(following, count), count).astype("int64")
    for _ in range(count.bit_length()):
        after = after[after]
    if (after != count).any():
        raise LoadError.because("files.damaged", file=name)
