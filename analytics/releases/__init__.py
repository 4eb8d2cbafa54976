"""Releases: an Assessment frozen on disk with the digests of its data, scheme and code, numbered by the ledger."""

from analytics.releases.codes import check_code, read_code
from analytics.releases.freeze import Enclosed, Intent, freeze
from analytics.releases.issued import issued_folders, open_ledger, rebuild
from analytics.releases.release import Manifest, Release
from analytics.releases.verify import CodeLookup, keep_view, status, verify, verify_folder

__all__ = [
    "CodeLookup",
    "Enclosed",
    "Intent",
    "Manifest",
    "Release",
    "check_code",
    "freeze",
    "issued_folders",
    "keep_view",
    "open_ledger",
    "read_code",
    "rebuild",
    "status",
    "verify",
    "verify_folder",
]
