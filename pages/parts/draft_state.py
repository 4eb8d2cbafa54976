"""A draft as the pages have it, and as it lies on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.scheme import FloorRule, Scheme
from analytics.store.drafts import Draft


@dataclass(frozen=True)
class Work:
    """The draft at hand: a ``scheme``, the ``file_text`` that it is written back into when it is saved, and the rest as
    in :class:`Draft`; ``judgements`` by level, a list of what each judge says: "row/column" → a step as text;
    ``floors_off``: floors that were switched off, each with its place, so that they can be switched on again."""

    scheme: Scheme
    file_text: str
    begun_from: str
    locked: frozenset[str] = frozenset()
    judgements: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    floors_off: tuple[tuple[int, FloorRule], ...] = ()
    changed: str = ""


def to_keep(work: Work) -> Draft:
    """What is written to disk."""
    # JSON is YAML too, and written at once: the file itself is only written into when the draft is saved.
    return Draft(
        yaml_text=work.scheme.model_dump_json(by_alias=True), file_text=work.file_text, begun_from=work.begun_from,
        locked=sorted(work.locked), judgements=dict(work.judgements),
        floors_off=[[at, floor.model_dump(mode="json", by_alias=True)] for at, floor in work.floors_off],
    )  # fmt: skip


def from_kept(draft: Draft) -> Work:
    """The draft at hand again. Raises pydantic's ``ValidationError`` where this version of the product cannot read
    it."""
    return Work(
        Scheme.model_validate_json(draft.yaml_text), draft.file_text, draft.begun_from, frozenset(draft.locked),
        draft.judgements or {}, tuple((at, FloorRule.model_validate(floor)) for at, floor in draft.floors_off or ()),
        draft.changed,
    )  # fmt: skip
