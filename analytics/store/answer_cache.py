"""Answers that were counted once, kept as small files beside the records, so that another process need not count again.

What is read back is believed only with the seal of this installation over it: of the rows that were counted, the
question and the answer, by its own key (HMAC-SHA-256, RFC 2104). A file that somebody made or changed, that was moved
here from another question, or that a disk damaged, is as if it were not there: its answer is counted again.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

ENDING = ".counts"
UNFINISHED = ".part"
UNFINISHED_SECONDS = 3600
"""An answer that was begun longer ago than this is never finished."""

_SEAL_BYTES = 32


class AnswerCache:
    """The answers in ``folder``, sealed by a key that is made from the installation's ``key``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = blake2b(key, digest_size=32, person=b"fc-counts").digest()

    def read(self, of_rows: str, question: str) -> pa.Table | None:
        """The answer to a question about the rows with this fingerprint; None where no sealed one is there."""
        try:
            content = self._file(of_rows, question).read_bytes()
        except OSError:
            return None
        seal, answer = content[:_SEAL_BYTES], content[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, self._seal(of_rows, question, answer)):
            return None
        return pq.read_table(pa.BufferReader(answer))

    def write(self, of_rows: str, question: str, answer: pa.Table) -> None:
        """Keep an answer, whole or not at all; where there is no room, or the folder is not ours to write, not."""
        held = pa.BufferOutputStream()
        pq.write_table(answer, held, compression="none")
        content = held.getvalue().to_pybytes()
        file = self._file(of_rows, question)
        unfinished = file.with_name(f"{file.stem}-{uuid4().hex}{UNFINISHED}")
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(self._seal(of_rows, question, content) + content)
            unfinished.replace(file)

    def sweep(self, fingerprints: Iterable[str]) -> None:
        """Remove the answers about rows that are no more, and what was never finished."""
        live, old = set(fingerprints), time.time() - UNFINISHED_SECONDS
        for file in self._folder.glob("*"):
            with suppress(OSError):  # somebody else was faster, or reads it at the moment
                unfinished = file.suffix == UNFINISHED and file.stat().st_mtime < old
                # Those of older programs were not sealed.
                if file.name.split("-")[0] not in live or unfinished or file.suffix not in (ENDING, UNFINISHED):
                    file.unlink()

    def _file(self, of_rows: str, question: str) -> Path:
        return self._folder / f"{of_rows}-{sha256(question.encode()).hexdigest()[:32]}{ENDING}"

    def _seal(self, of_rows: str, question: str, answer: bytes) -> bytes:
        seal = hmac.new(self._key, f"{of_rows}\0{question}\0".encode(), "sha256")
        seal.update(answer)
        return seal.digest()
