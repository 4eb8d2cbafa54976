"""An office's own Word template, filled with what a briefing says.

A template comes from elsewhere: it may say the fields of a closed list and nothing else, and what it gets are texts,
lists and mappings of texts alone.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from types import MappingProxyType

import docx
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from analytics.briefing.content import Area, Briefing
from analytics.briefing.paper import count_rows, measure_of
from analytics.briefing.template_parts import require_own_names, require_own_parts
from analytics.errors import BriefingError
from analytics.tiers import LOOKS, SHOWN
from analytics.words import Language, say

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        name: f"papers.field_{name.replace('.', '_')}"
        for name in (
            *("title", "place", "period", "cut_off", "finding", "against"),
            *(*SHOWN, "total"),
            *("counts", "counts.tier", "counts.meaning", "counts.before", "counts.now", "counts.change"),
            *("moves", "moves.before", "moves.after", "moves.number", "moves.names"),
            *("focus", "areas", "areas.rank", "areas.name", "areas.tier", "areas.before", "areas.score"),
            *("areas.change", "areas.reason", "areas.measure", "areas.firmness"),
            *("sections", "sections.heading", "sections.sentences"),
            *("scheme", "cuts", "order", "code", "source", "notice", "base_map"),
        )
    }
)
"""All that a template may ask for, and the words that say what it is. ``counts.tier`` is a field of each of
``counts``; ``focus`` has the fields of ``areas``."""

MOST_BYTES, MOST_BYTES_UNPACKED, MOST_FILES = 5_000_000, 20_000_000, 500
"""Of a template: an office's letterhead with its emblem is far below."""

MOST_TAGS, LONGEST_TAG = 1_000, 200
"""Of a template. docxtpl looks for tags by expressions whose time grows with both, and without end for an open tag."""

_FILTERS = ("default", "join", "length", "lower", "upper")
_TAGS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Filter, nodes.Test),
)
"""What a template may do: say a field, go through a list, and choose. It may call nothing and compute nothing."""

_OPENING = re.compile(r"{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_QUOTED = 20  # letters of a wrong tag, in the sentence about it
_BEGINS_AS_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def template_fields(lang: Language) -> list[tuple[str, str]]:
    """Each field that a template may ask for, and what it is."""
    return [(name, say(lang, key)) for name, key in FIELDS.items()]


def filled(template: bytes, briefing: Briefing) -> bytes:
    """The template with the briefing in its fields.

    Raises :class:`BriefingError`, and makes nothing, for a template that is no Word document, asks for a field that
    is not in ``FIELDS``, or does more than say fields.
    """
    _require_word(template)
    environment, values = _Plain(), _values(briefing)
    try:
        # All of it together first, so that the sentence names every unknown field.
        DocxTemplate(BytesIO(template)).get_undeclared_template_variables(environment)
        held = DocxTemplate(BytesIO(template))
        held.render_init()
        etree.fromstring(held.build_xml(values, environment))  # docxtpl mends broken XML by leaving parts out
        held.render(values, environment, autoescape=True)
        target = BytesIO()
        held.save(target)
        docx.Document(BytesIO(target.getvalue()))
    except _UnknownFieldsError as error:
        raise BriefingError.because("papers.unknown_fields", names=list(error.args), known=list(FIELDS)) from None
    except SecurityError:
        raise BriefingError.because("papers.template_does_more", filters=list(_FILTERS)) from None
    except TemplateError as error:
        raise BriefingError.because("papers.template_tags", detail=error.message) from None
    except (RecursionError, SyntaxError, MemoryError) as error:  # of tags that are nested without end
        raise BriefingError.because("papers.template_tags", detail=type(error).__name__) from None
    except (OpcError, etree.LxmlError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # docxtpl walks the document without looking whether a part is there: whatever it stumbles on is the template's.
        raise BriefingError.because("papers.template_broken", detail=type(error).__name__) from None
    return target.getvalue()


class _UnknownFieldsError(Exception):
    """``args`` are the names."""


class _Bounded(Template):
    """A template that stops when what it makes grows too long: a loop may go through a page many times."""

    def render(self, *args, **kwargs):
        pieces, length = [], 0
        for piece in self.generate(*args, **kwargs):
            length += len(piece)
            if length > MOST_BYTES_UNPACKED:
                raise BriefingError.because("papers.template_long")
            pieces.append(piece)
        return "".join(pieces)


class _Plain(ImmutableSandboxedEnvironment):
    """Templates that say fields, go through lists and choose; anything else is refused when they are read."""

    template_class = _Bounded

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def parse(self, source, name=None, filename=None):
        tree = super().parse(source, name, filename)
        _require_plain(tree)
        if unknown := sorted(_unknown_fields(tree)):
            raise _UnknownFieldsError(*unknown)
        return tree

    def compile(self, source, *args, **kwargs):
        return super().compile(self.parse(source) if isinstance(source, str) else source, *args, **kwargs)

    def is_safe_attribute(self, obj, attr, value):
        return isinstance(obj, LoopContext) and super().is_safe_attribute(obj, attr, value)


def _require_plain(tree: nodes.Template) -> None:
    """Raise ``SecurityError`` for a call, a sum, or a loop in a loop that does not go through a list of its item: two
    loops over all areas would be half a million rows."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _TAGS):
            raise SecurityError(type(node).__name__)
    for outer in tree.find_all(nodes.For):
        own = {name.name for name in outer.find_all(nodes.Name) if name.ctx == "store"}
        for inner in outer.find_all(nodes.For):
            if not (isinstance(inner.iter, nodes.Getattr) and _root(inner.iter) in own):
                raise SecurityError("for")


def _unknown_fields(tree: nodes.Template) -> Iterator[str]:
    """Names that are no field, and fields of fields that are none, whether or not this release comes to say them."""
    yield from meta.find_undeclared_variables(tree) - set(FIELDS)
    items: dict[str, set[str]] = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name):
            items.setdefault(loop.target.name, set()).add(loop.iter.name)
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        root, field = _root(node), node.attr if isinstance(node, nodes.Getattr) else node.arg.as_const()
        if root == "loop" or isinstance(field, int):
            continue
        lists = {"areas" if name == "focus" else name for name in items.get(root, {root})}
        if not any(f"{name}.{field}" in FIELDS for name in lists):
            yield f"{root}.{field}"


def _root(node: nodes.Node) -> str | None:
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else None


def _require_word(template: bytes) -> None:
    """Raise :class:`BriefingError` unless these bytes are a Word document of a size to work with, without macros,
    without declarations by which XML grows or reaches out, and of whose parts none is from elsewhere."""
    if len(template) > MOST_BYTES:
        raise BriefingError.because("papers.template_large", most=MOST_BYTES // 1_000_000)
    try:
        with zipfile.ZipFile(BytesIO(template)) as held:
            files = held.infolist()
            if len(files) > MOST_FILES or sum(file.file_size for file in files) > MOST_BYTES_UNPACKED:
                raise BriefingError.because("papers.template_large", most=MOST_BYTES // 1_000_000)
            names = {file.filename for file in files}
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise BriefingError.because("papers.template_not_word")
            require_own_names([file.filename for file in files])
            parts = {file.filename: held.read(file) for file in files}
            trees = {name: etree.fromstring(part, _parser()) for name, part in parts.items() if _is_xml(name, part)}
            if any(tree.getroottree().docinfo.internalDTD is not None for tree in trees.values()):
                raise BriefingError.because("papers.template_not_word")
    except (zipfile.BadZipFile, zlib.error, etree.LxmlError, RuntimeError, EOFError, OSError, ValueError):
        raise BriefingError.because("papers.template_not_word") from None
    require_own_parts(trees)
    for tree in trees.values():
        _require_tags("".join(tree.itertext()))


def _is_xml(name: str, part: bytes) -> bool:
    """Whether a part is read as XML: by its name, or since it begins so. Word goes by a list of its own."""
    return name.casefold().endswith((".xml", ".rels")) or bool(_BEGINS_AS_XML.match(part))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _require_tags(text: str) -> None:
    """Raise :class:`BriefingError` unless every tag in the text is closed within reach."""
    at = count = 0
    while opening := _OPENING.search(text, at):
        end = text.find(_CLOSING[opening.group()], opening.end(), opening.end() + LONGEST_TAG)
        count += 1
        if end < 0 or count > MOST_TAGS:
            raise BriefingError.because("papers.template_tags", detail=text[opening.start() :][:_QUOTED])
        at = end + 2


def _values(briefing: Briefing) -> Mapping[str, object]:
    """What ``FIELDS`` hold: texts, lists and mappings of texts alone."""
    names = {count.tier: f"{LOOKS[count.tier].mark} {count.name}" for count in briefing.counts}
    counts = count_rows(briefing)
    values = {
        "title": briefing.bulletin_title,
        **{
            name: getattr(briefing, name)
            for name in (
                *("place", "period", "cut_off", "against"),
                *("scheme", "cuts", "order", "code", "source", "notice", "base_map"),
            )
        },
        # Where data are interrupted every template says so, also one that was made before there was such a thing.
        "finding": " ".join((*notice_sentences(briefing), briefing.finding)),
        **{count.tier: str(count.count) for count in briefing.counts},
        "total": counts[-1]["now"],
        "counts": [{**row, "tier": names.get(row["tier"], row["name"])} for row in counts],
        "moves": [
            {
                "before": _named(briefing, names, move.before, carried=move.carried[0]),
                "after": _named(briefing, names, move.after, carried=move.carried[1]),
                "number": str(len(move.area_ids)),
                "names": say(briefing.lang, "bulletin.names", names=list(move.names)),
            }
            for move in briefing.moves
        ],
        "focus": [_area(briefing, area, names) for area in briefing.focus],
        "areas": [_area(briefing, area, names) for area in briefing.areas],
        "sections": [
            {"heading": section.heading, "sentences": list(section.sentences)} for section in briefing.sections
        ],
    }
    return _cleaned(values)


def notice_sentences(briefing: Briefing) -> tuple[str, ...]:
    """What stands over the finding, a sentence each."""
    return tuple(say(briefing.lang, "silence.sentence", label=label, told=said) for label, said in briefing.notices)


def _named(briefing: Briefing, names: Mapping[str, str], tier: str, *, carried: bool) -> str:
    return say(briefing.lang, "tiers.carried_brief", tier=names[tier]) if carried else names[tier]


def _area(briefing: Briefing, area: Area, names: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "rank": str(area.rank),
        "name": area.name,
        "tier": _named(briefing, names, area.tier, carried=area.carried),
        "before": names.get(area.before, "—"),
        "score": area.score,
        "change": area.change or "—",
        "reason": say(briefing.lang, "bulletin.names", names=list(area.why)) if area.why else area.reason,
        "measure": measure_of(briefing, area),
        "firmness": area.firmness or "—",
    }


def _cleaned(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _cleaned(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return clean(value)


def clean(text: str) -> str:
    """The text without signs that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)
