"""Check codes: eight characters on a picture, which lead back to the release and the view that it shows.

Seven characters of Crockford's base 32 (no I, L, O or U) are the first 35 bits of a SHA-256 over the manifest's digest
and the view; the eighth is a check digit. Among ten thousand codes two meet with a chance of 1 in 700: whoever looks a
code up compares the whole digest, and of two views the newer one is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from analytics.errors import ReleaseError
from analytics.store.ledger_tables import canonical

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SYMBOLS = 7
_MISREAD = str.maketrans("ILO", "110", "- ")
_FIELD = 0b100101
"""x⁵ + x² + 1, whose powers of x are all 31 different: a wrong character and any two swapped ones are noticed."""


def check_code(digest: str, view: Mapping[str, str]) -> str:
    """The check code of a view (name → value, as in a link) of the release with this manifest's digest (hex)."""
    hashed = sha256(canonical([digest, dict(view)]).encode()).digest()
    bits = int.from_bytes(hashed[:5]) >> 5
    symbols = [bits >> 5 * place & 31 for place in reversed(range(_SYMBOLS))]
    return "".join(ALPHABET[symbol] for symbol in (*symbols, _check_digit(symbols)))


def read_code(written: str) -> str:
    """A code as a person wrote it: small letters, spaces and hyphens are welcome, I and L are 1, O is 0.

    Raises :class:`ReleaseError` for one that was mistyped.
    """
    code = written.upper().translate(_MISREAD)
    symbols = [ALPHABET.find(letter) for letter in code]
    if len(code) != _SYMBOLS + 1 or -1 in symbols or _check_digit(symbols[:-1]) != symbols[-1]:
        raise ReleaseError.because("releases.code_mistyped", code=written[:20])
    return code


def _check_digit(symbols: Iterable[int]) -> int:
    """The symbols as a polynomial over the field of 32, at x."""
    held = 0
    for symbol in symbols:
        held = (held ^ symbol) << 1
        held ^= _FIELD if held & 32 else 0
    return held
