"""Releases: an Assessment frozen on disk with the digests of its data, scheme and code, numbered by the ledger."""

from analytics.releases.codes import check_code, read_code
from analytics.releases.freeze import code_version, freeze, publish_draft
from analytics.releases.release import Manifest, Release
from analytics.releases.verify import CodeLookup, keep_view, status, verify, verify_folder

__all__ = [
    "CodeLookup",
    "Manifest",
    "Release",
    "check_code",
    "code_version",
    "freeze",
    "keep_view",
    "publish_draft",
    "read_code",
    "status",
    "verify",
    "verify_folder",
]
