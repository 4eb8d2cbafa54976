"""Reading a scheme file: YAML with its line numbers → a validated `Scheme`, or every fault with its line and remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analytics import words
from analytics.errors import SchemeError
from analytics.personal_text import Kind, kinds_in
from analytics.scheme.model import Scheme
from analytics.words import Phrase, phrase

PACKS = Path(__file__).parent / "packs"
LARGEST_BYTES = 256 * 1024
DEEPEST = 30
MOST_ENTRIES = 20_000

Place = tuple[Hashable, ...]
Model = TypeVar("Model", bound=BaseModel)


def json_schema() -> str:
    """The JSON schema of a scheme file, for editors; ``scheme.schema.json`` is a copy of it."""
    return json.dumps(Scheme.model_json_schema(by_alias=True), ensure_ascii=False, indent=1) + "\n"


_FIRST = ("epidemic", "rentals", "venues", "elders")


def pack_ids() -> tuple[str, ...]:
    """Ids of the schemes that ship, the most asked for first."""
    found = {file.stem for file in PACKS.glob("*.yaml")}
    return (*(name for name in _FIRST if name in found), *sorted(found - set(_FIRST)))


def reference_ids() -> tuple[str, ...]:
    """Ids of the published rules that ship as proof of the language, not for an office's use."""
    return tuple(sorted(f"reference/{file.stem}" for file in (PACKS / "reference").glob("*.yaml")))


def scheme_named(name: str) -> Scheme:
    """The shipped scheme of this id, else the one in the file of this path."""
    if name in (*pack_ids(), *reference_ids()):
        return read_scheme(PACKS / f"{name}.yaml")
    return read_scheme(Path(name))


def read_scheme(file: Path) -> Scheme:
    """The scheme in ``file``.

    Raises :class:`SchemeError` with one sentence a fault: file, line, what is wrong, what to do.
    """
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise SchemeError.because("scheme.no_file", file=file.name, known=pack_ids()) from None
    except OSError as error:
        raise SchemeError.because("scheme.unreadable", file=file.name, detail=error.strerror) from None
    return scheme_from(raw, file.name, impersonal=True)


def scheme_from(raw: bytes, file_name: str, *, impersonal: bool = False) -> Scheme:
    """The scheme in the bytes of a file called ``file_name``; raises as :func:`read_scheme`. One that comes from
    outside, or enters the ledger, has to be ``impersonal``; what stands there already is read as it is.

    >>> text = (PACKS / "epidemic.yaml").read_text(encoding="utf-8")
    >>> scheme_from(text.encode(), "office.yaml").cutoffs
    (9.0, 16.0, 35.0, 55.0)
    >>> scheme_from(text.replace("red: 55", "red: 5").encode(), "office.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analytics.errors.SchemeError: office.yaml, line ... (tiers.red): ... red must be above orange.
    """
    return read_as(Scheme, raw, file_name, impersonal=impersonal)


def read_as(kind: type[Model], raw: bytes, file_name: str, *, impersonal: bool = False) -> Model:
    """A file of an office's rules as a model of this ``kind``; raises as :func:`read_scheme`, and where it has to be
    ``impersonal`` and a text, a key or a comment of it holds something of a person."""
    if len(raw) > LARGEST_BYTES:
        raise SchemeError.because("scheme.too_large", file=file_name, limit=LARGEST_BYTES // 1024)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SchemeError.because("scheme.not_utf8", file=file_name) from None
    content, lines = _Reader(file_name).read(text)
    if not isinstance(content, dict):
        raise SchemeError.because("scheme.not_a_mapping", file=file_name)
    if impersonal and (told := [*_of_persons(content, lines, file_name), *_in_comments(text, file_name)]):
        raise SchemeError(*told)
    try:
        return kind.model_validate(content)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        # A list with a wrong item also counts as too short: that is the same fault told twice.
        real = [error for error in errors if error["type"] != "too_short" or not _has_more_inside(error, errors)]
        faults = [_sentence(error, lines, file_name) for error in real]
        once = {fault.text("en"): fault for fault in faults}
        raise SchemeError(*once.values()) from None


class _Reader:
    """YAML → plain values and the line of each place; tags and repeated keys are refused, not interpreted."""

    def __init__(self, file_name: str) -> None:
        self.file_name = file_name
        self.lines: dict[Place, int] = {}
        self.entries = 0

    def read(self, text: str) -> tuple[object, dict[Place, int]]:
        try:
            loader = yaml.SafeLoader(text)
            node = loader.get_single_node()
            if node is None:
                raise SchemeError.because("scheme.empty", file=self.file_name)
            return self._value(loader, node, ()), self.lines
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            detail = error.problem or ""
            raise SchemeError.because(
                "scheme.not_yaml", file=self.file_name, line=mark.line + 1 if mark else 1, detail=detail
            ) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise SchemeError.because(
                "scheme.not_yaml", file=self.file_name, line=1, detail=str(error).splitlines()[0]
            ) from None

    def _refuse(self, key: str, mark: yaml.Mark, **params: object) -> NoReturn:
        raise SchemeError.because(key, file=self.file_name, line=mark.line + 1, **params)

    def _value(self, loader: yaml.SafeLoader, node: yaml.Node, place: Place) -> object:
        self.lines[place] = node.start_mark.line + 1
        self.entries += 1
        if len(place) > DEEPEST:
            self._refuse("scheme.too_deep", node.start_mark)
        if self.entries > MOST_ENTRIES:  # references can unfold a small file into a huge one
            self._refuse("scheme.too_many", node.start_mark, limit=MOST_ENTRIES)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(loader, item, (*place, number)) for number, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            found = {}
            for key_node, value_node in node.value:
                # As it is written: an account that is called 0012 is not the number ten.
                key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.value)
                if key in found:
                    self._refuse("scheme.key_twice", key_node.start_mark, name="…" if kinds_in(key) else key)
                found[key] = self._value(loader, value_node, (*place, key))
                self.lines[(*place, key)] = key_node.start_mark.line + 1
            return found
        return loader.construct_object(node, deep=True)


def _sentence(error: ErrorDetails, lines: dict[Place, int], file_name: str) -> Phrase:
    """One fault as file, line, place, what is wrong and what to do."""
    params = dict(error.get("ctx", {}))
    for listed in ("expected", "expected_tags"):
        if listed in params:
            params[listed] = re.findall(r"'([^']*)'", params[listed]) or [params[listed]]
    inside = params.pop("key", ())
    wanted = (*error["loc"], *(inside if isinstance(inside, tuple) else (inside,)))
    place: Place = ()
    # pydantic names the branch of a union within the path; only steps that the file has are walked.
    for step in wanted:
        if (*place, step) in lines:
            place = (*place, step)
    entry = f"scheme.{error['type']}"
    if entry not in words.keys():  # noqa: SIM118 - a function of the word tables, not a mapping
        entry = "scheme.wrong_value"
    last = str(wanted[-1]) if wanted else ""
    what = phrase(entry, **{"name": last, "detail": error["msg"], "value": _shortened(error.get("input"))} | params)
    return phrase("scheme.fault", file=file_name, line=lines[place], place=_dotted(place), what=what)


def _of_persons(content: object, lines: dict[Place, int], file_name: str, place: Place = ()) -> Iterator[Phrase]:
    """The texts and keys that hold something of a person, by file, line and place. Neither is repeated."""
    if isinstance(content, dict):
        for at, (key, value) in enumerate(content.items()):
            if kinds := kinds_in(key):
                yield _personal(kinds, file_name, lines[(*place, key)], (*place, at))
            else:
                yield from _of_persons(value, lines, file_name, (*place, key))
    elif isinstance(content, list):
        for at, value in enumerate(content):
            yield from _of_persons(value, lines, file_name, (*place, at))
    # A bare code of an area says that it is one.
    elif isinstance(content, str) and (kinds := kinds_in(f"CODE {content}" if content.isdigit() else content)):
        yield _personal(kinds, file_name, lines[place], place)


def _in_comments(text: str, file_name: str) -> Iterator[Phrase]:
    """The comments that hold something of a person: they are kept with the file."""
    for number, line in enumerate(text.splitlines(), 1):
        _, sign, comment = line.partition("#")
        if sign and (kinds := kinds_in(comment)):
            what = _seen(phrase("personal.comment"), kinds)
            yield phrase("scheme.fault", file=file_name, line=number, place="#", what=what)


def _personal(kinds: Sequence[Kind], file_name: str, line: int, place: Place) -> Phrase:
    dotted = _dotted(place)
    return phrase("scheme.fault", file=file_name, line=line, place=dotted, what=_seen(dotted, kinds))


def _seen(name: object, kinds: Sequence[Kind]) -> Phrase:
    return phrase("personal.seen", name=name, kinds=[phrase(f"personal.{kind}") for kind in kinds])


def _has_more_inside(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    place = error["loc"]
    return any(other["loc"][: len(place)] == place and len(other["loc"]) > len(place) for other in errors)


def _shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _dotted(place: Place) -> str:
    steps = [f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place]
    return "".join(steps).lstrip(".") or "·"
