"""Ids of the source are kept as they are, for those who may see records; what looks personal in one is hashed.

A hash is keyed with the installation's own key: the same id always gives the same hash, and none leads back. Homes of
before version 2 hold every id as its hash: :meth:`IdHash.comparable` tells that one means the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.loaders.private import personal_ids
from analytics.loaders.values import arrow_of, bytes_of, text_of

_KEY_BYTES = 32
_HASH_BYTES = 13  # 26 hex digits: among ten million ids two meet with a chance of 1 in 10**17
_WORD = 8  # bytes that SipHash takes at a time
_BLOCK = 1 << 14  # ids whose state stays in the processor's cache
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint16)


class IdHash:
    """SipHash-2-4 of 128 bits (Aumasson and Bernstein 2012) with the installation's own ``key``, at least 32 bytes.

    ``ValueError`` for a shorter key.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES:
            raise ValueError(f"a key needs {_KEY_BYTES} bytes")
        self._key = blake2b(key, digest_size=16, person=b"fc-key").digest()
        fingerprint = blake2b(key, digest_size=3, person=b"fc-fingerprint").hexdigest()
        self._start = f"fc-{fingerprint}-"

    def kept(self, cells: pd.Series) -> tuple[pd.Series, int]:
        """Each id (text) as it may be kept: itself, or its hash where it looks personal; and how many were hashed."""
        personal = personal_ids(cells)
        if not personal.any():
            return cells, 0
        found = cells.copy()
        found[personal] = self.of(cells[personal])
        return found, int(personal.sum())

    def comparable(self, *several: pd.Series) -> tuple[pd.Series, ...]:
        """Several columns of ids so that the same id is the same text in all of them: as hashes, if any holds some."""
        return tuple(map(self.of, several)) if any(map(self.holds_hashed, several)) else several

    def holds_hashed(self, ids: pd.Series) -> bool:
        """Whether any id is a hash that this key made."""
        return bool(pc.any(pc.starts_with(arrow_of(ids), self._start)).as_py())

    def of(self, cells: pd.Series) -> pd.Series:
        """Each id (text) as "fc-", the key's fingerprint, "-" and 26 hex digits; missing stays missing.

        What this key has already hashed passes unchanged, so that an export can be loaded again.
        """
        texts = arrow_of(cells)
        start = np.frombuffer(self._start.encode(), dtype=np.uint8)
        width = len(start) + 2 * _HASH_BYTES
        marks = np.empty((len(texts), width), dtype=np.uint8)
        marks[:, : len(start)] = start
        for first in range(0, len(texts), _BLOCK):
            block = siphash(self._key, texts.slice(first, _BLOCK))[:, :_HASH_BYTES]
            marks[first : first + _BLOCK, len(start) :] = _HEX[block].view(np.uint8)
        found = _texts_of(marks)
        if texts.null_count:
            found = pc.if_else(texts.is_null(), None, found)
        if pc.any(pc.starts_with(texts, self._start)).as_py():
            own = pc.match_substring_regex(texts, rf"^{self._start}[0-9a-f]{{{2 * _HASH_BYTES}}}$")
            found = pc.if_else(own, texts, found)
        return text_of(found, cells.index).rename(cells.name)


def in_hex(start: str, digests: np.ndarray, index: pd.Index) -> pd.Series:
    """``start`` and the first 13 bytes of each of ``digests`` (uint8, 16 a row) in hex digits."""
    digits = _HEX[digests[:, :_HASH_BYTES]].view(np.uint8)
    marks = np.empty((len(digits), len(start) + digits.shape[1]), dtype=np.uint8)
    marks[:, : len(start)] = np.frombuffer(start.encode(), dtype=np.uint8)
    marks[:, len(start) :] = digits
    return text_of(_texts_of(marks), index)


def siphash(key: bytes, texts: pa.LargeStringArray) -> np.ndarray:
    """SipHash-2-4 (uint8, 16 a text) of the UTF-8 of each text; ``key``: 16 bytes. A missing text counts as any."""
    content, starts = bytes_of(texts)
    lengths = np.diff(starts)
    found = np.empty((len(texts), 16), dtype=np.uint8)
    words = lengths // _WORD + 1
    for count in np.unique(words):
        rows = np.flatnonzero(words == count)
        at = np.arange(count * _WORD)
        inside = at < lengths[rows, None]
        message = np.zeros(inside.shape, dtype=np.uint8)
        message[inside] = content[(starts[rows, None] + at)[inside]]
        message[:, -1] = lengths[rows]  # modulo 256
        found[rows] = _siphash_of_words(key, message.view("<u8").T)
    return found


def _texts_of(marks: np.ndarray) -> pa.LargeStringArray:
    """Each row of bytes as a text."""
    offsets = np.arange(len(marks) + 1, dtype=np.int64) * marks.shape[1]
    return pa.LargeStringArray.from_buffers(len(marks), pa.py_buffer(offsets), pa.py_buffer(marks))


def siphash_of_words(key: bytes, message: Sequence[np.ndarray]) -> np.ndarray:
    """SipHash-2-4 (uint8, 16 a row) of rows of words: ``message`` are the columns of words (uint64)."""
    found = np.empty((len(message[0]), 16), dtype=np.uint8)
    for first in range(0, len(found), _BLOCK):
        block = np.stack([word[first : first + _BLOCK] for word in message])
        found[first : first + _BLOCK] = _siphash_of_words(key, block)
    return found


def _siphash_of_words(key: bytes, message: np.ndarray) -> np.ndarray:
    low, high = np.frombuffer(key, dtype="<u8")
    initial = (
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D ^ 0xEE,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    )
    state = [np.full(message.shape[1], word, dtype=np.uint64) for word in initial]
    for word in message:
        state[3] ^= word
        _rounds(state, 2)
        state[0] ^= word
    state[2] ^= np.uint64(0xEE)
    _rounds(state, 4)
    first = state[0] ^ state[1] ^ state[2] ^ state[3]
    state[1] ^= np.uint64(0xDD)
    _rounds(state, 4)
    second = state[0] ^ state[1] ^ state[2] ^ state[3]
    return np.stack([first, second], axis=1).astype("<u8", copy=False).view(np.uint8)


def _rounds(state: list[np.ndarray], times: int) -> None:
    v0, v1, v2, v3 = state
    for _ in range(times):
        v0 += v1
        v2 += v3
        _turn(v1, 13)
        _turn(v3, 16)
        v1 ^= v0
        v3 ^= v2
        _turn(v0, 32)
        v2 += v1
        v0 += v3
        _turn(v1, 17)
        _turn(v3, 21)
        v1 ^= v2
        v3 ^= v0
        _turn(v2, 32)


def _turn(word: np.ndarray, bits: int) -> None:
    upper = word >> np.uint64(64 - bits)
    word <<= np.uint64(bits)
    word |= upper
