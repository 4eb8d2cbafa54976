"""Which of the two old encodings a Chinese text is in: GB18030 of the mainland, or Big5 of Taiwan and Hong Kong.

Nearly any bytes can be read as either. Both keep their everyday characters in one run of first bytes, the rare ones
behind it: read in the wrong one, half of a text is rare.
"""

from __future__ import annotations

import codecs

import numpy as np

BIG5 = "cp950"
GB18030 = "gb18030"

_LOOKED_AT = 1 << 20  # bytes
_COMMON = {GB18030: (0xB0, 0xD7), BIG5: (0xA4, 0xC6)}
_PUNCTUATION = {GB18030: (0xA1, 0xA3), BIG5: (0xA1, 0xA3)}
_NOT_ASCII = 0x80


def chinese_encoding(content: bytes) -> str:
    """The encoding in which the larger share of the characters of ``content`` is common; it is no UTF-8."""
    head = content[:_LOOKED_AT]
    cut = head.rfind(b"\n")
    head = head if len(head) == len(content) or cut < 0 else head[:cut]
    shares = {encoding: _common_share(head, encoding) for encoding in (GB18030, BIG5)}
    return BIG5 if shares[BIG5] > shares[GB18030] else GB18030


def _common_share(content: bytes, encoding: str) -> float:
    """The share of common characters among those beyond ASCII; 0 where the bytes are not of ``encoding``."""
    try:
        # Of a file that was cut off, part of a character may stand at the end.
        text = codecs.getincrementaldecoder(encoding)().decode(content)
        # Rare characters that only GB18030 has take four bytes and count as any other.
        characters = sorted(set(text) - {chr(byte) for byte in range(_NOT_ASCII)})
    except UnicodeDecodeError:
        return 0.0
    if not characters:
        return 0.0
    counts = np.array([text.count(character) for character in characters])
    first = np.array([character.encode(encoding)[0] for character in characters])
    low, high = _COMMON[encoding]
    least, most = _PUNCTUATION[encoding]
    good = ((first >= low) & (first <= high)) | ((first >= least) & (first <= most))
    return float(counts[good].sum() / counts.sum())
