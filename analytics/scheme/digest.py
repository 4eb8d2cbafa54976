"""The digest of a scheme: equal for equal rules, whatever the layout of the file, and whatever was added to the model
since, as long as the file does not use it.

A digest says of which kind it is: ``2:`` and the SHA-256 (hex) of what the file says, defaults left out. So a new key
with a default changes no digest. That holds only as long as no default changes its value, since a file that leaves a
key out would then mean something else under the same digest: a test holds every default fast.
"""

from __future__ import annotations

import json
from hashlib import sha256

from pydantic import BaseModel

DIGEST_VERSION = 2
"""Goes up when the same rules get another digest."""

KEEP_THEIR_KIND = ("where", "of")
"""What records are held against: there 3 and 3.0 are two values."""

_KEYS_OF_VERSION_1 = frozenset(
    # Eighty lines as a list.
    "actionable aggregate all any at_least at_once_when_tiers_up bands base blue by cadence_days cap column"  # noqa: SIM905
    " confirm_down_days confirm_up_days days_since decide dimension dimensions en floors from given green harder_when"
    " high id indicator indicators inner is level linear low measure measures method minimum_known_weight"
    " minimum_stay_days minutes_per_check missing name never_seen not note of one_step_down op orange per points red"
    " scale stability text then tier tiers value version weight when where window_days yellow zh".split()
)
"""Every key that a scheme file could have when digests hashed all defaults."""


def scheme_digest(scheme: BaseModel) -> str:
    """The digest of what a scheme says, with its version: ``2:`` and 64 hexadecimal digits."""
    said = _said(scheme.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    content = json.dumps(whole_numbers(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{DIGEST_VERSION}:{sha256(content.encode()).hexdigest()}"


def scheme_digest_version_1(scheme: BaseModel) -> str:
    """The digest that programs without a version number gave the same rules: 64 hexadecimal digits.

    Drafts and simulations of that time are known by it. It hashed every default, so keys that were added since are left
    out here.
    """
    content = json.loads(scheme.model_dump_json(by_alias=True))
    return sha256(json.dumps(_of_version_1(content), ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def short_digest(digest: str) -> str:
    """The first eight digits of a digest of any version, as papers print it.

    >>> short_digest("2:0123456789abcdef"), short_digest("0123456789abcdef")
    ('01234567', '01234567')
    """
    return digest.rpartition(":")[2][:8]


def whole_numbers(value: object, key: str = "") -> object:
    """Plain values with the whole numbers among them as ``int``, but for what records are held against.

    >>> whole_numbers({"weight": 3.0, "where": {"capacity": 3.0}})
    {'weight': 3, 'where': {'capacity': 3.0}}
    """
    match value:
        case dict():
            return {
                name: held if name in KEEP_THEIR_KIND else whole_numbers(held, name) for name, held in value.items()
            }
        case list():
            return [whole_numbers(item, key) for item in value]
        case float() if value.is_integer() and abs(value) < 1e15 and str(value) != "-0.0":
            return int(value)
    return value


def _said(value: object) -> object:
    """Without the names that are but the ids, which is what a left-out name means."""
    match value:
        case dict():
            is_id = "id" in value and value.get("name") == {"zh": value["id"], "en": value["id"]}
            return {key: _said(held) for key, held in value.items() if not (is_id and key == "name")}
        case list():
            return [_said(item) for item in value]
    return value


def _of_version_1(value: object, key: str = "") -> object:
    match value:
        case dict() if key not in KEEP_THEIR_KIND:
            return {name: _of_version_1(held, name) for name, held in value.items() if name in _KEYS_OF_VERSION_1}
        case list():
            return [_of_version_1(item, key) for item in value]
    return value
